"""The tables of the log in SQLite, which docs/log-format.md explains.

`stored_events` is the table of the eventsourcing library with more columns, so that its recorders
read the log. The column of the index must be named `rowid`, which is the name that they ask for.
"""

from store.records import LINK, NEAR

LOG_FORMAT = "1"


def _appended_only(table: str) -> list[str]:
    """Triggers that stop an accident; the leaves show a deed."""
    return [
        f"""CREATE TRIGGER {table}_take_no_{verb.lower()} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, 'the log is append-only: {table} take no {verb}'); END"""
        for verb in ("UPDATE", "DELETE")
    ]


READERS = """
    CREATE TABLE IF NOT EXISTS readers (name TEXT PRIMARY KEY, position INTEGER NOT NULL)
    WITHOUT ROWID"""
"""Beside the log since the second release: its absence says that nobody follows the log."""

MOVES = (
    """CREATE TABLE IF NOT EXISTS moves (
        id INTEGER PRIMARY KEY,
        partition TEXT NOT NULL,
        was INTEGER,
        now INTEGER NOT NULL,
        moved_at INTEGER NOT NULL,
        said_by TEXT,
        why TEXT)""",
    *_appended_only("moves"),
)
"""The same."""
ERASURES = (
    """CREATE TABLE IF NOT EXISTS erasures (
        id INTEGER PRIMARY KEY,
        outcome INTEGER NOT NULL UNIQUE,
        erased_at INTEGER,
        said_by TEXT,
        why TEXT,
        digest BLOB,
        previous_leaf BLOB NOT NULL,
        leaf BLOB NOT NULL)""",
    *_appended_only("erasures"),
)
"""The same."""
ADDED = {"readers": (READERS,), "moves": MOVES, "erasures": ERASURES}
"""What a later release added to the tables of a log, by the name of the table."""

TABLES = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # one row: whoever updates it gives out indexes, outcomes and instants
    """CREATE TABLE head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        log_index INTEGER NOT NULL,
        outcome INTEGER NOT NULL,
        recorded_at INTEGER)""",
    "CREATE TABLE offsets (partition TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID",
    READERS,
    *MOVES,
    *ERASURES,
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
    # the facts of a reference that many reports name are read without passing its links
    f"""CREATE INDEX stored_events_facts ON stored_events (originator_id, originator_version)
        WHERE topic <> '{LINK}' AND originator_version > {NEAR}""",
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
    # few are, and each is found by the outcome that it was told again for
    "CREATE INDEX outcomes_redriving ON outcomes (redrives) WHERE redrives NOTNULL",
    "CREATE TABLE raws (outcome INTEGER PRIMARY KEY, raw BLOB, salt BLOB)",
    *_appended_only("stored_events"),
    *_appended_only("outcomes"),
    f"INSERT INTO meta VALUES ('log_format', '{LOG_FORMAT}')",
    "INSERT INTO head VALUES (1, 0, 0, NULL)",
)
