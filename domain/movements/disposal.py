"""Acts on goods: removal, loss, destruction, seizure, abandonment (Articles 124, 197 to 199)."""

from decimal import Decimal

from domain.facts.disposal import AbandonmentPermitted, OnGoods
from domain.movements.account import NONE, Event
from domain.movements.walk import Strike, Walk
from domain.timeline import Situation as S


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
        before = account.shares(*sources)
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
    return Strike(moved, shares)


def seize(walk: Walk, event: Event, sources: tuple[S, ...]) -> None:
    """Goods seized or confiscated are deemed under customs warehousing (Article 198(2)).

    What a seizure has put there already stays there.
    """
    act = event.what
    quantity = act.quantity if isinstance(act, OnGoods) else None
    held = sum((account.held(S.DEEMED_WAREHOUSE) for account in walk.on(event)), NONE)
    if quantity is not None and held >= quantity:
        return
    act_on(walk, event, sources, S.DEEMED_WAREHOUSE, "198(2)")


def abandon(walk: Walk, event: Event, sources: tuple[S, ...]) -> None:
    """Goods abandoned to the State with prior permission are deemed under customs warehousing
    (Articles 198(2), 199).
    """
    permitted = [
        fact
        for fact in walk.case.settled.facts
        if isinstance(fact.fact, AbandonmentPermitted) and fact.at <= event.at
    ]
    if not permitted:
        words = "customs have not permitted it: ask for permission, then abandon"
        walk.find(event, "ABANDON_NO_PERMISSION", words, "199")
        return
    event = event._replace(cites=(*permitted[0].cites, *event.cites))
    act_on(walk, event, sources, S.DEEMED_WAREHOUSE, "198(2)", "199")
