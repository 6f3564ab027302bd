"""The tables of the read models: what a row is, by what key, and what belongs together.

A column is TEXT or INTEGER, a day `2017-03-01`, an instant as `canonical.instant` spells it, a
number as `canonical.exact`; a name that is absent in a key is the empty string.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple


class OutlineRow(NamedTuple):
    """A movement by its own facts alone."""

    movement: str
    body: str


class NameRow(NamedTuple):
    """A reference that leads to a movement, and as what; `name` is a name of its own."""

    movement: str
    relation: str
    reference: str


class MovementRow(NamedTuple):
    """A movement that has been judged; `judged` is the log index up to which."""

    movement: str
    kind: str
    office: str | None
    person: str | None
    judged: int


class PositionRow(NamedTuple):
    """So much of a line shares one fate from `starts` until `ends` (`None`: for ever)."""

    movement: str
    line: int
    situation: str
    drawn_by: str
    holder: str
    starts: str
    ends: str | None
    quantity: str
    unit: str
    status: str | None
    supervision: str | None
    because: str


class StatementRow(NamedTuple):
    """What is said of a movement over a span; `body` is all of it, the columns serve lists."""

    movement: str
    statement: str
    kind: str
    line: int | None
    starts: str
    ends: str | None
    article: str | None
    code: str | None
    person: str | None
    due: str | None
    amount: str | None
    body: str


class AgendaRow(NamedTuple):
    """A verdict that legal time brings at `at`, or that is said at once (`None`)."""

    movement: str
    statement: str
    verdict: str
    at: str | None
    body: str


class DependencyRow(NamedTuple):
    """A stream that was looked up for a movement, found or not."""

    movement: str
    stream: str


class QueueRow(NamedTuple):
    """A movement to be judged: 0 because of its own facts, else because of what it reads, and then
    the log index at which it came.
    """

    movement: str
    turn: int
    shard: int


class ProjectionRow(NamedTuple):
    """Where a shard of the read models stands, under what it was judged, and its own form.

    `shards` is how many there are, `steps` how often this one was written.
    """

    name: str
    shard: int
    position: int
    recorded_at: str | None
    law: str
    policies: str
    rules: str
    format: int
    generation: int
    shards: int
    steps: int


class JournalRow(NamedTuple):
    """What was said, when, under which rules: never changed."""

    number: int
    position: int
    recorded_at: str
    rules: str
    law: str
    policies: str
    movement: str
    statement: str
    verdict: str
    at: str | None
    was: str | None
    now: str | None


class AnnouncedRow(NamedTuple):
    """The instant of legal time up to which the journal has said what time brings."""

    name: str
    until: str


class PublicationRow(NamedTuple):
    """How often a movement's position changed, and when it is due to be published (`None`: never).

    `due` is an instant, or the log index of a change in digits, which is before every instant.
    """

    movement: str
    changes: int
    due: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One table: its row, its key (the first columns), further indexes, what the digest leaves
    out, and whether its rows are too wide to lie in an index themselves.
    """

    name: str
    row: type[Any]
    key: tuple[str, ...]
    indexes: tuple[str, ...] = ()
    undigested: tuple[str, ...] = ()
    wide: bool = False

    def __post_init__(self) -> None:
        if self.columns[: len(self.key)] != self.key:
            raise ValueError(f"{self.name}: put the columns of the key first, in its order")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in the order of the row."""
        columns: tuple[str, ...] = self.row._fields
        return columns

    @property
    def digested(self) -> tuple[str, ...]:
        """The columns that the digest covers."""
        return tuple(name for name in self.columns if name not in self.undigested)

    def key_of(self, row: Any) -> tuple[Any, ...]:  # noqa: ANN401  (a row of this table)
        """The key of a row; its columns come first."""
        key: tuple[Any, ...] = row[: len(self.key)]
        return key


OUTLINES: Final = Table("outlines", OutlineRow, ("movement",), wide=True)
NAMES: Final = Table("names", NameRow, ("movement", "relation", "reference"), ("reference",))
MOVEMENTS: Final = Table("movements", MovementRow, ("movement",), (), ("judged",))
POSITIONS: Final = Table(
    "positions", PositionRow, ("movement", "line", "situation", "drawn_by", "holder", "starts")
)
STATEMENTS: Final = Table(
    "statements", StatementRow, ("movement", "statement"), ("kind, due", "person"), wide=True
)
AGENDA: Final = Table("agenda", AgendaRow, ("movement", "statement", "verdict"), ("at",))
DEPENDENCIES: Final = Table("dependencies", DependencyRow, ("movement", "stream"), ("stream",))
QUEUE: Final = Table("queue", QueueRow, ("movement",), ("shard, turn, movement",))
PROJECTION: Final = Table("projection", ProjectionRow, ("name", "shard"))
JOURNAL: Final = Table("journal", JournalRow, ("number",), ("movement",))
ANNOUNCED: Final = Table("announced", AnnouncedRow, ("name",))
PUBLICATIONS: Final = Table("publications", PublicationRow, ("movement",), ("due",))

OUTLINED: Final = (OUTLINES, NAMES)
"""Written for every movement whose facts a page touches, so they are as new as the position."""
JUDGED: Final = (MOVEMENTS, POSITIONS, STATEMENTS, AGENDA, DEPENDENCIES)
"""Written when a movement is judged: now, or when the queue comes to it."""
DIGESTED: Final = (*OUTLINED, *JUDGED)
"""What must be the same bytes however the log was read."""
REBUILT: Final = (*DIGESTED, QUEUE, PROJECTION)
KEPT: Final = (JOURNAL, ANNOUNCED, PUBLICATIONS)
"""What was said stays said: a rebuild leaves these alone."""
