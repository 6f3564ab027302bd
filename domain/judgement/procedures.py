"""How each placement stands over time, read off its positions (Article 215)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

from domain import folds
from domain.because import Because
from domain.facts.values import Kind
from domain.movements.account import NONE
from domain.movements.walk import Walk
from domain.situation import Situation as S
from domain.timeline import Position, Procedure, ProcedureState

OPEN: Final = {
    Kind.EXTERNAL_TRANSIT: (S.EXTERNAL_TRANSIT, S.TRANSIT_ENDED, S.IRREGULAR),
    Kind.CUSTOMS_WAREHOUSING: (S.CUSTOMS_WAREHOUSE,),
    Kind.INWARD_PROCESSING: (S.INWARD_PROCESSING,),
    Kind.OUTWARD_PROCESSING: (S.OUTWARD_RELEASED, S.OUTWARD_PROCESSING),
}
"""The special procedures that are judged, and where their goods are while they are open."""
UNLAWFUL: Final = (S.IRREGULAR, S.BREACHED, S.UNDER_INVESTIGATION, S.LOST)
"""Where goods left the procedure and did not discharge it."""
BEFORE: Final = (S.AWAITED, S.NEVER_THERE)


class Progress:
    """The states of one line's placement so far: those that are over, and the last of each
    holder.
    """

    def __init__(self) -> None:
        self.over: list[Procedure] = []
        self.last: dict[str, Procedure] = {}

    def take(self, now: Procedure) -> None:
        """A holder's state over one more position."""
        before = self.last.get(now.holder)
        if before and _alike(before, now):
            now = before._replace(end=now.end)
        elif before:
            self.over.append(before)
        self.last[now.holder] = now


Kept = folds.Kept[Position, Progress]
"""Progress on a line, to go on from."""


def told(walk: Walk, lines: Iterable[Iterable[Position]]) -> list[Procedure]:
    """The states of each line's placement for each holder, one span each."""
    here = OPEN.get(walk.own.kind)
    if here is None:
        return []
    found = []
    for positions in lines:
        progress = Progress()
        for position in positions:
            _take(walk, here, progress, position)
        found.append(progress)
    return _all(found)


def resumed(
    walk: Walk, lines: Mapping[int, Sequence[Position]], before: Mapping[int, Kept]
) -> tuple[list[Procedure], dict[int, Kept]]:
    """The same, from `before` as far as a line's positions are those that it has seen; and what
    to go on from next time.
    """
    here = OPEN.get(walk.own.kind)
    if here is None:
        return [], {}
    take = partial(_take, walk, here)
    found, kept = [], {}
    for line, positions in lines.items():
        progress, kept[line] = folds.folded(positions, before.get(line), Progress, take)
        found.append(progress)
    return _all(found), kept


def _take(walk: Walk, here: tuple[S, ...], progress: Progress, position: Position) -> None:
    for now in _procedures(walk, position, here):
        progress.take(now)


def _all(lines: Sequence[Progress]) -> list[Procedure]:
    over = [each for progress in lines for each in progress.over]
    return over + [each for progress in lines for each in progress.last.values()]


def _alike(before: Procedure, now: Procedure) -> bool:
    held = (before.state, before.placed, before.open, before.discharged, before.overdue)
    return held == (now.state, now.placed, now.open, now.discharged, now.overdue)


class _Held:
    """What one holder has of a line, and where."""

    def __init__(self) -> None:
        self.situations: set[S] = set()
        self.placed = self.open = self.gone = NONE


def _procedures(walk: Walk, position: Position, here: tuple[S, ...]) -> Iterator[Procedure]:
    held: dict[str | None, _Held] = {}
    for situation, _, holder, quantity in position.parts:
        if situation not in BEFORE:
            of = held.get(holder) or held.setdefault(holder, _Held())
            of.situations.add(situation)
            of.placed += quantity
            if situation in here:
                of.open += quantity
            elif situation is S.DISCHARGED:
                of.gone += quantity
    overdue, articles = position.overdue, ("215(1)", *position.because.articles)
    because = Because(walk.own.kind.value, articles, position.because.reports)
    for holder, of in sorted(held.items(), key=lambda each: each[0] or ""):
        open_, gone = of.open, of.gone
        late = min(overdue, open_)
        overdue -= late
        yield Procedure(
            position.line,
            position.start,
            position.end,
            _state(of.situations, open_, gone, late),
            holder or walk.own.person or "",
            of.placed,
            open_,
            gone,
            late,
            because,
        )


def _state(held: set[S], open_: Decimal, gone: Decimal, overdue: Decimal) -> ProcedureState:
    if overdue:
        return ProcedureState.OVERDUE
    if S.RELIEF_LAPSED in held:
        return ProcedureState.LAPSED
    if open_ and held <= {S.TRANSIT_ENDED}:
        return ProcedureState.ENDED
    if open_ or not held.isdisjoint(UNLAWFUL):
        return ProcedureState.PARTLY_DISCHARGED if gone else ProcedureState.OPEN
    return ProcedureState.DISCHARGED
