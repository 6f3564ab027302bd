"""The library's own recorder, unmodified, reads the log."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from eventsourcing.persistence import Notification, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore, SQLiteFactory

from store.records import LINK, Link, Record
from store.sqlite import SqliteLog
from tests.store.making import MRN_A, MRN_B, PRESENTED, everything, native, tell


@pytest.fixture
def records(log: SqliteLog) -> list[Record]:
    tell(log, native("r1", MRN_A, Link(MRN_B, "previous")), native("r2", MRN_B))
    tell(log, native("r3", MRN_A))
    return everything(log)


@pytest.fixture
def recorder(path: Path) -> Iterator[SQLiteApplicationRecorder]:
    datastore = SQLiteDatastore(str(path), originator_id_type="text")
    yield SQLiteApplicationRecorder(datastore)
    datastore.close()


def event(record: Record) -> StoredEvent:
    return StoredEvent(record.stream, record.version, record.topic, record.body)


def notification(record: Record) -> Notification:
    return Notification(record.stream, record.version, record.topic, record.body, id=record.index)


def test_it_selects_the_events_of_a_stream(
    records: list[Record], recorder: SQLiteApplicationRecorder
) -> None:
    stream = [event(record) for record in records if record.stream == MRN_A]

    assert recorder.select_events(MRN_A) == stream
    assert recorder.select_events(MRN_A, gt=1) == stream[1:]
    assert recorder.select_events(MRN_A, lte=1) == stream[:1]
    assert recorder.select_events(MRN_A, desc=True, limit=1) == stream[1:]


def test_it_selects_notifications_by_the_index_of_the_log(
    records: list[Record], recorder: SQLiteApplicationRecorder
) -> None:
    notifications = [notification(record) for record in records]

    assert recorder.max_notification_id() == len(records) == 4
    assert recorder.select_notifications(1, 10) == notifications
    assert recorder.select_notifications(2, 2) == notifications[1:3]
    assert recorder.select_notifications(2, 10, stop=3, inclusive_of_start=False) == [
        notifications[2]
    ]
    facts = recorder.select_notifications(None, 10, topics=[PRESENTED])
    assert facts == [each for each in notifications if each.topic != LINK]


def test_it_cannot_write_a_record_without_evidence(
    records: list[Record], recorder: SQLiteApplicationRecorder
) -> None:
    with pytest.raises(Exception, match="11 columns but 4 values"):
        recorder.insert_events([StoredEvent(MRN_A, 3, PRESENTED, b"{}")])
    assert recorder.max_notification_id() == len(records)


def test_its_factory_opens_the_log_as_it_is(path: Path, records: list[Record]) -> None:
    factory = SQLiteFactory({"SQLITE_DBNAME": str(path), "ORIGINATOR_ID_TYPE": "text"})
    try:
        recorder = factory.application_recorder()
        assert recorder.max_notification_id() == len(records)
    finally:
        factory.close()


def test_the_log_offers_the_same_reading_through_its_own_connections(
    log: SqliteLog, records: list[Record], recorder: SQLiteApplicationRecorder
) -> None:
    assert log.recorder.select_events(MRN_B) == recorder.select_events(MRN_B)
    assert log.recorder.select_notifications(1, 9) == recorder.select_notifications(1, 9)
    assert log.recorder.max_notification_id() == len(records)
    assert everything(log) == records
