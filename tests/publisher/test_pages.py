"""Facts and verdicts go out page by page, in order, and once more after a failure."""

from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from consumers.broker.ports import BrokerError
from consumers.processes.outboxes import publish_again
from consumers.processes.publisher import Publisher
from projections import journal
from projections.tables import JOURNAL
from schemas.topics import FACTS, VERDICTS
from store.log import Log
from store.sqlite import SqliteLog
from tests.processes.memory import MemoryProducer, Topics
from tests.projections.histories import (
    HISTORY,
    everything,
    imported,
    projector,
    stored,
    take,
    warehouse,
)
from tests.publisher.publishing import (
    JUNE,
    MAY,
    Killed,
    derived,
    firsts,
    identity,
    latest,
    publisher,
    run,
    standing,
)


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


def test_nothing_but_facts_is_published_where_nothing_is_derived(log: Log, topics: Topics) -> None:
    take(log, HISTORY)
    process = publisher(log, topics)
    run(process)

    assert {each.topic for each in topics.records} == {FACTS.name}
    assert process.progress().behind == 0


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
