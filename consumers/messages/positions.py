"""Present positions as records of a compacted topic, and which of two is the later one."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from consumers.broker.ports import Outgoing
from consumers.messages.cloud_event import FIXED
from projections.canonical import canonical, instant
from projections.current import PresentPosition
from schemas.topics import POSITIONS

SCHEMA: Final = "customs.present-position.v1"
Order = tuple[int, int, str]


def position(said: PresentPosition, source: str, topic: str = POSITIONS.name) -> Outgoing:
    """The present position of a movement, by a log that `source` names."""
    movement, since = said.movement.encode(), instant(said.since) if said.since else ""
    headers = (
        *FIXED,
        ("ce_id", f"{said.movement}/{said.generation}/{said.index}/{since}".encode()),
        ("ce_source", source.encode()),
        ("ce_type", SCHEMA.encode()),
        *((("ce_time", since.encode()),) if since else ()),
        ("ce_subject", movement),
        ("ce_logindex", b"%d" % said.index),
    )
    value = canonical({"schema": SCHEMA, **said._asdict()}).encode()
    return Outgoing(topic, movement, value, headers)


def taken_back(movement: str, topic: str = POSITIONS.name) -> Outgoing:
    """Nothing goes by this name any more: a record without a value, which compaction removes."""
    return Outgoing(topic, movement.encode(), None)


def order(value: Mapping[str, Any]) -> Order:
    """By which of two positions of one movement the greater one is the later one."""
    return value["generation"], value["index"], value["since"] or ""


class Latest:
    """The latest position of each movement, whatever order its records come in."""

    def __init__(self) -> None:
        self.values: dict[str, Mapping[str, Any]] = {}

    def take(self, key: bytes, value: bytes | None) -> bool:
        """Keep what a record says; false where something later is known."""
        movement = key.decode()
        if value is None:
            return self.values.pop(movement, None) is not None
        said = orjson.loads(value)
        known = self.values.get(movement)
        if known is not None and order(said) < order(known):
            return False
        self.values[movement] = said
        return True
