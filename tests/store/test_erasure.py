"""Erasing raw bytes: what goes, what remains, what still verifies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.log import Log
from store.records import Incoming, LogBusy, LogError, OutcomeKind
from store.sqlite import SqliteLog
from tests.store.making import MRN_A, MRN_B, everything, malformed, native, tell, translated

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
    log.erase_raw(outcome.id)

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

    sqlite_log.erase_raw(outcome.id)
    assert SECRET not in stored_bytes(sqlite_log.path)
    assert salt not in stored_bytes(sqlite_log.path)


def test_what_was_set_aside_can_be_erased_too(sqlite_log: SqliteLog) -> None:
    (outcome,) = tell(sqlite_log, malformed(SECRET))
    sqlite_log.erase_raw(outcome.id)

    assert sqlite_log.raw(outcome.id) is None
    assert SECRET not in stored_bytes(sqlite_log.path)
    assert list(sqlite_log.outcomes(reason="malformed")) == [outcome]


def test_erasing_again_changes_nothing(log: Log) -> None:
    (outcome,) = tell(log, message("m1"))
    log.erase_raw(outcome.id)
    log.erase_raw(outcome.id)
    assert log.raw(outcome.id) is None


def test_a_duplicate_of_an_erased_report_has_no_bytes_either(log: Log) -> None:
    first, duplicate = tell(log, message("m1"), message("m1"))
    log.erase_raw(first.id)
    assert log.raw(duplicate.id) is None


def test_a_report_told_again_after_its_erasure_is_set_aside_for_a_person(log: Log) -> None:
    (first,) = tell(log, message("m1"))
    log.erase_raw(first.id)
    (again,) = tell(log, message("m1"))

    assert (again.kind, again.reason) == (OutcomeKind.QUARANTINED, "id_conflict")
    assert again.detail is not None
    assert "were erased, so the two cannot be compared" in again.detail


def test_only_raw_bytes_of_their_own_can_be_erased(log: Log) -> None:
    recorded, duplicate = tell(log, native("r1"), native("r1"))
    for outcome_id in (recorded.id, duplicate.id, 99):
        with pytest.raises(LogError, match=f"Outcome {outcome_id} keeps no raw bytes of its own"):
            log.erase_raw(outcome_id)
    assert log.raw(duplicate.id) == log.raw(recorded.id) == b'{"id": "r1"}'


def test_a_reader_that_keeps_the_bytes_in_the_write_ahead_log_is_reported(path: Path) -> None:
    with SqliteLog(path, busy_timeout=0.05) as log:
        (outcome,) = tell(log, message("m1"))
        with log.connection() as reader:
            reader.execute("SELECT count(*) FROM raws").fetchone()
            with pytest.raises(LogBusy, match="Erase again when it has ended"):
                log.erase_raw(outcome.id)
        log.erase_raw(outcome.id)
        assert SECRET not in stored_bytes(path)
