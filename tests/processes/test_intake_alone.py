"""The intake with brokers and stores that fail when a test says so."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from consumers.broker.ports import Arrived, BrokerError, Consumer, Extent, Place, PlaceError
from consumers.entitlement import Sources
from consumers.processes.intake import LOOK_AGAIN, KafkaIntake, kafka_intake
from consumers.processes.places import name_of
from consumers.processes.source_topics import incoming_of, topics
from consumers.reasons import Reason
from consumers.settings import KafkaSettings, Settings
from store.records import Batch, LogBusy, LogError, LogUnreachable, Move, Outcome
from store.sqlite import SqliteLog
from tests.processes.test_intake import report

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PORT = Place("customs.port.reports.v1", 0)
SECOND = PORT._replace(partition=1)
ALL = Sources.local("port")
NAME, OTHER = name_of(PORT, "Xq"), name_of(SECOND, "Xq")


class Broker:
    """Partitions in memory, and a consumer of them; it raises what it is told to."""

    def __init__(self, *places: Place) -> None:
        self.held: dict[Place, list[bytes]] = {place: [] for place in places}
        self.ours: set[Place] = set(places)
        self.first = dict.fromkeys(places, 0)
        self.topic_ids = {place.topic: "Xq" for place in places}
        self.leaderless: set[Place] = set()
        self.raises: list[Exception] = []
        self.told: dict[Place, int] = {}
        self.connections = 0
        self.refused: frozenset[str] = frozenset()
        self._at: dict[Place, int] = {}

    def __call__(self) -> Consumer:
        self._fail()
        self.connections += 1
        self._at.clear()
        return self

    def poll(self, seconds: float, most: int) -> Mapping[Place, Sequence[Arrived]]:  # noqa: ARG002
        self._fail()
        self._at = {place: at for place, at in self._at.items() if place in self.ours}
        found = {}
        for place, at in self._at.items():
            values = self.held[place][at : at + most]
            if values:
                found[place] = [
                    Arrived(*place, offset, None, value, (), 0)
                    for offset, value in enumerate(values, at)
                ]
                self._at[place] = at + len(values)
        return found

    def waiting(self) -> frozenset[Place]:
        return frozenset(self.ours - self._at.keys())

    def assigned(self) -> frozenset[Place]:
        return frozenset(self.ours)

    def read_from(self, place: Place, offset: int) -> None:
        self._at[place] = offset

    def stop(self, places: Collection[Place]) -> None:
        for place in places:
            self._at.pop(place, None)

    def position(self, place: Place) -> int:
        return self._at[place]

    def end(self, place: Place) -> int | None:
        return len(self.held[place])

    def ask(self) -> None:
        """Answers at once anyway."""

    def look(self) -> Mapping[str, str]:
        return dict(self.topic_ids)

    ids = look

    def forbidden(self) -> frozenset[str]:
        return self.refused

    def extents(self, places: Collection[Place]) -> Mapping[Place, Extent]:
        led = set(places) - self.leaderless
        return {place: Extent(self.first[place], len(self.held[place])) for place in led}

    def tell(self, offsets: Mapping[Place, int]) -> None:
        self.told |= offsets

    def close(self) -> None:
        """Nothing is held."""

    def _fail(self) -> None:
        if self.raises:
            raise self.raises.pop(0)


class FailingLog(SqliteLog):
    """Raises what it is told to, before or after it has recorded."""

    before: list[LogError]
    after: list[LogError]

    def append_all(self, batches: Sequence[Batch], recorded_at: datetime) -> list[list[Outcome]]:
        if self.before:
            raise self.before.pop(0)
        outcomes = super().append_all(batches, recorded_at)
        if self.after:
            raise self.after.pop(0)
        return outcomes


@pytest.fixture
def log(tmp_path: Path) -> Iterator[FailingLog]:
    with FailingLog(tmp_path / "log.db") as opened:
        opened.before, opened.after = [], []
        yield opened


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def intake(log: SqliteLog, broker: Broker, clock: Clock, **changes: Any) -> KafkaIntake:  # noqa: ANN401
    made = KafkaIntake(log, ALL, broker, lambda: NOW, **{"clock": clock, **changes})
    made.step()  # joins, and is told where to read
    return made


def recorded(log: SqliteLog) -> list[tuple[str, int]]:
    return sorted((each.partition, each.offset) for each in log.outcomes())


def reports(*numbers: int) -> list[bytes]:
    return [report("port", number) for number in numbers]


@pytest.mark.parametrize("error", [LogBusy("held"), LogUnreachable("down"), LogError("full")])
def test_what_the_store_did_not_take_is_read_again(
    log: FailingLog, clock: Clock, error: LogError
) -> None:
    broker = Broker(PORT)
    broker.held[PORT] = reports(1, 2)
    taking = intake(log, broker, clock)
    log.before = [error]
    with pytest.raises(type(error)):
        taking.step()
    assert recorded(log) == []
    taking.step()
    assert taking.step()
    assert recorded(log) == [(NAME, 0), (NAME, 1)]
    assert taking.progress().done == {"recorded": 2}


def test_what_was_recorded_with_a_lost_answer_is_not_recorded_again(
    log: FailingLog, clock: Clock
) -> None:
    broker = Broker(PORT)
    broker.held[PORT] = reports(1, 2)
    taking = intake(log, broker, clock)
    log.after = [LogUnreachable("the answer was lost")]
    with pytest.raises(LogUnreachable):
        taking.step()
    broker.held[PORT] += reports(3)
    taking.step()
    taking.step()
    assert recorded(log) == [(NAME, 0), (NAME, 1), (NAME, 2)]
    assert {each.kind.value for each in log.outcomes()} == {"recorded"}


def test_all_partitions_of_a_poll_are_one_transaction(log: FailingLog, clock: Clock) -> None:
    broker = Broker(PORT, SECOND)
    broker.held = {PORT: reports(1, 2), SECOND: reports(3)}
    taking = intake(log, broker, clock)
    log.append(Batch(OTHER, 0, (), 1), NOW)  # another intake took over the second
    assert taking.step()
    assert recorded(log) == []
    taking.step()
    taking.step()
    assert recorded(log) == [(NAME, 0), (NAME, 1)]


def test_a_broker_that_fails_is_connected_anew(log: FailingLog, clock: Clock) -> None:
    broker = Broker(PORT)
    broker.held[PORT] = reports(1)
    taking = intake(log, broker, clock)
    broker.raises = [BrokerError("gone"), BrokerError("still gone")]
    for _ in range(2):
        with pytest.raises(BrokerError, match="gone"):
            taking.step()
    assert taking.progress().behind == 0
    taking.step()
    assert taking.step()
    assert broker.connections == 2
    assert broker.told == {PORT: 1}
    assert recorded(log) == [(NAME, 0)]


def test_a_partition_that_cannot_be_read_stops_and_others_go_on(
    log: FailingLog, clock: Clock
) -> None:
    broker = Broker(PORT, SECOND)
    broker.held = {PORT: reports(1), SECOND: reports(2)}
    taking = intake(log, broker, clock)
    broker.raises = [PlaceError({PORT: "its bytes do not fit their checksum"})]
    taking.step()
    clock.now += LOOK_AGAIN
    for _ in range(3):
        taking.step()
    assert recorded(log) == [(OTHER, 0)]
    (incident,) = taking.progress().incidents
    assert incident.startswith(f"{PORT}: its bytes do not fit their checksum.")


def test_a_partition_without_a_leader_is_waited_for(log: FailingLog, clock: Clock) -> None:
    broker = Broker(PORT)
    broker.held[PORT] = reports(1)
    broker.leaderless = {PORT}
    taking = intake(log, broker, clock)
    assert "No broker leads" in taking.progress().incidents[0]
    broker.leaderless = set()
    taking.step()
    assert taking.progress().incidents
    clock.now += LOOK_AGAIN
    taking.step()
    assert taking.step()
    assert taking.progress().incidents == ()
    assert broker.connections == 1


def test_whether_there_are_incidents_is_not_known_until_the_brokers_have_said_what_is_ours(
    log: FailingLog, clock: Clock
) -> None:
    broker = Broker(PORT)
    broker.ours = set()
    taking = intake(log, broker, clock)
    assert taking.progress().awaits
    broker.ours = {PORT}
    taking.step()
    assert taking.progress().awaits is None
    broker.ours = set()
    clock.now += LOOK_AGAIN  # others have all partitions: this one is a reserve
    taking.step()
    assert taking.progress().awaits is None


def test_an_incident_that_is_settled_does_not_hide_the_others_meanwhile(
    log: FailingLog, clock: Clock
) -> None:
    broker = Broker(PORT, Place("customs.depot.reports.v1", 0))
    taking = intake(log, broker, clock)
    broker.topic_ids = dict.fromkeys(broker.topic_ids, "Yr")
    taking.step()
    assert len(taking.progress().incidents) == 2
    log.move_partition(Move(name_of(PORT, "Yr"), 0, 0, NOW, "Ana", "agreed"))
    clock.now += LOOK_AGAIN
    taking.step()  # reads the one again, over a connection of its own
    assert taking.progress().awaits
    taking.step()
    assert taking.progress().awaits is None
    assert len(taking.progress().incidents) == 1


def test_a_topic_that_is_gone_is_told_of_until_it_is_back(log: FailingLog, clock: Clock) -> None:
    broker = Broker(PORT)
    taking = intake(log, broker, clock)
    broker.topic_ids = {}
    taking.step()
    (told,) = taking.progress().incidents
    assert "is gone" in told
    broker.ours = set()  # Kafka gives nobody the partitions of a topic that is gone
    for _ in range(3):
        clock.now += LOOK_AGAIN
        taking.step()
        (told,) = taking.progress().incidents
        assert told.startswith(f"The topic {PORT.topic} is gone.")
    broker.ours = {PORT}
    broker.topic_ids = {PORT.topic: "Xq"}
    clock.now += LOOK_AGAIN
    taking.step()
    assert taking.progress().incidents == ()


def test_a_topic_that_was_never_there_is_no_incident(log: FailingLog, clock: Clock) -> None:
    """A source may hand in its reports by other ways."""
    broker = Broker(PORT)
    broker.topic_ids = {}
    broker.ours = set()
    clock.now += LOOK_AGAIN
    assert intake(log, broker, clock).progress().incidents == ()


def test_a_topic_made_again_behind_our_back_is_not_read(log: FailingLog, clock: Clock) -> None:
    broker = Broker(PORT)
    taking = intake(log, broker, clock)
    broker.ids = lambda: {PORT.topic: "Xq"}  # type: ignore[method-assign]  # what was heard before
    broker.topic_ids = {PORT.topic: "Yr"}
    broker.held[PORT] = reports(1)
    clock.now += 1
    taking.step()
    assert recorded(log) == []
    assert "deleted and made again" in taking.progress().incidents[0]


def test_a_partition_that_is_taken_away_is_let_go(log: FailingLog, clock: Clock) -> None:
    broker = Broker(PORT, SECOND)
    broker.leaderless = {SECOND}
    taking = intake(log, broker, clock)
    assert taking.progress().incidents
    broker.ours = {PORT}
    taking.step()
    assert taking.progress().incidents == ()
    assert taking._reading.keys() == {PORT}


def test_a_topic_that_may_not_be_read_is_an_incident(log: FailingLog, clock: Clock) -> None:
    broker = Broker(PORT)
    broker.refused = frozenset({"customs.depot.reports.v1"})
    (incident,) = intake(log, broker, clock).progress().incidents
    assert "customs.depot.reports.v1 may not be read: grant READ" in incident


def test_no_more_than_asked_for_is_taken_at_once(log: FailingLog, clock: Clock) -> None:
    broker = Broker(PORT)
    broker.held[PORT] = reports(*range(5))
    taking = intake(log, broker, clock, most=2)
    for behind in (3, 1, 0):
        assert taking.step()
        assert taking.progress().behind == behind
    assert not taking.step()


def test_an_outcome_keeps_the_place_of_its_record() -> None:
    told = incoming_of(Arrived(*PORT, 41, b"key", b"{", (), 0), "port", ALL)
    assert (told.offset, told.source, told.reason) == (41, "port", Reason.MALFORMED)


def test_a_source_whose_name_no_topic_may_have_has_none() -> None:
    sources = Sources(
        [ALL["port"], *Sources.local("порт").values(), *Sources.local("a b").values()]
    )
    assert topics(sources) == {"customs.port.reports.v1": "port"}


def test_a_connection_that_is_refused_is_told_of_at_the_first_step(log: FailingLog) -> None:
    settings = Settings(kafka=KafkaSettings(bootstrap="kafka.example:9092"))
    made = kafka_intake(settings, log, ALL, lambda: NOW)
    with pytest.raises(BrokerError, match="--insecure"):
        made.step()
