"""The legal board: what stands where, what runs out, what is owed, as of an instant."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Final, NamedTuple

from domain.situation import Situation
from domain.timeline import DeadlineState, ProcedureState
from projections import rows
from projections.answers import DeadlineView
from projections.canonical import instant
from projections.queries import deadlines, positions, procedures, totals, whole_debts
from projections.view import View

WEEK: Final = 7
NOT_JUDGED: Final = "NOT_JUDGED"


class Listed(NamedTuple):
    """The first rows of a list, and how many it has."""

    number: int
    rows: tuple[DeadlineView, ...]


class Owed(NamedTuple):
    """The debts under one article in one currency.

    Amounts are sums of known ones, `unknown` counts the debts whose amount is not known.
    """

    article: str
    currency: str
    incurred: int
    incurred_amount: Decimal
    extinguished: int
    extinguished_amount: Decimal
    open: int
    open_amount: Decimal
    unknown: int


class Board(NamedTuple):
    """The whole store as of one instant. A movement counts in each situation that it is in;
    `total` is what is open by currency, what coincides counted once.
    """

    as_of: datetime
    movements: int
    situations: tuple[tuple[Situation, int], ...]
    due: Listed
    overdue: Listed
    procedures: tuple[tuple[ProcedureState, int], ...]
    debts: tuple[Owed, ...]
    total: tuple[tuple[str, Decimal], ...]
    not_judged: int


def board(view: View, as_of: datetime, shown: int = 20) -> Board:
    """The board; of deadlines it lists the first `shown`, this week's by last day."""
    return Board(
        as_of,
        _count(view, "SELECT COUNT(*) FROM movements"),
        tuple(sorted(_situations(view, as_of).items())),
        _listed(deadlines(view, as_of, within=WEEK), shown),
        _listed(deadlines(view, as_of, state=DeadlineState.MISSED), shown),
        tuple(sorted(Counter(each.state for each in procedures(view, as_of)).items())),
        tuple(_owed(view, as_of)),
        tuple(sorted(totals(view, as_of).items())),
        _not_judged(view, as_of),
    )


def _situations(view: View, as_of: datetime) -> Counter[Situation]:
    """How many movements have something in each situation."""
    held = {(each.movement, each.situation) for each in positions(view, as_of)}
    return Counter(situation for _, situation in held)


def _listed(found: Iterator[DeadlineView], shown: int) -> Listed:
    first = tuple(islice(found, shown))
    return Listed(len(first) + sum(1 for _ in found), first)


def _owed(view: View, as_of: datetime) -> Iterator[Owed]:
    sums: dict[tuple[str, str], Owed] = {}
    for _, _, debt in whole_debts(view, as_of):
        key = debt.article, debt.currency
        none = Decimal(0)
        was = sums.get(key, Owed(*key, 0, none, 0, none, 0, none, 0))
        left = debt.open_at(as_of)
        gone = left == 0
        amount = debt.amount or none
        sums[key] = was._replace(
            incurred=was.incurred + 1,
            incurred_amount=was.incurred_amount + amount,
            extinguished=was.extinguished + gone,
            extinguished_amount=was.extinguished_amount + amount - (left or none)
            if left is not None
            else was.extinguished_amount,
            open=was.open + (not gone),
            open_amount=was.open_amount + (left or none),
            unknown=was.unknown + (debt.amount is None),
        )
    yield from (sums[key] for key in sorted(sums))


def _not_judged(view: View, as_of: datetime) -> int:
    """How many movements have something that no rule judges."""
    at = instant(as_of)
    return _count(
        view,
        "SELECT COUNT(DISTINCT movement) FROM statements WHERE kind = ? AND code = ?"
        " AND starts <= ? AND (ends IS NULL OR ends > ?)",
        rows.FINDING,
        NOT_JUDGED,
        at,
        at,
    )


def _count(view: View, sql: str, *values: str) -> int:
    count: int = view.db.execute(sql, values).fetchone()[0]
    return count
