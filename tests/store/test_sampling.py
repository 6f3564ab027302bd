"""A sample of a log finds what is wrong with the records that it looks at."""

import sqlite3
from pathlib import Path

import pytest

from store.postgres import PostgresLog
from store.sampling import sample
from store.sqlite import SqliteLog
from tests.store.making import MRN_A, MRN_B, native, tell


def test_a_sound_log_has_no_faults(any_log: SqliteLog | PostgresLog) -> None:
    assert list(sample(any_log)) == []
    tell(any_log, *(native(f"r{number}", (MRN_A, MRN_B)[number % 2]) for number in range(50)))
    for many in (1, 7, 50, 1_000):
        assert list(sample(any_log, many)) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("state = x'00'", "the leaf does not match"),
        ("previous_leaf = zeroblob(32)", "the previous leaf is not the leaf"),
        ("recorded_at = 0", "recorded earlier"),
    ],
)
def test_a_changed_record_is_named(path: Path, change: str, says: str) -> None:
    with SqliteLog(path) as log:
        tell(log, *(native(f"r{number}") for number in range(10)))
    with sqlite3.connect(path) as db:
        db.execute("DROP TRIGGER stored_events_take_no_update")
        db.execute(f"UPDATE stored_events SET {change} WHERE rowid = 7")  # noqa: S608
    db.close()
    with SqliteLog(path, create=False) as log:
        faults = list(sample(log))
    assert (7, MRN_A) in [(fault.index, fault.stream) for fault in faults]
    assert any(says in fault.what for fault in faults)


def test_a_missing_record_is_named(path: Path) -> None:
    with SqliteLog(path) as log:
        tell(log, *(native(f"r{number}") for number in range(3)))
    with sqlite3.connect(path) as db:
        db.execute("DROP TRIGGER stored_events_take_no_delete")
        db.execute("DELETE FROM stored_events WHERE rowid = 3")
    db.close()
    with SqliteLog(path, create=False) as log:
        assert [(fault.index, fault.what) for fault in sample(log)] == [
            (3, "the record is missing")
        ]


def test_a_damaged_page_is_told_of(path: Path) -> None:
    with SqliteLog(path) as log:
        tell(log, *(native(f"r{number}") for number in range(500)))
    with path.open("r+b") as file:
        file.seek(40 * 4096)
        file.write(b"\xff" * 4096)
    with SqliteLog(path, create=False) as log:
        assert any("damaged" in fault.what or "read" in fault.what for fault in sample(log))
