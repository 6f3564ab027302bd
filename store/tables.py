"""The tables of the log in SQLite, which docs/log-format.md explains, and the check of a file.

`stored_events` is the table of the eventsourcing library with more columns, so that its recorders
read the log. The column of the index must be named `rowid`, which is the name that they ask for.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from store.records import LINK, LogFormatError

LOG_FORMAT = "1"

TABLES = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # one row: whoever updates it gives out indexes, outcomes and instants
    """CREATE TABLE head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        log_index INTEGER NOT NULL,
        outcome INTEGER NOT NULL,
        recorded_at INTEGER)""",
    "CREATE TABLE offsets (partition TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE stored_events (
        rowid INTEGER PRIMARY KEY,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        recorded_at INTEGER NOT NULL,
        source TEXT NOT NULL,
        report_id TEXT NOT NULL,
        digest BLOB NOT NULL,
        previous_leaf BLOB NOT NULL,
        leaf BLOB NOT NULL,
        state BLOB NOT NULL)""",
    """CREATE UNIQUE INDEX stored_events_versions
        ON stored_events (originator_id, originator_version)""",
    # the facts of a reference are read without passing its links
    f"""CREATE INDEX stored_events_facts
        ON stored_events (originator_id, originator_version) WHERE topic <> '{LINK}'""",
    """CREATE TABLE reports (
        key BLOB PRIMARY KEY,
        outcome INTEGER NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE outcomes (
        id INTEGER PRIMARY KEY,
        partition TEXT NOT NULL,
        offset INTEGER NOT NULL,
        kind TEXT NOT NULL,
        reason TEXT,
        detail TEXT,
        source TEXT NOT NULL,
        report_id TEXT,
        first_index INTEGER,
        last_index INTEGER,
        recorded_at INTEGER NOT NULL,
        repeats INTEGER,
        redrives INTEGER)""",
    "CREATE INDEX outcomes_not_recorded ON outcomes (kind, id) WHERE kind <> 'recorded'",
    "CREATE TABLE raws (outcome INTEGER PRIMARY KEY, raw BLOB, salt BLOB)",
    # these stop an accident; the leaves show a deed
    *(
        f"""CREATE TRIGGER {table}_take_no_{verb.lower()} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, 'the log is append-only: {table} take no {verb}'); END"""
        for table in ("stored_events", "outcomes")
        for verb in ("UPDATE", "DELETE")
    ),
    f"INSERT INTO meta VALUES ('log_format', '{LOG_FORMAT}')",
    "INSERT INTO head VALUES (1, 0, 0, NULL)",
)


def is_new(path: Path, create: bool) -> bool:
    """Whether the log at `path` is still to be made; the file is left as it is.

    Raises FileNotFoundError when there is nothing and `create` is false, LogFormatError when the
    file is not a log of the format that this program reads.
    """
    if path.exists() and path.stat().st_size:
        try:
            with closing(sqlite3.connect(path)) as connection:
                if holds_log(connection, path):
                    return False
        except sqlite3.DatabaseError as error:
            raise LogFormatError(f"{path} cannot be read as an SQLite file: {error}.") from error
    if create and path.parent.is_dir():
        return True
    raise FileNotFoundError(
        f"There is no log at {path}. Check the path, or ingest reports to make one."
        if path.parent.is_dir()
        else f"There is no folder {path.parent} to keep a log in. Make it first."
    )


def holds_log(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the database holds a log of our format; False for one without any table.

    Raises LogFormatError for anything else.
    """
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not names:
        return False
    if not {"meta", "head", "stored_events"} <= names:
        raise LogFormatError(f"{path} is an SQLite file, but not a log. Give another path.")
    rows = connection.execute("SELECT value FROM meta WHERE name = 'log_format'").fetchall()
    if rows != [(LOG_FORMAT,)]:
        found = rows[0][0] if rows else "unknown"
        raise LogFormatError(
            f"{path} is a log of format {found}, and this program reads format {LOG_FORMAT}. "
            "Use the release that wrote it, or a later one that reads both."
        )
    return True
