"""The typed rows that the views answer with."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from domain.because import Because
from domain.customs_debt import Extinguished, SameGoods, Step, Struck
from domain.facts.values import Kind
from domain.situation import Situation, Status, Supervision
from domain.timeline import DeadlineState, Mode, ProcedureState


class MovementView(NamedTuple):
    """A movement in brief: its references, its own first, and who opened it, where and when."""

    movement: str
    names: tuple[str, ...]
    kind: Kind
    office: str | None
    person: str | None
    opened: datetime


class PositionView(NamedTuple):
    """So much of a line shares one fate. `overdue` is of the whole line; `until` is when this
    quantity changes next, `changes` when anything of the line does.
    """

    id: str
    movement: str
    line: int
    situation: Situation
    drawn_by: str | None
    holder: str | None
    quantity: Decimal
    unit: str
    status: Status | None
    supervision: Supervision | None
    overdue: Decimal
    since: datetime
    until: datetime | None
    changes: datetime | None
    because: Because


class ProcedureView(NamedTuple):
    """How the placement of a line stands, and by which ways it was discharged so far."""

    id: str
    movement: str
    line: int
    state: ProcedureState
    holder: str
    placed: Decimal
    open: Decimal
    discharged: Decimal
    overdue: Decimal
    by: tuple[Mode, ...]
    since: datetime
    until: datetime | None
    because: Because


class InterestView(NamedTuple):
    """Interest on arrears as it stands at the end of a day; `amount` is exact, and charged only
    where it reaches the threshold. `amount` is `None` where the rate or the debt is unknown.
    """

    article: str
    since: date
    until: date | None
    percent: Decimal | None
    amount: Decimal | None
    charged: bool


class DebtView(NamedTuple):
    """A debt, and what one debtor owes of it.

    Notification, due day, interest and grounds are those of `as_of`; `suspended` is the provision
    that suspends the period for payment. `open` is what this debtor still owes then, `None` where
    that is unknown.
    """

    id: str
    movement: str
    article: str
    incurred: datetime
    incurred_on: date
    place: str
    amount: Decimal | None
    currency: str
    open: Decimal | None
    debtor: str
    role: str
    notified: datetime | None
    due: date | None
    suspended: str | None
    limitation: date
    interest: tuple[InterestView, ...]
    extinguished: tuple[Extinguished, ...]
    struck: tuple[Struck, ...]
    steps: tuple[Step, ...]
    same_goods: tuple[SameGoods, ...]
    because: Because


class DeadlineView(NamedTuple):
    """What must happen, by whom, by when, and how it stands: `stopped` only where it has been."""

    id: str
    movement: str
    line: int | None
    state: DeadlineState
    article: str
    duty: str
    person: str
    start: datetime
    raw_last_day: date
    last_day: date
    ends_at: datetime
    stopped: datetime | None
    because: Because


class GuaranteeView(NamedTuple):
    """What a movement binds of a guarantee."""

    id: str
    movement: str
    reference: str | None
    amount: Decimal | None
    currency: str
    since: datetime
    until: datetime | None
    because: Because


class FindingView(NamedTuple):
    """A breach, an act without effect, a candidate ground."""

    id: str
    movement: str
    code: str
    line: int | None
    since: datetime
    until: datetime | None
    words: str
    because: Because


class ReferenceView(NamedTuple):
    """A movement that an identifier leads to, and as what."""

    reference: str
    relation: str
    movement: str
    kind: str | None
