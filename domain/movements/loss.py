"""Goods that are lost or destroyed (Articles 79, 124(1)(f) and (g))."""

from collections.abc import Iterable

from domain.facts.disposal import GoodsDestroyed, GoodsLost
from domain.law.citation import rule
from domain.movements.account import Event
from domain.movements.disposal import act_on, forget_destroyed, keep_count, reach
from domain.movements.walk import Owing, Walk
from domain.situation import Situation as S


def lose(walk: Walk, event: Event, sources: tuple[S, ...], owing: Iterable[Owing]) -> None:
    """What a loss or a destruction under supervision does to goods in `sources`; what is destroyed
    may have left them, and was found, or may have been seized.
    """
    if isinstance(event.what, GoodsDestroyed):
        found = (*sources, S.IRREGULAR)
        reached = reach(walk, event, found)
        act_on(walk, event, (*found, S.DEEMED_WAREHOUSE), S.DESTROYED, "197", "124(1)(f)")
        keep_count(walk, event, found, reached)
        forget_destroyed(walk, event)
    elif isinstance(event.what, GoodsLost):
        goods_lost(walk, event, sources, owing)


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "124(1)(g)")
def goods_lost(walk: Walk, event: Event, sources: tuple[S, ...], owing: Iterable[Owing]) -> None:
    """Lost goods leave supervision unlawfully, unless customs accept the cause of the loss: the
    debt and its extinguishment then coincide.
    """
    strike = act_on(walk, event, sources, S.LOST, "124(1)(g)")
    walk.incur(goods_lost, event, strike._replace(missing=True), owing)
