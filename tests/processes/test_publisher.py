"""What the publisher puts on the topics, whatever ends it in between."""

import random
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from consumers.broker.ports import BrokerError, Outgoing
from consumers.messages.cloud_event import attributes
from consumers.messages.positions import Latest
from consumers.processes.outboxes import publish_again
from consumers.processes.publisher import LOOK_SECONDS, Publisher
from domain.references import names_movement
from projections import journal
from projections.canonical import plain
from projections.current import present
from projections.publications import reached
from projections.rebuild import rebuild
from projections.tables import JOURNAL, MOVEMENTS
from schemas.topics import FACTS, POSITIONS, VERDICTS
from store.log import Log
from store.postgres import PostgresLog
from store.records import LINK, ReaderMoved
from store.sqlite import SqliteLog
from tests.processes.memory import MemoryProducer, Topics
from tests.projections.histories import (
    HISTORY,
    LRN,
    MRN,
    STORAGE,
    everything,
    imported,
    projector,
    stored,
    take,
    warehouse,
)

JUNE = datetime(2017, 6, 1, tzinfo=UTC)
MAY = datetime(2017, 5, 1, tzinfo=UTC)
APRIL = datetime(2017, 4, 1, tzinfo=UTC)


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Killed(BaseException):
    """The process ended here."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, path: Path) -> Iterator[Log]:
    if request.param == "sqlite":
        made: Log = SqliteLog(path)
    else:
        made = PostgresLog(request.getfixturevalue("postgres"))
    with made:
        yield made


@pytest.fixture
def topics() -> Topics:
    return Topics()


def publisher(
    log: Log,
    topics: Topics,
    *,
    fails: Sequence[int] = (),
    page: int = 3,
    clock: Clock | None = None,
) -> Publisher:
    return Publisher(log, MemoryProducer(topics, fails), page=page, clock=clock or Clock())


def run(process: Publisher) -> None:
    """Until nothing is left to do."""
    while process.step():
        pass


def derived(log: Log, until: datetime | None = None) -> None:
    projector(log).catch_up()
    if until:
        journal.announce(log, until)


def identity(record: Outgoing) -> tuple[str, str]:
    found = attributes(record.headers)
    return found["source"], found["id"]


def firsts(records: Sequence[Outgoing]) -> list[Outgoing]:
    """Each record where it stands first; repeats must be the same bytes."""
    found: dict[tuple[str, str], Outgoing] = {}
    for each in records:
        assert found.setdefault(identity(each), each) == each
    return list(found.values())


def latest(topics: Topics) -> dict[str, object]:
    read = Latest()
    for each in topics.of(POSITIONS.name):
        read.take(each.key, each.value)
    return dict(read.values)


def standing(log: Log) -> dict[str, object]:
    """The present positions as the read models have them; those of which nothing holds left out."""
    names = [str(row[0]) for row in everything(log, MOVEMENTS)]
    with log.connection() as db:
        until = reached(db)
        assert until
        found = present(db, names, until.instant, until.generation)
    return {
        name: {"schema": "customs.present-position.v1", **as_object(said)}
        for name, said in found.items()
        if said.since
    }


def as_object(value: object) -> dict[str, object]:
    found = plain(value)
    assert isinstance(found, dict)
    return found


def test_every_fact_is_published_in_the_order_of_the_log(log: Log, topics: Topics) -> None:
    take(log, HISTORY)
    run(publisher(log, topics))

    assert [each.value for each in topics.of(FACTS.name)] == HISTORY


def test_a_page_of_links_alone_is_passed_over(log: Log, topics: Topics) -> None:
    take(log, HISTORY)
    process = publisher(log, topics, page=1)
    run(process)

    assert process.progress().behind == 0
    assert len(topics.of(FACTS.name)) == len(HISTORY)


def test_a_publisher_that_starts_again_goes_on_where_the_log_says(log: Log, topics: Topics) -> None:
    take(log, stored())
    run(publisher(log, topics))
    take(log, imported())
    run(publisher(log, topics))

    assert [each.value for each in topics.of(FACTS.name)] == [*stored(), *imported()]


@pytest.mark.parametrize("through", range(4))
def test_what_was_not_acknowledged_is_sent_again_from_the_first(
    through: int, log: Log, topics: Topics
) -> None:
    take(log, HISTORY)
    process = publisher(log, topics, fails=[through], page=100)
    with pytest.raises(BrokerError):
        process.step()
    run(process)
    told = topics.of(FACTS.name)

    assert [each.value for each in firsts(told)] == HISTORY
    assert [each.value for each in told[through:]] == HISTORY


def test_pages_get_smaller_until_a_slow_broker_takes_them(
    log: Log, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(log, [*HISTORY, *warehouse(20)])
    process = publisher(log, topics, page=100)
    producer = process._producer
    assert isinstance(producer, MemoryProducer)
    settle, sizes = producer.settle, list[int]()

    def slow() -> None:
        sizes.append(len(producer._sent))
        if sizes[-1] > 20:
            producer._sent.clear()
            raise BrokerError("That takes too long.")
        settle()

    monkeypatch.setattr(producer, "settle", slow)
    while process.progress().behind:
        with suppress(BrokerError):
            process.step()

    assert [each.value for each in topics.of(FACTS.name)] == [*HISTORY, *warehouse(20)]
    assert sizes[0] > sizes[1] > sizes[2]
    assert len(sizes) < 15


@pytest.mark.parametrize("name", ["facts", "verdicts", "positions"])
def test_who_ends_between_sending_and_passing_over_repeats_the_same_bytes(
    name: str, log: Log, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(log, HISTORY)
    derived(log, JUNE)
    process = publisher(log, topics)

    def ended() -> None:
        raise Killed

    (box,) = (each for each in process._outboxes if each.name == name)
    monkeypatch.setattr(box, "passed", ended)
    with pytest.raises(Killed):
        process.step()
    before = len(topics.records)
    run(publisher(log, topics))

    assert before
    assert len(topics.records) > before
    assert [each.value for each in firsts(topics.of(FACTS.name))] == HISTORY
    assert len(firsts(topics.of(VERDICTS.name))) == len(everything(log, JOURNAL))
    assert latest(topics) == standing(log)


def test_every_entry_of_the_journal_is_published_in_its_order(log: Log, topics: Topics) -> None:
    take(log, HISTORY)
    derived(log, MAY)
    run(publisher(log, topics))
    journal.announce(log, JUNE)
    take(log, stored("doc:BL-2"))
    projector(log).catch_up()
    run(publisher(log, topics))
    numbers = [orjson.loads(each.value or b"")["number"] for each in topics.of(VERDICTS.name)]

    assert numbers == [row[0] for row in everything(log, JOURNAL)]
    assert len({identity(each) for each in topics.of(VERDICTS.name)}) == len(numbers)


def test_the_topic_of_positions_ends_with_what_stands(log: Log, topics: Topics) -> None:
    take(log, [*HISTORY, *warehouse(20)])
    derived(log, JUNE)
    run(publisher(log, topics))

    assert latest(topics) == standing(log)
    assert latest(topics).keys() >= {MRN, STORAGE, "local:warehouse"}


def test_a_movement_that_did_not_change_is_not_published_again(log: Log, topics: Topics) -> None:
    take(log, HISTORY)
    derived(log, JUNE)
    run(publisher(log, topics))
    before = len(topics.of(POSITIONS.name))
    take(log, stored("doc:BL-2"))
    derived(log, JUNE)
    run(publisher(log, topics))

    assert [each.key for each in topics.of(POSITIONS.name)][before:] == [b"doc:BL-2"]


def test_a_deadline_that_passes_overnight_is_published_without_a_new_fact(
    log: Log, topics: Topics
) -> None:
    take(log, stored(), APRIL)
    derived(log, MAY)
    run(publisher(log, topics))
    assert [overdue(each) for each in topics.of(POSITIONS.name)] == ["0"]

    journal.announce(log, JUNE)
    run(publisher(log, topics))
    assert [overdue(each) for each in topics.of(POSITIONS.name)] == ["0", "100"]


def overdue(record: Outgoing) -> str:
    (line,) = orjson.loads(record.value or b"")["lines"]
    return str(line["overdue"])


def test_a_name_that_a_movement_has_no_more_is_taken_back(log: Log, topics: Topics) -> None:
    take(log, [*stored(), imported()[0]])
    derived(log, JUNE)
    run(publisher(log, topics))
    assert LRN in latest(topics)

    take(log, imported()[1:])
    derived(log)
    run(publisher(log, topics))

    under = [each.value for each in topics.of(POSITIONS.name) if each.key == LRN.encode()]
    assert under[-1] is None
    assert latest(topics) == standing(log)


def test_a_rebuild_that_says_something_else_is_later_than_what_stands(
    log: Log, topics: Topics
) -> None:
    take(log, HISTORY)
    derived(log, JUNE)
    with log.transaction() as db:
        db.execute("UPDATE positions SET quantity = '99'")
    run(publisher(log, topics))
    rebuild(log)
    run(publisher(log, topics))

    assert latest(topics) == standing(log)
    assert {each["generation"] for each in standing(log).values() if isinstance(each, dict)} == {1}


def test_positions_that_were_judged_before_anybody_took_notes_are_published(
    log: Log, topics: Topics
) -> None:
    take(log, HISTORY)
    derived(log)
    with log.transaction() as db:
        db.execute("DELETE FROM publications")
    run(publisher(log, topics))

    assert latest(topics) == standing(log)


def test_nothing_but_facts_is_published_where_nothing_is_derived(log: Log, topics: Topics) -> None:
    take(log, HISTORY)
    process = publisher(log, topics)
    run(process)

    assert {each.topic for each in topics.records} == {FACTS.name}
    assert process.progress().behind == 0


def test_one_of_two_stands_back_and_only_repeats_are_sent(path: Path, topics: Topics) -> None:
    clock = Clock()
    with SqliteLog(path) as one, SqliteLog(path) as other:
        take(one, HISTORY)
        derived(one, JUNE)
        first, second = (publisher(each, topics, clock=clock) for each in (one, other))
        busy = True
        while busy:
            busy = first.step()
            busy |= second.step()

        assert [each.value for each in firsts(topics.of(FACTS.name))] == HISTORY
        assert latest(topics) == standing(one)


def test_whoever_was_overtaken_in_mid_page_only_repeats(
    path: Path, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    with SqliteLog(path) as one, SqliteLog(path) as other:
        take(one, HISTORY)
        derived(one)
        slow, quick = (publisher(each, topics, clock=clock) for each in (one, other))
        settle = slow._producer.settle

        def overtaken() -> None:
            run(quick)
            take(other, stored("doc:BL-2"))
            projector(other).catch_up()
            run(quick)
            settle()

        monkeypatch.setattr(slow._producer, "settle", overtaken)
        assert not slow.step()
        assert not slow.step()
        run(quick)

        told = [*HISTORY, *stored("doc:BL-2")]
        assert [each.value for each in firsts(topics.of(FACTS.name))] == told
        assert latest(topics) == standing(one)


def test_the_earlier_position_sent_last_is_put_right(
    path: Path, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compaction keeps what stands last, whatever it says."""
    with SqliteLog(path) as one, SqliteLog(path) as other:
        take(one, stored())
        derived(one)
        run(publisher(one, Topics()))  # facts and verdicts are done with
        with one.transaction() as db:
            db.execute("UPDATE publications SET due = '0'")
        slow, quick = publisher(one, topics), publisher(other, topics)
        settle = slow._producer.settle

        def overtaken() -> None:
            take(other, imported())
            projector(other).catch_up()
            run(quick)
            settle()

        monkeypatch.setattr(slow._producer, "settle", overtaken)
        slow.step()
        monkeypatch.undo()
        run(quick)
        last = {each.key.decode(): each.value for each in topics.of(POSITIONS.name)}

        assert {name: orjson.loads(value or b"") for name, value in last.items()} == standing(one)


def test_a_reserve_takes_over_when_nothing_moves(path: Path, topics: Topics) -> None:
    clock = Clock()
    with SqliteLog(path) as one, SqliteLog(path) as other:
        take(one, HISTORY)
        reserve = publisher(other, topics, clock=clock)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(other, "move_reader", moved)
            assert not reserve.step()
        publisher(one, topics).step()
        clock.now = 15.0
        assert not reserve.step()
        clock.now = 30.0
        assert reserve.step()


def moved(name: str, expected: int, to: int) -> None:
    raise ReaderMoved(name, to, expected)


def test_what_waits_is_counted(log: Log, topics: Topics) -> None:
    take(log, HISTORY)
    derived(log, JUNE)
    process = publisher(log, topics)
    before = process.progress()
    run(process)
    after = process.progress()

    assert before.behind == log.head().index + len(everything(log, JOURNAL)) + 2
    assert after.behind == 0
    assert after.position > before.position
    assert after.done == {
        "facts": len(HISTORY),
        "verdicts": len(everything(log, JOURNAL)),
        "positions": 2,
    }


def test_nothing_else_than_movements_has_a_position(log: Log, topics: Topics) -> None:
    take(log, HISTORY)
    derived(log)
    run(publisher(log, topics))

    assert all(names_movement(each.key.decode()) for each in topics.of(POSITIONS.name))


class Brokers:
    """Whether any of them answers, and how often they were asked."""

    def __init__(self) -> None:
        self.answer, self.asked = True, 0

    def __call__(self) -> None:
        self.asked += 1
        if not self.answer:
            raise BrokerError("No broker let us in.")


def test_who_has_nothing_to_send_fails_while_no_broker_answers(log: Log, topics: Topics) -> None:
    brokers, clock = Brokers(), Clock()
    brokers.answer = False
    process = Publisher(log, MemoryProducer(topics), reach=brokers, clock=clock)
    for _ in range(2):
        with pytest.raises(BrokerError):
            process.step()
    brokers.answer = True
    assert not process.step()
    brokers.answer = False
    assert not process.step()
    clock.now += LOOK_SECONDS
    with pytest.raises(BrokerError):
        process.step()


def test_brokers_are_asked_now_and_then_and_not_while_there_is_work(
    log: Log, topics: Topics
) -> None:
    take(log, HISTORY)
    brokers, clock = Brokers(), Clock()
    process = Publisher(log, MemoryProducer(topics), page=1, reach=brokers, clock=clock)
    while process.step():
        assert brokers.asked == 0
    assert brokers.asked == 1
    for _ in range(10):
        clock.now += LOOK_SECONDS / 5
        process.step()
    assert brokers.asked == 3


def test_a_reserve_asks_the_brokers_as_well(path: Path, topics: Topics) -> None:
    with SqliteLog(path) as log, SqliteLog(path) as other:
        take(log, HISTORY)
        brokers, clock = Brokers(), Clock()
        process = Publisher(log, MemoryProducer(topics), reach=brokers, clock=clock)
        box = process._outboxes[0]
        box.next()
        run(publisher(other, topics))
        assert not process.step()
        assert process._until is not None
        brokers.answer = False
        clock.now += LOOK_SECONDS
        with pytest.raises(BrokerError):
            process.step()


def test_closing_gives_up_what_is_under_way(path: Path, topics: Topics) -> None:
    log, producer = SqliteLog(path), MemoryProducer(topics)
    Publisher(log, producer).close()

    assert producer.closed


def test_everything_is_published_once_more_where_that_is_wished(log: Log, topics: Topics) -> None:
    take(log, HISTORY)
    derived(log, JUNE)
    run(publisher(log, topics))
    before, anew = list(topics.records), Topics()
    assert publish_again(log) == log.head().index
    run(publisher(log, anew))

    assert sorted(anew.records) == sorted(before)


def test_to_publish_once_more_what_never_was_does_nothing(log: Log, topics: Topics) -> None:
    assert publish_again(log) == 0
    run(publisher(log, topics))

    assert topics.records == []


class Chaos:
    """Two publishers that fail and end at random, while facts come and legal time goes on."""

    def __init__(self, path: Path, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311  (the same always)
        self.log, self.path, self.topics = SqliteLog(path), path, Topics()
        self.clock = Clock()
        self.left = deque([*HISTORY, *warehouse(6), *stored("doc:BL-2")])
        self.day = APRIL
        self.logs = [SqliteLog(path), SqliteLog(path)]
        self.publishers = [self.started(each) for each in self.logs]
        self.ended = 0

    def started(self, log: SqliteLog) -> Publisher:
        fails = [self.dice.randint(0, 6)] if self.dice.random() < 0.5 else []
        page = self.dice.randint(1, 5)
        return publisher(log, self.topics, fails=fails, page=page, clock=self.clock)

    def act(self) -> None:
        """Something happens."""
        match self.dice.randint(0, 9):
            case 0 | 1 if self.left:
                take(self.log, [self.left.popleft() for _ in range(min(2, len(self.left)))])
            case 2 | 3:
                projector(self.log, page=5, piece=2).catch_up()
            case 4:
                self.day += timedelta(days=self.dice.randint(1, 40))
                journal.announce(self.log, self.day)
            case 5:
                self.clock.now += self.dice.randint(1, 20)
            case _:
                self.publish(self.dice.randint(0, 1))

    def publish(self, number: int) -> None:
        """One of the two takes a step, in which the other one may take some, or it may end."""
        running, other = self.publishers[number], self.publishers[1 - number]
        settle = running._producer.settle

        def settled() -> None:
            for _ in range(self.dice.randint(0, 2)):
                with suppress(BrokerError):
                    other.step()
            settle()
            if self.dice.random() < 0.15:
                raise Killed

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(running._producer, "settle", settled)
            try:
                running.step()
            except BrokerError:
                return
            except Killed:
                self.ended += 1
                self.publishers[number] = self.started(self.logs[number])

    def finish(self) -> None:
        """All is told, nothing fails any more, and both have time."""
        take(self.log, self.left)
        projector(self.log).catch_up()
        journal.announce(self.log, self.day + timedelta(days=400))
        for _ in range(4):
            self.clock.now += 100
            for each in self.publishers:
                with suppress(BrokerError):
                    run(each)

    def close(self) -> None:
        for each in (self.log, *self.logs):
            each.close()


def without_index(positions: dict[str, object]) -> dict[str, object]:
    """What is said, be it that the movement was judged again and the same was said."""
    return {
        name: {key: each for key, each in said.items() if key != "index"}
        for name, said in positions.items()
        if isinstance(said, dict)
    }


@pytest.mark.parametrize("seed", range(8))
def test_whatever_ends_them_all_is_published_in_order_and_positions_come_right(
    seed: int, path: Path
) -> None:
    chaos = Chaos(path, seed)
    for _ in range(80):
        chaos.act()
    chaos.finish()
    log, topics = chaos.log, chaos.topics
    facts, verdicts = firsts(topics.of(FACTS.name)), firsts(topics.of(VERDICTS.name))
    last = {each.key.decode(): each.value for each in topics.of(POSITIONS.name)}

    assert [each.value for each in facts] == [
        record.body for record in log.page(0, 10_000) if record.topic != LINK
    ]
    numbers = [orjson.loads(each.value or b"")["number"] for each in verdicts]
    assert numbers == [row[0] for row in everything(log, JOURNAL)]
    stands = without_index(standing(log))
    assert without_index(latest(topics)) == stands
    assert without_index({k: orjson.loads(v) for k, v in last.items() if v}) == stands
    assert all(each.progress().behind == 0 for each in chaos.publishers)
    chaos.close()
