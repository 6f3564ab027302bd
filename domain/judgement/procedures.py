"""How each placement stands over time, read off its positions (Article 215)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from domain.facts.values import Kind
from domain.movements.account import NONE
from domain.movements.walk import Walk
from domain.timeline import Because, Position, Procedure, ProcedureState
from domain.timeline import Situation as S

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


def told(walk: Walk, positions: Iterable[Position]) -> Iterator[Procedure]:
    """The states of each line's placement for each holder, one span each."""
    here = OPEN.get(walk.own.kind)
    if here is None:
        return
    last: dict[tuple[int, str], Procedure] = {}
    for position in positions:
        for now in _procedures(walk, position, here):
            key = now.line, now.holder
            before = last.get(key)
            if before and _alike(before, now):
                last[key] = before._replace(end=now.end)
                continue
            if before:
                yield before
            last[key] = now
    yield from last.values()


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
