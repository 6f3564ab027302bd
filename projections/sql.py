"""The SQL of the read models: all DDL, rows written by key, rows read by a column or in order.

It keeps to what the common databases share, but for one clause of SQLite's, and for many rows: to
a server they go as one value, since it answers each statement.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple, get_type_hints

import orjson

from projections.tables import Table
from store.log import Connection

CHUNK: Final = 500
"""How many values one statement names at most."""
PAGE: Final = 1_000
"""How many rows are read at a time."""
SENT: Final = 5_000
"""How many rows go to a server at a time."""


_AS_GRANTED: Final = """
    DO $$ DECLARE given record; owner regrole;
    BEGIN
        SELECT relowner INTO owner FROM pg_class WHERE oid = '{old}'::regclass;
        FOR given IN
            SELECT privilege_type AS right,
                CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS who
            FROM pg_class, aclexplode(relacl) WHERE oid = '{old}'::regclass
        LOOP
            EXECUTE 'GRANT ' || given.right || ' ON {new} TO ' || given.who;
        END LOOP;
        EXECUTE 'ALTER TABLE {new} OWNER TO ' || owner;
    END $$"""
_NUMBERS: Final = (int, int | None)


class _Dialect(NamedTuple):
    """What the databases say differently: texts are ordered by code point in both."""

    types: dict[object, str]
    clustered: str
    exists: str


_SQLITE: Final = _Dialect(
    {str: "TEXT NOT NULL", int: "INTEGER NOT NULL", str | None: "TEXT", int | None: "INTEGER"},
    " WITHOUT ROWID",
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
)
_POSTGRES: Final = _Dialect(
    {
        str: 'TEXT COLLATE "C" NOT NULL',
        int: "BIGINT NOT NULL",
        str | None: 'TEXT COLLATE "C"',
        int | None: "BIGINT",
    },
    "",
    "SELECT 1 WHERE to_regclass(?) IS NOT NULL",
)


def _dialect(db: Connection) -> _Dialect:
    return _SQLITE if isinstance(db, sqlite3.Connection) else _POSTGRES


def exists(db: Connection, table: Table, suffix: str = "") -> bool:
    """Whether a table has been made."""
    found = db.execute(_dialect(db).exists, (f"{table.name}{suffix}",))
    return found.fetchone() is not None


def create(db: Connection, tables: Iterable[Table], suffix: str = "", generation: int = 0) -> None:
    """Make the tables that are missing; an index carries the generation, for its name stays.

    On a server, what is made to take the place of another has its owner, and whoever may use the
    one may use the other.
    """
    dialect = _dialect(db)
    for table in tables:
        if exists(db, table, suffix):
            continue  # who may not make tables may still use those that are there
        types = get_type_hints(table.row)
        columns = ", ".join(f'"{name}" {dialect.types[types[name]]}' for name in table.columns)
        key, kept = _listed(table.key), "" if table.wide else dialect.clustered
        db.execute(f"CREATE TABLE {table.name}{suffix} ({columns}, PRIMARY KEY ({key})){kept}")
        for index in table.indexes:
            name = f"{table.name}_by_{index.replace(', ', '_')}_{generation}"
            absent = types.get(index) == str | None
            db.execute(
                f"CREATE INDEX {name} ON {table.name}{suffix} ({index})"
                + (f" WHERE {index} IS NOT NULL" if absent else "")
            )
        if suffix and dialect is _POSTGRES and exists(db, table):
            db.execute(_AS_GRANTED.format(old=table.name, new=f"{table.name}{suffix}"))


def drop(db: Connection, tables: Iterable[Table], suffix: str = "") -> None:
    """Drop the tables, and with them their indexes."""
    for table in tables:
        db.execute(f"DROP TABLE IF EXISTS {table.name}{suffix}")


def rename(db: Connection, tables: Iterable[Table], suffix: str) -> None:
    """Take the suffix off the names of the tables."""
    for table in tables:
        db.execute(f"ALTER TABLE {table.name}{suffix} RENAME TO {table.name}")


def insert(
    db: Connection,
    table: Table,
    rows: Iterable[Sequence[object]],
    suffix: str = "",
    on_conflict: str = "",
) -> None:
    """Write rows whose keys are new."""
    statement = f"INSERT INTO {table.name}{suffix} ({_listed(table.columns)})"
    if _dialect(db) is _SQLITE:
        values = f"VALUES ({marks(table.columns)})"
        db.executemany(f"{statement} {values} {on_conflict}", rows)
    else:
        values = f"SELECT * FROM {_sent(table, table.columns)}"
        _send(db, f"{statement} {values} {on_conflict}", table.columns, rows)


def upsert(
    db: Connection, table: Table, rows: Iterable[Sequence[object]], suffix: str = ""
) -> None:
    """Write rows by key; of several under one key the last."""
    others = [name for name in table.columns if name not in table.key]
    action = ", ".join(f'"{name}" = excluded."{name}"' for name in others)
    on_conflict = f"ON CONFLICT ({_listed(table.key)}) DO "
    on_conflict += f"UPDATE SET {action}" if others else "NOTHING"
    if _dialect(db) is _POSTGRES:  # whose statement writes a row once
        rows = {tuple(row[: len(table.key)]): row for row in rows}.values()
    insert(db, table, rows, suffix, on_conflict)


def delete(
    db: Connection, table: Table, keys: Iterable[Sequence[object]], suffix: str = ""
) -> None:
    """Delete rows by key."""
    delete = f"DELETE FROM {table.name}{suffix}"
    if _dialect(db) is _SQLITE:
        where = " AND ".join(f'"{name}" = ?' for name in table.key)
        db.executemany(f"{delete} WHERE {where}", keys)
        return
    # one seek for each key: a join might walk over a table that was small when it was planned
    same = " AND ".join(f'one."{name}" = sent."{name}"' for name in table.key)
    found = f"SELECT ctid FROM {table.name}{suffix} AS one WHERE {same} LIMIT 1"
    rows = f"SELECT found.ctid FROM {_sent(table, table.key)}, LATERAL ({found}) AS found"
    _send(db, f"{delete} WHERE ctid = ANY (ARRAY({rows}))", table.key, keys)


def _send(
    db: Connection, sql: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Run a statement over rows, as many at a time as one value should hold."""
    named = (dict(zip(columns, row, strict=True)) for row in rows)
    while some := list(islice(named, SENT)):
        db.execute(sql, (orjson.dumps(some).decode(),))


@lru_cache
def _sent(table: Table, columns: Sequence[str]) -> str:
    """The rows that `_send` sends, as a table."""
    types = get_type_hints(table.row)
    typed = (f'"{name}" {"BIGINT" if types[name] in _NUMBERS else "TEXT"}' for name in columns)
    return f"json_to_recordset(?::json) AS sent ({', '.join(typed)})"


def rows_where(
    db: Connection, table: Table, column: str, values: Iterable[str], suffix: str = ""
) -> Iterator[Any]:
    """The rows in which `column` has one of the values, a chunk of values at a time."""
    for some in chunks(values):
        found = db.execute(
            f"SELECT {_listed(table.columns)} FROM {table.name}{suffix}"
            f" WHERE {among(db, column, some)}",
            listed(db, some),
        )
        yield from map(table.row._make, found)


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """The values, no more at a time than one statement should name."""
    listed = list(values)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


def among(db: Connection, column: str, values: Sequence[str]) -> str:
    """The condition that a column has one of these values, given as `listed` gives them.

    To a server they go as one value: it would plan anew for each number of them.
    """
    if _dialect(db) is _SQLITE:
        return f"{column} IN ({marks(values)})"
    return f"{column} = ANY (%b)"


def listed(db: Connection, values: Sequence[str]) -> Sequence[object]:
    """Values as the parameters of `among`."""
    return values if _dialect(db) is _SQLITE else [[*values]]


def marks(values: Sequence[str]) -> str:
    """A place for each value."""
    return ", ".join("?" for _ in values)


def ordered(
    db: Connection, table: Table, suffix: str = "", columns: Iterable[str] = ()
) -> Iterator[tuple[Any, ...]]:
    """All rows, or some columns of them, the key first, in the order of their key, a page at a
    time.
    """
    chosen, key, size = _listed(columns or table.columns), _listed(table.key), len(table.key)
    select, order = f"SELECT {chosen} FROM {table.name}{suffix}", f"ORDER BY {key} LIMIT {PAGE}"
    behind = f"WHERE ({key}) > ({', '.join('?' for _ in table.key)})"
    rows = db.execute(f"{select} {order}").fetchall()
    while rows:
        yield from rows
        rows = db.execute(f"{select} {behind} {order}", rows[-1][:size]).fetchall()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
