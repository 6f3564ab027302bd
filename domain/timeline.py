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

from domain.facts.values import Kind


class Situation(StrEnum):
    """Where a quantity is, legally. The ledger of a line is a quantity for each of these."""

    AWAITED = "AWAITED"
    OUTSIDE = "OUTSIDE"
    ENTERED = "ENTERED"
    IRREGULAR = "IRREGULAR"
    TEMP_STORAGE = "TEMP_STORAGE"
    STORAGE_MOVING = "TEMP_STORAGE/MOVING"
    STORAGE_DECLARED = "TEMP_STORAGE/DECLARED"
    EXTERNAL_TRANSIT = "EXTERNAL_TRANSIT"
    INTERNAL_TRANSIT = "INTERNAL_TRANSIT"
    TRANSIT_ENDED = "TRANSIT_ENDED"
    CUSTOMS_WAREHOUSE = "CUSTOMS_WAREHOUSE"
    INWARD_PROCESSING = "INWARD_PROCESSING"
    OUTWARD_RELEASED = "OUTWARD_PROCESSING/RELEASED"
    OUTWARD_PROCESSING = "OUTWARD_PROCESSING"
    RELIEF_LAPSED = "RELIEF_LAPSED"
    FREE_CIRCULATION = "FREE_CIRCULATION"
    EXPORT_RELEASED = "EXPORT_RELEASED"
    EXITED = "EXITED"
    BREACHED = "BREACHED"
    UNDER_INVESTIGATION = "UNDER_INVESTIGATION"
    LOST = "LOST"
    DESTROYED = "DESTROYED"
    DEEMED_WAREHOUSE = "DEEMED_WAREHOUSE"
    UNASSIGNED = "UNASSIGNED"
    PASSED_ON = "PASSED_ON"
    DISCHARGED = "DISCHARGED"
    NEVER_THERE = "NEVER_THERE"
    UNION_PRESUMED = "UNION_PRESUMED"


class Status(StrEnum):
    """Customs status (Article 5(22) to (24))."""

    UNION = "UNION"
    NON_UNION = "NON_UNION"


class Supervision(StrEnum):
    """Whether goods are under customs supervision, and whether it is intact (Article 134)."""

    YES = "YES"
    BROKEN = "BROKEN"
    NO = "NO"


class Because(NamedTuple):
    """Why something is said: the rule, the provisions it applies, the reports it used."""

    rule: str
    articles: tuple[str, ...]
    reports: tuple[str, ...]


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


class Step(NamedTuple):
    """One step of a computation, in words and figures."""

    words: str
    value: Decimal
    reports: tuple[str, ...]


class Struck(NamedTuple):
    """What a debt is about: so much of a line, and the duty on it (`None`: terms unknown)."""

    line: int
    quantity: Decimal
    amount: Decimal | None


class SameGoods(NamedTuple):
    """As far as this debt coincides with another: one amount, shown twice (D8)."""

    movement: str
    quantity: Decimal
    amount: Decimal


class Rise(NamedTuple):
    """From a day on, interest grows by so much a day."""

    since: date
    a_day: Decimal


class Interest(NamedTuple):
    """Interest on arrears: before notification, or after the period for payment (Article 114).

    It grows from the day after `since` to `until`, or for ever; `rises` says by how much a day.
    It is charged where it reaches `threshold` (Article 114(4)), a gate that uses the exact
    figure. `percent` is the yearly rate at the start, `None` where no base rate is known.
    """

    article: str
    since: date
    until: date | None
    percent: Decimal | None
    threshold: Decimal
    rises: tuple[Rise, ...]

    def amount(self, day: date) -> Decimal | None:
        """The exact amount at the end of `day`; `None` where the rate or the debt is unknown."""
        if self.percent is None or not self.rises:
            return None
        end = day if self.until is None else min(day, self.until)
        ends = [*(rise.since for rise in self.rises[1:]), date.max]
        return sum(
            (
                rise.a_day * max((min(end, stop) - rise.since).days, 0)
                for rise, stop in zip(self.rises, ends, strict=True)
            ),
            Decimal(0),
        )

    def charged(self, day: date) -> bool:
        """Whether it is charged, as it stands at the end of `day`."""
        amount = self.amount(day)
        return amount is not None and amount >= self.threshold


class Obligation(NamedTuple):
    """What one person owes of a debt, and until when it can be claimed of them.

    `limitation` is the last day on which the debtor can be notified (Article 103), `due` the last
    day of the period for payment (Article 108), without one while `suspended` by that provision.
    The raw days are those as counted, before they are rolled.
    """

    person: str
    role: str
    notified: datetime | None
    due: date | None
    raw_due: date | None
    suspended: str | None
    limitation: date
    raw_limitation: date
    interest: tuple[Interest, ...]
    because: Because


class Extinguished(NamedTuple):
    """A ground of Article 124(1): for how much (`None`: all), when, whom it frees (`None`: all)."""

    letter: str
    at: datetime
    amount: Decimal | None
    quantity: Decimal | None
    frees: str | None
    because: Because


@dataclass(frozen=True, slots=True)
class Debt:
    """One customs debt; its obligations are joint and several (Article 84).

    `ref` stays the same when later facts re-date the debt or change its amount: it is made of the
    movement, the rule and the report that gave rise to it. `amount` is `None` where the duty
    terms of a line are unknown.
    """

    ref: str
    article: str
    incurred: datetime
    incurred_on: date
    place: str
    struck: tuple[Struck, ...]
    amount: Decimal | None
    currency: str
    steps: tuple[Step, ...]
    same_goods: tuple[SameGoods, ...]
    obligations: tuple[Obligation, ...]
    extinguished: tuple[Extinguished, ...]
    gave_rise: tuple[str, ...]
    because: Because

    def open_at(self, as_of: datetime) -> Decimal | None:
        """What is still owed at `as_of`; zero before it is incurred, `None` where unknown."""
        return max([self.owed_by(each.person, as_of) for each in self.obligations], key=_size)

    def _all(self, end: Extinguished) -> bool:
        """Whether a ground of unknown amount is about all the goods."""
        return end.quantity is None or end.quantity >= sum(each.quantity for each in self.struck)

    def owed_by(self, person: str, as_of: datetime) -> Decimal | None:
        """What one debtor still owes at `as_of`, jointly with the others."""
        if as_of < self.incurred:
            return Decimal(0)
        gone = Decimal(0)
        for end in self.extinguished:
            if end.at <= as_of and end.frees in (None, person):
                if end.amount is None and self._all(end):
                    return Decimal(0)
                gone += end.amount or 0
        return None if self.amount is None else max(self.amount - gone, Decimal(0))


def _size(amount: Decimal | None) -> Decimal:
    return Decimal("Infinity") if amount is None else amount


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


_OUT = (Status.NON_UNION, Supervision.NO)
_HERE = (Status.NON_UNION, Supervision.YES)
_BROKEN = (Status.NON_UNION, Supervision.BROKEN)
_UNION = (Status.UNION, Supervision.NO)
STANDING: dict[Situation, tuple[Status, Supervision] | None] = {
    Situation.AWAITED: None,
    Situation.OUTSIDE: _OUT,
    Situation.ENTERED: _HERE,
    Situation.IRREGULAR: _BROKEN,
    Situation.TEMP_STORAGE: _HERE,
    Situation.STORAGE_MOVING: _HERE,
    Situation.STORAGE_DECLARED: _HERE,
    Situation.EXTERNAL_TRANSIT: _HERE,
    Situation.INTERNAL_TRANSIT: (Status.UNION, Supervision.NO),
    Situation.TRANSIT_ENDED: None,
    Situation.CUSTOMS_WAREHOUSE: _HERE,
    Situation.INWARD_PROCESSING: _HERE,
    Situation.OUTWARD_RELEASED: (Status.UNION, Supervision.YES),
    Situation.OUTWARD_PROCESSING: _OUT,
    Situation.RELIEF_LAPSED: _OUT,
    Situation.FREE_CIRCULATION: _UNION,
    Situation.EXPORT_RELEASED: (Status.UNION, Supervision.YES),
    Situation.EXITED: _OUT,
    Situation.BREACHED: _BROKEN,
    Situation.UNDER_INVESTIGATION: _BROKEN,
    Situation.LOST: None,
    Situation.DESTROYED: None,
    Situation.DEEMED_WAREHOUSE: _HERE,
    Situation.UNASSIGNED: _HERE,
    Situation.PASSED_ON: None,
    Situation.DISCHARGED: None,
    Situation.NEVER_THERE: None,
    Situation.UNION_PRESUMED: _UNION,
}
"""Status and supervision read off the situation; `None` where the goods are told of elsewhere."""
