"""Acts on goods: removal, loss, destruction, seizure, abandonment (Articles 124, 197 to 199)."""

from datetime import datetime
from decimal import Decimal

from domain.facts.disposal import AbandonmentPermitted, OnGoods
from domain.movements.account import NONE, Event
from domain.movements.walk import Strike, Walk
from domain.settle import Standing
from domain.situation import Situation as S


def act_on(walk: Walk, event: Event, sources: tuple[S, ...], target: S, *articles: str) -> Strike:
    """Move what an act names to `target`, and say what it took.

    Without a quantity the act is on all of the line, or on all that the successor it names holds.
    More than is there moves nothing, and is said.
    """
    act = event.what
    if not isinstance(act, OnGoods):
        return Strike({})
    moved: dict[int, Decimal] = {}
    shares: dict[tuple[int, str], Decimal] = {}
    for account in walk.on(event):
        strayed, before = account.held(S.IRREGULAR), account.shares(*sources)
        if act.quantity is None:
            much = account.move_all(event, sources, target, *articles, drawn_by=act.drawn_by)
        else:
            much = account.move_some(
                event, act.quantity, sources, target, *articles, drawn_by=act.drawn_by
            )
            if not much and act.quantity:
                words = f"line {account.number} has less than the {act.quantity:f} that it names"
                walk.find(event, "EXCEEDS_STOCK", words, act.ARTICLE, line=account.number)
        moved[account.number] = much
        after = account.shares(*sources)
        shares |= {
            (account.number, by): had - after.get(by, NONE)
            for by, had in before.items()
            if had != after.get(by, NONE)
        }
        if target is S.DEEMED_WAREHOUSE and strayed:
            found = walk.brought_in.get(account.number, NONE)
            walk.brought_in[account.number] = found + strayed - account.held(S.IRREGULAR)
    return Strike(moved, shares, strayed=target is S.IRREGULAR)


def reach(walk: Walk, event: Event, sources: tuple[S, ...]) -> None:
    """Say how much of what strayed from a line an act is about: without a quantity all that it can
    be, with one what is more than the rest of the line.
    """
    act = event.what
    if not isinstance(act, OnGoods):
        return
    for account in walk.on(event):
        strayed = walk.brought_in.get(account.number, NONE)
        if S.IRREGULAR in sources:
            strayed += account.held(S.IRREGULAR)
        rest = account.held(*sources, S.DEEMED_WAREHOUSE) - strayed
        much = strayed if act.quantity is None else min(act.quantity - rest, strayed)
        walk.reached[event.cites[0], account.number] = max(much, NONE)


def seize(walk: Walk, event: Event, sources: tuple[S, ...]) -> None:
    """Goods seized or confiscated are deemed under customs warehousing (Article 198(2)).

    What a seizure has put there already stays there.
    """
    act = event.what
    quantity = act.quantity if isinstance(act, OnGoods) else None
    reach(walk, event, sources)
    held = sum((account.held(S.DEEMED_WAREHOUSE) for account in walk.on(event)), NONE)
    if quantity is not None and held >= quantity:
        return
    act_on(walk, event, sources, S.DEEMED_WAREHOUSE, "198(2)")


def abandon(walk: Walk, event: Event, sources: tuple[S, ...]) -> None:
    """Goods abandoned to the State with prior permission are deemed under customs warehousing
    (Articles 198(2), 199).
    """
    permission = abandonment_permitted(walk, event.what, event.at)
    if permission is None:
        words = "customs have not permitted it: ask for permission, then abandon"
        walk.find(event, "ABANDON_NO_PERMISSION", words, "199")
        return
    reach(walk, event, sources)
    event = event._replace(cites=(*permission.cites, *event.cites))
    act_on(walk, event, sources, S.DEEMED_WAREHOUSE, "198(2)", "199")


def abandonment_permitted(walk: Walk, act: object, at: datetime) -> Standing | None:
    """The earliest permission by then that covers the goods of an act."""
    for fact, permission in walk.acts(AbandonmentPermitted):
        if fact.at <= at and _covers(permission, act):
            return fact
    return None


def _covers(permission: OnGoods, act: object) -> bool:
    if not isinstance(act, OnGoods) or permission.line not in (None, act.line):
        return False
    if permission.quantity is None:
        return True
    return act.quantity is not None and act.quantity <= permission.quantity
