"""Where a partition of a topic is read on: by what the log says, compared with what Kafka holds.

The log knows a partition by a name that holds the id of its topic, which Kafka gives anew when a
topic is deleted and made again. So offsets of another topic of the same name are never mistaken
for those that were read, and nothing is ever passed over: where the two do not fit, somebody has
to look.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from consumers.broker.ports import Extent, Place

PREFIX: Final = "kafka:"
"""With what the names of Kafka's partitions begin in the log."""


class Start(NamedTuple):
    """Where to read on; `new` where the log does not know the partition yet."""

    name: str
    offset: int
    new: bool = False


class Misfit(NamedTuple):
    """Why a partition is not read: a sentence, and what to do; `passing` where it may pass."""

    why: str
    passing: bool = False


def name_of(place: Place, topic_id: str) -> str:
    """The name of a partition in the log, such as `kafka:customs.port.reports.v1[0]@Xq…`."""
    return f"{prefix_of(place.topic)}{place.partition}]@{topic_id}"


def id_of(name: str) -> str:
    """The id of the topic in the name of a partition."""
    return name.rpartition("@")[2]


def prefix_of(topic: str) -> str:
    """With what the names of all partitions of all topics of this name begin."""
    return f"{PREFIX}{topic}["


def start(
    place: Place, topic_id: str | None, extent: Extent | None, known: Mapping[str, int]
) -> Start | Misfit:
    """Where a partition is read on; `known` has the partitions of topics of this name in the log.

    A partition that is new in a topic that is known, or whose topic is, begins at its earliest
    offset. `topic_id` is `None` where the topic is gone, `extent` where no broker leads it.
    """
    if topic_id is None:
        return Misfit(f"The topic of {place} is gone. It is read on when it is back.", passing=True)
    if extent is None:
        return Misfit(f"No broker leads {place}. It is read on when one does.", passing=True)
    name = name_of(place, topic_id)
    stored = known.get(name)
    if stored is None:
        return _first(place, name, topic_id, extent, known)
    if stored < extent.first:
        return Misfit(
            f"{place} has a gap: the next offset is {stored}, and Kafka holds it from"
            f" {extent.first} on only, because the rest was deleted before it was read. Have the"
            f" source send again what is missing. To read on: {_move(name, extent.first)}"
        )
    if stored > extent.end:
        return Misfit(
            f"{place} was cut short: the next offset is {stored}, and Kafka holds it to below"
            f" {extent.end} only, because its brokers lost records that were read already, or it"
            " was restored from a copy. What is read twice counts as duplicate. To read on:"
            f" {_move(name, extent.first)}"
        )
    return Start(name, stored)


def _first(
    place: Place, name: str, topic_id: str, extent: Extent, known: Mapping[str, int]
) -> Start | Misfit:
    others = {id_of(each) for each in known} - {topic_id}
    if not others or topic_id in map(id_of, known):
        return Start(name, extent.first, new=True)
    return Misfit(
        f"{place} belongs to a topic that was deleted and made again: its id is {topic_id}, and"
        f" {', '.join(sorted(others))} was read before. If that was meant, and the source sends"
        f" again what was not read of the former one: {_move(name, extent.first)} --made-again"
    )


def _move(name: str, offset: int) -> str:
    return f"customs partitions move '{name}' {offset} --why '...'"
