"""What a judge says: for every instant of legal time, what holds (D4).

Instants are aware and in UTC; days are legal days of the movement's office. Spans are half open:
`start` belongs to them, `end` does not, and `None` is for ever.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from domain.because import Because
from domain.customs_debt import Debt
from domain.facts.values import Kind
from domain.situation import Situation


class Part(NamedTuple):
    """A quantity of a line that shares one fate. `drawn_by` is the successor that holds it,
    `holder` the person to whom its rights and obligations were transferred.
    """

    situation: Situation
    drawn_by: str | None
    holder: str | None
    quantity: Decimal


class Position(NamedTuple):
    """What holds for one line over one span: its parts, and how much of it is overdue."""

    line: int
    start: datetime
    end: datetime | None
    parts: tuple[Part, ...]
    overdue: Decimal
    because: Because


class DeadlineState(StrEnum):
    """How a clock stands at an instant."""

    RUNNING = "RUNNING"
    MET = "MET"
    MISSED = "MISSED"
    MOVED = "MOVED"
    OVER = "OVER"
    """The last day is past, and whether it was kept is nothing that anybody reports."""


class Deadline(NamedTuple):
    """What must happen, by whom, and by when: `raw_last_day` as counted, `last_day` as rolled.

    `ends_at` is 00:00 of the day after the last day at the office; `stopped` when the clock was
    stopped, because what it asked for happened or no longer needs to; `moved` says that another
    clock took its place then. A clock is `watched` where reports tell that it was met.
    """

    line: int | None
    article: str
    duty: str
    person: str
    start: datetime
    raw_last_day: date
    last_day: date
    ends_at: datetime
    stopped: datetime | None
    moved: bool
    because: Because
    watched: bool = True

    def state(self, as_of: datetime) -> DeadlineState:
        """How the clock stands at `as_of`."""
        if self.stopped and self.stopped <= as_of and self.stopped < self.ends_at:
            return DeadlineState.MOVED if self.moved else DeadlineState.MET
        if as_of < self.ends_at:
            return DeadlineState.RUNNING
        return DeadlineState.MISSED if self.watched else DeadlineState.OVER

    def running(self, as_of: datetime) -> bool:
        """Whether somebody still has to act on it at `as_of`, in time or too late."""
        return self.start <= as_of and not (self.stopped and self.stopped <= as_of)


class ProcedureState(StrEnum):
    """How a placement stands (Article 215)."""

    OPEN = "OPEN"
    ENDED = "ENDED"
    PARTLY_DISCHARGED = "PARTLY_DISCHARGED"
    DISCHARGED = "DISCHARGED"
    OVERDUE = "OVERDUE"
    LAPSED = "LAPSED"


class Mode(NamedTuple):
    """At an instant so much of a line went this way, to this successor."""

    line: int
    at: datetime
    situation: Situation
    successor: str
    quantity: Decimal
    because: Because


class Procedure(NamedTuple):
    """How the placement of one line stands for one holder over one span, in the line's unit.

    By which mode and successor it was discharged, the modes of the judgement tell.
    """

    line: int
    start: datetime
    end: datetime | None
    state: ProcedureState
    holder: str
    placed: Decimal
    open: Decimal
    discharged: Decimal
    overdue: Decimal
    because: Because


class Guarantee(NamedTuple):
    """What a movement binds of a guarantee over one span.

    `amount` is bound until the whole is to be released (Article 98(1)); `at_risk` is what may
    still fall due, so that the rest is to be released on request (Article 98(2)).
    """

    start: datetime
    end: datetime | None
    reference: str | None
    amount: Decimal | None
    at_risk: Decimal | None
    currency: str
    because: Because


class Finding(NamedTuple):
    """A breach, an act without effect, a candidate ground: anything said over a span."""

    code: str
    line: int | None
    start: datetime
    end: datetime | None
    words: str
    because: Because


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that is derived of one movement. `names` are all its references, its own name first."""

    movement: str
    names: tuple[str, ...]
    kind: Kind
    office: str | None
    person: str | None
    units: tuple[str, ...]
    positions: tuple[Position, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    modes: tuple[Mode, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    debts: tuple[Debt, ...] = ()
    guarantees: tuple[Guarantee, ...] = ()
    findings: tuple[Finding, ...] = ()

    def positions_at(self, as_of: datetime) -> Iterator[Position]:
        """The position of each line at `as_of`."""
        return (each for each in self.positions if holds(each.start, each.end, as_of))

    def findings_at(self, as_of: datetime) -> Iterator[Finding]:
        """The findings that hold at `as_of`."""
        return (each for each in self.findings if holds(each.start, each.end, as_of))


def holds(start: datetime, end: datetime | None, as_of: datetime) -> bool:
    """Whether a span holds at an instant."""
    return start <= as_of and (end is None or as_of < end)


def for_good(positions: Sequence[Position], so: Callable[[Position], bool]) -> datetime | None:
    """From when on each line is so and stays so; `None` where one is not, or there is none."""
    since: dict[int, datetime] = {}
    told: set[int] = set()
    for position in reversed(positions):
        line = position.line
        if line in told:
            continue
        if so(position):
            since[line] = position.start
        elif line in since:
            told.add(line)
        else:
            return None
    return max(since.values(), default=None)


def presumed() -> Position:
    """Goods in the customs territory of which nothing is known: Union goods, until it is shown
    that they are not (Article 153(1)). There is no quantity to tell.
    """
    part = Part(Situation.UNION_PRESUMED, None, None, Decimal(0))
    because = Because("presumed", ("153(1)",), ())
    always = datetime.min.replace(tzinfo=UTC)
    return Position(0, always, None, (part,), Decimal(0), because)
