"""The present position of a movement: what is published of it, one record a movement.

It holds from `since`, the last instant at or before the one asked for at which anything of it
changes, until `until`, the next one. So it is a function of the log's prefix up to `index` and of
that segment, and of nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from domain.facts.values import Kind
from domain.situation import Situation, Status, Supervision
from projections.canonical import since as to_instant
from projections.rows import OVERDUE
from projections.sql import chunks, marks, rows_where
from projections.tables import MOVEMENTS, MovementRow
from store.log import Connection


class HeldPart(NamedTuple):
    """So much of a line is in one situation, whichever successor holds it.

    `holder` is the person to whom it was transferred.
    """

    situation: Situation
    holder: str | None
    quantity: Decimal
    status: Status | None
    supervision: Supervision | None


class HeldLine(NamedTuple):
    """Where the goods of a line are; `overdue` is how much of what is open is so."""

    line: int
    unit: str
    overdue: Decimal
    parts: tuple[HeldPart, ...]


class PresentPosition(NamedTuple):
    """Where the goods of a movement are, in law, in the segment of legal time that has begun last.

    Of two of one movement the one with the greater (`generation`, `index`, `since`) is the later
    one; no `since` is before every instant. `generation` grows with each rebuild of the read
    models, and when the store was brought back from a copy; `index` is the log index up to which
    the movement was judged. `until` is when it changes next, by what is known.
    """

    movement: str
    kind: Kind
    office: str | None
    person: str | None
    generation: int
    index: int  # type: ignore[assignment]  # nobody asks such a tuple where a value stands
    since: datetime | None
    until: datetime | None
    lines: tuple[HeldLine, ...]


class Bounds(NamedTuple):
    """The last boundary of a segment at or before an instant, and the next one after it."""

    since: str | None
    until: str | None


def present(
    db: Connection, movements: Sequence[str], as_of: str, generation: int
) -> Mapping[str, PresentPosition]:
    """The present positions of those of these movements that there are, by name.

    `as_of` is an instant as `canonical.instant` spells it.
    """
    found: dict[str, PresentPosition] = {}
    for some in chunks(movements):
        lines = _lines(db, some, as_of)
        bounds = _bounds(db, some, as_of)
        for row in rows_where(db, MOVEMENTS, "movement", some):
            found[row.movement] = _present(row, generation, bounds.get(row.movement), lines)
    return found


def _present(
    row: MovementRow,
    generation: int,
    bounds: Bounds | None,
    lines: Mapping[str, tuple[HeldLine, ...]],
) -> PresentPosition:
    starts, ends = bounds or Bounds(None, None)
    return PresentPosition(
        row.movement,
        Kind(row.kind),
        row.office,
        row.person,
        generation,
        row.judged,
        to_instant(starts) if starts else None,
        to_instant(ends) if ends else None,
        lines.get(row.movement, ()),
    )


def _lines(
    db: Connection, movements: Sequence[str], as_of: str
) -> Mapping[str, tuple[HeldLine, ...]]:
    """The lines of each movement as they stand, in their order."""
    at = (as_of, as_of, *movements)
    late = {
        (movement, line): Decimal(amount)
        for movement, line, amount in db.execute(
            "SELECT movement, line, amount FROM statements WHERE starts <= ?"
            f" AND (ends IS NULL OR ends > ?) AND movement IN ({marks(movements)}) AND kind = ?",
            (*at, OVERDUE),
        )
    }
    rows = db.execute(
        "SELECT movement, line, unit, situation, holder, status, supervision, quantity"
        " FROM positions WHERE starts <= ? AND (ends IS NULL OR ends > ?)"
        f" AND movement IN ({marks(movements)}) ORDER BY movement, line, situation, holder",
        at,
    ).fetchall()
    return {
        movement: tuple(
            HeldLine(line, unit, late.get((movement, line), Decimal(0)), tuple(_parts(parts)))
            for (line, unit), parts in groupby(group, key=itemgetter(1, 2))
        )
        for movement, group in groupby(rows, key=itemgetter(0))
    }


def _parts(rows: Iterable[Sequence[Any]]) -> Iterator[HeldPart]:
    """What successors hold of one situation is one part: there may be thousands."""
    for (situation, holder, status, supervision), parts in groupby(rows, key=itemgetter(*_FATE)):
        yield HeldPart(
            Situation(situation),
            holder or None,
            sum((Decimal(quantity) for *_, quantity in parts), Decimal(0)),
            Status(status) if status else None,
            Supervision(supervision) if supervision else None,
        )


_FATE = (3, 4, 5, 6)


def _bounds(db: Connection, movements: Sequence[str], as_of: str) -> Mapping[str, Bounds]:
    """The segment in which an instant lies, of each movement that has any."""
    spans = (
        f"SELECT movement, starts, ends FROM positions WHERE movement IN ({marks(movements)})"
        " UNION ALL SELECT movement, starts, ends FROM statements"
        f" WHERE movement IN ({marks(movements)}) AND kind = ?"
    )
    found = db.execute(
        "SELECT movement, MAX(CASE WHEN at <= ? THEN at END), MIN(CASE WHEN at > ? THEN at END)"
        f" FROM (SELECT movement, starts AS at FROM ({spans}) AS started"
        f" UNION ALL SELECT movement, ends FROM ({spans}) AS ended) AS bounds GROUP BY movement",
        (as_of, as_of, *(2 * (*movements, *movements, OVERDUE))),
    )
    return {movement: Bounds(*bounds) for movement, *bounds in found}
