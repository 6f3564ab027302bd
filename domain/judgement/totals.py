"""Sums of debts over movements: what coincides is counted once (D8)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from domain.movements.account import NONE
from domain.timeline import Debt


def total(debts: Iterable[tuple[str, Debt]], as_of: datetime) -> Mapping[str, Decimal]:
    """Open amounts at `as_of` by currency, given (movement, debt).

    Debts of unknown amount add nothing: count them beside the sum.
    """
    told = list(debts)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    open_of: dict[str, Decimal] = defaultdict(Decimal)
    for movement, debt in told:
        left = debt.open_at(as_of) or NONE
        sums[debt.currency] += left
        if debt.article.startswith("77"):
            open_of[movement] += left
    for _, debt in told:
        left = debt.open_at(as_of) or NONE
        for same in debt.same_goods:
            shared = min(same.amount, left, open_of[same.movement])
            sums[debt.currency] -= shared
            open_of[same.movement] -= shared
            left -= shared
    return dict(sums)
