"""Quantities over time, each kept for as long as it stays the same.

A line from which 5 000 successors draw has 5 000 spans, each naming what every successor holds:
kept apart, what one successor holds is one row, and one more withdrawal touches two others.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from domain.because import Because
from domain.records import maker

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


class Spans(Generic[K, V]):
    """The spans so far, in the order in which they were over, and what has begun."""

    def __init__(self) -> None:
        self.over: list[Span[K, V]] = []
        self.begun: dict[K, tuple[V, datetime, Because]] = {}
        self.until: datetime | None = None

    def take(self, held: Held[K, V]) -> None:
        """What holds next in time."""
        (start, end, values, because), begun = held, self.begun
        gap = self.until is not None and self.until < start
        for key in list(begun):
            value, since, why = begun[key]
            if gap or values.get(key) != value:
                del begun[key]
                self.over.append(_span((key, value, since, self.until if gap else start, why)))
        for key, value in values.items():
            if key not in begun:
                begun[key] = value, start, because
        self.until = end

    def all(self) -> list[Span[K, V]]:
        """All spans, those that begun last behind those that are over."""
        last = [
            _span((key, value, since, self.until, why))
            for key, (value, since, why) in self.begun.items()
        ]
        return self.over + last


def spans(held: Iterable[Held[K, V]]) -> list[Span[K, V]]:
    """Each key over the spans on which its value stays the same; `held` in order of time."""
    found: Spans[K, V] = Spans()
    for each in held:
        found.take(each)
    return found.all()
