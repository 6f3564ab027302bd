"""Sums of debts over movements: what coincides is counted once (D8)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.customs_debt import Debt, SameGoods
from domain.movements.account import NONE
from domain.movements.inward_processing import processing_not_discharged
from domain.movements.temporary_storage import storage_overrun
from domain.movements.transit import transit_not_ended

LATE: Final = frozenset(
    rule.__name__ for rule in (storage_overrun, processing_not_discharged, transit_not_ended)
)
"""The rules of debts because a time limit ran out."""


@dataclass(slots=True)
class _Owed:
    """A debt at an instant: what is `left` to be collected and not counted elsewhere, all that was
    collected or is left, and the `room` of that for what coincides with other debts.
    """

    debt: Debt
    left: Decimal
    whole: Decimal
    room: Decimal


def total(debts: Iterable[tuple[str, Debt]], as_of: datetime) -> Mapping[str, Decimal]:
    """What is still to be collected at `as_of` by currency, given (movement, debt).

    Where two debts are about the same goods, payment of the one collects the other as far as they
    coincide. Debts of unknown amount add nothing: count them beside the sum.
    """
    sums: dict[str, Decimal] = defaultdict(Decimal)
    told: list[_Owed] = []
    of: dict[str, list[_Owed]] = defaultdict(list)
    for movement, debt in debts:
        left = debt.open_at(as_of) or NONE
        whole = left + _paid(debt, as_of)
        sums[debt.currency] += left
        told.append(owed := _Owed(debt, left, whole, whole))
        if debt.article.startswith("77") or debt.because.rule in LATE:
            of[movement].append(owed)
    for one in told:
        for same in one.debt.same_goods:
            for other in of[same.movement]:
                if other is not one:
                    sums[one.debt.currency] -= _counted_twice(one, other, same, as_of)
    return dict(sums)


def _counted_twice(one: _Owed, other: _Owed, same: SameGoods, as_of: datetime) -> Decimal:
    """What is left of two debts on the same goods beyond the greater of them: of what coincides,
    as far as it is owed at all, one amount is to be collected, and a payment of either is one.
    """
    both = same.amount - _ended(one.debt, other.debt, as_of)
    both = max(min(both, one.whole, other.room), NONE)
    twice = min(both, one.left + other.left)
    other.room -= both
    mine = min(twice, one.left)
    one.left -= mine
    other.left -= twice - mine
    return twice


def _ended(one: Debt, other: Debt, as_of: datetime) -> Decimal:
    """What one act ended of both debts, such as the confiscation of goods that both are about."""
    gone = NONE
    theirs = [each for each in other.extinguished if each.letter != "b" and each.at <= as_of]
    for end in one.extinguished:
        if end.letter != "b" and end.at <= as_of and end.amount is not None:
            acts = set(end.because.reports) - set(one.because.reports)
            of_both = [each.amount or NONE for each in theirs if acts & set(each.because.reports)]
            gone += min(end.amount, sum(of_both, NONE))
    return gone


def _paid(debt: Debt, as_of: datetime) -> Decimal:
    """What payments extinguished by then."""
    paid = (each.amount for each in debt.extinguished if each.letter == "b" and each.at <= as_of)
    return sum((amount for amount in paid if amount is not None), NONE)
