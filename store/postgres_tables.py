"""The tables of the log in PostgreSQL, which docs/log-format.md explains, and making them.

`stored_events` is the table of the eventsourcing library with more columns, so that its recorders
read the log; they ask for `notification_id`, which is the index. Texts are compared by code point,
as SQLite does.
"""

from typing import Final

from store import erasing, postgres_queries
from store.log import Connection
from store.records import LINK, NEAR, LogError, LogFormatError
from store.tables import LOG_FORMAT

MAKING: Final = 0x637573746F6D7301
"""The advisory lock of whoever makes tables."""
_TEXT: Final = 'TEXT COLLATE "C"'
READERS: Final = f"CREATE TABLE readers (name {_TEXT} PRIMARY KEY, position BIGINT NOT NULL)"
"""See `store.tables.READERS`."""
MOVES: Final = f"""CREATE TABLE moves (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition {_TEXT} NOT NULL,
    was BIGINT,
    now BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    said_by {_TEXT},
    why {_TEXT})"""
"""See `store.tables.MOVES`."""
ERASURES: Final = f"""CREATE TABLE erasures (
    id BIGINT PRIMARY KEY,
    outcome BIGINT NOT NULL UNIQUE,
    erased_at BIGINT,
    said_by {_TEXT},
    why {_TEXT},
    digest BYTEA,
    previous_leaf BYTEA NOT NULL,
    leaf BYTEA NOT NULL)"""
"""See `store.tables.ERASURES`."""
_APPENDED_ONLY: Final = """CREATE TRIGGER {0}_are_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON {0} EXECUTE FUNCTION refuse_to_change()"""
ADDED: Final = {
    "readers": (READERS,),
    "moves": (MOVES, _APPENDED_ONLY.format("moves")),
    "erasures": (ERASURES, _APPENDED_ONLY.format("erasures")),
}
"""See `store.tables.ADDED`."""
TABLES: Final = (
    f"CREATE TABLE meta (name {_TEXT} PRIMARY KEY, value {_TEXT} NOT NULL)",
    # one row: whoever locks it gives out indexes, outcomes and instants
    """CREATE TABLE head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        log_index BIGINT NOT NULL,
        outcome BIGINT NOT NULL,
        recorded_at BIGINT) WITH (fillfactor = 10)""",
    f"CREATE TABLE offsets (partition {_TEXT} PRIMARY KEY, next BIGINT NOT NULL)",
    READERS,
    MOVES,
    ERASURES,
    f"""CREATE TABLE stored_events (
        notification_id BIGINT NOT NULL,
        originator_id {_TEXT} NOT NULL,
        originator_version BIGINT NOT NULL,
        topic {_TEXT} NOT NULL,
        recorded_at BIGINT NOT NULL,
        source {_TEXT} NOT NULL,
        report_id {_TEXT} NOT NULL,
        digest BYTEA NOT NULL,
        previous_leaf BYTEA NOT NULL,
        leaf BYTEA NOT NULL,
        state BYTEA NOT NULL,
        CONSTRAINT stored_events_versions PRIMARY KEY (originator_id, originator_version))""",
    "CREATE UNIQUE INDEX stored_events_notification_id_idx ON stored_events (notification_id)",
    # the facts of a reference that many reports name are read without passing its links
    f"""CREATE INDEX stored_events_facts ON stored_events (originator_id, originator_version)
        WHERE topic <> '{LINK}' AND originator_version > {NEAR}""",
    "CREATE TABLE reports (key BYTEA PRIMARY KEY, outcome BIGINT NOT NULL)",
    f"""CREATE TABLE outcomes (
        id BIGINT PRIMARY KEY,
        partition {_TEXT} NOT NULL,
        "offset" BIGINT NOT NULL,
        kind {_TEXT} NOT NULL,
        reason {_TEXT},
        detail {_TEXT},
        source {_TEXT} NOT NULL,
        report_id {_TEXT},
        first_index BIGINT,
        last_index BIGINT,
        recorded_at BIGINT NOT NULL,
        repeats BIGINT,
        redrives BIGINT)""",
    "CREATE INDEX outcomes_not_recorded ON outcomes (kind, id) WHERE kind <> 'recorded'",
    # few are, and each is found by the outcome that it was told again for
    "CREATE INDEX outcomes_redriving ON outcomes (redrives) WHERE redrives IS NOT NULL",
    "CREATE TABLE raws (outcome BIGINT PRIMARY KEY, raw BYTEA, salt BYTEA)",
    # these stop an accident; the leaves show a deed
    """CREATE FUNCTION refuse_to_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE =
                'the log is append-only: ' || TG_TABLE_NAME || ' take no ' || TG_OP;
        END $$""",
    *map(_APPENDED_ONLY.format, ("stored_events", "outcomes", "moves", "erasures")),
    f"INSERT INTO meta VALUES ('log_format', '{LOG_FORMAT}')",
    "INSERT INTO head VALUES (1, 0, 0, NULL)",
)
_OURS: Final = frozenset({"meta", "head", "stored_events"})


def ensure_tables(connection: Connection, schema: str, where: str, create: bool) -> None:
    """Make sure that the schema holds a log of our format; the connection is in a transaction.

    Whoever else makes tables waits, so that of several that make them at once the first one does.
    Raises LogError when there is no log and `create` is false, LogFormatError when the schema
    holds anything else.
    """
    if create:
        connection.execute("SELECT pg_advisory_xact_lock(?)", (MAKING,))
    names = _names(connection, schema)
    if not names & _OURS:
        if not create:
            raise LogError(
                f"There is no log in schema {schema} of {where}: make its tables with `customs "
                "migrate`."
            )
        for statement in TABLES:
            connection.execute(statement)
    elif not names >= _OURS:
        raise LogFormatError(
            f"Schema {schema} of {where} holds tables of another program: give the log a schema "
            "or a database of its own."
        )
    elif create:
        missing = ADDED.keys() - names
        for statement in (each for name in sorted(missing) for each in ADDED[name]):
            connection.execute(statement)
        if "erasures" in missing:
            erasing.note_earlier(connection, postgres_queries)
    _check_format(connection, schema, where)


def _names(connection: Connection, schema: str) -> set[str]:
    found = connection.execute(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = ?", (schema,)
    )
    return {name for (name,) in found}


def _check_format(connection: Connection, schema: str, where: str) -> None:
    found = connection.execute("SELECT value FROM meta WHERE name = 'log_format'")
    formats = [value for (value,) in found]
    if formats != [LOG_FORMAT]:
        raise LogFormatError(
            f"Schema {schema} of {where} holds a log of format "
            f"{', '.join(formats) or 'unknown'}, and this program reads format {LOG_FORMAT}: use "
            "the release that wrote it, or a later one that reads both."
        )
