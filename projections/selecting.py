"""How the views read rows as of an instant: what holds, in the order of its key."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from projections.canonical import instant
from projections.sql import chunks, marks
from projections.tables import STATEMENTS, StatementRow, Table
from projections.view import View


def holding(
    view: View,
    kind: str,
    as_of: datetime,
    movements: Iterable[str] | None,
    code: str | None = None,
) -> Iterator[StatementRow]:
    """The statements of a kind that hold at an instant."""
    holds, values = spanned(as_of)
    where, given = f"kind = ? AND {holds}", [kind, *values]
    if code is not None:
        where, given = f"{where} AND code = ?", [*given, code]
    return select(view, STATEMENTS, where, given, movements)


def spanned(as_of: datetime) -> tuple[str, list[str]]:
    """What a row has to be to hold at an instant, in SQL, and the values for it."""
    at = instant(as_of)
    return "starts <= ? AND (ends IS NULL OR ends > ?)", [at, at]


def select(
    view: View,
    table: Table,
    where: str,
    values: Sequence[str],
    movements: Iterable[str] | None,
    order: str = "",
) -> Iterator[Any]:
    """Rows in the order of their key, or of `order`, read as they are needed."""
    columns, key = ", ".join(table.columns), order or ", ".join(table.key)
    some: Iterable[list[str] | None] = [None]
    if movements is not None:
        some = chunks(view.movements(movements))
    for names in some:
        also = f" AND movement IN ({marks(names)})" if names is not None else ""
        found = view.db.execute(
            f"SELECT {columns} FROM {table.name} WHERE {where}{also} ORDER BY {key}",
            (*values, *(names or ())),
        )
        yield from map(table.row._make, found)
