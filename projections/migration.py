"""The tables of the read models made beforehand, and on a server who may do what with all tables.

Processes that run need no right to make tables then; whoever owns them rebuilds.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from projections import publications, state
from projections.sql import create, exists
from projections.tables import ANNOUNCED, JOURNAL, KEPT, PUBLICATIONS, REBUILT
from store.log import Connection, Log

ROLES: Final[Mapping[str, str]] = {
    "owner": "owns the tables: migrates, rebuilds, erases raw bytes",
    "intake": "appends to the log, and redrives",
    "projector": "reads the log, writes the read models and the journal",
    "alarms": "writes into the journal what legal time brings",
    "publisher": "reads the log and the read models, notes how far it has published",
    "reader": "reads everything but raw bytes: dashboards, questions, an auditor",
}
"""Each role, without the prefix of its name, and what it does."""
READ: Final = "SELECT"
ADD: Final = "SELECT, INSERT"
KEEP: Final = "SELECT, INSERT, UPDATE"
WRITE: Final = "SELECT, INSERT, UPDATE, DELETE"
_LOG: Final = (
    "meta",
    "head",
    "offsets",
    "readers",
    "moves",
    "erasures",
    "stored_events",
    "reports",
    "outcomes",
)
_RAWS: Final = "raws"
_REBUILT: Final = tuple(table.name for table in REBUILT)
_KEPT: Final = tuple(table.name for table in KEPT)
_ALL: Final = (*_LOG, _RAWS, *_REBUILT, *_KEPT)
_READING: Final = dict.fromkeys((*_LOG, *_REBUILT, *_KEPT), READ)
RIGHTS: Final[Mapping[str, Mapping[str, str]]] = {
    "intake": {
        "meta": READ,
        "erasures": READ,
        "head": "SELECT, UPDATE",
        "offsets": KEEP,
        **dict.fromkeys(("moves", "stored_events", "reports", "outcomes", _RAWS), ADD),
    },
    "projector": {
        **_READING,
        **dict.fromkeys(_REBUILT, WRITE),
        JOURNAL.name: ADD,
        PUBLICATIONS.name: KEEP,
    },
    "alarms": {**_READING, JOURNAL.name: ADD, ANNOUNCED.name: KEEP},
    "publisher": {**_READING, "readers": KEEP, PUBLICATIONS.name: KEEP},
    "reader": _READING,
}
"""What each role may do with which table: nobody changes or deletes what was recorded or said."""
_PREFIX: Final = re.compile(r"[a-z_][a-z0-9_]{0,40}")


def migrate(log: Log) -> list[str]:
    """Make the tables of the read models that are missing, and return their names.

    Of several that migrate at once one makes them, and the others wait. Those of the log were made
    when it was opened.
    """
    with log.transaction() as db:
        missing = [table for table in (*REBUILT, *KEPT) if not exists(db, table)]
        create(db, missing)
        return [table.name for table in missing]


def restored(log: Log, at: datetime) -> None:
    """Have positions go out as later ones than all that were published before: the log was brought
    back from a copy, and readers know of positions that are not in it.

    `at` is the instant of that; what was published in the time that was lost may be of any
    generation of before it, so the minutes since 1970 are the next one.
    """
    with log.transaction() as db:
        if stands := state.found(db):
            generation = max(stands.generation + 1, int(at.timestamp()) // 60)
            stand = [each._replace(generation=generation) for each in state.shards(db)]
            state.put(db, stand)
            publications.all_due(db)


def grant(log: Log, prefix: str) -> None:
    """Make the roles of a log on a server, and give each its rights and no other.

    Raises ValueError where no role can have such a prefix, LogError where this user may not do it.
    """
    with log.transaction() as db:
        for statement in grants(db, prefix):
            db.execute(statement)


def grants(db: Connection, prefix: str) -> Iterator[str]:
    """The statements of `grant`, which may be run again at any time."""
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(
            f"{prefix!r} cannot begin the names of roles: use small letters, digits and"
            " underscores, a letter first, 41 at most."
        )
    (schema,) = db.execute("SELECT quote_ident(current_schema())").fetchone()
    owner, named = f"{prefix}_owner", {role: f"{prefix}_{role}" for role in ROLES}
    for name in named.values():
        yield _unless(f"SELECT FROM pg_roles WHERE rolname = '{name}'", f"CREATE ROLE {name}")
    # whoever makes roles without being a superuser is no member of them yet
    may = "SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR NOT rolcreaterole)"
    yield _unless(may, f"GRANT {owner} TO CURRENT_USER")
    yield f"GRANT USAGE ON SCHEMA {schema} TO {_listed(named.values())}"
    yield f"GRANT CREATE ON SCHEMA {schema} TO {owner}"
    for table in _ALL:
        place = f"{schema}.{table}"
        owned = f"SELECT FROM pg_class WHERE oid = '{place}'::regclass"
        yield _unless(f"{owned} AND relowner = '{owner}'::regrole",
                      f"ALTER TABLE {place} OWNER TO {owner}")  # fmt: skip
        others = _listed(name for role, name in named.items() if role != "owner")
        yield f"REVOKE ALL ON {place} FROM PUBLIC, {others}"
    for role, rights in RIGHTS.items():
        for right in sorted(set(rights.values())):
            tables = _listed(f"{schema}.{table}" for table in rights if rights[table] == right)
            yield f"GRANT {right} ON {tables} TO {named[role]}"


def _unless(query: str, statement: str) -> str:
    """A statement that is run where a query finds nothing."""
    return f"DO $$ BEGIN IF NOT EXISTS ({query}) THEN {statement}; END IF; END $$"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
