"""Seizure, confiscation, abandonment (Articles 197 to 199)."""

from domain.facts.disposal import AbandonmentPermitted
from domain.movements.account import Event
from domain.movements.walk import Walk
from domain.timeline import Situation as S


def seize(walk: Walk, event: Event, sources: tuple[S, ...]) -> None:
    """Goods seized or confiscated are deemed under customs warehousing (Article 198(2))."""
    drawn_by = getattr(event.what, "drawn_by", None)
    for account in walk.on(event):
        account.move_all(event, sources, S.DEEMED_WAREHOUSE, "198(2)", drawn_by=drawn_by)


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
    seize(walk, event, sources)
