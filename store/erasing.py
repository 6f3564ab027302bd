"""Erasing raw bytes, and noting of each erasure who had it done, when and why.

Both are one transaction, so that no bytes are gone without a note. A note holds nothing of what was
erased but the digest that its record keeps, which without its salt says nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

from evidence import erasures
from evidence.erasures import Noted
from evidence.leaf import Fault, instant, microseconds
from store.log import Connection
from store.records import Erasure, LogError

PAGE: Final = 1000
NO_RAW_BYTES: Final = (
    "Outcome {} keeps no raw bytes of its own: it is unknown, a duplicate of an earlier telling, "
    "or a native report, which is the record itself."
)


class Queries(Protocol):
    """The SQL about erasures; see `store.queries`."""

    HAS_ERASURES: str
    ERASURES: str
    LAST_ERASURE: str
    NOTE_ERASURE: str
    KEEPS_RAW: str
    ERASE_RAW: str
    EMPTY_RAWS: str
    LOST_RAWS: str
    EMPTIED_RAWS: str
    UNLIKELY_ERASURES: str


def erase(connection: Connection, queries: Queries, told: Erasure) -> None:
    """Erase the raw bytes of an outcome and their salt, and note it; what is gone already is noted
    no second time. The connection is in a transaction that only one writer has.

    Raises LogError when the outcome keeps no raw bytes of its own, and when an earlier release made
    the store and it was only opened to be read since.
    """
    if connection.execute(queries.HAS_ERASURES).fetchone() is None:
        raise LogError("The store keeps no erasures yet: run customs migrate on it.")
    kept = connection.execute(queries.KEEPS_RAW, (told.outcome,)).fetchone()
    if kept is None:
        raise LogError(NO_RAW_BYTES.format(told.outcome))
    connection.execute(queries.ERASE_RAW, (told.outcome,))
    are_there, digest = kept
    if are_there:
        _note(connection, queries, told._replace(digest=digest))


def note_earlier(connection: Connection, queries: Queries) -> None:
    """Note which bytes are gone from a store of an earlier release; who erased them, when and why
    is not known any more.
    """
    for outcome, digest in connection.execute(queries.EMPTY_RAWS).fetchall():
        _note(connection, queries, Erasure(outcome, None, None, None, digest))


def _note(connection: Connection, queries: Queries, told: Erasure) -> None:
    last = connection.execute(queries.LAST_ERASURE).fetchone()
    at = None if told.at is None else microseconds(told.at)
    noted = Noted(0, told.outcome, at, told.by, told.why, told.digest, b"", b"")
    row = erasures.chained(noted, Noted(*last) if last else None)
    connection.execute(queries.NOTE_ERASURE, row)


def noted(connection: Connection, queries: Queries) -> Iterator[Noted]:
    """The erasures in their order; none of a store that keeps none yet."""
    if connection.execute(queries.HAS_ERASURES).fetchone() is not None:
        yield from (Noted(*row) for row in paged(connection, queries.ERASURES))


def read(told: Noted) -> Erasure:
    """An erasure as the log gives it back."""
    at = None if told.erased_at is None else instant(told.erased_at)
    return Erasure(told.outcome, at, told.said_by, told.why, told.digest)


def verify(connection: Connection, queries: Queries) -> Iterator[Fault]:
    """Faults of the erasures, and bytes that are gone without any."""
    for outcome, index, stream in paged(connection, queries.LOST_RAWS):
        held = "its record holds others" if index else "they are not erased"
        yield Fault(index, stream, f"no bytes of outcome {outcome} are kept, and {held}")
    if connection.execute(queries.HAS_ERASURES).fetchone() is None:
        return  # a store of an earlier release that nothing has written to since
    for number, what in erasures.verify(noted(connection, queries)):
        yield Fault(0, "", f"erasure {number}: {what}")
    for outcome, index, stream in paged(connection, queries.EMPTIED_RAWS):
        what = f"the bytes of outcome {outcome} are gone, and no erasure of them is noted"
        yield Fault(index, stream, what)
    for number, outcome, are_there in paged(connection, queries.UNLIKELY_ERASURES):
        what = "are there" if are_there else "were others than those of its record"
        yield Fault(0, "", f"erasure {number}: the bytes of outcome {outcome} {what}")


def paged(connection: Connection, query: str) -> Iterator[Sequence[Any]]:
    """The rows of a query that gives those with an id above the first parameter."""
    after, rows = 0, connection.execute(query, (0, PAGE)).fetchall()
    while rows and rows[-1][0] > after:  # which a damaged file may not keep to
        yield from rows
        after = rows[-1][0]
        rows = connection.execute(query, (after, PAGE)).fetchall()
