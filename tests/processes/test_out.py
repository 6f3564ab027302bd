"""Publisher and replica with a real Kafka: what stands on the topics, and what is made of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from consumers.broker import topics as broker
from consumers.broker.confluent import ConfluentProducer
from consumers.broker.kafka_python import KafkaPythonConsumer
from consumers.broker.kafka_python_producer import KafkaPythonProducer
from consumers.broker.ports import Arrived, Producer
from consumers.messages.cloud_event import attributes
from consumers.messages.positions import Latest
from consumers.processes.publisher import Names, Publisher
from consumers.processes.replica import Replica
from consumers.settings import KafkaSettings, Settings
from projections import journal
from projections.current import present
from projections.publications import reached
from projections.tables import JOURNAL, MOVEMENTS
from schemas.topics import OUT, Topic
from store.log import Log
from store.postgres import PostgresLog
from store.sqlite import SqliteLog
from tests.broker.making import SOON, some_name, until
from tests.projections.histories import (
    HISTORY,
    LRN,
    everything,
    imported,
    models,
    projector,
    stored,
    take,
    warehouse,
)

JUNE = datetime(2017, 6, 1, tzinfo=UTC)
ELSEWHERE = datetime(2026, 1, 1, tzinfo=UTC)
QUICK = {
    "segment.ms": "1000",
    "min.cleanable.dirty.ratio": "0.01",
    "max.compaction.lag.ms": "1000",
    "delete.retention.ms": "0",
}
"""Compaction as soon as Kafka can."""


class Out:
    """Topics of one site, on a broker that others use as well."""

    def __init__(self, bootstrap: str, stack: ExitStack) -> None:
        self.kafka = KafkaSettings(bootstrap=bootstrap)
        self._stack, self._mark = stack, some_name()
        self.names = Names(*(f"{topic.name}-{self._mark}" for topic in OUT))

    def make(self, **changes: str) -> None:
        """Make the topics as `customs topics` does, with these settings changed."""
        wanted = {
            name: Topic(name, topic.title, topic.about, topic.key, 3, {**topic.settings, **changes})
            for name, topic in zip(self.names, OUT, strict=True)
        }
        settings = Settings(kafka=self.kafka)
        assert broker.make(settings, wanted) == list(self.names)
        assert broker.unlike(settings, wanted) == {}

    def publisher(self, log: Log, producer: Producer | None = None, page: int = 50) -> Publisher:
        given = producer or KafkaPythonProducer(self.kafka)
        self._stack.callback(given.close)
        return Publisher(log, given, page=page, names=self.names)

    def replica(self, log: Log, group: str = "", most: int = 17) -> Replica:
        group = group or f"replica-{self._mark}"

        def connect() -> KafkaPythonConsumer:
            return KafkaPythonConsumer(self.kafka, group, [self.names.facts], session_seconds=6)

        made = Replica(
            log, connect, lambda: ELSEWHERE, topic=self.names.facts, most=most, seconds=0.1
        )
        self._stack.callback(made._disconnect)
        return made

    def read(self, topic: str) -> list[Arrived]:
        """All that stands on a topic, partition by partition."""
        reader = Consumer({"bootstrap.servers": self.kafka.bootstrap, "group.id": self._mark})
        try:
            known = reader.list_topics(topic, SOON).topics[topic].partitions
            places = [TopicPartition(topic, each, OFFSET_BEGINNING) for each in known]
            ends = {each: reader.get_watermark_offsets(place, SOON)[1]
                    for each, place in zip(known, places, strict=True)}  # fmt: skip
            reader.assign(places)
            found: list[Arrived] = []
            until(lambda: _all_read(reader, found, ends), f"{topic} is read to its end")
        finally:
            reader.close()
        return sorted(found, key=lambda each: (each.partition, each.offset))


def _all_read(reader: Consumer, found: list[Arrived], ends: dict[int, int]) -> bool:
    for message in reader.consume(1_000, 0.1):
        assert not message.error()
        found.append(_arrived(message))
    at = {each.partition: each.offset for each in reader.position(reader.assignment())}
    return all(at.get(partition, -1) >= end for partition, end in ends.items() if end)


def _arrived(message: Any) -> Arrived:  # noqa: ANN401  (its types say less than it does)
    return Arrived(
        message.topic(),
        message.partition(),
        message.offset(),
        message.key(),
        message.value(),
        tuple(message.headers() or ()),
        0,
    )


@pytest.fixture
def out(kafka: str) -> Iterator[Out]:
    with ExitStack() as stack:
        yield Out(kafka, stack)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    with SqliteLog(tmp_path / "log.db") as made:
        yield made


@pytest.fixture
def other(tmp_path: Path) -> Iterator[SqliteLog]:
    with SqliteLog(tmp_path / "other.db") as made:
        yield made


def run(process: Publisher) -> None:
    while process.step():
        """Until nothing is left to do."""


def filed(replica: Replica, many: int) -> None:
    def stepped() -> bool:
        replica.step()
        return replica.progress().position >= many

    until(stepped, f"{many} facts are filed")


def derived(log: Log, day: datetime | None = None) -> None:
    projector(log).catch_up()
    if day:
        journal.announce(log, day)


def versions(records: Sequence[Arrived]) -> dict[bytes, list[int]]:
    """The versions of each stream in the order in which they stand on the topic."""
    found: dict[bytes, list[int]] = {}
    for each in records:
        version = int(attributes(each.headers)["streamversion"])
        found.setdefault(each.key or b"", []).append(version)
    return found


@pytest.mark.parametrize("make", [KafkaPythonProducer, ConfluentProducer])
def test_what_stands_on_the_topics_is_what_the_log_holds(
    make: Callable[[KafkaSettings], Producer], out: Out, log: SqliteLog
) -> None:
    out.make()
    take(log, [*HISTORY, *warehouse(60)])
    derived(log, JUNE)
    run(out.publisher(log, make(out.kafka)))
    facts = out.read(out.names.facts)

    assert sorted(each.value or b"" for each in facts) == sorted([*HISTORY, *warehouse(60)])
    assert all(told == sorted(told) for told in versions(facts).values())
    verdicts = out.read(out.names.verdicts)
    numbers = sorted(orjson.loads(each.value or b"")["number"] for each in verdicts)
    assert numbers == [row[0] for row in everything(log, JOURNAL)]
    assert latest(out.read(out.names.positions)) == standing(log)


def latest(records: Sequence[Arrived]) -> dict[str, tuple[object, ...]]:
    read = Latest()
    for each in records:
        read.take(each.key or b"", each.value)
    return {name: (said["index"], len(said["lines"])) for name, said in read.values.items()}


def standing(log: Log) -> dict[str, tuple[object, ...]]:
    names = [str(row[0]) for row in everything(log, MOVEMENTS)]
    with log.connection() as db:
        until_ = reached(db)
        assert until_
        found = present(db, names, until_.instant, until_.generation)
    return {name: (said.index, len(said.lines)) for name, said in found.items()}


def test_the_records_of_one_stream_stand_in_one_partition(out: Out, log: SqliteLog) -> None:
    out.make()
    take(log, warehouse(40))
    run(out.publisher(log))
    places: dict[bytes | None, set[int]] = {}
    for each in out.read(out.names.facts):
        places.setdefault(each.key, set()).add(each.partition)

    assert {len(each) for each in places.values()} == {1}
    assert len({next(iter(each)) for each in places.values()}) == 3


def test_a_publisher_that_ended_before_it_passed_over_repeats_the_same_records(
    out: Out, log: SqliteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    out.make()
    take(log, [*HISTORY, *warehouse(20)])
    ended = out.publisher(log, page=30)
    with monkeypatch.context() as patched:
        patched.setattr(log, "move_reader", killed)
        with pytest.raises(KeyboardInterrupt):
            ended.step()
    run(out.publisher(log, page=30))
    facts = out.read(out.names.facts)
    by_id: dict[tuple[str, str], set[tuple[bytes | None, object]]] = {}
    for each in facts:
        said = attributes(each.headers)
        by_id.setdefault((said["source"], said["id"]), set()).add((each.value, each.headers))

    assert len(facts) > len(by_id) == len([*HISTORY, *warehouse(20)])
    assert {len(each) for each in by_id.values()} == {1}
    for told in versions(facts).values():
        first = list(dict.fromkeys(told))
        assert first == sorted(first)


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_kafka_keeps_the_last_position_of_each_movement(out: Out, log: SqliteLog) -> None:
    out.make(**QUICK)
    publisher = out.publisher(log)
    for part in (stored(), imported()[:1], imported()[1:], *(stored(f"doc:{n}") for n in range(4))):
        take(log, part)
        derived(log, JUNE)
        run(publisher)
    written = out.read(out.names.positions)
    assert len(written) > len({each.key for each in written})

    def compacted() -> bool:
        # Kafka compacts what is behind the segment that is written to: write another one
        take(log, stored(f"doc:{some_name()}"))
        derived(log)
        run(publisher)
        found = [each.key for each in out.read(out.names.positions)]
        return found.count(b"doc:BL-1") == 1 and LRN.encode() not in found

    until(compacted, "the topic of positions is compacted")
    assert latest(out.read(out.names.positions)) == standing(log)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_read_models_of_a_replica_are_equal(
    database: str, out: Out, log: SqliteLog, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    out.make()
    take(log, [*HISTORY, *warehouse(50)])
    derived(log)
    run(out.publisher(log))
    with ExitStack() as stack:
        if database == "sqlite":
            there: Log = stack.enter_context(SqliteLog(tmp_path / "there.db"))
        else:
            there = stack.enter_context(PostgresLog(request.getfixturevalue("postgres")))
        filed(out.replica(there), len([*HISTORY, *warehouse(50)]))
        derived(there)

        assert models(there) == models(log)


def test_a_replica_that_starts_again_goes_on_and_drops_repeats(
    out: Out, log: SqliteLog, other: SqliteLog
) -> None:
    out.make()
    take(log, warehouse(10))
    run(out.publisher(log))
    first = out.replica(other)
    filed(first, 33)
    first._disconnect()
    log.move_reader("publisher:facts", log.reader("publisher:facts"), 0)  # all once more
    take(log, HISTORY)
    derived(log)
    run(out.publisher(log))
    filed(out.replica(other), 33 + len(HISTORY))
    derived(other)

    assert models(other) == models(log)
    assert {kind.value: many for (_, kind, _), many in other.counts().items()} == {
        "recorded": 33 + len(HISTORY),
        "duplicate": 33,
    }
