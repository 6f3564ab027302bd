"""The journal of verdicts: what was said, when, and under which rules (D10).

What is set or moved is said when it is derived; what legal time brings is said when legal time
reaches it, by `announce`. An entry is never changed: what no longer holds is said to be so. The
journal depends on where the pages were cut; it stands outside the digest, and a rebuild leaves it
alone.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

import orjson

from projections.agenda import Verdict
from projections.canonical import instant
from projections.canonical import since as to_instant
from projections.sql import create, insert, marks, rows_where, upsert
from projections.state import NAME, found
from projections.tables import (
    ANNOUNCED,
    JOURNAL,
    KEPT,
    AgendaRow,
    AnnouncedRow,
    JournalRow,
    ProjectionRow,
)
from projections.write import Changed
from store.log import Connection, Log

NEVER: Final = ""
"""Before every instant, as instants are spelled."""


class Change(NamedTuple):
    """A verdict that differs from what was said before; `was` or `now` is absent."""

    movement: str
    statement: str
    verdict: str
    at: str | None
    was: str | None
    now: str | None


def append(
    db: Connection, stands: ProjectionRow, changed: Changed, names: Mapping[str, str]
) -> None:
    """Journal what the agenda of some movements says other than before.

    `names` leads from every name of a movement to the one it has now.
    """
    told = sorted(changes(changed, names, announced(db)), key=_order)
    first = _count(db) + 1
    said = (stands.position, stands.recorded_at, stands.rules, stands.law, stands.policies)
    insert(db, JOURNAL, ((number, *said, *change) for number, change in enumerate(told, first)))


def changes(changed: Changed, names: Mapping[str, str], until: str) -> Iterator[Change]:
    """What is said differently, of what legal time has reached: up to and including `until`.

    A movement that got a better name says nothing new: verdicts are matched by the name that it
    has now.
    """
    was = {_key(row, names): row for row in changed.removed if _reached(row, until)}
    now = {
        _key(row, names): row
        for row in changed.added
        if _reached(row, until) or (_is_debt(row) and _key(row, names) in was)
    }
    for key in was.keys() | now.keys():
        yield from _change(key[0], was.get(key), now.get(key))


def _reached(row: AgendaRow, until: str) -> bool:
    return row.at is None or row.at <= until


def _is_debt(row: AgendaRow) -> bool:
    """A debt that was said to be incurred and now lies ahead is re-dated, not taken back."""
    return row.verdict == Verdict.DEBT_INCURRED


def _change(movement: str, said: AgendaRow | None, says: AgendaRow | None) -> Iterator[Change]:
    row = says or said
    was, now = said and said.body, says and says.body
    if row and was != now:
        for verdict in _verdicts(row.verdict, said, says):
            yield Change(movement, row.statement, verdict, row.at, was, now)


def _verdicts(verdict: str, said: AgendaRow | None, says: AgendaRow | None) -> list[str]:
    """The words for a change: a debt is re-dated or its amount changes, a deadline is moved."""
    if said is None or says is None:
        return [verdict]
    if verdict == Verdict.DEADLINE_SET:
        return [Verdict.DEADLINE_MOVED]
    words: list[str] = []
    if verdict == Verdict.DEBT_INCURRED:
        before, after = orjson.loads(said.body), orjson.loads(says.body)
        if before["at"] != after["at"]:
            words.append(Verdict.DEBT_REDATED)
        if before["amount"] != after["amount"]:
            words.append(Verdict.DEBT_AMOUNT_CHANGED)
    return words or [verdict]


def _key(row: AgendaRow, names: Mapping[str, str]) -> tuple[str, str, str]:
    return names.get(row.movement, row.movement), row.verdict, row.statement


def _order(change: Change) -> tuple[str, str, str, str]:
    return change.at or NEVER, change.movement, change.statement, change.verdict


def announce(log: Log, until: datetime) -> int:
    """Journal what legal time brings up to `until`, of all that is derived by now.

    Legal time does not go back: an earlier instant than the last says nothing. Returns how many
    verdicts were said.
    """
    with log.transaction() as db:
        create(db, KEPT)
        stands, since = found(db), announced(db)
        if stands is None or instant(until) <= since:
            return 0
        first = _count(db)
        said = (stands.position, stands.recorded_at, stands.rules, stands.law, stands.policies)
        db.execute(
            f"INSERT INTO journal ({', '.join(JOURNAL.columns)}) SELECT ? + ROW_NUMBER() OVER"
            " (ORDER BY at, movement, statement, verdict), ?, ?, ?, ?, ?,"
            " movement, statement, verdict, at, NULL, body"
            " FROM agenda WHERE at > ? AND at <= ?",
            (first, *said, since, instant(until)),
        )
        upsert(db, ANNOUNCED, [AnnouncedRow(NAME, instant(until))])
        return _count(db) - first


class Due(NamedTuple):
    """What legal time has reached and nobody has said yet; `since` is when it was last said."""

    since: datetime | None
    many: int


def due(log: Log, until: datetime) -> Due | None:
    """How much `announce` would say up to `until`; `None` where nothing is derived yet."""
    with log.connection() as db:
        if found(db) is None:
            return None
        since = announced(db)
        within = "SELECT COUNT(*) FROM agenda WHERE at > ? AND at <= ?"
        (many,) = db.execute(within, (since, instant(until))).fetchone()
    return Due(to_instant(since) if since else None, many)


def announced(db: Connection) -> str:
    """The instant up to which legal time has been announced."""
    row = next(rows_where(db, ANNOUNCED, "name", [NAME]), None)
    return row.until if row else NEVER


def _count(db: Connection) -> int:
    last: int | None = db.execute("SELECT MAX(number) FROM journal").fetchone()[0]
    return last or 0


SAID: Final = "CASE WHEN was IS NULL AND at > recorded_at THEN at ELSE recorded_at END"
"""When an entry was said: with the record that told it, or later, when legal time reached it."""


def entries(
    db: Connection,
    movements: Collection[str] | None = None,
    after: int = 0,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    verdicts: Collection[Verdict] | None = None,
) -> Iterator[JournalRow]:
    """The journal in the order of its entries, read as they are needed.

    What is given limits it: to movements by these names, to what was said from `since` to `until`,
    both included, to these verdicts.
    """
    where, values = "number > ?", list[object]([after])
    for column, some in (("movement", movements), ("verdict", verdicts)):
        if some is not None:
            where += f" AND {column} IN ({marks(list(some))})"
            values += some
    for test, at in ((">=", since), ("<=", until)):
        if at is not None:
            where += f" AND {SAID} {test} ?"
            values.append(instant(at))
    columns = ", ".join(JOURNAL.columns)
    rows = db.execute(f"SELECT {columns} FROM journal WHERE {where} ORDER BY number", values)
    return map(JournalRow._make, rows)


def said_at(row: JournalRow) -> datetime:
    """When an entry was said, as `SAID` has it."""
    later = row.was is None and row.at is not None and row.at > row.recorded_at
    return to_instant(row.at if later and row.at else row.recorded_at)
