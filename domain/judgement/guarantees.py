"""What a movement binds of a guarantee, and from when it is to be released (Articles 89, 98)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.facts.values import Kind
from domain.judgement.duty import duty_on
from domain.law.citation import rule
from domain.movements.account import NONE
from domain.movements.walk import Walk
from domain.timeline import Because, Debt, Guarantee, Position
from domain.timeline import Situation as S

AT_RISK: Final = {
    S.EXTERNAL_TRANSIT,
    S.TRANSIT_ENDED,
    S.CUSTOMS_WAREHOUSE,
    S.INWARD_PROCESSING,
    S.TEMP_STORAGE,
    S.STORAGE_DECLARED,
    S.STORAGE_MOVING,
}
"""Where a debt can still arise from the goods."""


def told(
    walk: Walk, positions: tuple[Position, ...], debts: tuple[Debt, ...]
) -> Iterator[Guarantee]:
    """The guarantee that the declaration names, from release until nothing can be owed."""
    said = walk.own.particulars
    begins = walk.own.accepted if walk.own.kind is Kind.FREE_CIRCULATION else walk.own.released
    if said is None or begins is None or not (said.guarantee or said.security is not None):
        return
    amount = said.security if said.security is not None else _potential(walk, begins.at)
    end = to_be_released(positions, debts, begins.at)
    currency = next((line.currency for _, line in walk.own.lines), "EUR")
    because = Because(
        to_be_released.__name__, to_be_released.articles, (walk.own.opened.cite, begins.cite)
    )
    yield Guarantee(begins.at, end, said.guarantee, amount, currency, because)


@rule("98(1)", "89(1)")
def to_be_released(
    positions: Iterable[Position], debts: Iterable[Debt], begins: datetime
) -> datetime | None:
    """The first instant from which every debt is extinguished and none can arise."""
    ends = [begins]
    for line in _last_by_line(positions):
        if any(part.situation in AT_RISK for part in line.parts):
            return None
        ends.append(line.start)
    for debt in debts:
        settled = [each.at for each in debt.extinguished if debt.open_at(each.at) == NONE]
        if not settled:
            return None
        ends.append(min(settled))
    return max(ends)


def _last_by_line(positions: Iterable[Position]) -> Iterable[Position]:
    """The position of each line from which on it is out of risk, or its last."""
    last: dict[int, Position] = {}
    for position in positions:
        known = last.get(position.line)
        risk = any(part.situation in AT_RISK for part in position.parts)
        was = known and any(part.situation in AT_RISK for part in known.parts)
        if known is None or risk or was:
            last[position.line] = position
    return last.values()


def _potential(walk: Walk, at: datetime) -> Decimal | None:
    """The duty that may fall due on all lines, by the terms of the day of release."""
    total = NONE
    for _, line in walk.own.lines:
        duty = duty_on(line, line.quantity, walk.day(at), walk.case.reference, walk.policies)
        if duty.amount is None:
            return None
        total += duty.amount
    return total
