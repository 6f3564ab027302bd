"""Topics and records for the tests with a real Kafka."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from confluent_kafka import Producer as Librdkafka
from kafka import KafkaAdminClient, OffsetSpec, TopicPartition
from kafka.errors import KafkaError

from consumers.broker.ports import Place
from consumers.settings import KafkaSettings

SOON = 30.0
"""Seconds within which what is waited for has come: generous, since cores may be shared."""


class Topics:
    """Makes topics on a broker, and changes them as an operator does."""

    def __init__(self, bootstrap: str) -> None:
        self.settings = KafkaSettings(bootstrap=bootstrap)
        self._admin = KafkaAdminClient(bootstrap_servers=bootstrap)

    def close(self) -> None:
        self._admin.close()

    def make(
        self, name: str, partitions: int = 1, settings: Mapping[str, str] | None = None
    ) -> str:
        made = {"num_partitions": partitions, "replication_factor": 1, "configs": settings or {}}
        self._admin.create_topics({name: made})
        self._admin.wait_for_topics([name])
        return name

    def make_again(self, name: str, partitions: int = 1) -> None:
        """Delete a topic, and make it again when it is gone."""
        self.delete(name)
        until(lambda: self._is_made(name, partitions), f"{name} is gone")
        self._admin.wait_for_topics([name])

    def widen(self, name: str, partitions: int) -> None:
        self._admin.create_partitions({name: partitions})

    def delete_below(self, place: Place, offset: int) -> None:
        """Delete the records of a partition below an offset, as retention does."""
        self._admin.delete_records({TopicPartition(*place): offset})

    def delete(self, name: str) -> None:
        self._admin.delete_topics([name])

    def committed(self, group: str, place: Place) -> int | None:
        """The offset that Kafka was told for a group."""
        found = self._admin.list_group_offsets([group])
        at = found[group].get(TopicPartition(*place))
        return None if at is None else int(at.offset)

    def ends(self, place: Place) -> int | None:
        """The end of a partition, where it is there."""
        try:
            at = TopicPartition(*place)
            found = self._admin.list_partition_offsets({at: OffsetSpec.LATEST})
            return int(found[at].offset)
        except KafkaError:
            return None

    def _is_made(self, name: str, partitions: int) -> bool:
        made = {"num_partitions": partitions, "replication_factor": 1}
        answer = self._admin.create_topics({name: made}, raise_errors=False)
        return not any(topic["error_code"] for topic in answer["topics"])


def some_name() -> str:
    """A name that no other test has."""
    return uuid.uuid4().hex[:12]


@contextmanager
def writing(bootstrap: str, settings: Mapping[str, object] | None = None) -> Iterator[Librdkafka]:
    """Somebody who writes to Kafka: a source, by another client than ours."""
    producer = Librdkafka({"bootstrap.servers": bootstrap, "linger.ms": 0, **(settings or {})})
    yield producer
    assert producer.flush(SOON) == 0


def write(
    bootstrap: str,
    place: Place,
    values: Iterable[bytes | None],
    *,
    headers: Sequence[tuple[str, bytes]] = (),
    settings: Mapping[str, object] | None = None,
) -> None:
    """Write records into a partition, each with the same key."""
    failed: list[object] = []

    def delivered(error: object, _: object) -> None:
        if error is not None:
            failed.append(error)

    with writing(bootstrap, settings) as producer:
        for value in values:
            producer.produce(
                place.topic,
                value,
                b"key",
                partition=place.partition,
                headers=list(headers),
                on_delivery=delivered,
            )
    assert not failed


def until(true: Callable[[], Any], what: str) -> None:
    """Return once something is true; each try takes as long as it takes."""
    end = monotonic() + SOON
    while not true():
        assert monotonic() < end, f"{what}: not within {SOON:g} s"
