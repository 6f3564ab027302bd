"""The intake with a real Kafka, into each of the databases."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import orjson
import pytest
from confluent_kafka import Producer

from consumers.broker.kafka_python import KafkaPythonConsumer
from consumers.broker.ports import BrokerError, Consumer, Place
from consumers.entitlement import Source, Sources
from consumers.processes.intake import LOOK_AGAIN, KafkaIntake
from consumers.processes.places import name_of
from consumers.processes.source_topics import topics
from domain.facts.values import Role
from store.log import Log
from store.postgres import PostgresLog
from store.records import Move, OutcomeKind
from store.sqlite import SqliteLog
from tests.broker.making import SOON, Topics, some_name, until, write, writing
from tests.store.making import opened_again

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
REPORT: dict[str, Any] = {
    "specversion": "1.0",
    "type": "temporary-storage.goods-presented.v1",
    "role": "facility",
    "time": "2017-03-01T10:05:00+02:00",
    "data": {
        "happened": "2017-03-01T10:00:00+02:00",
        "office": "BG002002",
        "holder": "BG201611700",
        "lines": [{"number": 1, "quantity": "120.5", "unit": "KGM"}],
    },
}


def report(source: str, number: int, **changes: object) -> bytes:
    said = {"id": f"r-{number}", "source": source, "subject": f"doc:BL-{number}", **changes}
    return orjson.dumps({**REPORT, **said})


def reports(source: str, *numbers: int) -> list[bytes]:
    return [report(source, number) for number in numbers]


class Site:
    """Sources with topics of their own, a log, and intakes into it."""

    def __init__(self, log: Log, kafka: str, topics: Topics, stack: ExitStack) -> None:
        self.log, self.kafka, self.topics = log, kafka, topics
        self.port, self.depot = f"port-{some_name()}", f"depot-{some_name()}"
        self.sources = Sources(Source(name, frozenset(Role)) for name in (self.port, self.depot))
        self.group = f"intake-{some_name()}"
        self.member: str | None = None
        self.session = 6.0
        self.now = 0.0
        self._stack = stack

    def topic(
        self, source: str, partitions: int = 1, settings: Mapping[str, str] | None = None
    ) -> Place:
        """Make the topic of a source; its first partition."""
        name = f"customs.{source}.reports.v1"
        return Place(self.topics.make(name, partitions, settings), 0)

    def intake(self, log: Log | None = None, **changes: Any) -> KafkaIntake:  # noqa: ANN401
        made = KafkaIntake(
            log or self.log,
            self.sources,
            self.connect,
            lambda: NOW,
            **{"seconds": 0.1, "clock": lambda: self.now, **changes},
        )
        self._stack.callback(made._disconnect)
        return made

    def connect(self) -> Consumer:
        settings = self.topics.settings
        wanted = topics(self.sources)
        return KafkaPythonConsumer(
            settings, self.group, wanted, member=self.member, session_seconds=self.session
        )

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for (_, kind, reason), many in self.log.counts().items():
            name = reason or kind.value
            found[name] = found.get(name, 0) + many
        return found

    def name(self, place: Place) -> str:
        """The name of a partition in the log, as Kafka knows its topic now."""
        consumer = self.connect()
        try:
            return name_of(place, consumer.look()[place.topic])
        finally:
            consumer.close()

    @contextmanager
    def transactions(self, name: str) -> Iterator[Producer]:
        with writing(self.kafka, {"transactional.id": name}) as source:
            source.init_transactions(SOON)
            yield source

    def later(self) -> None:
        self.now += LOOK_AGAIN


@contextmanager
def _working(site: Site) -> Iterator[Event]:
    """An intake in a thread of its own, with a log of its own, until the event is set."""
    stop, failed = Event(), list[BaseException]()
    log = opened_again(site.log)

    def work() -> None:
        intake = site.intake(log)
        try:
            while not stop.is_set():
                intake.step()
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            intake.close()

    thread = Thread(target=work)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(SOON)
    assert not failed
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def cluster(kafka: str) -> Iterator[Topics]:
    made = Topics(kafka)
    yield made
    made.close()


@pytest.fixture
def site(tmp_path: Path, kafka: str, cluster: Topics) -> Iterator[Site]:
    with ExitStack() as stack:
        log = stack.enter_context(SqliteLog(tmp_path / "log.db"))
        yield Site(log, kafka, cluster, stack)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_site(
    request: pytest.FixtureRequest, tmp_path: Path, kafka: str, cluster: Topics
) -> Iterator[Site]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            log: Log = stack.enter_context(SqliteLog(tmp_path / "log.db"))
        else:
            log = stack.enter_context(PostgresLog(request.getfixturevalue("postgres")))
        yield Site(log, kafka, cluster, stack)


def taking(intake: KafkaIntake, true: Callable[[], object], what: str) -> None:
    """Step until something is true."""

    def stepped() -> bool:
        intake.step()
        return bool(true())

    until(stepped, what)


def taken(intake: KafkaIntake, many: int) -> None:
    taking(intake, lambda: intake.progress().position >= many, f"{many} records are taken")


def incident(intake: KafkaIntake, words: str) -> str:
    taking(intake, lambda: intake.progress().incidents, words)
    (said,) = intake.progress().incidents
    assert words in said
    return said


def test_the_reports_of_all_sources_are_recorded(any_site: Site) -> None:
    site = any_site
    port, depot = site.topic(site.port, 2), site.topic(site.depot)
    write(site.kafka, port, reports(site.port, *range(40)))
    write(site.kafka, port._replace(partition=1), reports(site.port, *range(40, 60)))
    write(site.kafka, depot, reports(site.depot, *range(40)))
    intake = site.intake()
    taken(intake, 100)
    assert site.counts() == {"recorded": 100}
    assert list(site.log.partitions("kafka:").values()) == [40, 40, 20]
    taking(intake, lambda: intake.progress().behind == 0, "all is read")
    assert intake.progress().done == {"recorded": 100}


def test_each_record_has_one_outcome_whatever_it_holds(any_site: Site) -> None:
    site = any_site
    port = site.topic(site.port, settings={"max.message.bytes": "4194304"})
    whole = reports(site.port, 1, 2)
    poison = [None, b"", b"{", b"\xff\xfe", b"x" * 900_000, report("another", 9)]
    huge = b"[" + b"1," * 800_000 + b"1]"
    write(site.kafka, port, [*whole, *poison, whole[0]])
    write(site.kafka, port, [huge, report(site.port, 3)], settings={"message.max.bytes": 4_000_000})
    binary = [("ce_specversion", b"1.0"), ("ce_id", b"r-7")]
    write(site.kafka, port, [b'{"happened": 1}'], headers=binary)
    intake = site.intake()
    taken(intake, 12)
    assert site.counts() == {
        "recorded": 3,
        "duplicate": 1,
        "malformed": 4,
        "not_a_report": 2,
        "source_not_entitled": 1,
        "too_large": 1,
    }
    aside = {each.offset: each for each in site.log.outcomes(kind=OutcomeKind.QUARANTINED)}
    assert {offset: site.log.raw(each.id) for offset, each in aside.items()} == {
        2: b"", 3: b"", 4: b"{", 5: b"\xff\xfe", 6: b"x" * 900_000, 7: poison[5],
        9: huge, 11: b'{"happened": 1}',
    }  # fmt: skip
    assert "no value" in str(aside[2].detail)
    assert "binary mode" in str(aside[11].detail)
    assert {each.source for each in aside.values()} == {site.port}


def test_an_intake_goes_on_where_the_log_stands(any_site: Site) -> None:
    site = any_site
    port = site.topic(site.port)
    write(site.kafka, port, reports(site.port, 1, 2, 3))
    first = site.intake()
    taken(first, 3)
    first._disconnect()
    site.group = f"another-{some_name()}"  # what Kafka knows of a group makes no difference
    write(site.kafka, port, reports(site.port, 4))
    second = site.intake()
    taken(second, 1)
    assert site.counts() == {"recorded": 4}
    assert second.progress().done == {"recorded": 1}


def test_kafka_is_told_how_far_was_read(site: Site) -> None:
    port = site.topic(site.port)
    write(site.kafka, port, reports(site.port, 1, 2, 3))
    taken(site.intake(), 3)
    until(lambda: site.topics.committed(site.group, port) == 3, "the offset is committed")


def test_a_new_partition_of_a_known_topic_starts_at_its_earliest_offset(site: Site) -> None:
    port = site.topic(site.port)
    write(site.kafka, port, reports(site.port, 1))
    intake = site.intake()
    taken(intake, 1)
    site.topics.widen(port.topic, 2)
    new = port._replace(partition=1)
    until(lambda: site.topics.ends(new) == 0, "the partition is there")
    write(site.kafka, new, reports(site.port, 2, 3, 4))
    site.topics.delete_below(new, 1)
    taken(intake, 3)
    assert site.counts() == {"recorded": 3}
    assert [each.offset for each in site.log.outcomes(partition=site.name(new))] == [1, 2]
    assert site.log.partitions() == {site.name(port): 1, site.name(new): 3}


def test_a_new_partition_is_recorded_before_anything_comes(site: Site) -> None:
    port = site.topic(site.port, 2)
    taking(site.intake(), lambda: len(site.log.partitions()) == 2, "both are recorded")
    assert site.log.partitions()[site.name(port)] == 0


def test_a_topic_made_again_stops_until_somebody_says_that_it_is_right(any_site: Site) -> None:
    site = any_site
    port, depot = site.topic(site.port), site.topic(site.depot)
    write(site.kafka, port, reports(site.port, 1, 2))
    first = site.intake()
    taken(first, 2)
    first._disconnect()
    site.topics.make_again(port.topic, 2)
    write(site.kafka, port, reports(site.port, 3, 4, 5))
    write(site.kafka, depot, reports(site.depot, 1))
    intake = site.intake()
    taken(intake, 1)
    assert site.counts() == {"recorded": 3}
    said = intake.progress().incidents
    assert len(said) == 2
    assert all("deleted and made again" in each for each in said)
    name = site.name(port)
    assert f"customs partitions move '{name}' 0" in "".join(said)
    site.log.move_partition(Move(name, 0, 0, NOW, "Ana", "agreed"))
    site.later()
    taken(intake, 4)
    assert intake.progress().incidents == ()
    assert site.counts() == {"recorded": 6}


def test_a_topic_made_again_while_it_is_read_is_noticed(site: Site) -> None:
    port = site.topic(site.port)
    write(site.kafka, port, reports(site.port, 1))
    intake = site.intake()
    taken(intake, 1)
    site.topics.make_again(port.topic)
    write(site.kafka, port, reports(site.port, 2, 3, 4))  # an offset 1, but of another topic
    site.later()
    incident(intake, "deleted and made again")
    assert site.counts() == {"recorded": 1}


def test_a_deleted_topic_is_told_of(site: Site) -> None:
    port = site.topic(site.port)
    intake = site.intake()
    taking(intake, site.log.partitions, "the partition is known")
    site.topics.delete(port.topic)
    taking(intake, lambda: intake._consumer and not intake._consumer.assigned(), "it is gone")
    for _ in range(3):
        site.later()
        intake.step()
        (said,) = intake.progress().incidents
        assert said.startswith(f"The topic {port.topic} is gone.")


def test_what_was_deleted_before_it_was_read_is_an_incident(site: Site) -> None:
    port, depot = site.topic(site.port), site.topic(site.depot)
    write(site.kafka, port, reports(site.port, 1, 2, 3, 4))
    write(site.kafka, depot, reports(site.depot, 1))
    name = site.name(port)
    site.log.start_partition(name, 1, NOW)
    site.topics.delete_below(port, 3)
    intake = site.intake()
    taken(intake, 1)
    (said,) = intake.progress().incidents
    assert "has a gap: the next offset is 1, and Kafka holds it from 3 on only" in said
    assert site.counts() == {"recorded": 1}
    site.log.move_partition(Move(name, 1, 3, NOW, "Ana", "agreed"))
    site.later()
    taken(intake, 2)
    assert intake.progress().incidents == ()


def test_a_gap_that_opens_while_it_waits_is_an_incident(site: Site) -> None:
    port = site.topic(site.port)
    write(site.kafka, port, reports(site.port, 1, 2))
    intake = site.intake(most=1)
    taken(intake, 1)
    intake._disconnect()
    write(site.kafka, port, reports(site.port, 3, 4))
    site.topics.delete_below(port, 3)
    incident(intake, "has a gap: the next offset is 1, and Kafka holds it from 3 on only")
    assert site.counts() == {"recorded": 1}


def test_a_topic_that_is_shorter_than_what_was_read_is_an_incident(site: Site) -> None:
    port = site.topic(site.port)
    write(site.kafka, port, reports(site.port, 1, 2))
    site.log.start_partition(site.name(port), 7, NOW)
    intake = site.intake()
    said = incident(intake, "was cut short: the next offset is 7")
    assert "to below 2 only" in said
    assert site.counts() == {}
    site.log.move_partition(Move(site.name(port), 7, 0, NOW, "Ana", "agreed"))
    site.later()
    taken(intake, 2)
    assert intake.progress().incidents == ()


def test_a_zombie_forgets_what_it_read(any_site: Site) -> None:
    site = any_site
    port = site.topic(site.port)
    write(site.kafka, port, reports(site.port, 1))
    zombie = site.intake()
    taken(zombie, 1)
    write(site.kafka, port, reports(site.port, 2, 3, 4))
    # another intake takes two of them over, while this one believes that they are its own
    site.group = f"another-{some_name()}"
    taken(site.intake(most=2), 2)
    taken(zombie, 2)
    assert site.counts() == {"recorded": 4}
    assert zombie.progress().done == {"recorded": 2}
    assert [each.offset for each in site.log.outcomes()] == [0, 1, 2, 3]


def test_an_aborted_transaction_is_passed_over(site: Site) -> None:
    port = site.topic(site.port)
    name = some_name()
    with site.transactions(name) as source:
        for numbers, end in (
            ((1, 2), source.commit_transaction),
            ((3, 4), source.abort_transaction),
            ((5,), source.commit_transaction),
            ((6,), source.abort_transaction),
        ):
            source.begin_transaction()
            for number in numbers:
                source.produce(port.topic, report(site.port, number), b"key", 0)
            source.flush(SOON)
            end()
    intake = site.intake()
    taken(intake, 3)
    assert [each.offset for each in site.log.outcomes()] == [0, 1, 6]
    taking(intake, lambda: intake.progress().behind == 0, "all is read")
    # nothing comes behind the last mark, and so its end is recorded by and by
    site.later()
    taking(intake, lambda: [*site.log.partitions().values()] == [10], "the end is recorded")
    assert site.counts() == {"recorded": 3}


@pytest.mark.parametrize("codec", ["gzip", "lz4", "snappy", "zstd"])
def test_a_source_may_compress_what_it_sends(site: Site, codec: str) -> None:
    port = site.topic(site.port)
    write(site.kafka, port, reports(site.port, *range(50)), settings={"compression.type": codec})
    taken(site.intake(), 50)
    assert site.counts() == {"recorded": 50}


def test_intakes_that_come_and_go_share_the_work(any_site: Site) -> None:
    site = any_site
    port, depot = site.topic(site.port, 3), site.topic(site.depot, 3)
    with ExitStack() as stack:
        crew = [stack.enter_context(_working(site)) for _ in range(2)]
        for part in range(6):
            for place, source in ((port, site.port), (depot, site.depot)):
                numbers = range(100 * part, 100 * part + 100)
                write(site.kafka, place._replace(partition=part % 3), reports(source, *numbers))
            if part == 1:
                crew.append(stack.enter_context(_working(site)))
            if part == 3:
                crew.pop(0).set()
        until(lambda: site.counts() == {"recorded": 1200}, "all is recorded")
    offsets: dict[str, list[int]] = {}
    for each in site.log.outcomes():
        offsets.setdefault(each.partition, []).append(each.offset)
    assert all(found == list(range(200)) for found in offsets.values())
    assert len(offsets) == 6
    assert not list(site.log.verify())


def test_two_intakes_of_one_name_are_told_of(site: Site) -> None:
    site.topic(site.port)
    site.member, site.session = "intake-1", 2.0
    first = site.intake()
    taking(first, site.log.partitions, "the first has joined")
    second = site.intake()
    taking(second, lambda: second._reading, "the second has joined")
    with pytest.raises(BrokerError, match="is in the group as intake-1, which was our name"):
        until(lambda: first.step() and False, "the first is told of it")
