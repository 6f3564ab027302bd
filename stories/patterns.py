"""Patterns of what is derived, in the words of a judgement (`domain.timeline`).

A pattern says as much as it likes: a key that is left out is not compared, `null` says that there
is none. A list inside a pattern is whole (`debtors: [S]` is S and nobody else), save
`extinguished_later`.
"""

from datetime import date
from typing import ClassVar

from domain.facts.values import Exact
from domain.situation import Situation, Status, Supervision
from domain.timeline import DeadlineState, ProcedureState
from stories.moments import Moment
from stories.written import GuaranteeName, Movement, NamedBy, Text, Written


class Pattern(Written):
    """What is compared of any item of a block."""

    movement: Movement | None = None


class PositionPattern(Pattern):
    """A quantity of one line that shares one fate; with nothing known at all, `UNION_PRESUMED`."""

    line: int | None = None
    situation: Situation | None = None
    status: Status | None = None
    supervision: Supervision | None = None
    quantity: Exact | None = None
    drawn_by: Movement | None = None
    """The successor that holds the quantity."""
    holder: Text | None = None
    """The person to whom the rights for the quantity were transferred."""
    overdue: Exact | None = None
    """How much of the whole line is overdue; 0 is none."""


class Mode(Written):
    """So much of a placement went this way."""

    successor: Movement | None = None
    situation: Situation | None = None
    quantity: Exact | None = None


class ProcedurePattern(Pattern):
    """A placement of one line: its state and its ledger, in the unit of the goods placed."""

    state: ProcedureState | None = None
    holder: Text | None = None
    placed: Exact | None = None
    open: Exact | None = None
    discharged: Exact | None = None
    overdue: Exact | None = None
    by: tuple[Mode, ...] | None = None


class DeadlinePattern(Pattern):
    """A clock that has started, whatever became of it."""

    article: Text | None = None
    person: Text | None = None
    raw_last_day: date | None = None
    """The last day as counted, before Regulation 1182/71 moves it to a working day."""
    last_day: date | None = None
    state: DeadlineState | None = None


class Interest(Written):
    """Interest on arrears that has begun, to the cent, as it stands at the end of the day."""

    article: Text | None = None
    since: date | None = None
    until: date | None = None
    percent: Exact | None = None
    amount: Exact | None = None
    charged: bool | None = None


class Debtor(NamedBy):
    """What one person owes; a bare name is short for `{person: name}`."""

    KEY: ClassVar[str] = "person"

    person: Text | None = None
    role: Text | None = None
    notified: Moment | None = None
    due: date | None = None
    suspended: Text | None = None
    """The provision by which the period for payment does not run."""
    limitation: date | None = None
    interest: tuple[Interest, ...] | None = None


class Ground(NamedBy):
    """A ground of Article 124(1); a bare letter is short for `{letter: letter}`."""

    KEY: ClassVar[str] = "letter"

    letter: Text | None = None
    at: Moment | None = None
    amount: Exact | None = None
    quantity: Exact | None = None
    frees: Text | None = None


class SameGoods(NamedBy):
    """A debt that coincides; a bare name is short for `{movement: name}`."""

    KEY: ClassVar[str] = "movement"

    movement: Movement | None = None
    quantity: Exact | None = None
    amount: Exact | None = None


class DebtPattern(Pattern):
    """A debt incurred at or before the point, extinguished or not."""

    article: Text | None = None
    incurred: Moment | None = None
    place: Text | None = None
    quantity: Exact | None = None
    amount: Exact | None = None
    open: Exact | None = None
    """What is still owed."""
    currency: Text | None = None
    debtors: tuple[Debtor, ...] | None = None
    extinguished: tuple[Ground, ...] | None = None
    """The grounds that have worked; `[]` is none."""
    extinguished_later: tuple[Ground, ...] | None = None
    """Grounds known that work after the point: at least these."""
    same_goods: tuple[SameGoods, ...] | None = None


class GuaranteePattern(Pattern):
    """What a movement binds of a guarantee; one that is released is absent."""

    reference: GuaranteeName | None = None
    amount: Exact | None = None
    at_risk: Exact | None = None
    """What may still fall due; the rest is to be released on request."""
    currency: Text | None = None


class FindingPattern(Pattern):
    """A breach, an act without effect, a candidate ground."""

    code: Text | None = None
    line: int | None = None
    article: Text | None = None
    """One of the provisions that the finding cites."""
