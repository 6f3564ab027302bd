"""A judgement as rows: one pure function, whoever asks and whenever it is judged."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from domain.timeline import (
    STANDING,
    Because,
    Deadline,
    Debt,
    Judgement,
    Mode,
    Part,
    Position,
    Procedure,
    Situation,
)
from projections import identifiers
from projections.agenda import Draft, agenda
from projections.canonical import canonical, exact, instant
from projections.spans import Held, Span, spans
from projections.tables import AgendaRow, PositionRow, StatementRow

DEBT = "debt"
OBLIGATION = "obligation"
DEADLINE = "deadline"
PROCEDURE = "procedure"
DISCHARGE = "discharge"
GUARANTEE = "guarantee"
FINDING = "finding"
OVERDUE = "overdue"


class Said(NamedTuple):
    """The rows of one judgement."""

    positions: tuple[PositionRow, ...]
    statements: tuple[StatementRow, ...]
    agenda: tuple[AgendaRow, ...]


def rows(judgement: Judgement) -> Said:
    """Equal judgements give equal rows, in whatever order they say them."""
    positions = tuple(_positions(judgement))
    named = tuple(_named(_statements(judgement)))
    statements = tuple(draft.row for draft in named)
    return Said(positions, statements, tuple(agenda(judgement.movement, named, positions)))


def _named(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Each statement under a name of its own."""
    taken: dict[str, int] = {}
    for row, told in sorted(drafts, key=_order):
        yield Draft(row._replace(statement=identifiers.once(row.statement, taken)), told)


def _order(draft: Draft) -> tuple[str, str, str]:
    return draft.row.statement, draft.row.starts, draft.row.body


Fate = tuple[Situation, str | None, str | None]
"""Where a quantity is, which successor holds it there, and to whom it was transferred."""


def _lines(positions: Iterable[Position]) -> Iterator[tuple[int, list[Position]]]:
    ordered = sorted(positions, key=attrgetter("line", "start"))
    for line, group in groupby(ordered, key=attrgetter("line")):
        yield line, [each for each in group if each.end is None or each.start < each.end]


def _positions(judgement: Judgement) -> Iterator[PositionRow]:
    numbers = sorted({each.line for each in judgement.positions})
    units = dict(zip(numbers, judgement.units, strict=False))
    for line, group in _lines(judgement.positions):
        held = (Held(each.start, each.end, _slots(each.parts), each.because) for each in group)
        for span in spans(held):
            yield _position(judgement.movement, line, units.get(line, ""), span)


def _slots(parts: Iterable[Part]) -> dict[Fate, Decimal]:
    return {(part.situation, part.drawn_by, part.holder): part.quantity for part in parts}


def _position(movement: str, line: int, unit: str, span: Span[Fate, Decimal]) -> PositionRow:
    situation, drawn_by, holder = span.key
    status, supervision = STANDING[situation] or (None, None)
    return PositionRow(
        movement,
        line,
        situation.value,
        drawn_by or "",
        holder or "",
        instant(span.start),
        instant(span.end) if span.end else None,
        exact(span.value),
        unit,
        status.value if status else None,
        supervision.value if supervision else None,
        canonical(span.because),
    )


def _statements(judgement: Judgement) -> Iterator[Draft]:
    movement = judgement.movement
    for debt in judgement.debts:
        yield from _debt(movement, debt)
    for deadline in judgement.deadlines:
        yield Draft(_deadline(movement, deadline), deadline)
    for procedure in judgement.procedures:
        yield Draft(_procedure(movement, procedure), procedure)
    yield from _discharges(movement, judgement.modes)
    yield from _overdue(movement, judgement.positions)
    yield from _guarantees(judgement)
    yield from _findings(judgement)


def _debt(movement: str, debt: Debt) -> Iterator[Draft]:
    """The debt whole, and a narrow row for each obligation, by which a debtor is found."""
    name = identifiers.of_debt(debt, movement)
    ends = [each.at for each in debt.extinguished if debt.open_at(each.at) == 0]
    draft = StatementRow(
        movement=movement,
        statement=name,
        kind=DEBT,
        line=debt.struck[0].line if len(debt.struck) == 1 else None,
        starts=instant(debt.incurred),
        ends=instant(min(ends)) if ends else None,
        article=debt.article,
        code=None,
        person=None,
        due=None,
        amount=exact(debt.amount) if debt.amount is not None else None,
        body=canonical(debt),
    )
    yield Draft(draft, debt)
    for each in debt.obligations:
        owed = draft._replace(
            statement=identifiers.of_obligation(name, each),
            kind=OBLIGATION,
            code=each.role,
            person=each.person,
            due=each.due.isoformat() if each.due else None,
            body=canonical({"debt": name, "person": each.person}),
        )
        yield Draft(owed, None)


def _deadline(movement: str, deadline: Deadline) -> StatementRow:
    return StatementRow(
        movement=movement,
        statement=identifiers.of_deadline(deadline),
        kind=DEADLINE,
        line=deadline.line,
        starts=instant(deadline.start),
        ends=instant(deadline.stopped) if deadline.stopped else None,
        article=deadline.article,
        code=None,
        person=deadline.person,
        due=deadline.last_day.isoformat(),
        amount=None,
        body=canonical(deadline),
    )


def _procedure(movement: str, procedure: Procedure) -> StatementRow:
    return StatementRow(
        movement=movement,
        statement=identifiers.of_span(PROCEDURE, procedure.line, procedure.start, procedure.holder),
        kind=PROCEDURE,
        line=procedure.line,
        starts=instant(procedure.start),
        ends=instant(procedure.end) if procedure.end else None,
        article=_article(procedure.because),
        code=procedure.state.value,
        person=procedure.holder,
        due=None,
        amount=exact(procedure.open),
        body=canonical(procedure),
    )


def _discharges(movement: str, modes: Iterable[Mode]) -> Iterator[Draft]:
    """What went which way, once each: they would make a procedure's rows too wide."""
    for mode in modes:
        names = (mode.situation.value, mode.successor)
        row = StatementRow(
            movement=movement,
            statement=identifiers.of_span(DISCHARGE, mode.line, mode.at, *names),
            kind=DISCHARGE,
            line=mode.line,
            starts=instant(mode.at),
            ends=None,
            article=_article(mode.because),
            code=mode.situation.value,
            person=None,
            due=None,
            amount=exact(mode.quantity),
            body=canonical(mode),
        )
        yield Draft(row, None)


def _overdue(movement: str, positions: Iterable[Position]) -> Iterator[Draft]:
    for line, group in _lines(positions):
        held = (
            Held(each.start, each.end, {"": each.overdue} if each.overdue else {}, each.because)
            for each in group
        )
        for span in spans(held):
            body = {"quantity": span.value, "because": span.because}
            yield Draft(_spanned(movement, OVERDUE, line, span, body), None)


def _spanned(
    movement: str,
    kind: str,
    line: int,
    span: Span[str, Decimal],
    body: Mapping[str, object],
    *names: str | None,
) -> StatementRow:
    return StatementRow(
        movement=movement,
        statement=identifiers.of_span(kind, line, span.start, *names),
        kind=kind,
        line=line,
        starts=instant(span.start),
        ends=instant(span.end) if span.end else None,
        article=_article(span.because),
        code=None,
        person=None,
        due=None,
        amount=exact(span.value),
        body=canonical(body),
    )


def _guarantees(judgement: Judgement) -> Iterator[Draft]:
    for each in judgement.guarantees:
        row = StatementRow(
            movement=judgement.movement,
            statement=identifiers.of_guarantee(each),
            kind=GUARANTEE,
            line=None,
            starts=instant(each.start),
            ends=instant(each.end) if each.end else None,
            article=_article(each.because),
            code=each.reference,
            person=judgement.person,
            due=None,
            amount=exact(each.amount) if each.amount is not None else None,
            body=canonical(each),
        )
        yield Draft(row, each)


def _findings(judgement: Judgement) -> Iterator[Draft]:
    for each in judgement.findings:
        row = StatementRow(
            movement=judgement.movement,
            statement=identifiers.of_finding(each),
            kind=FINDING,
            line=each.line,
            starts=instant(each.start),
            ends=instant(each.end) if each.end else None,
            article=_article(each.because),
            code=each.code,
            person=None,
            due=None,
            amount=None,
            body=canonical(each),
        )
        yield Draft(row, each)


def _article(because: Because) -> str | None:
    return because.articles[0] if because.articles else None
