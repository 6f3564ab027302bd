"""The log in PostgreSQL: several processes on it, kills, what is refused."""

import random
import select
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

import psycopg
import pytest
from eventsourcing.persistence import Notification, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from store.opening import open_log
from store.postgres import PostgresLog
from store.records import (
    Link,
    LogBusy,
    LogError,
    LogFormatError,
    LogUnreachable,
    Record,
)
from store.sqlite import SqliteLog
from tests.servers.postgres import Server, own_server
from tests.store.making import MRN_A, MRN_B, NOON, batch, everything, native, tell, translated
from tests.store.test_processes import SIZE, check_prefix, ended_well, process, told, write_on

# a child opens a log of its own and touches nothing of the parent's threads
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of this module alone, which may be killed."""
    with own_server() as server:
        yield server


def test_a_server_killed_in_mid_commit_loses_and_doubles_nothing(server: Server) -> None:
    chance = random.Random(20260304)  # noqa: S311 - it chooses instants, not secrets
    address, acknowledged, kills = server.address, 0, 5
    with PostgresLog(address, busy_timeout=30) as reader:
        for _ in range(kills):
            with process(lambda pipe: write_until_lost(address, pipe)) as (pid, pipe):
                for _ in range(chance.randint(1, 4)):
                    acknowledged = int(pipe.readline())
                select.select([pipe], [], [], chance.uniform(0, 0.02))
                server.kill()
                acknowledged = max([acknowledged, *map(int, pipe.read().split())])
                assert ended_well(pid)
            server.start()
            # the same log goes on, through connections to the server that died
            assert reader.next_offset("files") % SIZE == 0
            check_prefix(reader, acknowledged)


def write_until_lost(address: str, pipe: IO[bytes]) -> None:
    with suppress(LogUnreachable), PostgresLog(address, busy_timeout=1) as log:
        write_on(log, pipe)


def test_a_server_that_does_not_answer_is_named() -> None:
    nobody = "postgresql://postgres:hush@127.0.0.1:1/postgres"
    with pytest.raises(LogUnreachable, match=r"127\.0\.0\.1:1, database postgres") as caught:
        PostgresLog(nobody)
    assert "hush" not in str(caught.value)


def test_a_writer_that_waits_too_long_fails_and_writes_nothing(postgres: str) -> None:
    with PostgresLog(postgres) as log, PostgresLog(postgres, busy_timeout=0.1) as other:
        with log._datastore.appending() as holder:
            log._position(holder)
            with pytest.raises(LogBusy, match=r"has held the log for more than 0\.1 s"):
                tell(other, native("r1"))
        assert other.head().index == other.next_offset("files") == 0
        tell(other, native("r1"))


def test_who_writes_beside_the_log_takes_turns_while_others_append(postgres: str) -> None:
    with PostgresLog(postgres) as log, PostgresLog(postgres, busy_timeout=0.1) as other:
        with log.transaction() as connection:
            connection.execute("CREATE TABLE positions (movement TEXT)")
            tell(other, native("r1"))
            with pytest.raises(LogBusy), other.transaction():
                pass
        assert log.head().index == 1


def test_tables_are_swapped_only_while_nobody_reads(postgres: str) -> None:
    with PostgresLog(postgres) as log, PostgresLog(postgres, busy_timeout=0.1) as other:
        with log.connection(), pytest.raises(LogBusy), other.transaction(alone=True):
            pass
        with other.transaction(alone=True), pytest.raises(LogBusy):
            other.head()


def test_a_failed_batch_leaves_nothing(
    postgres_log: PostgresLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(postgres_log, native("r1"))
    monkeypatch.setattr("store.postgres.postgres_queries.MOVE_HEAD", "UPDATE nothing SET x = ?")
    with pytest.raises(psycopg.ProgrammingError):
        tell(postgres_log, native("r2"), translated("m1"))
    monkeypatch.undo()
    assert [record.report_id for record in everything(postgres_log)] == ["r1"]
    assert postgres_log.next_offset("files") == len(list(postgres_log.outcomes())) == 1

    tell(postgres_log, native("r2"), translated("m1"))
    assert list(postgres_log.verify()) == []


def test_both_databases_keep_the_same_records(postgres_log: PostgresLog, log: SqliteLog) -> None:
    for each in (postgres_log, log):
        each._salts = bytes
        for start in (0, 50):
            each.append(batch([told(n) for n in range(start, start + 50)], start), NOON)

    assert everything(postgres_log) == everything(log)
    assert list(postgres_log.outcomes()) == list(log.outcomes())


@pytest.fixture
def recorder(postgres_log: PostgresLog) -> Iterator[PostgresApplicationRecorder]:
    """The library's own recorder, unmodified."""
    settings = psycopg.conninfo.conninfo_to_dict(postgres_log.address)
    datastore = PostgresDatastore(
        str(settings["dbname"]),
        str(settings.get("host", "")),
        str(settings.get("port", "5432")),
        str(settings["user"]),
        str(settings.get("password", "")),
        schema=postgres_log._datastore.schema,
        originator_id_type="text",
        pool_size=2,
    )
    yield PostgresApplicationRecorder(datastore)
    datastore.close()


def test_the_library_reads_the_log(
    postgres_log: PostgresLog, recorder: PostgresApplicationRecorder
) -> None:
    def event(record: Record) -> StoredEvent:
        return StoredEvent(record.stream, record.version, record.topic, record.body)

    def notification(record: Record) -> Notification:
        told = (record.stream, record.version, record.topic, record.body)
        return Notification(*told, id=record.index)

    tell(postgres_log, native("r1", MRN_A, Link(MRN_B, "previous")), native("r2", MRN_B))
    records = everything(postgres_log)
    stream = [event(record) for record in postgres_log.stream(MRN_B)]
    assert recorder.select_events(MRN_B) == stream == postgres_log.recorder.select_events(MRN_B)
    assert recorder.select_events(MRN_B, gt=1) == stream[1:]
    assert recorder.max_notification_id() == len(records) == 3
    assert recorder.select_notifications(2, 9) == [notification(each) for each in records[1:]]
    with recorder.subscribe(gt=1) as following:
        assert next(following).id == 2
        assert next(following).id == 3
        tell(postgres_log, native("r3"))
        assert next(following).id == 4
    with pytest.raises(LogError, match=r"PostgresLog\.append"):
        postgres_log.recorder.insert_events([])


@pytest.mark.parametrize("table", ["stored_events", "outcomes"])
@pytest.mark.parametrize("change", ["UPDATE {} SET source = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_was_recorded_cannot_be_changed_by_accident(
    postgres_log: PostgresLog, table: str, change: str
) -> None:
    tell(postgres_log, native("r1"))
    with (
        pytest.raises(psycopg.IntegrityError, match="the log is append-only"),
        postgres_log.transaction() as connection,
    ):
        connection.execute(change.format(table))


@pytest.mark.parametrize(
    ("change", "index"),
    [
        ("UPDATE stored_events SET state = '{}' WHERE notification_id = 2", 2),
        ("UPDATE stored_events SET recorded_at = recorded_at + 1 WHERE notification_id = 1", 1),
        ("DELETE FROM stored_events WHERE notification_id = 2", 3),
        ("DELETE FROM stored_events WHERE notification_id = 3", 3),
        ("DELETE FROM reports WHERE outcome = 2", 2),
        ("UPDATE outcomes SET report_id = 'other' WHERE id = 2", 2),
        ("UPDATE outcomes SET last_index = 2 WHERE id = 1", 2),
        ("UPDATE raws SET raw = 'other'", 2),
        ("DELETE FROM head", 0),
    ],
)
def test_what_is_changed_behind_our_back_is_found(
    postgres_log: PostgresLog, change: str, index: int
) -> None:
    tell(postgres_log, native("r1"), translated("m1"), native("r2"))
    assert list(postgres_log.verify()) == []
    with postgres_log.transaction() as connection:
        connection.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        connection.execute("ALTER TABLE outcomes DISABLE TRIGGER ALL")
        connection.execute(change)
    assert index in {fault.index for fault in postgres_log.verify()}


def test_a_user_without_the_right_to_write_is_told(postgres_log: PostgresLog) -> None:
    def overreach() -> None:
        with postgres_log.transaction() as connection:
            connection.execute("SET LOCAL ROLE pg_monitor")
            connection.execute("SELECT rolpassword FROM pg_authid")

    with pytest.raises(LogError, match=r"permission denied .*\. Grant it"):
        overreach()


def test_what_the_server_cannot_do_is_not_taken_for_its_absence(
    postgres_log: PostgresLog,
) -> None:
    with (
        pytest.raises(LogError, match="no space") as caught,
        postgres_log.transaction() as connection,
    ):
        connection.execute(
            "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'no space'; END $$"
        )
    assert not isinstance(caught.value, LogUnreachable)


def test_a_missing_log_is_named(postgres: str) -> None:
    with pytest.raises(LogError, match="There is no log in schema customs_test_"):
        PostgresLog(postgres, create=False)
    assert isinstance(open_log(postgres), PostgresLog)


def test_the_tables_of_another_program_are_refused_and_left_alone(postgres: str) -> None:
    with psycopg.connect(postgres) as db:
        db.execute("CREATE TABLE stored_events (originator_id TEXT)")
    with pytest.raises(LogFormatError, match="tables of another program"):
        PostgresLog(postgres)


@pytest.mark.parametrize(
    ("statement", "found"),
    [("UPDATE meta SET value = '2'", "2"), ("DELETE FROM meta", "unknown")],
)
def test_a_log_of_another_format_is_refused(postgres: str, statement: str, found: str) -> None:
    with PostgresLog(postgres) as log, log.transaction() as connection:
        connection.execute(statement)
    with pytest.raises(LogFormatError, match=f"format {found}, and this program reads format 1"):
        PostgresLog(postgres)


def test_a_search_path_that_leads_nowhere_is_named(postgres: str) -> None:
    with pytest.raises(LogError, match="no schema of the search path exists"):
        PostgresLog(f"{postgres}_none")
