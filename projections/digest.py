"""Whether two sets of read models are the same bytes, and which rows differ if not."""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from projections.sql import ordered
from projections.tables import DIGESTED, Table
from store.log import Connection


class Differing(NamedTuple):
    """A row that is not the same on both sides, without what the digest leaves out; `None` on
    the side that has none.
    """

    table: str
    key: tuple[Any, ...]
    live: tuple[Any, ...] | None
    new: tuple[Any, ...] | None


def digest(db: Connection, suffix: str = "") -> str:
    """SHA-256 over the canonical rows of all tables, in the order of their keys, in hexadecimal."""
    sum_ = hashlib.sha256()
    for table in DIGESTED:
        sum_.update(table.name.encode() + b"\n")
        for row in ordered(db, table, suffix, table.digested):
            sum_.update(orjson.dumps(row) + b"\n")
    return sum_.hexdigest()


def differing(db: Connection, live: str, new: str) -> Iterator[Differing]:
    """The rows that differ, read side by side in the order of their keys."""
    for table in DIGESTED:
        yield from _differing(
            table, *(ordered(db, table, each, table.digested) for each in (live, new))
        )


def _differing(table: Table, live: Iterator[Any], new: Iterator[Any]) -> Iterator[Differing]:
    one, other = next(live, None), next(new, None)
    while one is not None or other is not None:
        at, there = one and table.key_of(one), other and table.key_of(other)
        first = min(key for key in (at, there) if key is not None)
        ours, theirs = one if at == first else None, other if there == first else None
        if ours != theirs:
            yield Differing(table.name, first, ours, theirs)
        one = next(live, None) if ours is not None else one
        other = next(new, None) if theirs is not None else other
