"""Sums of debts over movements: what coincides is counted once (D8)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.customs_debt import Debt
from domain.movements.account import NONE
from domain.movements.inward_processing import processing_not_discharged
from domain.movements.temporary_storage import storage_overrun
from domain.movements.transit import transit_not_ended

LATE: Final = frozenset(
    rule.__name__ for rule in (storage_overrun, processing_not_discharged, transit_not_ended)
)
"""The rules of debts because a time limit ran out."""


def total(debts: Iterable[tuple[str, Debt]], as_of: datetime) -> Mapping[str, Decimal]:
    """What is still to be collected at `as_of` by currency, given (movement, debt).

    Where two debts are about the same goods, payment of the one collects the other as far as they
    coincide. Debts of unknown amount add nothing: count them beside the sum.
    """
    told = list(debts)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    collected_with: dict[str, Decimal] = defaultdict(Decimal)
    for movement, debt in told:
        left = debt.open_at(as_of) or NONE
        sums[debt.currency] += left
        if debt.article.startswith("77") or debt.because.rule in LATE:
            collected_with[movement] += left + _paid(debt, as_of)
    for _, debt in told:
        left = debt.open_at(as_of) or NONE
        for same in debt.same_goods:
            shared = min(same.amount, left, collected_with[same.movement])
            sums[debt.currency] -= shared
            collected_with[same.movement] -= shared
            left -= shared
    return dict(sums)


def _paid(debt: Debt, as_of: datetime) -> Decimal:
    """What payments extinguished by then."""
    paid = (each.amount for each in debt.extinguished if each.letter == "b" and each.at <= as_of)
    return sum((amount for amount in paid if amount is not None), NONE)
