"""Batches understood by another process, one ahead."""

import marshal
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import orjson
import pytest

from consumers.ahead import take_all, understood
from consumers.entitlement import Sources
from consumers.feeds import detect
from consumers.intake import Intake, Message, understand
from consumers.understanding import Understanding, _incoming, _plain
from store.records import Filing, Incoming, Link, OffsetConflict
from store.sqlite import SqliteLog

SOURCES = Sources.local()
NOW = datetime(2017, 3, 1, tzinfo=UTC)
RAW = b"{}"
FACT = Filing("mrn:a", "temporary-storage.goods-presented.v1", "r1", RAW)
FEED = Path(__file__).parents[2] / "examples" / "feeds" / "ncts"
STARTING = """
import sys
from consumers.ahead import understood
from consumers.entitlement import Sources
from consumers.intake import Message

found = understood([[Message(b"no JSON")]] * 9, 0, Sources.local())
next(found), next(found)
print("both at work", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Understanding]:
    """The other processes that were started."""
    made: list[Understanding] = []

    def start(sources: Sources) -> Understanding:
        made.append(Understanding(sources))
        return made[-1]

    monkeypatch.setattr("consumers.ahead.Understanding", start)
    return made


def is_over(process: Understanding) -> bool:
    try:
        os.kill(process.id, 0)
    except ProcessLookupError:
        return True
    return False


def messages(count: int) -> list[Message]:
    """Reports, every seventh of which nobody understands."""
    return [Message(_raw(number)) for number in range(count)]


def _raw(number: int) -> bytes:
    if number % 7 == 0:
        return b"no JSON %d" % number
    report = {
        "id": f"gate-{number}",
        "source": "local",
        "type": "temporary-storage.goods-presented.v1",
        "subject": f"doc:MEDU{number}",
        "role": "facility",
        "data": {
            "happened": "2017-03-01",
            "holder": "BG1",
            "lines": [{"quantity": "4", "previous": f"mrn:17BG00200200{number % 3:04}A7"}],
        },
    }
    return orjson.dumps(report)


def batches(told: Sequence[Message], size: int) -> Iterator[Sequence[Message]]:
    left = iter(told)
    while batch := list(islice(left, size)):
        yield batch


@pytest.mark.parametrize("size", [1, 3, 8, 20])
def test_each_batch_is_understood_as_if_it_were_alone(
    size: int, started: list[Understanding]
) -> None:
    told = messages(20)
    alone = [understand(message, offset, SOURCES) for offset, message in enumerate(told, 5)]
    found = list(understood(batches(told, size), 5, SOURCES))
    assert [one for batch in found for one in batch] == alone
    assert len(started) == (size < 20)
    assert all(map(is_over, started))


def test_a_translated_message_comes_back_whole(started: list[Understanding]) -> None:
    told = [_of_feed(path, who) for path in sorted(FEED.glob("*.json")) for who in ("local", None)]
    told.append(Message(b"x" * (1 << 21), speaker="local"))
    alone = [understand(message, offset, SOURCES) for offset, message in enumerate(told, 4)]
    found = [one for batch in understood([[], told, told], 4, SOURCES) for one in batch]
    again = [one._replace(offset=one.offset + len(told)) for one in alone]
    assert found == [*alone, *again]
    assert any(one.translated and one.filings for one in found)
    assert any(link for one in found for filing in one.filings for link in filing.links)
    assert len(started) == 1


@pytest.mark.parametrize(
    "told",
    [
        Incoming(3, RAW, "port", "r1", (FACT,)),
        Incoming(3, RAW, "port", "r1", (FACT._replace(links=(Link("mrn:b", "previous"),)),)),
        Incoming(3, RAW, "port", "r1", (FACT._replace(report_id="r2"),)),
        Incoming(3, RAW, "port", "r1", (FACT._replace(body=b"other"),)),
        Incoming(3, RAW, "port", None, (FACT,)),
        Incoming(3, RAW, "port", "r1", (FACT, FACT)),
        Incoming(3, RAW, "port", "r1", (FACT,), translated=True),
        Incoming(3, RAW, "port", "r1", (FACT,), reason="malformed", detail="It is cut short."),
        Incoming(3, RAW, "port", "r1"),
    ],
)
def test_every_shape_comes_back_as_it_was(told: Incoming) -> None:
    """Even those that the log refuses: what is wrong is for the log to say."""
    passed = marshal.loads(marshal.dumps(_plain(told)))  # noqa: S302
    assert _incoming(told.offset, told.raw, passed) == told


def _of_feed(path: Path, speaker: str | None) -> Message:
    raw = path.read_bytes()
    return Message(raw, detect(raw), speaker)


def test_an_empty_batch_is_a_batch() -> None:
    batches = [messages(3), [], messages(2), []]
    assert [len(told) for told in understood(batches, 0, SOURCES)] == [3, 0, 2, 0]


def test_one_batch_or_none_needs_no_other_process(started: list[Understanding]) -> None:
    found = understood([messages(3)], 0, SOURCES)
    assert len(next(found)) == 3
    assert not list(found)
    assert not list(understood([], 0, SOURCES))
    assert not started


def test_what_came_before_an_unreadable_place_is_still_told(
    started: list[Understanding],
) -> None:
    def cut_short() -> Iterator[Sequence[Message]]:
        yield from batches(messages(9), 3)
        message = "the file was cut short"
        raise OSError(message)

    found = understood(cut_short(), 0, SOURCES)
    assert [len(next(found)) for _ in range(3)] == [3, 3, 3]
    with pytest.raises(OSError, match="cut short"):
        next(found)
    assert [is_over(process) for process in started] == [True]


def test_the_work_of_a_process_that_is_lost_is_done_here(started: list[Understanding]) -> None:
    told = messages(12)
    found = understood(batches(told, 3), 0, SOURCES)
    first = next(found)
    (other,) = started
    os.kill(other.id, signal.SIGKILL)
    rest = [one for batch in found for one in batch]
    alone = [understand(message, offset, SOURCES) for offset, message in enumerate(told)]
    assert [*first, *rest] == alone


def test_where_no_process_can_be_started_the_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("consumers.understanding.Popen", refuse)
    told = messages(9)
    found = [one for batch in understood(batches(told, 3), 0, SOURCES) for one in batch]
    assert found == [understand(message, offset, SOURCES) for offset, message in enumerate(told)]


def test_the_other_process_ends_when_this_one_is_killed() -> None:
    command = [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path}\n{STARTING}"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "both at work\n"
        process.kill()
        # both hold the other end of it, so that it ends when both have ended
        assert process.stderr.read() == ""


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


def test_a_batch_that_the_log_refuses_ends_it(tmp_path: Path, started: list[Understanding]) -> None:
    with SqliteLog(tmp_path / "log") as log:
        taken = take_all(log, SOURCES, "p", batches(messages(12), 4), lambda: NOW)
        next(taken)
        Intake(log, SOURCES).take("p", messages(1), NOW)
        with pytest.raises(OffsetConflict):
            next(taken)
        assert log.next_offset("p") == 5
    assert [is_over(process) for process in started] == [True]
