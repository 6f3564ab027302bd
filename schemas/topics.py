"""The topics of Kafka: their names, their keys, and the settings that they are made with.

Keys are hashed by murmur2, as the clients do by default, so that whatever has one key stands in one
partition, in order. To change the number of partitions of a topic breaks that: make it anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

DAY: Final = 86_400_000
"""In milliseconds, as Kafka counts."""
MIB: Final = 1 << 20

KEPT_FOR_EVER: Final = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "max.message.bytes": str(2 * MIB),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: what its records are and say, by which key, and how it is made.

    `name` may leave the place of a source open, as `{source}`.
    """

    name: str
    title: str
    about: str
    key: str
    partitions: int
    settings: Mapping[str, str]

    def of(self, source: str) -> str:
        """The name of the topic of one source."""
        return self.name.format(source=source)


REPORTS: Final = Topic(
    "customs.{source}.reports.v1",
    "Reports of one source",
    "What a source tells: native reports, and messages of the feeds that are translated. Only the"
    " source that the name of the topic names may write to it.",
    "What keeps records in order, such as the reference of the movement; it is not read.",
    4,
    {
        "cleanup.policy": "delete",
        "retention.ms": str(30 * DAY),
        "max.message.bytes": str(2 * MIB),
    },
)
FACTS: Final = Topic(
    "customs.facts.v1",
    "Facts",
    "Every fact of the log, in the bytes in which it was told, at least once, those of one stream"
    " in the order of their versions. Repeats have the same source and id, and the same bytes.",
    "The stream: the reference that the fact is about.",
    12,
    KEPT_FOR_EVER,
)
VERDICTS: Final = Topic(
    "customs.verdicts.v1",
    "Verdicts",
    "Every entry of the journal, at least once, those of one movement in the order of their"
    " numbers. Repeats have the same source and id, and the same bytes.",
    "The reference of the movement.",
    12,
    KEPT_FOR_EVER,
)
POSITIONS: Final = Topic(
    "customs.positions.v1",
    "Present positions",
    "The present position of each movement, whenever another one begins; Kafka keeps the last of"
    " each. A reader ignores one that is earlier than what it has: see the schema. A record without"
    " a value says that nothing goes by this name any more.",
    "The reference of the movement.",
    12,
    {
        "cleanup.policy": "compact",
        "min.cleanable.dirty.ratio": "0.2",
        "segment.ms": str(DAY),
        "delete.retention.ms": str(7 * DAY),
        "max.message.bytes": str(4 * MIB),
    },
)
OUT: Final = (FACTS, VERDICTS, POSITIONS)
"""What the publisher writes."""
TOPICS: Final = (REPORTS, *OUT)
