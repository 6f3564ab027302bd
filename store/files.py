"""The file of a log in SQLite: making it, and checking that it is one that we read."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from store import erasing, queries
from store.records import LogFormatError
from store.tables import ADDED, LOG_FORMAT, TABLES

PAGE_SIZE = 16 * 1024
"""Bytes. Rows of the read models fit into pages of this size without chains of pages behind them;
measured against SQLite's 4 KiB, filing takes a tenth less time, writing read models a third less.
"""


def ensure_log(path: Path, create: bool) -> None:
    """Make sure that there is a log of our format at `path`.

    A file already there is not changed, but that `create` adds a table that stands beside the log
    since a later release than the one that made it. Raises FileNotFoundError when there is none
    and `create` is false, or no folder to make it in; LogFormatError when the file is anything
    else.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"There is no folder {path.parent} to keep a log in: make it first."
        )
    if not path.exists():
        if not create:
            raise FileNotFoundError(f"There is no log at {path}: ingest reports to make one.")
        _make(path)
    if ADDED.keys() - _checked(path) and create:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")  # of several that open it at once one adds them
            missing = ADDED.keys() - _names(connection)
            for statement in (each for name in sorted(missing) for each in ADDED[name]):
                connection.execute(statement)
            if "erasures" in missing:
                erasing.note_earlier(connection, queries)


def _make(path: Path) -> None:
    # Made aside and linked in whole: no process ever meets a log that is half made, and of several
    # that make it at once the first one wins.
    with TemporaryDirectory(prefix=".log-", dir=path.parent) as folder:
        draft = Path(folder, "log")
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN")
            for statement in TABLES:
                connection.execute(statement)
            connection.execute("COMMIT")
        try:
            os.link(draft, path)
        except FileExistsError:
            return


def _checked(path: Path) -> set[str]:
    """The names of what a log of our format holds."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            names = _names(connection)
            if not {"meta", "head", "stored_events"} <= names:
                raise LogFormatError(f"{path} is an SQLite file but not a log: give another path.")
            query = "SELECT value FROM meta WHERE name = 'log_format'"
            formats = [value for (value,) in connection.execute(query)]
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise LogFormatError(f"{path} cannot be read as an SQLite file: {error}.") from error
    if formats != [LOG_FORMAT]:
        raise LogFormatError(
            f"{path} is a log of format {', '.join(formats) or 'unknown'}, and this program reads "
            f"format {LOG_FORMAT}: use the release that wrote it, or a later one that reads both."
        )
    return names


def _names(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
