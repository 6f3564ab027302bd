"""What a movement binds of a guarantee, and from when it is to be released (Articles 89, 98)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.because import Because
from domain.customs_debt import Debt
from domain.facts.values import Kind
from domain.judgement.duty import duty_on, one_currency, plain
from domain.judgement.totals import total
from domain.law.citation import rule
from domain.movements.account import NONE
from domain.movements.walk import Walk
from domain.situation import Situation as S
from domain.timeline import Guarantee, Position, for_good

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
    duties = _duties(walk, begins.at)
    amount = said.security if said.security is not None else _sum(duties)
    discharged = walk.own.discharged
    end = discharged.at if discharged else None
    if positions:
        end = to_be_released(walk, positions, debts, begins.at)
    currency = next((line.currency for _, line in walk.own.lines), "EUR")
    articles = (*to_be_released.articles, "98(2)")
    because = Because(to_be_released.__name__, articles, (walk.own.opened.cite, begins.cite))
    spans = [(begins.at, amount)]
    if positions:
        spans = _at_risk(walk, positions, debts, begins.at, end, _by_unit(walk, duties))
    if not spans:
        return
    for (start, risk), stop in zip(spans, [*(at for at, _ in spans[1:]), end], strict=True):
        yield Guarantee(start, stop, said.guarantee, amount, risk, currency, because)


def _duties(walk: Walk, at: datetime) -> list[Decimal | None]:
    """The duty that may fall due on each line, by the terms of the day of release; where lines
    are in several currencies, none is known.
    """
    lines = walk.own.lines
    if len(lines) > 1 and not one_currency(line for _, line in lines):
        return [None for _ in lines]
    day, reference, policies = walk.day(at), walk.case.reference, walk.policies
    return [duty_on(line, line.quantity, day, reference, policies).amount for _, line in lines]


def _by_unit(walk: Walk, duties: list[Decimal | None]) -> dict[int, Decimal | None]:
    """The duty on one unit of each line: every duty is linear."""
    return {
        number: None if much is None else much / (line.quantity or 1)
        for (number, line), much in zip(walk.own.lines, duties, strict=True)
    }


def _at_risk(
    walk: Walk,
    positions: Iterable[Position],
    debts: tuple[Debt, ...],
    begins: datetime,
    end: datetime | None,
    by_unit: Mapping[int, Decimal | None],
) -> list[tuple[datetime, Decimal | None]]:
    """From each instant on the duty on goods from which a debt can still arise, and open debts."""
    changes: dict[datetime, list[Position]] = {begins: []}
    for position in positions:
        changes.setdefault(max(position.start, begins), []).append(position)
    for debt in debts:
        for at in (debt.incurred, *[each.at for each in debt.extinguished]):
            changes.setdefault(max(at, begins), [])
    held: dict[int, Decimal | None] = {}
    risks: list[tuple[datetime, Decimal | None]] = []
    for at in sorted(changes):
        if end is not None and at >= end:
            break
        for position in changes[at]:
            held[position.line] = _left(position, by_unit[position.line])
        risk = _sum([*held.values(), _owed(walk, debts, at)])
        if not risks or risks[-1][1] != risk:
            risks.append((at, risk))
    return risks


def _owed(walk: Walk, debts: Sequence[Debt], at: datetime) -> Decimal | None:
    """What is open of the debts of a movement, that on the same goods once."""
    own, open_ = walk.own.movement, _sum([debt.open_at(at) for debt in debts])
    if not open_ or not any(same.movement == own for debt in debts for same in debt.same_goods):
        return open_
    return sum(total([(own, debt) for debt in debts], at).values(), NONE)


def _left(position: Position, by_unit: Decimal | None) -> Decimal | None:
    open_ = NONE
    for part in position.parts:
        if part.situation in AT_RISK:
            open_ += part.quantity
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
    walk: Walk, positions: Sequence[Position], debts: Sequence[Debt], begins: datetime
) -> datetime | None:
    """The first instant from which every debt is extinguished, or collected with another on the
    same goods, and none can arise.
    """
    safe = for_good(positions, _bears_no_risk)
    if safe is None:
        return None
    if not debts:
        return max(begins, safe)
    arisen = max([begins, safe, *[debt.incurred for debt in debts]])
    ended = {each.at for debt in debts for each in debt.extinguished if each.at > arisen}
    return next((at for at in sorted({arisen, *ended}) if _owed(walk, debts, at) == NONE), None)


def _bears_no_risk(position: Position) -> bool:
    return AT_RISK.isdisjoint([part.situation for part in position.parts])
