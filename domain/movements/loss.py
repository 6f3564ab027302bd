"""Goods that are missing, lost or destroyed (Articles 79, 124(1)(f) and (g))."""

from collections.abc import Callable

from domain.facts.inventory import ShortageFound
from domain.law.citation import rule
from domain.movements.account import Event
from domain.movements.breach import Bound, breached
from domain.movements.disposal import act_on, forget_destroyed, keep_count, reach
from domain.movements.drawn_goods import DESTRUCTION, took_found
from domain.movements.walk import Walk
from domain.situation import Situation as S


def destroy(walk: Walk, event: Event, sources: tuple[S, ...]) -> None:
    """Goods in `sources` are destroyed; they may have left them, and were found, or may have been
    seized.
    """
    if took_found(walk, event):
        return
    found = (*sources, S.IRREGULAR)
    reached = reach(walk, event, found)
    act_on(walk, event, (*found, S.DEEMED_WAREHOUSE), S.DESTROYED, *DESTRUCTION)
    keep_count(walk, event, found, reached)
    forget_destroyed(walk, event)


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "124(1)(g)")
def goods_lost(walk: Walk, event: Event, sources: tuple[S, ...], bound: Bound) -> None:
    """Lost goods leave supervision unlawfully, unless customs accept the cause of the loss: the
    debt and its extinguishment then coincide.
    """
    lost = act_on(walk, event, sources, S.LOST, "124(1)(g)")
    breached(walk, event, goods_lost, lost, bound, missing=True)


def go_missing(
    walk: Walk, event: Event, sources: tuple[S, ...], cause: Callable[..., object], bound: Bound
) -> None:
    """A shortage moves what is missing: of what nobody has drawn, then of what declarations hold
    that are not released, for until then the goods are where they were (Articles 149, 215(1)).
    More than is there moves nothing.
    """
    if not isinstance(event.what, ShortageFound):
        return
    quantity, number = event.what.quantity, event.what.line
    account = walk.accounts.get(number)
    moved = account and account.move_some(event, quantity, sources, S.BREACHED, "134(1)")
    if not moved:
        words = f"line {number} has less than the {quantity} that are said to be missing"
        walk.find(event, "SHORTAGE_EXCEEDS_STOCK", words, "134(1)", line=number)
        return
    breached(walk, event, cause, {number: moved}, bound, missing=True)
