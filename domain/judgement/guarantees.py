"""What a movement binds of a guarantee, and from when it is to be released (Articles 89, 98)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.facts.values import Kind
from domain.judgement.duty import duty_on, one_currency, plain
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
    S.UNDER_INVESTIGATION,
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
    discharged = walk.own.discharged
    end = discharged.at if discharged else None
    if positions:
        end = to_be_released(positions, debts, begins.at)
    currency = next((line.currency for _, line in walk.own.lines), "EUR")
    articles = (*to_be_released.articles, "98(2)")
    because = Because(to_be_released.__name__, articles, (walk.own.opened.cite, begins.cite))
    spans = _at_risk(walk, positions, debts, begins.at, end) if positions else [(begins.at, amount)]
    if not spans:
        return
    for (start, risk), stop in zip(spans, [*(at for at, _ in spans[1:]), end], strict=True):
        yield Guarantee(start, stop, said.guarantee, amount, risk, currency, because)


def _at_risk(
    walk: Walk,
    positions: Iterable[Position],
    debts: tuple[Debt, ...],
    begins: datetime,
    end: datetime | None,
) -> list[tuple[datetime, Decimal | None]]:
    """From each instant on the duty on goods from which a debt can still arise, and open debts."""
    goods = _duty_by_unit(walk, begins)
    changes: dict[datetime, list[Position]] = defaultdict(list, {begins: []})
    for position in positions:
        changes[max(position.start, begins)].append(position)
    for debt in debts:
        for at in (debt.incurred, *(each.at for each in debt.extinguished)):
            changes[max(at, begins)] += []
    held: dict[int, Decimal | None] = {}
    risks: list[tuple[datetime, Decimal | None]] = []
    for at in sorted(changes):
        if end is not None and at >= end:
            break
        for position in changes[at]:
            held[position.line] = _left(position, goods[position.line])
        risk = _sum([*held.values(), *(debt.open_at(at) for debt in debts)])
        if not risks or risks[-1][1] != risk:
            risks.append((at, risk))
    return risks


def _duty_by_unit(walk: Walk, at: datetime) -> dict[int, Decimal | None]:
    """The duty on one unit of each line, by the terms of the day: every duty is linear."""
    if not one_currency(line for _, line in walk.own.lines):
        return dict.fromkeys(walk.accounts)
    day = walk.day(at)
    duty = {
        number: duty_on(line, line.quantity, day, walk.case.reference, walk.policies).amount
        for number, line in walk.own.lines
    }
    return {
        number: None if much is None else much / (line.quantity or 1)
        for (number, line), much in zip(walk.own.lines, duty.values(), strict=True)
    }


def _left(position: Position, by_unit: Decimal | None) -> Decimal | None:
    open_ = sum([each.quantity for each in position.parts if each.situation in AT_RISK], NONE)
    left = max(open_ - position.overdue, NONE)
    return NONE if not left else None if by_unit is None else plain(left * by_unit)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = NONE
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


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
    if not one_currency(line for _, line in walk.own.lines):
        return None
    day = walk.day(at)
    return _sum(
        duty_on(line, line.quantity, day, walk.case.reference, walk.policies).amount
        for _, line in walk.own.lines
    )
