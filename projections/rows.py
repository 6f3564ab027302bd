"""A judgement as rows: one pure function, whoever asks and whenever it is judged."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from domain.because import Because
from domain.customs_debt import Debt
from domain.records import maker
from domain.timeline import Deadline, Judgement, Mode, Position, Procedure, ProcedureState
from projections import identifiers
from projections.agenda import Draft, agenda
from projections.canonical import canonical, exact, instant
from projections.position_rows import (
    STANDS,
    FateSpan,
    Lasting,
    all_spans,
    lines_of,
    position_row,
    spans_from,
)
from projections.spans import Held, spans
from projections.tables import AgendaRow, PositionRow, StatementRow

DEBT = "debt"
OBLIGATION = "obligation"
DEADLINE = "deadline"
PROCEDURE = "procedure"
DISCHARGE = "discharge"
GUARANTEE = "guarantee"
FINDING = "finding"
OVERDUE = "overdue"

MUCH: Final = 400
"""Where a movement has more positions than this, what they are spelled as is kept."""


class Said(NamedTuple):
    """The rows of one judgement."""

    positions: tuple[PositionRow, ...]
    statements: tuple[StatementRow, ...]
    agenda: tuple[AgendaRow, ...]


class Spelled(NamedTuple):
    """What a judgement that says much was spelled as, for the next one of the same movement.

    Rows stand under the identity of what they spell, which they keep alive; `lines` are the spans
    of each line so far.
    """

    spans: Mapping[int, tuple[FateSpan, PositionRow]]
    drafts: Mapping[int, Draft]
    lines: Mapping[int, Lasting]


NOTHING: Final = Spelled({}, {}, {})


def rows(judgement: Judgement) -> Said:
    """Equal judgements give equal rows, in whatever order they say them."""
    return spelled(judgement, None)[0]


def spelled(judgement: Judgement, before: Spelled | None) -> tuple[Said, Spelled | None]:
    """The same rows, and what the next judgement of the movement can go on from: whatever is the
    very record that was spelled `before` is not spelled again. Where little is said, all is.
    """
    movement, lines = judgement.movement, lines_of(judgement.positions)
    units = dict(zip(sorted(lines), judgement.units, strict=False))
    much = len(judgement.positions) > MUCH
    known = before if before and much else NOTHING
    found, lasting = spans_from(lines, known.lines) if much else (all_spans(lines), {})
    told = [
        known.spans.get(id(span)) or (span, position_row(movement, line, units.get(line, ""), span))
        for line, span in found
    ]
    drafts = [*_statements(judgement, known.drafts), *_overdue(movement, lines)]
    after = None
    if much:
        by_span = {id(each[0]): each for each in told}
        after = Spelled(by_span, {id(draft.told): draft for draft in drafts}, lasting)
    named, positions = _named(drafts), tuple([row for _, row in told])
    statements = tuple([draft.row for draft in named])
    return Said(positions, statements, tuple(agenda(movement, named, positions))), after


def _named(drafts: list[Draft]) -> list[Draft]:
    """Each statement under a name of its own."""
    taken: dict[str, int] = {}
    drafts.sort(key=_order)
    for place, (row, told) in enumerate(drafts):
        name = identifiers.once(row.statement, taken)
        if name != row.statement:
            drafts[place] = Draft(row._replace(statement=name), told)
    return drafts


def _order(draft: Draft) -> tuple[str, str, str]:
    row = draft.row
    return row.statement, row.starts, row.body


def _statements(judgement: Judgement, known: Mapping[int, Draft]) -> Iterator[Draft]:
    movement = judgement.movement
    for debt in judgement.debts:
        yield from _debt(movement, debt)
    for deadline in judgement.deadlines:
        yield Draft(_deadline(movement, deadline), deadline)
    for procedure in judgement.procedures:
        yield known.get(id(procedure)) or Draft(_procedure(movement, procedure), procedure)
    for mode in judgement.modes:
        yield known.get(id(mode)) or Draft(_discharge(movement, mode), mode)
    yield from _guarantees(judgement)
    yield from _findings(judgement)


def _debt(movement: str, debt: Debt) -> Iterator[Draft]:
    """The debt whole, and a narrow row for each obligation, by which a debtor is found."""
    name = identifiers.of_debt(debt, movement)
    ends = [each.at for each in debt.extinguished if debt.open_at(each.at) == 0]
    span = debt.incurred, min(ends, default=None)
    line = debt.struck[0].line if len(debt.struck) == 1 else None
    row = _row(movement, name, DEBT, line, span, debt.article, debt, amount=debt.amount)
    yield Draft(row, debt)
    for each in debt.obligations:
        owed = row._replace(
            statement=identifiers.of_obligation(name, each),
            kind=OBLIGATION,
            code=each.role,
            person=each.person,
            due=each.due.isoformat() if each.due else None,
            body=canonical({"debt": name, "person": each.person}),
        )
        yield Draft(owed, None)


def _deadline(movement: str, deadline: Deadline) -> StatementRow:
    name = identifiers.of_deadline(deadline)
    span, due = (deadline.start, deadline.stopped), deadline.last_day
    return _row(
        movement, name, DEADLINE, deadline.line, span, deadline.article, deadline,
        person=deadline.person, due=due,
    )  # fmt: skip


def _procedure(movement: str, procedure: Procedure) -> StatementRow:
    line, start, end, state, holder, _, left, _, _, because = procedure
    name = identifiers.of_span(PROCEDURE, line, start, holder)
    return _row(
        movement, name, PROCEDURE, line, (start, end), _article(because), procedure,
        code=STATES[state], person=holder, amount=left,
    )  # fmt: skip


def _discharge(movement: str, mode: Mode) -> StatementRow:
    """What went which way, once each: they would make a procedure's rows too wide."""
    line, at, situation, successor, quantity, because = mode
    way = STANDS[situation][0]
    name = identifiers.of_span(DISCHARGE, line, at, way, successor)
    span, article = (at, None), _article(because)
    return _row(movement, name, DISCHARGE, line, span, article, mode, code=way, amount=quantity)


def _overdue(movement: str, lines: Mapping[int, list[Position]]) -> Iterator[Draft]:
    for line, told in lines.items():
        if not any(each.overdue for each in told):
            continue
        held = (
            Held(each.start, each.end, {"": each.overdue} if each.overdue else {}, each.because)
            for each in told
        )
        for _, quantity, start, end, because in spans(held):
            name, article = identifiers.of_span(OVERDUE, line, start), _article(because)
            body = {"quantity": quantity, "because": because}
            row = _row(movement, name, OVERDUE, line, (start, end), article, body, amount=quantity)
            yield Draft(row, None)


def _guarantees(judgement: Judgement) -> Iterator[Draft]:
    for each in judgement.guarantees:
        name, article = identifiers.of_guarantee(each), _article(each.because)
        row = _row(
            judgement.movement, name, GUARANTEE, None, (each.start, each.end), article, each,
            code=each.reference, person=judgement.person, amount=each.amount,
        )  # fmt: skip
        yield Draft(row, each)


def _findings(judgement: Judgement) -> Iterator[Draft]:
    for each in judgement.findings:
        name, article = identifiers.of_finding(each), _article(each.because)
        span = each.start, each.end
        row = _row(
            judgement.movement, name, FINDING, each.line, span, article, each, code=each.code
        )
        yield Draft(row, each)


def _row(  # noqa: PLR0913  (the columns)
    movement: str, statement: str, kind: str, line: int | None,
    span: tuple[datetime, datetime | None], article: str | None, said: object, *,
    code: str | None = None, person: str | None = None, due: date | None = None,
    amount: Decimal | None = None,
) -> StatementRow:  # fmt: skip
    """The row of a statement: `said` is its body, the rest are the columns that lists read."""
    start, end = span
    starts, ends = instant(start), instant(end) if end else None
    day = due.isoformat() if due else None
    much = exact(amount) if amount is not None else None
    body = canonical(said)
    return _statement_row(
        (movement, statement, kind, line, starts, ends, article, code, person, day, much, body)
    )


def _article(because: Because) -> str | None:
    return because.articles[0] if because.articles else None


STATES: Final = {state: state.value for state in ProcedureState}
_statement_row = maker(StatementRow)
