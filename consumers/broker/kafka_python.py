"""Kafka through kafka-python: pure Python, nothing to build.

What its sources say (3.0.12, `kafka/consumer`, `kafka/coordinator`), and what follows from it:

- The defaults lose data: positions are reset to the latest, and committed by the clock. Any word
  but earliest and latest, such as none, makes it raise instead.
- Listeners run in its own thread, which must not wait for a database. Here they only have each
  place wait; whoever polls says afterwards where it is read on.
- Places change hands inside `poll` alone, because only there does it join the group.
- What was fetched for a place that waits is kept, and given when it is read on from there. So a
  place with an incident is read on by a new connection.
- It fetches by the name of a topic, not by its id (`max_version = 12`): after a topic was made
  again it reads on at the old offset, if there is one. So compare the ids.
- It forgets to finish a rebalance that new metadata caused, when `poll` ran out of time meanwhile:
  the member has no places then, and is thrown out. Here the rebalance is asked for again.
- A member whose name another one took is not told: it goes on, without heartbeats. Here it fails.
- Where no broker can be reached `poll` gives nothing, for ever. So here it asks for the topics now
  and then, without waiting, and raises when nobody has answered for long.
"""

import logging
import struct
import time
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final
from uuid import UUID

from kafka import (
    ConsumerRebalanceListener,
    KafkaConsumer,
    OffsetAndMetadata,
    TopicPartition,
)
from kafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from kafka.errors import (
    CorruptRecordError,
    FencedInstanceIdError,
    GroupAuthorizationFailedError,
    KafkaError,
    LogTruncationError,
    OffsetOutOfRangeError,
    UnsupportedCodecError,
)

from consumers.broker import connection, kafka_python_client
from consumers.broker.kafka_python_client import ANSWER_SECONDS
from consumers.broker.ports import Arrived, BrokerError, Extent, Place, PlaceError
from consumers.settings import KafkaSettings

CLOSING_SECONDS: Final = 1.5
SESSION_SECONDS: Final = 15.0
"""How long a member may be silent before its places go to others."""
LOOK_SECONDS: Final = 2.0
"""How soon it is seen that a partition is new, or that a topic was deleted."""
DISCOVER_SECONDS: Final = 10.0
"""How soon the topic of a source is seen that had none."""
SILENCE_SECONDS: Final = 10.0
"""How long brokers may be silent: a restart takes a few seconds."""
FETCH_BYTES: Final = 2 << 20
"""What one fetch brings of one partition, at most, but for a record that is larger."""
_log = logging.getLogger(__name__)
_FENCED: Final = (
    "Another process is in the group as {}, which was our name, or the group has not heard of us"
    " for long. Give each intake a name of its own in intake.member, and stop one of two that share"
    " one."
)
_NOBODY: Final = (None, -1)
_UNREADABLE: Final = (
    *(CorruptRecordError, UnsupportedCodecError),
    *(ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError),
    struct.error,
)
"""What it raises for the bytes of a record: one of its own, or whatever its parser stumbled on."""


class KafkaPythonConsumer:
    """A member of a consumer group; see `Consumer`."""

    def __init__(
        self,
        kafka: KafkaSettings,
        group: str,
        topics: Collection[str],
        *,
        member: str | None = None,
        insecure: bool = False,
        session_seconds: float = SESSION_SECONDS,
    ) -> None:
        self._kafka, self._group, self._member = kafka, group, member
        self._topics = frozenset(topics)
        self._consumer, self._client = kafka_python_client.connected(
            KafkaConsumer,
            kafka,
            insecure=insecure,
            group_id=group,
            group_instance_id=member,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            check_crcs=True,
            max_partition_fetch_bytes=FETCH_BYTES,
            session_timeout_ms=round(session_seconds * 1000),
            heartbeat_interval_ms=round(session_seconds * 200),
            # ranges would give the first partition of each topic to one member, and turns go wrong
            # where members ask for different topics
            partition_assignment_strategy=(StickyPartitionAssignor,),
        )
        self._halt = _Halt(self._consumer)
        self._subscribed = self._forbidden = frozenset[str]()
        self._asked: Any = None
        self._answered = self._discovered = time.monotonic()
        try:
            self._discover()
        except BrokerError:
            self.close()
            raise

    def poll(self, seconds: float, most: int) -> Mapping[Place, Sequence[Arrived]]:
        self._listen()
        if self._topics > self._subscribed and self._silent(self._discovered, DISCOVER_SECONDS):
            self._discover()
        self._finish_joining()
        with self._told():
            try:
                found = self._consumer.poll(round(seconds * 1000), max_records=most)
            except OffsetOutOfRangeError as error:
                # the extent of these places tells why
                _halt(self._consumer, error.args[0])
                return {}
            except LogTruncationError as error:
                raise PlaceError(_truncated(error)) from error
            except _UNREADABLE as error:
                raise self._unreadable(error) from error
        return {Place(*at): [_arrived(each) for each in records] for at, records in found.items()}

    def waiting(self) -> frozenset[Place]:
        return frozenset(Place(*at) for at in self._consumer.paused())

    def assigned(self) -> frozenset[Place]:
        return frozenset(Place(*at) for at in self._consumer.assignment())

    def read_from(self, place: Place, offset: int) -> None:
        with self._told():
            self._consumer.seek(TopicPartition(*place), offset)
            self._consumer.resume(TopicPartition(*place))

    def stop(self, places: Collection[Place]) -> None:
        _halt(self._consumer, [TopicPartition(*place) for place in places])

    def position(self, place: Place) -> int:
        with self._told():
            at = self._consumer.position(TopicPartition(*place), round(ANSWER_SECONDS * 1000))
        return int(at)

    def end(self, place: Place) -> int | None:
        found: int | None = self._consumer.highwater(TopicPartition(*place))
        return found

    def ask(self) -> None:
        self._asked = kafka_python_client.ask(self._client)

    def look(self) -> Mapping[str, str]:
        if self._asked is None:
            self.ask()
        kafka_python_client.await_answer(self._asked, self._kafka)
        self._asked, self._answered = None, time.monotonic()
        return self.ids()

    def ids(self) -> Mapping[str, str]:
        cluster = self._client.cluster
        known = {topic: cluster.topic_id(topic) for topic in cluster.topics() & self._topics}
        return {topic: _spelled(each) for topic, each in known.items() if each is not None}

    def forbidden(self) -> frozenset[str]:
        return self._forbidden

    def extents(self, places: Collection[Place]) -> Mapping[Place, Extent]:
        leader = self._client.cluster.leader_for_partition
        asked = [at for place in places if leader(at := TopicPartition(*place)) not in _NOBODY]
        if not asked:
            return {}
        with self._told():
            firsts = self._consumer.beginning_offsets(asked, round(ANSWER_SECONDS * 1000))
            ends = self._consumer.end_offsets(asked, round(ANSWER_SECONDS * 1000))
        return {Place(*at): Extent(firsts[at], ends[at]) for at in asked}

    def tell(self, offsets: Mapping[Place, int]) -> None:
        told = {
            TopicPartition(*place): OffsetAndMetadata(offset, "", -1)
            for place, offset in offsets.items()
        }
        with suppress(KafkaError):
            self._consumer.commit_async(told, callback=_unheard)

    def close(self) -> None:
        with suppress(KafkaError):
            self._consumer.close(autocommit=False, timeout_ms=round(CLOSING_SECONDS * 1000))

    def _finish_joining(self) -> None:
        coordinator = self._consumer._coordinator  # noqa: SLF001  (nothing public tells or helps)
        if coordinator.rejoining and not coordinator.need_rejoin():
            coordinator.request_rejoin()
        if self._member and not coordinator.rejoining and self._consumer.assignment():
            self._stay(coordinator.heartbeat)

    def _stay(self, heartbeat: Any) -> None:  # noqa: ANN401  (the client has no types)
        if heartbeat.session_timeout_expired():
            raise BrokerError(_FENCED.format(self._member))

    def _listen(self) -> None:
        """Ask for the topics now and then, and raise when nobody has answered for long."""
        if self._asked is not None and self._asked.is_done:
            if kafka_python_client.tells(self._asked):
                self._answered = time.monotonic()
            self._asked = None
        if self._silent(self._answered, SILENCE_SECONDS):
            raise connection.unreachable(self._kafka, f"nothing for {SILENCE_SECONDS:g} s")
        if self._asked is None and self._silent(self._answered, LOOK_SECONDS):
            self.ask()

    def _discover(self) -> None:
        """Subscribe to what topics there are: while one is missing, it asks for all without end."""
        cluster = self._client.cluster
        cluster._topics = set(self._topics)  # noqa: SLF001  (nothing public makes them fewer)
        try:
            there = frozenset(self.look())
        finally:
            cluster._topics = set(self._subscribed)  # noqa: SLF001  (as above)
        self._discovered = time.monotonic()
        self._forbidden = self._topics & frozenset(cluster.unauthorized_topics)
        if there - self._subscribed:
            self._subscribed |= there
            with self._told():
                self._consumer.subscribe(sorted(self._subscribed), listener=self._halt)
            self.look()  # else the group is made to rebalance twice: it joins, and then sees them

    def _silent(self, since: float, seconds: float) -> bool:
        return time.monotonic() - since > seconds

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the client raises, in our words."""
        try:
            yield
        except FencedInstanceIdError as error:
            raise BrokerError(_FENCED.format(self._member)) from error
        except GroupAuthorizationFailedError as error:
            raise BrokerError(
                f"The user {self._kafka.user} may not use the consumer group {self._group}: grant"
                " READ on it."
            ) from error
        except KafkaError as error:
            raise BrokerError(
                f"Kafka did not answer as it should: {error}. Nothing was lost; it is tried again."
            ) from error

    def _unreadable(self, error: Exception) -> Exception:
        """Which place holds what the client cannot read, which it does not tell."""
        at = self._consumer._fetcher._next_partition_records  # noqa: SLF001  (its error does not say)
        if at is None:
            return error
        why = f"the client cannot read it from offset {at.next_fetch_offset} on ({error})"
        return PlaceError({Place(*at.topic_partition): why})


class _Halt(ConsumerRebalanceListener):  # type: ignore[misc]  # the client has no types
    """Has what is assigned wait; runs in the client's thread."""

    def __init__(self, consumer: Any) -> None:  # noqa: ANN401  (the client has no types)
        self._consumer = consumer

    def on_partitions_revoked(self, revoked: Iterable[Any]) -> None:
        """Whoever took over is seen by the log: an offset has moved."""

    def on_partitions_assigned(self, assigned: Iterable[Any]) -> None:
        _halt(self._consumer, assigned)


def _halt(consumer: Any, places: Iterable[Any]) -> None:  # noqa: ANN401  (the client has no types)
    for at in places:
        consumer.pause(at)
        consumer.seek(at, 0)  # some position, else it asks for the committed one


def _unheard(_: object, answer: object) -> None:
    if isinstance(answer, Exception):
        _log.debug("Kafka did not take note of how far was read: %s", answer)


def _arrived(found: Any) -> Arrived:  # noqa: ANN401  (the client has no types)
    return Arrived(
        found.topic,
        found.partition,
        found.offset,
        found.key,
        found.value,
        tuple(found.headers),
        found.timestamp,
    )


def _spelled(topic_id: UUID) -> str:
    """A topic's id as Kafka's own tools spell it."""
    return urlsafe_b64encode(topic_id.bytes).decode().rstrip("=")


def _truncated(error: LogTruncationError) -> dict[Place, str]:
    return {
        Place(*at): "the brokers lost records of it that were read already, "
        + ("from an offset that they do not know" if since is None else f"from {since.offset} on")
        for at, since in error.divergent_offsets.items()
    }
