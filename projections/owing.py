"""The views of debts: what is owed, by whom, and how much it is in all."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from domain.customs_debt import Debt, Obligation
from domain.judgement.totals import total
from domain.law.periods import day_of
from domain.settle import zone_at
from projections import identifiers, rows
from projections.answers import DebtView, InterestView
from projections.canonical import decoded, instant
from projections.selecting import select
from projections.tables import STATEMENTS
from projections.view import View


def debts(
    view: View,
    as_of: datetime,
    movements: Iterable[str] | None = None,
    *,
    debtor: str | None = None,
    only_open: bool = False,
) -> Iterator[DebtView]:
    """The debts incurred by then, one row a debt and debtor; `only_open` leaves out what is
    extinguished for the debtor.
    """
    for name, movement, debt in whole_debts(view, as_of, movements, debtor):
        for obligation in debt.obligations:
            left = debt.owed_by(obligation.person, as_of)
            if debtor in (None, obligation.person) and not (only_open and left == 0):
                yield _debt(name, movement, debt, obligation, left, as_of)


def whole_debts(
    view: View,
    as_of: datetime,
    movements: Iterable[str] | None = None,
    debtor: str | None = None,
) -> Iterator[tuple[str, str, Debt]]:
    """The debts incurred by then, whole: id, movement, debt; with a debtor, of movements of his."""
    where, values = "kind = ? AND starts <= ?", [rows.DEBT, instant(as_of)]
    if debtor is not None:
        where += " AND movement IN (SELECT movement FROM statements WHERE person = ? AND kind = ?)"
        values += [debtor, rows.OBLIGATION]
    for row in select(view, STATEMENTS, where, values, movements):
        name = identifiers.full(row.movement, row.statement)
        yield name, row.movement, decoded(Debt, row.body)


def _interest(owed: Obligation, place: str, as_of: datetime) -> Iterator[InterestView]:
    """Interest as it stands at the end of the day of `as_of` at the place of the debt."""
    day = day_of(as_of, zone_at(place))
    for each in owed.interest:
        if each.since <= day:
            until = each.until if each.until and each.until <= day else None
            amount, charged = each.amount(day), owed.charged(each, day)
            yield InterestView(each.article, each.since, until, each.percent, amount, charged)


def _debt(
    name: str, movement: str, debt: Debt, owed: Obligation, left: Decimal | None, as_of: datetime
) -> DebtView:
    notified = owed.notified is not None and owed.notified <= as_of
    return DebtView(
        name,
        movement,
        debt.article,
        debt.incurred,
        debt.incurred_on,
        debt.place,
        debt.amount,
        debt.currency,
        left,
        owed.person,
        owed.role,
        owed.notified if notified else None,
        owed.due if notified else None,
        owed.suspended,
        owed.limitation,
        tuple(_interest(owed, debt.place, as_of)),
        tuple(each for each in debt.extinguished if each.at <= as_of),
        debt.struck,
        debt.steps,
        debt.same_goods,
        debt.because,
    )


def totals(
    view: View, as_of: datetime, movements: Iterable[str] | None = None
) -> Mapping[str, Decimal]:
    """Open amounts by currency; what coincides is counted once."""
    return total(
        ((movement, debt) for _, movement, debt in whole_debts(view, as_of, movements)), as_of
    )
