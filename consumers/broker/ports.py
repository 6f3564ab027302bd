"""What the processes ask of a broker, whichever client library answers."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

Headers = tuple[tuple[str, bytes], ...]


class Arrived(NamedTuple):
    """A record of a topic, as it stands there; `timestamp` is in milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: int


class Outgoing(NamedTuple):
    """A record to be written; no `value` is a tombstone of a compacted topic."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Headers = ()


class BrokerError(Exception):
    """The broker did not do what was asked: what, why, and what to do. Nothing is lost by it."""


class Producer(Protocol):
    """Writes records: at least once, those of one key in the order in which they were given."""

    def send(self, records: Sequence[Outgoing]) -> None:
        """Hand records over; they are under way when it returns. Raises BrokerError."""

    def settle(self) -> None:
        """Wait until all that was handed over is acknowledged; raises BrokerError if not."""

    def close(self) -> None: ...
