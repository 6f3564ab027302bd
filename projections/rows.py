"""A judgement as rows: one pure function, whoever asks and whenever it is judged."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Final, NamedTuple

from domain.timeline import (
    STANDING,
    Because,
    Deadline,
    Debt,
    Judgement,
    Mode,
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
    movement, lines = judgement.movement, _lines(judgement.positions)
    units = dict(zip(sorted(lines), judgement.units, strict=False))
    positions = tuple(
        [_position(movement, line, units.get(line, ""), each) for line, each in _spans(lines)]
    )
    named = _named([*_statements(judgement), *_overdue(movement, lines)])
    statements = tuple([draft.row for draft in named])
    return Said(positions, statements, tuple(agenda(movement, named, positions)))


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


Fate = tuple[Situation, str | None, str | None]
"""Where a quantity is, which successor holds it there, and to whom it was transferred."""


def _lines(positions: Iterable[Position]) -> dict[int, list[Position]]:
    """The positions of each line in order of time, without those of no length."""
    lines: dict[int, list[Position]] = {}
    for each in positions:
        lines.setdefault(each.line, [])
        if each.end is None or each.start < each.end:
            lines[each.line].append(each)
    for told in lines.values():
        told.sort(key=attrgetter("start"))
    return lines


def _spans(lines: Mapping[int, list[Position]]) -> Iterator[tuple[int, Span[Fate, Decimal]]]:
    for line in sorted(lines):
        held = (
            Held(start, end, {(part[0], part[1], part[2]): part[3] for part in parts}, because)
            for _, start, end, parts, _, because in lines[line]
        )
        for span in spans(held):
            yield line, span


def _position(movement: str, line: int, unit: str, span: Span[Fate, Decimal]) -> PositionRow:
    (situation, drawn_by, holder), quantity, start, end, because = span
    told, status, supervision = STANDS[situation]
    return PositionRow(
        movement,
        line,
        told,
        drawn_by or "",
        holder or "",
        instant(start),
        instant(end) if end else None,
        exact(quantity),
        unit,
        status,
        supervision,
        canonical(because),
    )


STANDS: Final = {
    situation: (situation.value, *((each.value for each in standing) if standing else (None, None)))
    for situation, standing in STANDING.items()
}
"""A situation, status and supervision as they are spelled."""


def _statements(judgement: Judgement) -> Iterator[Draft]:
    movement = judgement.movement
    for debt in judgement.debts:
        yield from _debt(movement, debt)
    for deadline in judgement.deadlines:
        yield Draft(_deadline(movement, deadline), deadline)
    for procedure in judgement.procedures:
        yield Draft(_procedure(movement, procedure), procedure)
    yield from _discharges(movement, judgement.modes)
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


def _overdue(movement: str, lines: Mapping[int, list[Position]]) -> Iterator[Draft]:
    for line, told in lines.items():
        if not any(each.overdue for each in told):
            continue
        held = (
            Held(each.start, each.end, {"": each.overdue} if each.overdue else {}, each.because)
            for each in told
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
