"""What the processes ask of a broker, whichever client library answers."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

Headers = tuple[tuple[str, bytes], ...]


class Place(NamedTuple):
    """A partition of a topic."""

    topic: str
    partition: int

    def __str__(self) -> str:
        return f"{self.topic}[{self.partition}]"


class Extent(NamedTuple):
    """The offsets that a partition holds: from `first` to below `end`."""

    first: int
    end: int


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


class PlaceError(BrokerError):
    """These partitions cannot be read on, each with its reason; all others can."""

    def __init__(self, reasons: Mapping[Place, str]) -> None:
        super().__init__(". ".join(f"{place}: {why}" for place, why in reasons.items()))
        self.reasons = dict(reasons)


class Producer(Protocol):
    """Writes records: at least once, those of one key in the order in which they were given.

    After a BrokerError some of what was handed over may be written and some not: hand it over
    again from the first record that no `settle` covered.
    """

    def send(self, records: Sequence[Outgoing]) -> None:
        """Hand records over; they are under way when it returns. Raises BrokerError."""

    def settle(self) -> None:
        """Wait until all that was handed over is acknowledged; raises BrokerError if not."""

    def close(self) -> None: ...


class BrokerProducer(Producer, Protocol):
    """A producer that has brokers behind it."""

    def reach(self, topics: Collection[str] = ()) -> None:
        """Have a broker answer now, and find these topics; raises BrokerError where that takes
        more than a few seconds.
        """


class Consumer(Protocol):
    """Reads topics as a member of a group, from where its user says: no offset is its own.

    A place that is assigned waits until `read_from` says where it is read on. Only one thread uses
    a consumer. Every method raises BrokerError, but `close`.
    """

    def poll(self, seconds: float, most: int) -> Mapping[Place, Sequence[Arrived]]:
        """The next records of the places that are read, `most` in all, in the order of offsets.

        Offsets may be left out: those of aborted transactions, of marks, of compacted records.
        Places are assigned and taken away here and nowhere else. Raises PlaceError.
        """

    def waiting(self) -> frozenset[Place]:
        """The places that are assigned and not read."""

    def assigned(self) -> frozenset[Place]: ...

    def read_from(self, place: Place, offset: int) -> None: ...

    def stop(self, places: Collection[Place]) -> None:
        """Have these places wait again; what was read ahead of them is forgotten."""

    def position(self, place: Place) -> int:
        """The offset of the next record; all below it were given, or will never be."""

    def end(self, place: Place) -> int | None:
        """The offset behind the last record of a place that is read, as last heard."""

    def ask(self) -> None:
        """Begin to ask the brokers for the topics; `look` waits for the answer."""

    def look(self) -> Mapping[str, str]:
        """Ask the brokers for the topics, where `ask` did not: the id of each that exists.

        A topic that is deleted and made again has another id.
        """

    def ids(self) -> Mapping[str, str]:
        """What `look` gave, or was heard since: some seconds old at most."""

    def forbidden(self) -> frozenset[str]:
        """The topics that this user may not read, as of then."""

    def extents(self, places: Collection[Place]) -> Mapping[Place, Extent]:
        """What these places hold, without those that no broker leads."""

    def tell(self, offsets: Mapping[Place, int]) -> None:
        """Tell the brokers up to where was read, for tools that show it; no more than a courtesy.

        Whether it gets there makes no difference, and nobody is told.
        """

    def close(self) -> None: ...
