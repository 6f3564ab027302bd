"""The positions of a judgement as rows: for how long how much of a line shared which fate."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Final

from domain.folds import Kept, folded
from domain.records import maker
from domain.situation import STANDING, Situation
from domain.timeline import Position
from projections.canonical import canonical, exact, instant
from projections.spans import Held, Span, Spans, spans
from projections.tables import PositionRow

Fate = tuple[Situation, str | None, str | None]
"""Where a quantity is, which successor holds it there, and to whom it was transferred."""
FateSpan = Span[Fate, Decimal]
Lasting = Kept[Position, Spans[Fate, Decimal]]
"""What the spans of a line go on from when it has more positions."""
STANDS: Final = {
    situation: (situation.value, *((each.value for each in standing) if standing else (None, None)))
    for situation, standing in STANDING.items()
}
"""A situation, status and supervision as they are spelled."""


def lines_of(positions: Iterable[Position]) -> dict[int, list[Position]]:
    """The positions of each line in order of time, without those of no length."""
    lines: dict[int, list[Position]] = {}
    for each in positions:
        lines.setdefault(each.line, [])
        if each.end is None or each.start < each.end:
            lines[each.line].append(each)
    for told in lines.values():
        told.sort(key=attrgetter("start"))
    return lines


def all_spans(lines: Mapping[int, list[Position]]) -> list[tuple[int, FateSpan]]:
    """The spans of each line, over each of which one quantity has one fate."""
    return [(line, span) for line in sorted(lines) for span in spans(map(_held, lines[line]))]


def spans_from(
    lines: Mapping[int, list[Position]], before: Mapping[int, Lasting]
) -> tuple[list[tuple[int, FateSpan]], dict[int, Lasting]]:
    """The same, from `before` as far as its positions are those of a line; and what to go on from
    next time.
    """
    found, lasting = [], {}
    for line in sorted(lines):
        so_far, lasting[line] = folded(lines[line], before.get(line), Spans, _take)
        found += [(line, span) for span in so_far.all()]
    return found, lasting


def _take(so_far: Spans[Fate, Decimal], position: Position) -> None:
    so_far.take(_held(position))


def _held(position: Position) -> Held[Fate, Decimal]:
    _, start, end, parts, _, because = position
    return Held(start, end, {(part[0], part[1], part[2]): part[3] for part in parts}, because)


def position_row(movement: str, line: int, unit: str, span: FateSpan) -> PositionRow:
    """The row of a span."""
    (situation, drawn_by, holder), quantity, start, end, because = span
    told, status, supervision = STANDS[situation]
    starts, ends, much = instant(start), instant(end) if end else None, exact(quantity)
    drawn_by, holder, why = drawn_by or "", holder or "", canonical(because)
    return _position_row(
        (movement, line, told, drawn_by, holder, starts, ends, much, unit, status, supervision, why)
    )


_position_row = maker(PositionRow)
