"""Several processes on one log: who waits, who fails, and what a kill leaves."""

import os
import random
import select
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import IO

import pytest

from store.log import Log
from store.opening import open_log
from store.records import Incoming, Link, LogBusy, OffsetConflict, OutcomeKind
from store.sqlite import SqliteLog
from tests.store.making import (
    MINUTE,
    MRN_A,
    NOON,
    batch,
    everything,
    malformed,
    native,
    tell,
    translated,
)

# a child opens a log of its own and touches nothing of the parent's threads
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
SIZE = 60


@contextmanager
def process(work: Callable[[IO[bytes]], object]) -> Iterator[tuple[int, IO[bytes]]]:
    """A forked process that does `work`: its id, and what it writes to its pipe."""
    reads, writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reads)
            with os.fdopen(writes, "wb", buffering=0) as pipe:
                work(pipe)
            code = 0
        except BaseException:  # noqa: BLE001 - the fork must never return into the test run
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        yield pid, pipe


def ended_well(pid: int) -> bool:
    return os.waitpid(pid, 0)[1] == 0


def told(offset: int) -> Incoming:
    """The record at `offset`, always the same: every third repeats, every seventh is malformed."""
    if offset % 7 == 6:
        return malformed(b"%d" % offset)
    number = offset - offset % 3 // 2
    stream = f"mrn:{number * 31 % 50}"
    if number % 5 == 4:
        return translated(f"m{number}", stream, "mrn:other", raw=b"<m%d/>" % number)
    links = [Link(f"mrn:{number % 11}", "previous")] * (number % 4)
    return native(f"r{number}", stream, *links)


def write_on(log: Log, pipe: IO[bytes]) -> None:
    """Append batch after batch for ever, and tell the pipe how far the log has acknowledged."""
    while True:
        start = log.next_offset("files")
        log.append(batch([told(n) for n in range(start, start + SIZE)], start), NOON)
        pipe.write(b"%d\n" % (start + SIZE))


def check_prefix(log: Log, acknowledged: int) -> None:
    """All that was acknowledged is there, once, and what is there is what was told."""
    end = log.next_offset("files")
    outcomes = list(log.outcomes())

    assert end >= acknowledged
    assert [outcome.offset for outcome in outcomes] == list(range(end))
    assert [record.index for record in everything(log)] == list(range(1, log.head().index + 1))
    assert list(log.verify()) == []
    for outcome in outcomes:
        incoming = told(outcome.offset)
        assert outcome.report_id == incoming.report_id
        assert log.raw(outcome.id) == incoming.raw
        facts = log.report(incoming.source, incoming.report_id or "")
        assert [fact.body for fact in facts] == [filing.body for filing in incoming.filings]


def open_and_write(address: str, pipe: IO[bytes]) -> None:
    with open_log(address) as log:
        write_on(log, pipe)


def test_a_writer_killed_at_any_instant_leaves_whole_batches(address: str) -> None:
    chance = random.Random(20260302)  # noqa: S311 - it chooses instants, not secrets
    for _ in range(12):
        with process(lambda pipe: open_and_write(address, pipe)) as (pid, pipe):
            acknowledged = 0
            for _ in range(chance.randint(1, 3)):
                acknowledged = int(pipe.readline())
            select.select([pipe], [], [], chance.uniform(0, 0.02))  # or until the next batch
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            acknowledged = max([acknowledged, *map(int, pipe.read().split())])
        with open_log(address) as log:
            tell(log)  # waits until a server has ended the transaction of the dead
            assert log.next_offset("files") % SIZE == 0
            check_prefix(log, acknowledged)


def race(address: str, own: str, shared: str, pipe: IO[bytes]) -> None:
    """Append to a partition of one's own and, whenever one is first, to a shared one."""
    won = 0
    with open_log(address) as log:
        for turn in range(30):
            tell(log, native(f"{own}-{turn}", MRN_A), partition=own)
            start = log.next_offset(shared)
            try:
                log.append(batch([native(f"s{start}", f"mrn:{start}")], start, shared), NOON)
            except OffsetConflict:
                continue
            won += 1
    pipe.write(b"%d" % won)


def test_writers_of_several_processes_make_one_log(address: str) -> None:
    """Each makes the tables, too, if it is first; and the other's batches are fenced off."""
    with (
        process(lambda pipe: race(address, "http", "kafka:0", pipe)) as (one, one_pipe),
        process(lambda pipe: race(address, "files", "kafka:0", pipe)) as (two, two_pipe),
    ):
        won = int(one_pipe.read()) + int(two_pipe.read())
        assert ended_well(one)
        assert ended_well(two)
    with open_log(address, create=False) as log:
        assert [log.next_offset(name) for name in ("http", "files", "kafka:0")] == [30, 30, won]
        assert log.head().index == 60 + won == sum(log.counts().values())
        assert [record.index for record in everything(log)] == list(range(1, 61 + won))
        assert [record.version for record in log.stream(MRN_A)] == list(range(1, 61))
        shared = [outcome.offset for outcome in log.outcomes(partition="kafka:0")]
        assert shared == list(range(won))
        assert list(log.verify()) == []


def test_processes_that_make_the_log_at_once_make_one(path: Path) -> None:
    def make(pipe: IO[bytes]) -> None:
        with SqliteLog(path) as log:
            tell(log, native(f"r{os.getpid()}"), partition=str(os.getpid()))
        pipe.write(b"made")

    with (
        process(make) as (one, _),
        process(make) as (two, _),
        process(make) as (three, _),
        process(make) as (four, _),
    ):
        ends = [ended_well(pid) for pid in (one, two, three, four)]
        assert all(ends)
    with SqliteLog(path) as log:
        assert log.head().index == 4
        assert list(log.verify()) == []


def test_a_second_writer_that_waits_too_long_fails_and_writes_nothing(path: Path) -> None:
    def hold(release: int, pipe: IO[bytes]) -> None:
        with SqliteLog(path) as log, log.transaction():
            pipe.write(b"held\n")
            os.read(release, 1)

    SqliteLog(path).close()
    release, released = os.pipe()
    with (
        process(lambda pipe: hold(release, pipe)) as (pid, pipe),
        SqliteLog(path, busy_timeout=0.05) as log,
    ):
        assert pipe.readline() == b"held\n"
        with pytest.raises(LogBusy, match=r"another process has held .*more than 0\.05 s"):
            tell(log, native("r1"))
        assert log.head().index == log.next_offset("files") == 0

        os.write(released, b".")
        assert ended_well(pid)
        assert tell(log, native("r1"))[0].kind is OutcomeKind.RECORDED
    os.close(release)
    os.close(released)


def test_a_second_writer_waits_for_the_first(log: SqliteLog) -> None:
    with SqliteLog(log.path) as other:
        with other.transaction() as connection:
            connection.execute("CREATE TABLE positions (movement TEXT)")
            waiting = Thread(target=tell, args=(log, native("r1")))
            waiting.start()
        waiting.join()
    assert log.head().index == 1


def test_a_transaction_of_the_same_process_is_waited_for_as_well(path: Path) -> None:
    with SqliteLog(path, busy_timeout=0.05) as log:
        with log.transaction(), pytest.raises(LogBusy, match="a transaction of this process"):
            tell(log, native("r1"))
        assert log.head().index == 0
        tell(log, native("r1"))


def test_threads_share_one_log(any_log: Log) -> None:
    log = any_log

    def work(partition: str) -> None:
        for turn in range(25):
            tell(log, native(f"{partition}-{turn}", f"mrn:{turn % 3}"), partition=partition)
            log.stream(f"mrn:{turn % 3}")

    threads = [Thread(target=work, args=(f"http:{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert log.head().index == 100
    assert list(log.verify()) == []


def test_readers_see_the_log_as_it_was_while_another_process_writes(path: Path) -> None:
    def write(pipe: IO[bytes]) -> None:
        with SqliteLog(path) as log:
            tell(log, native("r1"))
            with log.transaction() as connection:
                connection.execute("UPDATE head SET recorded_at = 0")
                pipe.write(b"held\n")
                signal.pause()

    with process(write) as (pid, pipe), SqliteLog(path) as log:
        assert pipe.readline() == b"held\n"
        assert log.head().recorded_at == NOON
        assert [record.report_id for record in everything(log)] == ["r1"]
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        tell(log, native("r2"), at=NOON + MINUTE)
        assert list(log.verify()) == []
