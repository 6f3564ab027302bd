"""Of two publishers one stands back, and what both sent are repeats."""

from pathlib import Path

import orjson
import pytest

from schemas.topics import FACTS, POSITIONS
from store.records import ReaderMoved
from store.sqlite import SqliteLog
from tests.processes.memory import Topics
from tests.projections.histories import HISTORY, imported, projector, stored, take
from tests.publisher.publishing import (
    JUNE,
    Clock,
    derived,
    firsts,
    latest,
    publisher,
    run,
    standing,
)


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
