"""Quantities over time, each kept for as long as it stays the same.

A line from which 5 000 successors draw has 5 000 spans, each naming what every successor holds:
kept apart, what one successor holds is one row, and one more withdrawal touches two others.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from domain.records import maker
from domain.timeline import Because

K = TypeVar("K")
V = TypeVar("V")


class Held(NamedTuple, Generic[K, V]):
    """What holds for all keys over one span."""

    start: datetime
    end: datetime | None
    values: Mapping[K, V]
    because: Because


class Span(NamedTuple, Generic[K, V]):
    """One key with one value from `start` to `end`, and why it began."""

    key: K
    value: V
    start: datetime
    end: datetime | None
    because: Because


_span = maker(Span)


def spans(held: Iterable[Held[K, V]]) -> Iterator[Span[K, V]]:
    """Each key over the spans on which its value stays the same; `held` in order of time."""
    begun: dict[K, tuple[V, datetime, Because]] = {}
    until: datetime | None = None
    for start, end, values, because in held:
        gap = until is not None and until < start
        for key in list(begun):
            value, since, why = begun[key]
            if gap or values.get(key) != value:
                del begun[key]
                yield _span((key, value, since, until if gap else start, why))
        for key, value in values.items():
            if key not in begun:
                begun[key] = value, start, because
        until = end
    for key, (value, since, why) in begun.items():
        yield _span((key, value, since, until, why))
