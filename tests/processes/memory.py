"""Topics in memory, and a producer that fails when it is told to."""

from collections.abc import Iterator, Sequence
from zlib import crc32

from consumers.broker.ports import Arrived, BrokerError, Outgoing

PARTITIONS = 4


class Topics:
    """What was written, by topic, in the order of arrival."""

    def __init__(self) -> None:
        self.records: list[Outgoing] = []

    def of(self, topic: str) -> list[Outgoing]:
        return [each for each in self.records if each.topic == topic]

    def arrived(self, topic: str, partition: int) -> Iterator[Arrived]:
        """The records of a partition, as a consumer gets them."""
        own = (each for each in self.of(topic) if crc32(each.key) % PARTITIONS == partition)
        for offset, (_, key, value, headers) in enumerate(own):
            yield Arrived(topic, partition, offset, key, value, headers, 0)


class MemoryProducer:
    """Writes what is settled, and part of what is not.

    `fails` says of each `settle` in turn how many of its records get through before it fails.
    """

    def __init__(self, topics: Topics, fails: Sequence[int] = ()) -> None:
        self._topics, self._fails = topics, list(fails)
        self._sent: list[Outgoing] = []
        self.closed = False

    def send(self, records: Sequence[Outgoing]) -> None:
        self._sent += records

    def settle(self) -> None:
        sent, self._sent = self._sent, []
        if self._fails:
            self._topics.records += sent[: self._fails.pop(0)]
            raise BrokerError("The broker went away. Try again.")
        self._topics.records += sent

    def close(self) -> None:
        self.closed = True
