"""Opening a log file: what is made, what is refused."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.records import LogError, LogFormatError
from store.sqlite import SqliteLog
from tests.store.making import NOON, batch, dump, everything, native, tell


def test_a_log_is_made_where_there_is_none(path: Path) -> None:
    with SqliteLog(path) as log:
        tell(log, native("r1"))
    with SqliteLog(str(path), create=False) as log:
        assert [record.report_id for record in everything(log)] == ["r1"]
        assert log.next_offset("files") == 1


def test_nothing_is_left_beside_a_new_log(path: Path) -> None:
    SqliteLog(path).close()
    assert list(path.parent.iterdir()) == [path]


def test_a_log_that_another_process_made_meanwhile_is_opened(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_slower(*_: object) -> None:
        monkeypatch.undo()
        with SqliteLog(path) as log:
            tell(log, native("r1"))
        raise FileExistsError

    monkeypatch.setattr("os.link", be_slower)
    with SqliteLog(path) as log:
        assert log.head().index == 1


@pytest.mark.parametrize("name", ["a b.sqlite", "100%.sqlite", "a?mode=memory", "#1", ":memory:"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with SqliteLog(tmp_path / name) as log:
        tell(log, native("r1"))
    assert (tmp_path / name).stat().st_size > 0


def test_a_missing_log_is_named(path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=f"There is no log at {path}"):
        SqliteLog(path, create=False)
    assert not path.exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"There is no folder .*/none to keep a log in"):
        SqliteLog(tmp_path / "none" / "log.sqlite")


def test_an_empty_file_is_no_log(path: Path) -> None:
    path.touch()
    with pytest.raises(LogFormatError, match="but not a log"):
        SqliteLog(path)


@pytest.mark.parametrize("content", [b"MRN;office\n" * 100, b"SQLite format 3\x00" + bytes(900)])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(LogFormatError, match=f"{path} cannot be read as an SQLite file"):
        SqliteLog(path)
    assert path.read_bytes() == content


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogFormatError):
        SqliteLog(tmp_path)


def test_the_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE stored_events (originator_id TEXT)")
    content = path.read_bytes()
    with pytest.raises(LogFormatError, match="but not a log"):
        SqliteLog(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("statement", "found"),
    [("UPDATE meta SET value = '2'", "2"), ("DELETE FROM meta", "unknown")],
)
def test_a_log_of_another_format_is_refused(path: Path, statement: str, found: str) -> None:
    SqliteLog(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    with pytest.raises(LogFormatError, match=f"format {found}, and this program reads format 1"):
        SqliteLog(path)


def test_each_connection_is_durable_and_sized_for_the_log(log: SqliteLog) -> None:
    with log.connection() as connection:

        def setting(name: str) -> Any:  # noqa: ANN401  (a number or a word)
            return connection.execute(f"PRAGMA {name}").fetchone()[0]

        assert setting("journal_mode") == "wal"
        assert setting("synchronous") == 2
        assert setting("page_size") * setting("wal_autocheckpoint") == 64_000 * 1024
        assert setting("busy_timeout") == 10_000


@pytest.mark.parametrize("table", ["stored_events", "outcomes"])
@pytest.mark.parametrize("change", ["UPDATE {} SET source = 'x'", "DELETE FROM {}"])
def test_what_was_recorded_cannot_be_changed_by_accident(
    log: SqliteLog, table: str, change: str
) -> None:
    tell(log, native("r1"))
    with (
        closing(sqlite3.connect(log.path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="the log is append-only"),
    ):
        connection.execute(change.format(table))


def test_the_same_batches_give_the_same_log_in_any_file(tmp_path: Path) -> None:
    paths = tmp_path / "one.sqlite", tmp_path / "two.sqlite"
    for path in paths:
        with SqliteLog(path) as log:
            log.append(batch([native("r1"), native("r2")]), NOON)
    assert dump(paths[0]) == dump(paths[1])


def test_only_append_writes_to_the_log(log: SqliteLog) -> None:
    with pytest.raises(LogError, match=r"SqliteLog\.append"):
        log.recorder.insert_events([])
