"""Batches understood by another process, one ahead."""

import os
import signal
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import active_children
from pathlib import Path

import orjson
import pytest

from consumers.ahead import take_all, understood
from consumers.entitlement import Sources
from consumers.intake import Intake, Message, understand
from store.records import OffsetConflict
from store.sqlite import SqliteLog

SOURCES = Sources.local()
NOW = datetime(2017, 3, 1, tzinfo=UTC)


def messages(count: int) -> list[Message]:
    """Reports, every seventh of which nobody understands."""
    return [Message(_raw(number)) for number in range(count)]


def _raw(number: int) -> bytes:
    if number % 7 == 0:
        return b"no JSON"
    report = {
        "id": f"gate-{number}",
        "source": "local",
        "type": "temporary-storage.goods-presented.v1",
        "subject": f"doc:MEDU{number}",
        "role": "facility",
        "data": {"happened": "2017-03-01", "holder": "BG1", "lines": [{"quantity": "4"}]},
    }
    return orjson.dumps(report)


def batches(told: Sequence[Message], size: int) -> Iterator[Sequence[Message]]:
    left = iter(told)
    while batch := list(islice(left, size)):
        yield batch


@pytest.mark.parametrize("size", [1, 3, 8, 20])
def test_each_batch_is_understood_as_if_it_were_alone(size: int) -> None:
    told = messages(20)
    alone = [understand(message, offset, SOURCES) for offset, message in enumerate(told, 5)]
    found = list(understood(batches(told, size), 5, SOURCES))
    assert [one for batch in found for one in batch] == alone
    assert not active_children()


def test_one_batch_or_none_needs_no_other_process() -> None:
    found = understood([messages(3)], 0, SOURCES)
    assert len(next(found)) == 3
    assert not active_children()
    assert not list(found)
    assert not list(understood([], 0, SOURCES))


def test_what_came_before_an_unreadable_place_is_still_told() -> None:
    def cut_short() -> Iterator[Sequence[Message]]:
        yield from batches(messages(9), 3)
        message = "the file was cut short"
        raise OSError(message)

    found = understood(cut_short(), 0, SOURCES)
    assert [len(next(found)) for _ in range(3)] == [3, 3, 3]
    with pytest.raises(OSError, match="cut short"):
        next(found)
    assert not active_children()


def test_the_work_of_a_process_that_is_lost_is_done_here() -> None:
    told = messages(12)
    found = understood(batches(told, 3), 0, SOURCES)
    first = next(found)
    (other,) = active_children()
    assert other.pid is not None
    os.kill(other.pid, signal.SIGKILL)
    rest = [one for batch in found for one in batch]
    alone = [understand(message, offset, SOURCES) for offset, message in enumerate(told)]
    assert [*first, *rest] == alone


def test_where_no_process_can_be_started_the_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: object) -> None:
        raise OSError

    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", refuse)
    told = messages(9)
    found = [one for batch in understood(batches(told, 3), 0, SOURCES) for one in batch]
    assert found == [understand(message, offset, SOURCES) for offset, message in enumerate(told)]


def test_batches_are_taken_one_behind_the_other(tmp_path: Path) -> None:
    told = messages(20)
    with SqliteLog(tmp_path / "ahead") as log, SqliteLog(tmp_path / "alone") as alone:
        outcomes = [
            one
            for taken in take_all(log, SOURCES, "p", batches(told, 6), lambda: NOW)
            for one in taken
        ]
        assert outcomes == Intake(alone, SOURCES).take("p", told, NOW)
        assert log.next_offset("p") == 20
        assert not list(log.verify())


def test_a_batch_that_the_log_refuses_ends_it(tmp_path: Path) -> None:
    with SqliteLog(tmp_path / "log") as log:
        taken = take_all(log, SOURCES, "p", batches(messages(12), 4), lambda: NOW)
        next(taken)
        Intake(log, SOURCES).take("p", messages(1), NOW)
        with pytest.raises(OffsetConflict):
            next(taken)
        assert log.next_offset("p") == 5
    assert not active_children()
