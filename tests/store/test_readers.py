"""Partitions that are started, readers that follow the log, and batches of several partitions."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from store.log import Log
from store.opening import open_log
from store.postgres import PostgresLog
from store.records import LogError, Move, OffsetConflict, ReaderMoved
from store.sqlite import SqliteLog
from tests.store.make_golden import GOLDEN
from tests.store.making import (
    MRN_A,
    MRN_B,
    NOON,
    batch,
    everything,
    native,
    opened_again,
    tell,
)

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def log(any_log: Log) -> Log:
    return any_log


def test_a_partition_starts_once_and_where_it_was_said_to(log: Log) -> None:
    log.start_partition("kafka:0", 17, NOON)
    log.start_partition("kafka:1", 0, NOON)
    with pytest.raises(OffsetConflict) as caught:
        log.start_partition("kafka:0", 17, NOON)
    assert (caught.value.partition, caught.value.stored) == ("kafka:0", 17)

    log.append(batch([native("r1")], 17, "kafka:0"), NOON)
    log.append(batch([native("r2")], 0, "kafka:1"), NOON)
    assert log.partitions() == {"kafka:0": 18, "kafka:1": 1}


def test_where_partitions_start_and_are_moved_to_is_kept(log: Log) -> None:
    log.start_partition("kafka:0", 17, NOON)
    moved = Move("kafka:0", 17, 30, LATER, "Ana", "the port sends them again")
    log.move_partition(moved)
    started = Move("kafka:1", 0, 0, LATER, "Ana", "it was made again")
    log.move_partition(started)
    with pytest.raises(OffsetConflict):
        log.move_partition(moved)
    with pytest.raises(OffsetConflict):
        log.start_partition("kafka:0", 17, LATER)
    with opened_again(log) as other:
        assert other.moves() == [Move("kafka:0", None, 17, NOON), moved, started]
    with pytest.raises(Exception, match="append-only"), log.transaction() as db:
        db.execute("UPDATE moves SET why = 'else'")


def test_partitions_are_listed_by_what_their_names_begin_with(log: Log) -> None:
    for name in ("kafka:b:0", "kafka:a:1", "files", "kafka:a:0", "kafka:Я:0", "kafka%"):
        log.start_partition(name, len(name), NOON)

    assert list(log.partitions("kafka:")) == ["kafka:a:0", "kafka:a:1", "kafka:b:0", "kafka:Я:0"]
    assert log.partitions("kafka%") == {"kafka%": 6}
    assert list(log.partitions("kafka:Я")) == ["kafka:Я:0"]
    assert log.partitions("nobody") == {}
    assert len(log.partitions()) == 6


def test_a_reader_stands_at_nothing_until_it_moves(log: Log) -> None:
    assert log.reader("publisher:facts") == 0
    log.move_reader("publisher:facts", 0, 12)
    log.move_reader("publisher:facts", 12, 40)
    log.move_reader("publisher:verdicts", 0, 3)
    with opened_again(log) as other:
        assert other.reader("publisher:facts") == 40
        assert other.reader("publisher:verdicts") == 3


@pytest.mark.parametrize("expected", [0, 11, 13])
def test_a_reader_that_somebody_else_moved_stays(log: Log, expected: int) -> None:
    log.move_reader("publisher:facts", 0, 12)
    with pytest.raises(ReaderMoved, match="stands at 12") as caught:
        log.move_reader("publisher:facts", expected, 40)
    assert (caught.value.name, caught.value.stored) == ("publisher:facts", 12)
    assert log.reader("publisher:facts") == 12

    with pytest.raises(ReaderMoved, match="stands at 0"):
        log.move_reader("nobody", 5, 6)


def test_batches_of_several_partitions_are_recorded_in_the_order_given(log: Log) -> None:
    told = (
        batch([native("r1", MRN_A), native("r2", MRN_B)], partition="kafka:1"),
        batch([], partition="kafka:2"),
        batch([native("r1", MRN_A), native("r3", MRN_A)], partition="kafka:0"),
    )
    outcomes = log.append_all(told, NOON)

    assert [[outcome.kind.value for outcome in some] for some in outcomes] == [
        ["recorded", "recorded"],
        [],
        ["duplicate", "recorded"],
    ]
    assert [outcome for some in outcomes for outcome in some] == list(log.outcomes())
    assert [outcome.partition for outcome in log.outcomes()] == ["kafka:1"] * 2 + ["kafka:0"] * 2
    assert [record.report_id for record in everything(log)] == ["r1", "r2", "r3"]
    assert log.partitions() == {"kafka:0": 2, "kafka:1": 2, "kafka:2": 0}
    assert list(log.verify()) == []


def test_one_partition_that_stands_elsewhere_stops_the_batches_of_all(log: Log) -> None:
    tell(log, native("r1"), partition="kafka:1")
    told = (
        batch([native("r2")], 0, "kafka:0"),
        batch([native("r1")], 0, "kafka:1"),
        batch([native("r3")], 0, "kafka:2"),
    )
    with pytest.raises(OffsetConflict) as caught:
        log.append_all(told, NOON)
    assert (caught.value.partition, caught.value.stored, caught.value.expected) == ("kafka:1", 1, 0)
    assert log.partitions() == {"kafka:1": 1}
    assert log.head().index == len(list(log.outcomes())) == 1


def test_a_store_of_the_first_release_keeps_what_was_added_once_a_writer_opened_it(
    path: Path,
) -> None:
    shutil.copy(GOLDEN / "log-1.db", path)
    before = path.read_bytes()
    with SqliteLog(path, create=False) as log:
        assert log.reader("publisher:facts") == 0
        with pytest.raises(LogError, match="customs migrate"):
            log.move_reader("publisher:facts", 0, 1)
        assert log.moves() == []
        with pytest.raises(LogError, match="customs migrate"):
            log.start_partition("kafka:0", 0, NOON)
        assert "kafka:0" not in log.partitions()
    assert path.read_bytes() == before
    check_that_both_are_kept(open_log(path))


def test_so_does_one_on_a_server(postgres_log: PostgresLog) -> None:
    with postgres_log.transaction() as connection:
        connection.execute("DROP TABLE readers, moves")
    tell(postgres_log, native("r1"))
    with PostgresLog(postgres_log.address, create=False) as log:
        assert log.reader("publisher:facts") == 0
        with pytest.raises(LogError, match="customs migrate"):
            log.move_reader("publisher:facts", 0, 1)
        assert log.moves() == []
    check_that_both_are_kept(open_log(postgres_log.address))


def check_that_both_are_kept(log: Log) -> None:
    with log:
        log.move_reader("publisher:facts", 0, 1)
        assert log.reader("publisher:facts") == 1
        log.start_partition("kafka:0", 0, NOON)
        assert log.moves() == [Move("kafka:0", None, 0, NOON)]
        assert list(log.verify()) == []
