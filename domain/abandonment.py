"""Which abandonments to the State have effect: what customs permitted before (Article 199)."""

from collections.abc import Collection, Iterable
from decimal import Decimal

from domain.facts.disposal import AbandonmentPermitted, GoodsAbandoned
from domain.settle import Standing

NONE = Decimal(0)


class _Permission:
    """A permission that stands, and what abandonments of each line have used up of it."""

    def __init__(self, said: AbandonmentPermitted, cite: str) -> None:
        self.said, self.cite = said, cite
        self.used: dict[int | None, Decimal] = {}

    def free(self, line: int | None) -> Decimal:
        """What may still be abandoned under it."""
        return (self.said.quantity or NONE) - self.used.get(line, NONE)


def permitted(facts: Collection[Standing]) -> dict[str, tuple[str, ...]]:
    """The abandonments that have effect among facts in legal order, by report, and the permissions
    that each rests on.

    A permission without a quantity is for all that may be abandoned; those of a quantity add up,
    and each abandonment uses up as much of them as it is about.
    """
    found: dict[str, tuple[str, ...]] = {}
    if GoodsAbandoned not in {type(standing.fact) for standing in facts}:
        return found
    so_far: list[_Permission] = []
    for standing in facts:
        act, cite = standing.fact, standing.cites[0]
        if isinstance(act, AbandonmentPermitted):
            so_far.append(_Permission(act, cite))
        elif isinstance(act, GoodsAbandoned):
            covers = [each for each in so_far if each.said.line in (None, act.line)]
            if rests_on := _granted(covers, act):
                found[cite] = rests_on
    return found


def _granted(covers: Iterable[_Permission], act: GoodsAbandoned) -> tuple[str, ...]:
    """The permissions that an abandonment rests on, of those that cover its line; none where they
    do not reach.
    """
    for each in covers:
        if each.said.quantity is None:
            return (each.cite,)
    if act.quantity is None:
        return ()
    left, takes = act.quantity, []
    for each in covers:
        if much := min(left, each.free(act.line)):
            takes.append((each, much))
            left -= much
    if left:
        return ()
    for each, much in takes:
        each.used[act.line] = each.used.get(act.line, NONE) + much
    return tuple([each.cite for each, _ in takes])
