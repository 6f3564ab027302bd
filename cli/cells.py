"""The rows of each view as a table shows them; the id of each row stands below it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from cli import words
from cli.naming import Named, Query, copyable, shortened
from cli.tables import Row
from domain.settle import zone_at
from domain.timeline import DeadlineState
from projections.answers import (
    DeadlineView,
    DebtView,
    FindingView,
    GuaranteeView,
    InterestView,
    PositionView,
    ProcedureView,
)
from projections.view import View

ZoneOf = Callable[[str], tzinfo]
"""The zone of a movement's legal days."""


class Printing(NamedTuple):
    """What rows are printed with: the id of each as it is shortened, zones, and units of lines."""

    ids: Mapping[str, str]
    zone_of: ZoneOf
    units: Mapping[tuple[str, int], str]


def printing(view: View, query: Query, as_of: datetime, rows: Sequence[Named]) -> Printing:
    """What these rows are printed with."""
    movements = {row.movement for row in rows}
    outlines = view.reader.outlines(sorted(movements))
    units = {
        (name, number): line.unit
        for name, each in outlines.items()
        if each
        for number, line in each.lines
    }
    return Printing(shortened(view, query, as_of, rows), zones(view, movements), units)


def zones(view: View, movements: Collection[str]) -> ZoneOf:
    """The zones of these movements; UTC for any other."""
    outlines = view.reader.outlines(sorted(movements))
    known = {name: zone_at(each.office) for name, each in outlines.items() if each}
    return lambda movement: known.get(movement) or zone_at(None)


def positions(rows: Iterable[PositionView], by: Printing) -> Iterator[Row]:
    """Where the goods are; how much of a line is overdue stands at its first part."""
    last: tuple[str, int] | None = None
    for row in rows:
        line, holder, drawer = (row.movement, row.line), row.holder, row.drawn_by
        said = [row.situation.value]
        said += [f"of {holder}"] if holder else []
        said += [f"for {drawer}"] if drawer else []
        said += [f"({words.figure(row.overdue)} overdue)"] if row.overdue and line != last else []
        last = line
        cells = (
            str(row.line),
            words.quantity(row.quantity, row.unit),
            " ".join(said),
            row.status.value if row.status else words.NEVER,
            row.supervision.value if row.supervision else words.NEVER,
            words.instant(row.since, by.zone_of(row.movement)),
        )
        yield Row(cells, copyable(by.ids[row.id]))


def deadlines(rows: Iterable[DeadlineView], by: Printing) -> Iterator[Row]:
    """What must happen, by when."""
    for row in rows:
        rolled = row.raw_last_day != row.last_day
        what = row.duty + (f" (counted: {row.raw_last_day})" if rolled else "")
        cells = (words.day(row.last_day), row.state.value, row.article, row.person, what)
        yield Row(cells, copyable(by.ids[row.id]))


def debts(rows: Iterable[DebtView], by: Printing) -> Iterator[Row]:
    """What is owed; each further debtor of a debt owes it jointly with the first."""
    for name, group in groupby(rows, key=attrgetter("id")):
        first, *others = list(group)
        zone = by.zone_of(first.movement)
        cells = (
            words.day(first.incurred_on),
            first.article,
            words.money(first.amount, first.currency),
            words.money(first.open, first.currency),
            first.debtor,
            _stands(first, zone),
        )
        yield Row(cells, "" if others else copyable(by.ids[name]))
        for place, other in enumerate(others, 1):
            left = words.money(other.open, other.currency)
            cells = ("", "", "jointly", left, other.debtor, _stands(other, zone))
            yield Row(cells, copyable(by.ids[name]) if place == len(others) else "")


def debts_in_full(rows: Iterable[DebtView], by: Printing) -> Iterator[Row]:
    """The same with the day up to which each debtor can be notified, and interest."""
    told = list(rows)
    for row, debt in zip(debts(told, by), told, strict=True):
        more = [f"can be notified until {debt.limitation}"] if debt.notified is None else []
        more += [_interest(each, debt.currency) for each in debt.interest]
        yield Row(row.cells, "\n".join(filter(None, (*more, row.below))))


def _interest(told: InterestView, currency: str) -> str:
    until = f" to {told.until}" if told.until else ", growing"
    much = words.money(told.amount and round(told.amount, 2), currency)
    charged = "" if told.charged or told.amount is None else ", too little to be charged"
    return f"interest {told.article}: {much} from {told.since}{until}{charged}"


def _stands(row: DebtView, zone: tzinfo) -> str:
    """How an obligation stands: what ended it, or when it is to be paid."""
    ended = [each for each in row.extinguished if each.frees in (None, row.debtor)]
    if ended and row.open == 0:
        return f"ended {ended[-1].at.astimezone(zone):%Y-%m-%d} 124(1)({ended[-1].letter})"
    if row.suspended:
        return f"suspended {row.suspended}"
    return f"pay by {row.due}" if row.due else "not notified"


def modes(rows: Iterable[ProcedureView], by: Printing) -> Iterator[Row]:
    """How much of a placement went which way, to which successor."""
    for row in rows:
        unit = by.units.get((row.movement, row.line), "")
        for mode in row.by:
            cells = (
                str(mode.line),
                words.instant(mode.at, by.zone_of(row.movement)),
                words.quantity(mode.quantity, unit),
                mode.situation.value,
                mode.successor,
            )
            yield Row(cells)


def procedures(rows: Iterable[ProcedureView], by: Printing) -> Iterator[Row]:
    """How placements stand."""
    for row in rows:
        unit = by.units.get((row.movement, row.line), "")
        cells = (
            row.state.value,
            row.holder,
            words.quantity(row.placed, unit),
            words.figure(row.open),
            words.figure(row.discharged),
            words.figure(row.overdue),
        )
        yield Row(cells, copyable(by.ids[row.id]))


def guarantees(rows: Iterable[GuaranteeView], by: Printing) -> Iterator[Row]:
    """What is bound of guarantees."""
    for row in rows:
        zone = by.zone_of(row.movement)
        cells = (
            row.reference or words.NEVER,
            words.money(row.amount, row.currency),
            words.instant(row.since, zone),
            words.instant(row.until, zone),
        )
        yield Row(cells, copyable(by.ids[row.id]))


def findings(rows: Iterable[FindingView], by: Printing) -> Iterator[Row]:
    """What was found."""
    for row in rows:
        line = f"line {row.line}: " if row.line else ""
        cells = (
            words.instant(row.since, by.zone_of(row.movement)),
            row.code,
            row.because.articles[0],
            f"{line}{row.words}",
        )
        yield Row(cells, copyable(by.ids[row.id]))


def overdue(row: DeadlineView, as_of: datetime) -> bool:
    """Whether a clock ran out and what it asks for is still to be done."""
    return row.state is DeadlineState.MISSED and not _stopped(row, as_of)


def pending(row: DeadlineView, as_of: datetime) -> bool:
    """Whether somebody still has to act: in time, or too late."""
    return row.state is DeadlineState.RUNNING or overdue(row, as_of)


def _stopped(row: DeadlineView, as_of: datetime) -> bool:
    return row.stopped is not None and row.stopped <= as_of
