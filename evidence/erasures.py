"""The chain of erasures: each has a leaf that covers the one before it.

The format is described in docs/log-format.md; it must never change for an erasure already noted.
"""

import hashlib
from collections.abc import Iterable, Iterator
from struct import Struct, error
from typing import Final, NamedTuple

from evidence.leaf import FIRST

FORMAT: Final = 1
_START: Final = Struct(">BQ32sQ").pack  # format, number, previous leaf, outcome
_WHEN: Final = Struct(">q").pack
_LENGTH: Final = Struct(">I").pack


class Noted(NamedTuple):
    """An erasure as it is kept. `erased_at` is in microseconds since 1970-01-01T00:00:00Z; it,
    `said_by` and `why` are absent where the bytes were gone before erasures were noted.
    """

    number: int
    outcome: int
    erased_at: int | None
    said_by: str | None
    why: str | None
    digest: bytes | None
    previous_leaf: bytes
    leaf: bytes


def leaf_of(told: Noted) -> bytes:
    """SHA-256 over 0x02 and every field but the leaf in a fixed order; absent ones are empty."""
    when = b"" if told.erased_at is None else _WHEN(told.erased_at)
    texts = ((each or "").encode() for each in (told.said_by, told.why))
    parts = (when, *texts, told.digest or b"")
    start = _START(FORMAT, told.number, told.previous_leaf, told.outcome)
    sized = b"".join(_LENGTH(len(each)) + each for each in parts)
    return hashlib.sha256(b"\x02" + start + sized).digest()


def chained(told: Noted, last: Noted | None) -> Noted:
    """An erasure in its place behind the last one, with its leaf."""
    number, previous = (last.number + 1, last.leaf) if last else (1, FIRST)
    placed = told._replace(number=number, previous_leaf=previous)
    return placed._replace(leaf=leaf_of(placed))


def verify(noted: Iterable[Noted]) -> Iterator[tuple[int, str]]:
    """The number of each erasure that is not as it was noted, and what is wrong with it."""
    number, previous = 0, FIRST
    for each in noted:
        if each.number != number + 1:
            yield each.number, f"erasure {number + 1} was expected here: erasures are missing"
        if each.previous_leaf != previous:
            yield each.number, "the previous leaf is not the leaf of the erasure before it"
        if not _fits(each):
            yield each.number, "the leaf does not match: the erasure was changed after it was noted"
        number, previous = each.number, each.leaf


def _fits(told: Noted) -> bool:
    """Whether the leaf is that of the fields, any of which may be damaged."""
    try:
        return told.leaf == leaf_of(told)
    except (error, AttributeError, TypeError):
        return False
