"""Erasing raw bytes: what goes, what remains, what still verifies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.log import Log
from store.records import Erasure, Incoming, LogBusy, LogError, OutcomeKind
from store.sqlite import SqliteLog
from tests.store.making import (
    MRN_A,
    MRN_B,
    erasure,
    everything,
    malformed,
    native,
    opened_again,
    tell,
    translated,
)

SECRET = b"<consignee>Ivan Petrov, Varna</consignee>"


@pytest.fixture
def log(any_log: Log) -> Log:
    return any_log


@pytest.fixture
def sqlite_log(path: Path) -> Iterator[SqliteLog]:
    with SqliteLog(path) as log:
        yield log


def message(report_id: str, size: int = 0) -> Incoming:
    told = translated(report_id, MRN_A, MRN_B)
    return Incoming(0, SECRET + b"." * size, told.source, report_id, told.filings, translated=True)


def stored_bytes(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted(path.parent.iterdir()))


def test_the_record_of_an_erased_report_stays_and_its_leaf_still_verifies(log: Log) -> None:
    (outcome,) = tell(log, message("m1"))
    records = everything(log)
    log.erase_raw(erasure(outcome.id))

    assert everything(log) == records
    assert list(log.verify()) == []
    assert list(log.outcomes()) == [outcome]
    assert log.raw(outcome.id) is None
    with log.connection() as connection:
        assert connection.execute("SELECT raw, salt FROM raws").fetchall() == [(None, None)]


@pytest.mark.parametrize("size", [0, 2_000, 20_000])
def test_erased_bytes_are_nowhere_in_the_files(sqlite_log: SqliteLog, size: int) -> None:
    others = [malformed(b"%d" % place * 300) for place in range(40)]
    tell(sqlite_log, *others)
    (outcome,) = tell(sqlite_log, message("m1", size))
    tell(sqlite_log, *others)
    with sqlite_log.connection() as connection:
        salt = connection.execute("SELECT salt FROM raws WHERE salt NOTNULL").fetchone()[0]
    assert SECRET in stored_bytes(sqlite_log.path)
    assert salt in stored_bytes(sqlite_log.path)

    sqlite_log.erase_raw(erasure(outcome.id))
    assert SECRET not in stored_bytes(sqlite_log.path)
    assert salt not in stored_bytes(sqlite_log.path)


def test_what_was_set_aside_can_be_erased_too(sqlite_log: SqliteLog) -> None:
    (outcome,) = tell(sqlite_log, malformed(SECRET))
    sqlite_log.erase_raw(erasure(outcome.id))

    assert sqlite_log.raw(outcome.id) is None
    assert SECRET not in stored_bytes(sqlite_log.path)
    assert list(sqlite_log.outcomes(reason="malformed")) == [outcome]


def test_erasing_again_changes_nothing(log: Log) -> None:
    (outcome,) = tell(log, message("m1"))
    log.erase_raw(erasure(outcome.id))
    log.erase_raw(erasure(outcome.id))
    assert log.raw(outcome.id) is None
    assert len(log.erasures()) == 1


def test_who_had_what_erased_when_and_why_is_kept_and_nothing_of_what_it_was(log: Log) -> None:
    aside, told = tell(log, malformed(SECRET), message("m1"))
    first, second = erasure(aside.id), erasure(told.id, "case 8")
    log.erase_raw(first)
    log.erase_raw(second)
    with opened_again(log) as other:
        digest = other.page(0, 1)[0].digest
        assert other.erasures() == [first, second._replace(digest=digest)]
        assert list(other.verify()) == []
        with other.connection() as connection:
            kept = connection.execute("SELECT * FROM erasures").fetchall()
    assert not any(SECRET in str(each).encode() for each in kept)
    with pytest.raises(Exception, match="append-only"), log.transaction() as connection:
        connection.execute("UPDATE erasures SET why = 'else'")


def changed(log: Log, *statements: str) -> list[str]:
    """What verifying says once somebody changed the tables behind its back."""
    with log.transaction() as connection:
        if isinstance(log, SqliteLog):
            named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            statements = (*(f"DROP TRIGGER {name}" for (name,) in named.fetchall()), *statements)
        else:
            statements = ("DROP TRIGGER erasures_are_append_only ON erasures", *statements)
        for statement in statements:
            connection.execute(statement)
    return [fault.what for fault in log.verify()]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE erasures SET why = 'else' WHERE id = 1", ["erasure 1: the leaf does not match"]),
        ("UPDATE erasures SET said_by = 'Boyan' WHERE id = 2", ["erasure 2: the leaf does not"]),
        (
            "DELETE FROM erasures WHERE id = 1",
            ["erasure 2: erasure 1 was expected", "erasure 2: the previous leaf", "outcome 1 are"],
        ),
        ("DELETE FROM erasures WHERE id = 2", ["the bytes of outcome 2 are gone, and no erasure"]),
        ("UPDATE raws SET raw = 'x' WHERE outcome = 1", ["erasure 1: the bytes of outcome 1 are"]),
        ("UPDATE raws SET raw = NULL", ["the bytes of outcome 3 are gone", "outcome 4 are gone"]),
        ("DELETE FROM raws WHERE outcome = 3", ["no bytes of outcome 3 are kept, and they"]),
        ("DELETE FROM raws WHERE outcome = 4", ["no bytes of outcome 4 are kept, and its record"]),
    ],
)
def test_an_erasure_is_told_from_a_loss_and_from_a_forgery(
    log: Log, change: str, says: list[str]
) -> None:
    tell(log, malformed(SECRET), message("m1"), malformed(b"["), message("m2"))
    log.erase_raw(erasure(1))
    log.erase_raw(erasure(2))
    assert list(log.verify()) == []
    found = changed(log, change)
    assert len(found) == len(says), found
    assert all(part in what for part, what in zip(says, found, strict=True)), found


def test_what_was_lost_is_not_said_to_be_erased(log: Log) -> None:
    (outcome,) = tell(log, malformed(SECRET))
    with log.transaction() as connection:
        connection.execute("UPDATE raws SET raw = NULL")
    log.erase_raw(erasure(outcome.id))
    assert log.erasures() == []
    assert [fault.what for fault in log.verify()] == [
        "the bytes of outcome 1 are gone, and no erasure of them is noted"
    ]


def test_what_an_earlier_release_erased_is_noted_once_a_writer_opened_the_store(
    log: Log,
) -> None:
    aside, told, _ = tell(log, malformed(SECRET), message("m1"), message("m2"))
    with log.transaction() as connection:
        connection.execute("UPDATE raws SET raw = NULL, salt = NULL WHERE outcome < 3")
        connection.execute("DROP TABLE erasures")
    assert log.erasures() == []
    assert list(log.verify()) == []
    with pytest.raises(LogError, match="customs migrate"):
        log.erase_raw(erasure(3))
    assert log.raw(3) is not None
    with opened_again(log) as other:
        digest = other.page(0, 1)[0].digest
        unknown = Erasure(aside.id, None, None, None)
        assert other.erasures() == [unknown, Erasure(told.id, None, None, None, digest)]
        other.erase_raw(erasure(3))
        assert [each.by for each in other.erasures()] == [None, None, "Ana"]
        assert list(other.verify()) == []


def test_a_store_of_an_earlier_release_has_its_erasures_noted_or_no_table_yet(
    sqlite_log: SqliteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(sqlite_log, malformed(SECRET))
    with sqlite_log.transaction() as connection:
        connection.execute("UPDATE raws SET raw = NULL, salt = NULL")
        connection.execute("DROP TABLE erasures")

    def fail(*_: object) -> None:
        raise OSError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr("store.erasing.note_earlier", fail)
        with pytest.raises(OSError, match="power"):
            SqliteLog(sqlite_log.path)
    with SqliteLog(sqlite_log.path) as log:
        assert [each.outcome for each in log.erasures()] == [1]
        assert list(log.verify()) == []


def test_a_duplicate_of_an_erased_report_has_no_bytes_either(log: Log) -> None:
    first, duplicate = tell(log, message("m1"), message("m1"))
    log.erase_raw(erasure(first.id))
    assert log.raw(duplicate.id) is None


def test_a_report_told_again_after_its_erasure_is_set_aside_for_a_person(log: Log) -> None:
    (first,) = tell(log, message("m1"))
    log.erase_raw(erasure(first.id))
    (again,) = tell(log, message("m1"))

    assert (again.kind, again.reason) == (OutcomeKind.QUARANTINED, "id_conflict")
    assert again.detail is not None
    assert "were erased, so the two cannot be compared" in again.detail


def test_only_raw_bytes_of_their_own_can_be_erased(log: Log) -> None:
    recorded, duplicate = tell(log, native("r1"), native("r1"))
    for outcome_id in (recorded.id, duplicate.id, 99):
        with pytest.raises(LogError, match=f"Outcome {outcome_id} keeps no raw bytes of its own"):
            log.erase_raw(erasure(outcome_id))
    assert log.raw(duplicate.id) == log.raw(recorded.id) == b'{"id": "r1"}'


def test_a_reader_that_keeps_the_bytes_in_the_write_ahead_log_is_reported(path: Path) -> None:
    with SqliteLog(path, busy_timeout=0.05) as log:
        (outcome,) = tell(log, message("m1"))
        with log.connection() as reader:
            reader.execute("SELECT count(*) FROM raws").fetchone()
            with pytest.raises(LogBusy, match="Erase again when it has ended"):
                log.erase_raw(erasure(outcome.id))
        log.erase_raw(erasure(outcome.id))
        assert SECRET not in stored_bytes(path)
