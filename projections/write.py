"""Writing only what differs: the stored rows of some movements against what is said now."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from projections.sql import delete, rows_where, upsert
from projections.tables import Table
from store.log import Connection


class Changed(NamedTuple):
    """The rows that are no longer said, and those that are said now."""

    removed: frozenset[Any]
    added: frozenset[Any]


def replace(
    db: Connection, table: Table, movements: Collection[str], rows: Iterable[Any], suffix: str = ""
) -> Changed:
    """Make `rows` the only rows of these movements."""
    old = frozenset(rows_where(db, table, "movement", movements, suffix))
    new = frozenset(rows)
    changed = Changed(old - new, new - old)
    written = {table.key_of(row) for row in changed.added}
    gone = {table.key_of(row) for row in changed.removed} - written
    if gone:
        delete(db, table, sorted(gone), suffix)
    if changed.added:
        upsert(db, table, sorted(changed.added, key=table.key_of), suffix)
    return changed
