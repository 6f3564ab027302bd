"""Whatever is changed in the file behind our back is found and named."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from eventsourcing.persistence import PersistenceError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.digests import digest_of
from evidence.leaf import Fault, leaf
from store.records import Link, LogError, Record
from store.sqlite import SqliteLog
from tests.store.making import (
    MINUTE,
    MRN_A,
    MRN_B,
    NOON,
    PERMIT,
    everything,
    malformed,
    native,
    tell,
    translated,
)

UPDATE = "UPDATE stored_events SET {} WHERE rowid = ?"
VALUE = "SELECT {0}, CAST({0} AS BLOB) FROM stored_events WHERE rowid = ?"


@contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of somebody who knows SQLite and drops what is in the way."""
    with closing(sqlite3.connect(path)) as connection, connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


@pytest.fixture
def told(log: SqliteLog) -> SqliteLog:
    """Nine records: 1 to 5 and 7 to 9 in the streams of two movements, 6 and 3 of a permit."""
    use = Link(PERMIT, "authorisation")
    tell(log, native("r1", MRN_A), native("r2", MRN_B, use), native("r3", MRN_A), malformed())
    tell(log, native("r4", MRN_B, use), translated("m1", MRN_A, MRN_B), at=NOON + MINUTE)
    tell(log, native("r5", MRN_A), native("r5", MRN_A), at=NOON + 2 * MINUTE)
    return log


def faults(log: SqliteLog) -> list[tuple[int, str]]:
    return [(fault.index, fault.stream) for fault in log.verify()]


def test_a_log_that_nobody_touched_has_no_fault(told: SqliteLog) -> None:
    assert told.head().index == 9
    assert faults(told) == []


def test_what_is_verified_is_read_in_pages(
    told: SqliteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.verification.PAGE", 2)
    assert faults(told) == []


@pytest.mark.parametrize("index", range(1, 10))
@pytest.mark.parametrize(
    "change",
    [
        "originator_id = originator_id || 'x'",
        "originator_version = originator_version + 100",
        "topic = topic || 'x'",
        "recorded_at = recorded_at + 1",
        "source = upper(source)",
        "report_id = report_id || 'x'",
        "digest = zeroblob(32)",
        "previous_leaf = randomblob(32)",
        "leaf = zeroblob(32)",
        "state = replace(CAST(state AS TEXT), '\"', '''')",
        "state = CAST(state || ' ' AS BLOB)",
        "recorded_at = 'noon'",
        "recorded_at = 9223372036854775807",
        "originator_id = CAST(x'ff' AS TEXT)",
        "leaf = CAST(leaf || x'00' AS BLOB)",
    ],
)
def test_a_change_of_any_column_is_found_at_its_index(
    told: SqliteLog, index: int, change: str
) -> None:
    with tampering(told.path) as connection:
        connection.execute(UPDATE.format(change), (index,))
    assert index in {fault.index for fault in told.verify()}


@pytest.mark.parametrize("column", ["topic", "source", "report_id", "digest", "leaf", "state"])
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
def test_one_flipped_byte_is_found_and_named(
    told: SqliteLog, column: str, data: st.DataObject
) -> None:
    index = data.draw(st.integers(1, 9))
    with tampering(told.path) as connection:
        old, blob = connection.execute(VALUE.format(column), (index,)).fetchone()
        place = data.draw(st.integers(0, len(blob) - 1))
        flipped = bytearray(blob)
        flipped[place] ^= 1  # of an ASCII text this makes another
        new = flipped if isinstance(old, bytes) else flipped.decode()
        update = UPDATE.format(f"{column} = ?")
        connection.execute(update, (new, index))

    found = {fault.index: fault for fault in told.verify()}
    assert index in found
    assert found[index].stream in (MRN_A, MRN_B, PERMIT)
    with tampering(told.path) as connection:
        connection.execute(update, (old, index))
    assert faults(told) == []


@pytest.mark.parametrize("index", range(1, 9))
def test_a_dropped_record_is_named_by_the_one_behind_it(told: SqliteLog, index: int) -> None:
    with tampering(told.path) as connection:
        connection.execute("DELETE FROM stored_events WHERE rowid = ?", (index,))

    first = next(iter(told.verify()))
    assert first.index == index + 1
    assert f"index {index} was expected here" in first.what


def test_dropped_records_at_the_end_are_named_by_the_head(told: SqliteLog) -> None:
    with tampering(told.path) as connection:
        connection.execute("DELETE FROM stored_events WHERE rowid > 7")
    assert Fault(8, "", "the log ends at 7, its head says 9") in list(told.verify())


def test_a_log_cut_off_with_its_head_is_named_by_its_outcomes(told: SqliteLog) -> None:
    with tampering(told.path) as connection:
        connection.execute("DELETE FROM stored_events WHERE rowid > 7")
        connection.execute("UPDATE head SET log_index = 7")
    assert Fault(8, "", "the outcomes end at 9, the records at 7") in list(told.verify())


def test_a_record_added_behind_the_head_is_found(told: SqliteLog) -> None:
    with tampering(told.path) as connection:
        connection.execute(
            "INSERT INTO stored_events SELECT 10, 'mrn:forged', 1, topic, recorded_at, source, "
            "report_id, digest, previous_leaf, leaf, state FROM stored_events WHERE rowid = 9"
        )
    found = list(told.verify())
    assert Fault(10, "", "the log ends at 10, its head says 9") in found
    assert {fault.index for fault in found} == {10}


@pytest.mark.parametrize(("one", "two"), [(1, 2), (1, 4), (2, 8), (8, 9)])
def test_a_swapped_pair_is_found_and_both_are_named(told: SqliteLog, one: int, two: int) -> None:
    with tampering(told.path) as connection:
        for old, new in ((one, 1000), (two, one), (1000, two)):
            connection.execute("UPDATE stored_events SET rowid = ? WHERE rowid = ?", (new, old))
    assert {one, two} <= {index for index, _ in faults(told)}


def test_exchanged_bodies_are_found_and_both_are_named(told: SqliteLog) -> None:
    bodies = [record.body for record in everything(told)]
    with tampering(told.path) as connection:
        update = "UPDATE stored_events SET state = ? WHERE rowid = ?"
        connection.executemany(update, [(bodies[3], 1), (bodies[0], 4)])
    assert set(faults(told)) == {(1, MRN_A), (4, MRN_A)}


def test_a_record_sealed_anew_is_found_by_the_next_one_of_its_stream(told: SqliteLog) -> None:
    forged = forge(everything(told)[0])
    with tampering(told.path) as connection:
        update = "UPDATE stored_events SET state = ?, digest = ?, leaf = ? WHERE rowid = 1"
        connection.execute(update, (forged.body, forged.digest, forged.leaf))
    assert faults(told) == [(4, MRN_A)]


def forge(record: Record) -> Record:
    emptied = record._replace(body=b"{}", digest=digest_of(b"{}", None))
    return emptied._replace(leaf=leaf(emptied))


def test_changed_raw_bytes_beside_an_outcome_are_found(told: SqliteLog) -> None:
    with tampering(told.path) as connection:
        connection.execute("UPDATE raws SET raw = '<XML/>' WHERE salt NOTNULL")
    what = "the raw bytes kept beside the outcome do not fit the digest"
    assert list(told.verify()) == [Fault(7, MRN_A, what)]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM outcomes WHERE id = 4", ["outcome 4 is not there", "kept of outcome 4"]),
        ("DELETE FROM outcomes WHERE kind = 'duplicate'", ["outcome 8 is not there"]),
        ("DELETE FROM outcomes WHERE id IN (7, 8)", ["outcomes 7 to 8 are not there"]),
        ("UPDATE head SET outcome = 7", ["outcomes end at 8, the head gave out 7"]),
    ],
)
def test_a_missing_outcome_is_found(told: SqliteLog, statement: str, words: list[str]) -> None:
    with tampering(told.path) as connection:
        connection.execute(statement)
    found = [fault.what for fault in told.verify()]
    assert all(any(word in what for what in found) for word in words), found


@pytest.mark.parametrize(
    ("change", "index"),
    [
        ("DELETE FROM reports WHERE outcome = 2", 2),
        ("UPDATE reports SET outcome = 1 WHERE outcome = 2", 2),
        ("UPDATE outcomes SET last_index = 5 WHERE id = 3", 5),
        ("DELETE FROM outcomes WHERE id = 5", 5),
        ("UPDATE outcomes SET kind = 'duplicate' WHERE id = 1", 1),
        ("UPDATE outcomes SET report_id = 'other' WHERE id = 3", 4),
        ("DELETE FROM head", 0),
    ],
)
def test_what_stands_beside_the_records_must_fit_them(
    told: SqliteLog, change: str, index: int
) -> None:
    with tampering(told.path) as connection:
        connection.execute(change)
    assert index in {fault.index for fault in told.verify()}


def read_all(log: SqliteLog) -> list[list[Record]]:
    """The records as each way of reading gives them."""
    records = everything(log)
    streams = log.streams(log.stream_names()).values()
    facts = log.streams(log.stream_names(), links=False).values()
    reports = [log.report(record.source, record.report_id) for record in records]
    return [records, *streams, *facts, *reports]


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_any_flipped_bit_of_the_file_is_found_or_changes_no_record(
    told: SqliteLog, place: float, bit: int
) -> None:
    whole = read_all(told)
    told._datastore.checkpoint()
    copy = told.path.with_name("copy.sqlite")
    for suffix in ("-wal", "-shm"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    shutil.copy(told.path, copy)
    content = bytearray(copy.read_bytes())
    content[int(place * len(content))] ^= 1 << bit
    copy.write_bytes(content)

    try:
        with SqliteLog(copy, create=False) as log:
            assert list(log.verify()) or read_all(log) == whole
    except (LogError, PersistenceError, sqlite3.Error):
        pass  # the file cannot be opened at all, which is found too
