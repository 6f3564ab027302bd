"""Fewer goods than declared, while it is open where they went missing (Article 188)."""

from domain.facts.inventory import DiscrepancyFound, NeverThere, ShortageFound
from domain.movements.account import Event, Slot
from domain.movements.walk import Walk
from domain.situation import Situation as S


def investigate(walk: Walk, event: Event, *sources: S) -> None:
    """Set the quantity aside until a later finding settles where it went missing.

    One that names this report settles it, by all that is known: goods that never were under the
    declaration, or that were missing from an earlier day on, are not missing twice.
    """
    act = event.what
    if not isinstance(act, DiscrepancyFound) or _settled(walk, event):
        return
    account = walk.accounts.get(act.line)
    target = Slot(S.UNDER_INVESTIGATION)
    for source in sources:
        if account and account.move(event, act.quantity, Slot(source), target, "188"):
            return
    words = f"line {act.line} has less than the {act.quantity:f} that are said to be missing"
    walk.find(event, "EXCEEDS_STOCK", words, "188", line=act.line)


def _settled(walk: Walk, event: Event) -> bool:
    names = {event.cites[0], event.cites[0].partition("/")[2]}
    return any(
        isinstance(fact.fact, NeverThere | ShortageFound) and fact.fact.discrepancy in names
        for fact in walk.case.settled.facts
    )
