"""How each placement stands over time, read off its positions (Article 215)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from domain.facts.values import Kind
from domain.movements.account import NONE
from domain.movements.walk import Walk
from domain.timeline import Because, Mode, Position, Procedure, ProcedureState
from domain.timeline import Situation as S

OPEN: Final = {
    Kind.EXTERNAL_TRANSIT: (S.EXTERNAL_TRANSIT, S.TRANSIT_ENDED, S.IRREGULAR),
    Kind.CUSTOMS_WAREHOUSING: (S.CUSTOMS_WAREHOUSE,),
    Kind.INWARD_PROCESSING: (S.INWARD_PROCESSING,),
    Kind.OUTWARD_PROCESSING: (S.OUTWARD_RELEASED, S.OUTWARD_PROCESSING),
}
"""The special procedures that are judged, and where their goods are while they are open."""
BEFORE: Final = (S.AWAITED, S.NEVER_THERE)


def told(walk: Walk, positions: Iterable[Position]) -> Iterator[Procedure]:
    """The states of each line's placement, one span each."""
    here = OPEN.get(walk.own.kind)
    if here is None:
        return
    last: Procedure | None = None
    for position in positions:
        now = _procedure(walk, position, here)
        if last and now and _alike(last, now):
            last = last._replace(end=now.end)
            continue
        if last:
            yield last
        last = now
    if last:
        yield last


def _alike(last: Procedure, now: Procedure) -> bool:
    held = (last.line, last.state, last.open, last.discharged, last.overdue, last.by)
    return held == (now.line, now.state, now.open, now.discharged, now.overdue, now.by)


def _procedure(walk: Walk, position: Position, here: tuple[S, ...]) -> Procedure | None:
    there = [part for part in position.parts if part.situation not in BEFORE]
    placed = sum((part.quantity for part in there), NONE)
    if not placed:
        return None
    open_ = sum((part.quantity for part in there if part.situation in here), NONE)
    gone = sum((part.quantity for part in there if part.situation is S.DISCHARGED), NONE)
    by = tuple(
        Mode(part.situation, part.drawn_by, part.quantity)
        for part in there
        if part.situation not in here
    )
    state = _state(there, open_, gone, position.overdue)
    return Procedure(
        position.line,
        position.start,
        position.end,
        state,
        walk.own.person or "",
        placed,
        open_,
        gone,
        position.overdue,
        by,
        Because(walk.own.kind, ("215(1)", *position.because.articles), position.because.reports),
    )


def _state(
    parts: Iterable[object], open_: Decimal, gone: Decimal, overdue: Decimal
) -> ProcedureState:
    held = {getattr(part, "situation", None) for part in parts}
    if overdue:
        return ProcedureState.OVERDUE
    if S.RELIEF_LAPSED in held:
        return ProcedureState.LAPSED
    if open_ and held <= {S.TRANSIT_ENDED}:
        return ProcedureState.ENDED
    if open_:
        return ProcedureState.PARTLY_DISCHARGED if gone else ProcedureState.OPEN
    return ProcedureState.DISCHARGED
