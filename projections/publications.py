"""Which movements' positions wait to be published.

The projector notes whose position changed, in the transaction that changes it; when the present
segment ends is noted when it was published. So a movement is due at once, or when legal time has
come to its next segment, or never. An entry is never deleted: a movement that got another name is
due once more, to be taken back under the name that it had.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple

from projections.journal import announced
from projections.rows import OVERDUE
from projections.sql import create, insert, rows_where
from projections.state import found
from projections.tables import (
    JOURNAL,
    MOVEMENTS,
    POSITIONS,
    PUBLICATIONS,
    STATEMENTS,
    JournalRow,
    PublicationRow,
    Table,
)
from projections.write import Changed
from store.log import Connection

_AGAIN: Final = (
    "ON CONFLICT (movement) DO UPDATE SET changes = publications.changes + 1, due = CASE"
    " WHEN publications.due < excluded.due THEN publications.due ELSE excluded.due END"
)
AT_ONCE: Final = f"{0:020}"


class Published(NamedTuple):
    """A movement that was due and is published, and when it is due again."""

    due: PublicationRow
    again: str | None


class Reached(NamedTuple):
    """How far legal time has come, as `canonical.instant` spells it, and for which read models."""

    instant: str
    generation: int


def moved(table: Table, changed: Changed) -> set[str]:
    """The movements whose position reads otherwise by what changed in one of their tables."""
    removed, added = (_said(table, rows) for rows in changed)
    return {row[0] for row in removed ^ added}


def _said(table: Table, rows: Iterable[Any]) -> set[tuple[Any, ...]]:
    """What rows of a table say of a position."""
    if table is POSITIONS:
        return set(rows)
    if table is MOVEMENTS:
        return {row._replace(judged=0) for row in rows}
    return {row for row in rows if row.kind == OVERDUE} if table is STATEMENTS else set()


def note(db: Connection, movements: Iterable[str], position: int = 0) -> None:
    """These are due at once: what changed first, at the lowest log index, before the others."""
    due = f"{position:020}"
    rows = [PublicationRow(movement, 1, due) for movement in sorted(movements)]
    insert(db, PUBLICATIONS, rows, on_conflict=_AGAIN)


def begin(db: Connection) -> None:
    """Movements that were judged before anybody took notes are due at once."""
    db.execute(
        "INSERT INTO publications (movement, changes, due) SELECT movement, 1, ? FROM movements"
        " WHERE NOT EXISTS"
        " (SELECT 1 FROM publications WHERE publications.movement = movements.movement)"
        " ORDER BY movement ON CONFLICT (movement) DO NOTHING",
        (AT_ONCE,),
    )


def all_due(db: Connection) -> None:
    """Every movement is due at once: other read models took the place of those published."""
    create(db, [PUBLICATIONS])
    db.execute("UPDATE publications SET changes = changes + 1, due = ?", (AT_ONCE,))
    begin(db)


def due(db: Connection, until: str, limit: int) -> list[PublicationRow]:
    """Whose position waits to be published, when legal time has come to `until`; what waits longest
    before the others.
    """
    rows = db.execute(
        f"SELECT {', '.join(PUBLICATIONS.columns)} FROM publications WHERE due <= ?"
        " ORDER BY due LIMIT ?",
        (until, limit),
    )
    return sorted(map(PublicationRow._make, rows), key=attrgetter("due", "movement"))


def waiting(db: Connection, until: str) -> int:
    """How many movements are due."""
    count = "SELECT COUNT(*) FROM publications WHERE due <= ?"
    many: int = db.execute(count, (until,)).fetchone()[0]
    return many


def mark(db: Connection, published: Sequence[Published]) -> None:
    """Enter what was published.

    What changed in the meantime stays due. What another publisher dealt with is due again: it may
    have published what is newer before us, so that ours stands last.
    """
    in_order = sorted(published)
    db.executemany(
        "UPDATE publications SET due = ? WHERE movement = ? AND changes = ? AND due = ?",
        [(again, was.movement, was.changes, was.due) for was, again in in_order],
    )
    entered = {was._replace(due=again) for was, again in in_order}
    names = [was.movement for was, _ in in_order]
    stand: set[PublicationRow] = set(rows_where(db, PUBLICATIONS, "movement", names))
    note(db, {row.movement for row in stand - entered})


def reached(db: Connection) -> Reached | None:
    """How far legal time has come; `None` where there are no read models yet.

    It was announced so far, or it is past, since a record of it was read.
    """
    stands = found(db)
    if stands is None:
        return None
    return Reached(max(announced(db), stands.recorded_at or ""), stands.generation)


def last_verdict(db: Connection) -> int:
    """The number of the last entry of the journal; 0 where there is none."""
    if found(db) is None:
        return 0
    last: int | None = db.execute("SELECT MAX(number) FROM journal").fetchone()[0]
    return last or 0


def verdicts(db: Connection, after: int, limit: int) -> list[JournalRow]:
    """The next entries of the journal."""
    if found(db) is None:
        return []
    rows = db.execute(
        f"SELECT {', '.join(JOURNAL.columns)} FROM journal WHERE number > ?"
        " ORDER BY number LIMIT ?",
        (after, limit),
    )
    return [JournalRow._make(row) for row in rows]
