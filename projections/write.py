"""Writing only what differs: the stored rows of some movements against what is said now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from projections.judging import Rows
from projections.sql import delete, upsert
from projections.tables import Table
from store.log import Connection


class Changed(NamedTuple):
    """The rows that are no longer said, and those that are said now."""

    removed: Sequence[Any]
    added: Sequence[Any]


def differences(
    tables: Iterable[Table], old: Mapping[str, Rows], new: Mapping[str, Rows]
) -> dict[Table, Changed]:
    """What makes the old rows under some names into the new ones, in each table."""
    found: dict[Table, Changed] = {}
    for table in tables:
        removed: list[Any] = []
        added: list[Any] = []
        for name, rows in new.items():
            was, now = old[name].get(table, ()), rows.get(table, ())
            if was != now:
                less, more = changes(was, now)
                removed += less
                added += more
        found[table] = Changed(removed, added)
    return found


def changes(old: Sequence[Any], new: Sequence[Any]) -> Changed:
    """What makes the old rows into the new ones; no key is said twice."""
    if not old:
        return Changed((), new)
    was, now = set(old), set(new)
    return Changed([row for row in old if row not in now], [row for row in new if row not in was])


def put(db: Connection, table: Table, changed: Changed, suffix: str = "") -> None:
    """Write what changed."""
    written = {table.key_of(row) for row in changed.added} if changed.removed else set()
    gone = {table.key_of(row) for row in changed.removed} - written
    if gone:
        delete(db, table, sorted(gone), suffix)
    if changed.added:
        upsert(db, table, changed.added, suffix)
