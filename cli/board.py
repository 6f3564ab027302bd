"""The legal board: the whole store on one page, as of a day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import islice
from typing import Final

from rich.text import Text

from cli import cells, lines, paper, sheet, words
from cli.asking import Asked, Question, put
from cli.options import STORE, AsOf, Json, KnownAt, LawText, Policy, Store
from cli.tables import Row
from cli.terms import switches
from domain.customs_debt import Debt
from domain.situation import STANDING
from projections import queries
from projections.board import WEEK, Board, Listed, Owed
from projections.board import board as derived

SHOWN: Final = 20
"""Rows of each list; the list's own command has the rest."""


def board(
    *,
    store: Store = STORE,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    law: LawText = None,
    policy: Policy = None,
    json: Json = False,
) -> None:
    """The legal board: where the goods are, what runs out, what is owed, on one page.

    Of each list it shows the first twenty; the list's own command has all.
    """
    question = Question(store, as_of, known_at, law, switches(policy or ()))
    with put(question) as asked:
        told = derived(asked.view, asked.as_of, SHOWN)
        if json:
            lines.write("board", told)
        else:
            _print(asked, told, str(question.legal_time))


def _print(asked: Asked, told: Board, moment: str) -> None:
    console = paper.data()
    heading = f"{told.movements} movements as of {moment}, the law of {asked.view.terms.law.text}"
    console.print(Text(heading, style="bold"))
    if told.not_judged:
        console.print(f"{told.not_judged} of them with something that no rule judges")
    columns = ("situation", "movements", "status", "supervised")
    _section("Where the goods are", columns, _goods(told), "movements")
    columns = ("last day", "article", "movement", "what")
    _section("Overdue", columns, _clocks(told.overdue))
    _more(told.overdue.number, "customs deadlines --overdue")
    _section(f"Due within {WEEK} days", columns, _clocks(told.due))
    _more(told.due.number, f"customs deadlines --within {WEEK}")
    _procedures(asked)
    _debts(asked)
    console.print()
    columns = ("article", "incurred", "extinguished", "open")
    sheet.show("Debts by article", columns, _sums(told.debts), "incurred,extinguished,open")
    console.print(sheet.open_total(asked))


def _section(title: str, columns: Sequence[str], rows: Iterable[Row], right: str = "") -> None:
    paper.data().print()
    sheet.show(title, columns, rows, right)


def _goods(told: Board) -> Iterator[Row]:
    for situation, number in told.situations:
        status, supervision = STANDING[situation] or (words.NEVER, words.NEVER)
        yield Row((situation.value, str(number), str(status), str(supervision)))


def _clocks(told: Listed) -> Iterator[Row]:
    for each in told.rows:
        yield Row((words.day(each.last_day), each.article, each.movement, each.duty))


def _more(number: int, command: str) -> None:
    if number > SHOWN:
        paper.data().print(f"and {number - SHOWN:,} more: {command}")


def _procedures(asked: Asked) -> None:
    found = queries.procedures(asked.view, asked.as_of)
    first = list(islice(found, SHOWN))
    outlines = asked.view.reader.outlines(sorted({row.movement for row in first}))
    rows = []
    for each in first:
        outline = outlines[each.movement]
        line = outline.line(each.line) if outline else None
        open_ = words.quantity(each.open, line.unit if line else "")
        kind = words.spoken(outline.kind.value) if outline else words.UNKNOWN
        rows.append(Row((kind, each.movement, each.state.value, open_)))
    _section("Procedures", ("procedure", "movement", "state", "open"), rows, "open")
    _more(len(first) + sum(1 for _ in found), "customs procedures")


def _debts(asked: Asked) -> None:
    """Each debt with its article and amount, apart those that are extinguished."""
    is_open, ended = Debts(), Debts()
    for _, movement, debt in queries.whole_debts(asked.view, asked.as_of):
        (ended if debt.open_at(asked.as_of) == 0 else is_open).add(movement, debt)
    movements = {movement for each in (is_open, ended) for movement, _ in each.first}
    zone_of = cells.zones(asked.view, movements)
    columns = ("incurred", "article", "movement", "amount", "stands")
    for title, told, command in (
        ("Debts open", is_open, "customs debts --open"),
        ("Debts extinguished", ended, "customs debts"),
    ):
        rows = (_debt(name, debt, zone_of(name), asked.as_of) for name, debt in told.first)
        _section(title, columns, rows, "amount")
        _more(told.number, command)


@dataclass(slots=True)
class Debts:
    """The first of some debts, with the movement of each, and how many there are."""

    first: list[tuple[str, Debt]] = field(default_factory=list)
    number: int = 0

    def add(self, movement: str, debt: Debt) -> None:
        self.number += 1
        if self.number <= SHOWN:
            self.first.append((movement, debt))


def _debt(movement: str, debt: Debt, zone: tzinfo, as_of: datetime) -> Row:
    amount = words.money(debt.amount, debt.currency)
    return Row(
        (words.day(debt.incurred_on), debt.article, movement, amount, _stands(debt, zone, as_of))
    )


def _stands(debt: Debt, zone: tzinfo, as_of: datetime) -> str:
    """How a debt stands: what ended it, or until when it is to be paid."""
    ended = [each for each in debt.extinguished if each.at <= as_of]
    if ended and debt.open_at(as_of) == 0:
        return f"124(1)({ended[-1].letter}) {ended[-1].at.astimezone(zone):%Y-%m-%d}"
    due = [
        each.due
        for each in debt.obligations
        if each.notified and each.notified <= as_of and each.due
    ]
    return f"pay by {min(due)}" if due else "not notified"


def _sums(told: Iterable[Owed]) -> Iterator[Row]:
    for each in told:
        yield Row(
            (
                each.article,
                _sum(each.incurred, words.money(each.incurred_amount, each.currency)),
                _sum(each.extinguished, words.money(each.extinguished_amount, each.currency)),
                _sum(each.open, words.money(each.open_amount, each.currency)),
            )
        )


def _sum(number: int, amount: str) -> str:
    return f"{number}: {amount}"
