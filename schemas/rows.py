"""Rows of answers that no view of `projections` gives: what becomes, or would become, of messages,
and where they come from.

They stand here, below the command, since their schemas are made of them.
"""

from datetime import datetime
from typing import NamedTuple

from projections.comparing import Effect
from store.records import OutcomeKind


class Counted(NamedTuple):
    """How many messages of one run had an outcome, and for which reason they were set aside."""

    outcome: OutcomeKind
    reason: str | None
    count: int  # type: ignore[assignment]  # nobody asks such a tuple how often a value stands in it


class Partition(NamedTuple):
    """Where messages come from, a file or a partition of a topic, and the offset that is `next`."""

    partition: str
    next: int


class Telling(NamedTuple):
    """A fact that a report tells, by its stored name, and the stream that it is filed in."""

    type: str
    stream: str


class Change(NamedTuple):
    """A statement that would be said anew, otherwise, or no longer; `since` is the instant of
    legal time from which it would hold, or held. `was` and `now` are the statement itself, by
    fields of its `kind` that may become others with any release.
    """

    effect: Effect
    movement: str
    id: str
    kind: str
    since: datetime
    until: datetime | None
    was: object | None
    now: object | None


class Foretold(NamedTuple):
    """What a report would change, were it recorded, in its movement and in its neighbours; nothing
    was. Of reference data and authorisations no change in what rests on them is told.

    `against` has the ids of the `changes` that speak against it by `as_of`. `reason` and `detail`
    say why it would be set aside.
    """

    source: str
    report_id: str | None
    tells: tuple[Telling, ...]
    outcome: OutcomeKind
    reason: str | None
    detail: str | None
    against: tuple[str, ...]
    changes: tuple[Change, ...]


class SetAside(NamedTuple):
    """A message that was set aside. `redriven` is its latest outcome since, and `became` what that
    is. `raw` are its bytes as text; only the answer about one message has them.
    """

    id: int
    partition: str
    offset: int
    kind: OutcomeKind
    reason: str | None
    detail: str | None
    source: str
    report_id: str | None
    recorded_at: datetime
    redrives: int | None
    redriven: int | None
    became: OutcomeKind | None


class Erased(NamedTuple):
    """A message whose bytes were erased: `at` which instant, `by` whom and `why`, and its `source`
    and report. All three are `null` where they were gone before erasures were kept.

    `index` is the record that stays, `null` of what was set aside, and `digest` what that record
    keeps of the bytes, of which it says nothing without the salt that went with them.
    """

    outcome: int
    at: datetime | None
    by: str | None
    why: str | None
    source: str
    report_id: str | None
    kind: OutcomeKind
    index: int | None  # type: ignore[assignment]  # nobody asks such a tuple where a value stands
    digest: str | None


class Again(NamedTuple):
    """What becomes of a message that was set aside or, where it is not `done`, would become.

    `outcome` is the one that it has then; `becomes` is `None` where its bytes were erased.
    """

    id: int
    source: str
    report_id: str | None
    was: str | None
    becomes: OutcomeKind | None
    reason: str | None
    detail: str | None
    outcome: int | None
