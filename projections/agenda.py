"""What legal time brings: the verdicts of a judgement, each at the instant that it falls due (D10).

Most lie in the future of the facts: a debt is derived before it is incurred. What says that a
deadline is set has no instant of its own; it is said as soon as it is derived.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple, TypedDict

from domain.customs_debt import Debt
from domain.records import maker
from domain.timeline import Deadline, Procedure, ProcedureState
from projections import identifiers
from projections.canonical import canonical, instant
from projections.tables import AgendaRow, PositionRow, StatementRow


class Verdict(StrEnum):
    """What the journal says of a statement."""

    DEADLINE_SET = "deadline set"
    DEADLINE_MOVED = "deadline moved"
    DEADLINE_MET = "deadline met"
    DEADLINE_MISSED = "deadline missed"
    DEBT_INCURRED = "debt incurred"
    DEBT_REDATED = "debt re-dated"
    DEBT_AMOUNT_CHANGED = "debt amount changed"
    DEBT_EXTINGUISHED = "debt extinguished"
    PROCEDURE_DISCHARGED = "procedure discharged"
    STATUS_CHANGED = "status changed"


class DeadlineSaid(TypedDict):
    """What a verdict says of a deadline, beside its instant."""

    article: str
    line: int | None
    last_day: date


class DebtSaid(TypedDict):
    """What a verdict says of a debt; its amount may be unknown."""

    article: str
    amount: Decimal | None
    currency: str
    debtors: list[str]


class ExtinctionSaid(TypedDict):
    """What a verdict says of a ground of Article 124(1): for how much, and whom it frees."""

    letter: str
    amount: Decimal | None
    quantity: Decimal | None
    frees: str | None


class DischargeSaid(TypedDict):
    """What a verdict says of the discharge of a line."""

    holder: str
    line: int
    placed: Decimal


StatusSaid = TypedDict("StatusSaid", {"from": tuple[str, ...], "line": int, "to": tuple[str, ...]})
"""What a verdict says of the customs status of a line."""


class Draft(NamedTuple):
    """A row of a statement, and what it was made of."""

    row: StatementRow
    told: Debt | Deadline | Procedure | object


IN_ORDER: Final = attrgetter("verdict", "statement", "at", "body")
"""Verdicts of one sort on one statement all have an instant, or none."""


def agenda(
    movement: str, drafts: Iterable[Draft], positions: Iterable[PositionRow]
) -> Iterator[AgendaRow]:
    """The verdicts on one movement, each under a name of its own."""
    taken: dict[str, int] = {}
    verdicts = [*_of_statements(movement, drafts), *_of_status(movement, positions)]
    for row in sorted(verdicts, key=IN_ORDER):
        name = identifiers.once(f"{row.verdict}:{row.statement}", taken).partition(":")[2]
        yield row if name == row.statement else row._replace(statement=name)


def _of_statements(movement: str, drafts: Iterable[Draft]) -> Iterator[AgendaRow]:
    procedures = []
    for row, told in drafts:
        match told:
            case Deadline():
                yield from _of_deadline(movement, row.statement, told)
            case Debt():
                yield from _of_debt(movement, row.statement, told)
            case Procedure():
                procedures.append(told)
            case _:
                pass
    yield from _of_procedures(movement, procedures)


def _of_deadline(movement: str, name: str, deadline: Deadline) -> Iterator[AgendaRow]:
    said: DeadlineSaid = {
        "article": deadline.article,
        "line": deadline.line,
        "last_day": deadline.last_day,
    }
    yield _row(movement, name, Verdict.DEADLINE_SET, None, said)
    if deadline.stopped is None or deadline.stopped >= deadline.ends_at:
        if deadline.watched:
            yield _row(movement, name, Verdict.DEADLINE_MISSED, deadline.ends_at, said)
    elif deadline.moved:
        yield _row(movement, name, Verdict.DEADLINE_MOVED, deadline.stopped, said)
    else:
        yield _row(movement, name, Verdict.DEADLINE_MET, deadline.stopped, said)


def _of_debt(movement: str, name: str, debt: Debt) -> Iterator[AgendaRow]:
    said: DebtSaid = {
        "article": debt.article,
        "amount": debt.amount,
        "currency": debt.currency,
        "debtors": sorted(each.person for each in debt.obligations),
    }
    yield _row(movement, name, Verdict.DEBT_INCURRED, debt.incurred, said)
    for each in debt.extinguished:
        ground: ExtinctionSaid = {
            "letter": each.letter,
            "amount": each.amount,
            "quantity": each.quantity,
            "frees": each.frees,
        }
        extinction = identifiers.of_extinction(name, each)
        yield _row(movement, extinction, Verdict.DEBT_EXTINGUISHED, each.at, ground)


def _of_procedures(movement: str, procedures: list[Procedure]) -> Iterator[AgendaRow]:
    """What one holder placed is discharged where it was not before."""
    ordered = sorted(procedures, key=attrgetter("line", "holder", "start"))
    for (line, holder), group in groupby(ordered, key=attrgetter("line", "holder")):
        discharged = False
        for each in group:
            before, discharged = discharged, each.state is ProcedureState.DISCHARGED
            if discharged and not before:
                said: DischargeSaid = {"holder": holder, "line": line, "placed": each.placed}
                name = f"procedure/{line}/{holder}"
                yield _row(movement, name, Verdict.PROCEDURE_DISCHARGED, each.start, said)


def _of_status(movement: str, positions: Iterable[PositionRow]) -> Iterator[AgendaRow]:
    """A line's customs status changes where a quantity has another one than any had before."""
    ordered = sorted(positions, key=attrgetter("line"))
    for line, group in groupby(ordered, key=attrgetter("line")):
        before: tuple[str, ...] = ()
        for at, statuses in _statuses(group):
            if statuses and statuses != before:
                said: StatusSaid = {"from": before, "line": line, "to": statuses}
                name = f"status/{line}/{'+'.join(statuses)}"
                body = canonical({"at": at, **said})
                yield AgendaRow(movement, name, Verdict.STATUS_CHANGED, at, body)
                before = statuses


def _statuses(rows: Iterable[PositionRow]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The statuses that the parts of a line have, at each instant at which these change."""
    parts: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.status:
            more = parts.setdefault(row.status, {})
            more[row.starts] = more.get(row.starts, 0) + 1
            if row.ends:
                more[row.ends] = more.get(row.ends, 0) - 1
    changes: dict[str, list[str]] = {}
    for status, more in parts.items():
        many = 0
        for at in sorted(more):
            before, many = many, many + more[at]
            if bool(before) is not bool(many):
                changes.setdefault(at, []).append(status)
    held: set[str] = set()
    for at in sorted(changes):
        held.symmetric_difference_update(changes[at])
        yield at, tuple(sorted(held))


def _row(
    movement: str, name: str, verdict: Verdict, at: datetime | None, said: Mapping[str, object]
) -> AgendaRow:
    spelled = instant(at) if at else None
    return _agenda_row((movement, name, verdict, spelled, canonical({"at": spelled, **said})))


_agenda_row = maker(AgendaRow)
