"""The path of goods across movements, both ways, as a graph.

It is read off the outlines alone, so it needs no judgement: what a line declares to be drawn
from, and how far the declaration got.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from domain.case import Reader
from domain.facts.fact import PREVIOUS
from domain.outline import Mark, Outline
from projections.answers import MovementView

LIMIT: Final = 1_000
"""How many movements a path shows at most: everything passes through a busy warehouse."""


class Draw(NamedTuple):
    """A line declared to be drawn from a line of another movement, and the stage it reached.

    `source` is the reference as it was declared where no report makes it a movement.
    """

    source: str
    source_line: int
    movement: str
    line: int
    quantity: Decimal
    unit: str
    stage: str
    since: datetime


class Path(NamedTuple):
    """Movements in the order in which they were opened, and the draws between them."""

    movements: tuple[MovementView, ...]
    draws: tuple[Draw, ...]
    complete: bool


def history(reader: Reader, reference: str, as_of: datetime, limit: int = LIMIT) -> Path:
    """The path of the goods of the movement that `reference` names, before it and after it, as far
    as it had got at `as_of`; a movement that was not opened by then is no part of it.
    """
    found: dict[str, Outline] = {}
    draws: set[Draw] = set()
    frontier = {reference}
    complete = True
    while frontier:
        outlines = reader.outlines(sorted(frontier)).values()
        fresh = {one.movement: one for one in outlines if one and _begun(one, as_of, reference)}
        frontier = set()
        for name in sorted(fresh.keys() - found.keys()):
            if len(found) == limit:
                complete = False
                break
            found[name] = fresh[name]
            mine = set(_draws(fresh[name], reader, as_of))
            draws |= mine
            frontier |= {draw.source for draw in mine} | set(_drawers(fresh[name], reader))
    kept = {draw for draw in draws if draw.movement in found}
    nodes = sorted(map(brief, found.values()), key=lambda node: (node.opened, node.movement))
    return Path(tuple(nodes), tuple(sorted(kept, key=_order)), complete)


def _begun(own: Outline, as_of: datetime, asked: str) -> bool:
    return own.opened.at <= as_of or asked in own.names


def _draws(own: Outline, reader: Reader, as_of: datetime) -> Iterator[Draw]:
    """What a movement declares to draw, by the names that its sources have now."""
    if own.opened.at > as_of:
        return
    named = {line.previous for _, line in own.lines if line.previous}
    sources = reader.outlines(sorted(named))
    stage, since = _stage(own, as_of)
    for number, line in own.lines:
        if line.previous:
            known = sources[line.previous]
            source = known.movement if known else line.previous
            yield Draw(
                source,
                line.previous_line,
                own.movement,
                number,
                line.quantity,
                line.unit,
                stage,
                since,
            )


def _drawers(own: Outline, reader: Reader) -> Iterator[str]:
    """Who names this movement as the one that goods are drawn from."""
    for links in reader.linked(own.names).values():
        yield from (link.subject for link in links if link.relation == PREVIOUS)


def _stage(own: Outline, as_of: datetime) -> tuple[str, datetime]:
    """How far a movement had got, and since when."""
    for stage in ("fell", "exited", "released", "accepted"):
        mark: Mark | None = getattr(own, stage)
        if mark and mark.at <= as_of:
            return stage, mark.at
    return "declared", own.opened.at


def brief(own: Outline) -> MovementView:
    """A movement in brief."""
    return MovementView(own.movement, own.names, own.kind, own.office, own.person, own.opened.at)


def _order(draw: Draw) -> tuple[datetime, str, int, str, int]:
    return draw.since, draw.movement, draw.line, draw.source, draw.source_line
