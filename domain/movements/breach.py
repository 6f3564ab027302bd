"""Goods that leave customs supervision unlawfully, and who owes for them (Article 79(1)(a))."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from domain.movements.account import NONE, Event, Moved
from domain.movements.incurred import Owing, Strike
from domain.movements.walk import Walk

Bound = Callable[[Walk, str | None], tuple[Owing, ...]]
"""Who is bound by the obligations for goods: those of a transferee, or of nobody but the first
holder (`None`).
"""


def breached(
    walk: Walk,
    event: Event,
    cause: Callable[..., object],
    moved: Mapping[int, Moved],
    bound: Bound,
    *,
    missing: bool = False,
    strayed: bool = False,
) -> None:
    """A debt of each holder for what an act took of his goods (Articles 79(3)(a), 218)."""
    holders = {slot.holder for of_line in moved.values() for slot in of_line}
    for holder in sorted(holders, key=lambda name: name or ""):
        struck = dict.fromkeys(moved, NONE)
        shares: dict[tuple[int, str], Decimal] = {}
        again: dict[int, Decimal] = {}
        for number, of_line in moved.items():
            for slot, much in of_line.items():
                if slot.holder == holder:
                    struck[number] += much
                    if walk.is_late(number, slot):
                        again[number] = again.get(number, NONE) + much
                    if slot.drawn_by:
                        key = number, slot.drawn_by
                        shares[key] = shares.get(key, NONE) + much
        strike = Strike(struck, shares, missing=missing, strayed=strayed, again=again)
        walk.incur(cause, event, strike, bound(walk, holder))
