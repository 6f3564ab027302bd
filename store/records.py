"""What goes into the log and what comes out of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

LINK = "link.v1"
"""The topic of a link, a record on the stream of a reference that a report names."""
NEAR = 100
"""The facts of a stream are read past its links up to this version, and by an index behind it:
nearly no stream is longer, so that nearly no fact has to be added to that index.
"""


class Link(NamedTuple):
    """A reference that a report names, and how.

    Relations: same-as, previous, authorisation, guarantee, transport-document, consignment,
    container.
    """

    stream: str
    relation: str


class Filing(NamedTuple):
    """One fact to record in the stream of its subject; `body` is the CloudEvents report."""

    stream: str
    topic: str
    report_id: str
    body: bytes
    links: tuple[Link, ...] = ()


class Incoming(NamedTuple):
    """One incoming record as intake understood it.

    Either it has filings, or a reason to be set aside whole. A native report has one filing,
    under its own id, whose body is the raw bytes; a translated one keeps its raw bytes beside its
    outcome. `redrives` is the outcome that this record is told again for.
    """

    offset: int
    raw: bytes
    source: str
    report_id: str | None
    filings: tuple[Filing, ...] = ()
    translated: bool = False
    reason: str | None = None
    detail: str | None = None
    redrives: int | None = None


class Batch(NamedTuple):
    """What one poll of one partition brought: the offsets from `expected` to below `next`.

    A partition that is read `again` from its start, as a file is, brings the same messages under
    new offsets. What was set aside and still is, is a duplicate then.
    """

    partition: str
    expected: int
    incoming: tuple[Incoming, ...]
    next: int
    again: bool = False


class OutcomeKind(StrEnum):
    RECORDED = "recorded"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"


class Outcome(NamedTuple):
    """What became of one incoming record.

    `index` is the log index of its first fact; of a duplicate, that of the first telling.
    """

    id: int
    partition: str
    offset: int
    kind: OutcomeKind
    reason: str | None
    detail: str | None
    source: str
    report_id: str | None
    index: int | None  # type: ignore[assignment]  # nobody asks such a tuple where a value stands
    recorded_at: datetime
    redrives: int | None


class Move(NamedTuple):
    """Where a partition is read on other than behind what was read: where it starts (`was` is
    absent), or where somebody (`by`) had it moved to, and why.
    """

    partition: str
    was: int | None
    now: int
    at: datetime
    by: str | None = None
    why: str | None = None


class Erasure(NamedTuple):
    """The bytes of an outcome that were erased: when, who had it done, and why; all three are
    absent where they were gone before erasures were noted.

    `digest` is what the record keeps of the bytes, and says nothing of them since; nothing was
    kept of those of a message that was set aside.
    """

    outcome: int
    at: datetime | None
    by: str | None
    why: str | None
    digest: bytes | None = None


class Record(NamedTuple):
    """One record of the log, a fact or a link. Indexes and versions count from 1."""

    index: int  # type: ignore[assignment]  # as above
    stream: str
    version: int
    topic: str
    recorded_at: datetime
    source: str
    report_id: str
    digest: bytes
    previous_leaf: bytes
    leaf: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The last index given out (0 in an empty log) and the last instant of recording."""

    index: int
    recorded_at: datetime | None


class LogError(Exception):
    """The log cannot do what was asked."""


class LogFormatError(LogError):
    """The file is no log, or its format is not the one that this program reads."""


class LogBusy(LogError):
    """Another process holds the log; nothing was written."""


class LogUnreachable(LogError):
    """The server of the log does not answer."""


class OffsetConflict(LogError):
    """The batch does not start where the partition stands; nothing was written."""

    def __init__(self, partition: str, stored: int, expected: int) -> None:
        super().__init__(
            f"Partition {partition}: the batch expects to start at offset {expected}, but the log "
            f"stands at {stored}. Another process took over, or records were skipped: drop the "
            f"batch and read on from offset {stored}."
        )
        self.partition = partition
        self.stored = stored
        self.expected = expected


class ReaderMoved(LogError):
    """Somebody else moved this reader of the log in the meantime; it stays where it stands."""

    def __init__(self, name: str, stored: int, expected: int) -> None:
        super().__init__(
            f"Reader {name}: expected at index {expected} of the log, but it stands at {stored}. "
            f"Another process reads under this name: stop one of the two, and read on from "
            f"{stored}."
        )
        self.name = name
        self.stored = stored
        self.expected = expected
