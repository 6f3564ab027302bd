"""The views: typed rows that answer questions as of an instant, in the order of their keys.

Each takes a view and an aware instant `as_of`; `movements` limits it to these references.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from domain.because import Because
from domain.law.periods import day_of
from domain.settle import zone_at
from domain.situation import Situation, Status, Supervision
from domain.timeline import Deadline, DeadlineState, Finding, Guarantee, Mode, Procedure
from projections import identifiers, rows
from projections.answers import (
    DeadlineView,
    FindingView,
    GuaranteeView,
    PositionView,
    ProcedureView,
    ReferenceView,
)
from projections.canonical import decoded, instant, since
from projections.owing import debts, totals, whole_debts
from projections.selecting import holding, select, spanned
from projections.sql import rows_where
from projections.tables import MOVEMENTS, POSITIONS, STATEMENTS, PositionRow, StatementRow
from projections.view import View

__all__ = [
    "deadlines",
    "debts",
    "findings",
    "guarantees",
    "positions",
    "procedures",
    "references",
    "totals",
    "whole_debts",
]


def positions(
    view: View, as_of: datetime, movements: Iterable[str] | None = None
) -> Iterator[PositionView]:
    """Where the goods are, in law, line by line and part by part."""
    overdue: dict[tuple[str, int | None], StatementRow] = {
        (row.movement, row.line): row for row in holding(view, rows.OVERDUE, as_of, movements)
    }
    found = select(view, POSITIONS, *spanned(as_of), movements)
    for line in _by_line(found):
        late = overdue.get((line[0].movement, line[0].line))
        ends = [row.ends for row in (*line, *((late,) if late else ())) if row.ends]
        for row in line:
            yield _position(row, late, min(ends, default=None))


def _by_line(found: Iterator[PositionRow]) -> Iterator[list[PositionRow]]:
    line: list[PositionRow] = []
    for row in found:
        if line and (row.movement, row.line) != (line[0].movement, line[0].line):
            yield line
            line = []
        line.append(row)
    if line:
        yield line


def _position(row: PositionRow, late: StatementRow | None, changes: str | None) -> PositionView:
    situation, start = Situation(row.situation), since(row.starts)
    name = identifiers.of_position(row.line, situation, start, row.drawn_by, row.holder)
    return PositionView(
        identifiers.full(row.movement, name),
        row.movement,
        row.line,
        situation,
        row.drawn_by or None,
        row.holder or None,
        Decimal(row.quantity),
        row.unit,
        Status(row.status) if row.status else None,
        Supervision(row.supervision) if row.supervision else None,
        Decimal(late.amount or 0) if late else Decimal(0),
        start,
        since(row.ends) if row.ends else None,
        since(changes) if changes else None,
        decoded(Because, row.because),
    )


def procedures(
    view: View, as_of: datetime, movements: Iterable[str] | None = None
) -> Iterator[ProcedureView]:
    """The placements under a procedure, one a line."""
    modes: dict[tuple[str, int | None], list[Mode]] = {}
    for row in holding(view, rows.DISCHARGE, as_of, movements):
        modes.setdefault((row.movement, row.line), []).append(decoded(Mode, row.body))
    for row in holding(view, rows.PROCEDURE, as_of, movements):
        said = decoded(Procedure, row.body)
        yield ProcedureView(
            identifiers.full(row.movement, row.statement),
            row.movement,
            said.line,
            said.state,
            said.holder,
            said.placed,
            said.open,
            said.discharged,
            said.overdue,
            tuple(modes.get((row.movement, row.line), ())),
            said.start,
            said.end,
            said.because,
        )


def deadlines(
    view: View,
    as_of: datetime,
    movements: Iterable[str] | None = None,
    *,
    state: DeadlineState | None = None,
    within: int | None = None,
    person: str | None = None,
) -> Iterator[DeadlineView]:
    """The clocks started by then, those that run out first before the others.

    `within` leaves only those that run and run out within so many days of `as_of`; with the state
    `MISSED` only those are given that nothing stopped yet: what is overdue.
    """
    where, values = "kind = ? AND starts <= ?", [rows.DEADLINE, instant(as_of)]
    offices: dict[str, str | None] = {}
    if within is not None:
        latest = as_of + timedelta(days=within + 1)
        where += " AND due <= ?"
        values.append(latest.date().isoformat())
    if person is not None:
        where += " AND person = ?"
        values.append(person)
    order = "due, movement, statement"
    for row in select(view, STATEMENTS, where, values, movements, order):
        said = decoded(Deadline, row.body)
        stands = said.state(as_of)
        if state is not None and stands is not state:
            continue
        if stands is DeadlineState.MISSED and state is stands and not said.running(as_of):
            continue
        if within is not None:
            if row.movement not in offices:
                offices[row.movement] = _office(view, row.movement)
            if not _soon(said, day_of(as_of, zone_at(offices[row.movement])), as_of, within):
                continue
        yield _deadline(row, said, stands, as_of)


def _soon(said: Deadline, today: date, as_of: datetime, within: int) -> bool:
    """Whether a clock that runs has its last day no more than so many days after `today`."""
    left = said.last_day - today
    return said.running(as_of) and as_of < said.ends_at and left <= timedelta(days=within)


def _office(view: View, movement: str) -> str | None:
    found = rows_where(view.db, MOVEMENTS, "movement", [movement])
    return next((row.office for row in found), None)


def _deadline(
    row: StatementRow, said: Deadline, stands: DeadlineState, as_of: datetime
) -> DeadlineView:
    stopped = said.stopped if said.stopped and said.stopped <= as_of else None
    return DeadlineView(
        identifiers.full(row.movement, row.statement),
        row.movement,
        said.line,
        stands,
        said.article,
        said.duty,
        said.person,
        said.start,
        said.raw_last_day,
        said.last_day,
        said.ends_at,
        stopped,
        said.because,
    )


def guarantees(
    view: View, as_of: datetime, movements: Iterable[str] | None = None
) -> Iterator[GuaranteeView]:
    """What movements bind of guarantees."""
    for row in holding(view, rows.GUARANTEE, as_of, movements):
        said = decoded(Guarantee, row.body)
        yield GuaranteeView(
            identifiers.full(row.movement, row.statement),
            row.movement,
            said.reference,
            said.amount,
            said.currency,
            said.start,
            said.end,
            said.because,
        )


def findings(
    view: View,
    as_of: datetime,
    movements: Iterable[str] | None = None,
    *,
    code: str | None = None,
) -> Iterator[FindingView]:
    """What was found and still holds."""
    for row in holding(view, rows.FINDING, as_of, movements, code):
        said = decoded(Finding, row.body)
        yield FindingView(
            identifiers.full(row.movement, row.statement),
            row.movement,
            said.code,
            said.line,
            said.start,
            said.end,
            said.words,
            said.because,
        )


def references(view: View, reference: str) -> tuple[ReferenceView, ...]:
    """The movements that an identifier leads to: names, documents, containers, persons."""
    found = view.db.execute(
        "SELECT n.reference, n.relation, n.movement, m.kind FROM names n"
        " LEFT JOIN movements m ON m.movement = n.movement"
        " WHERE n.reference = ? ORDER BY n.relation, n.movement",
        (reference,),
    )
    return tuple(ReferenceView(*row) for row in found)
