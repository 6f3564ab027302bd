"""Transfer of the rights and obligations of a procedure (Article 218)."""

from domain.facts.inventory import RightsTransferred
from domain.movements.account import Event, Slot
from domain.movements.walk import Walk
from domain.situation import Situation as S


def transfer(walk: Walk, event: Event, here: S) -> str | None:
    """A permitted transfer gives a quantity another holder, who is told where it does."""
    act = event.what
    if not isinstance(act, RightsTransferred):
        return None
    account = walk.accounts.get(act.line)
    if not act.permitted:
        words = f"customs have not authorised {act.transferee} for these goods: nothing passes"
        walk.find(event, "UCC218_TRANSFEREE_INELIGIBLE", words, "218", line=act.line)
    elif account is None or not account.move(
        event, act.quantity, Slot(here), Slot(here, None, act.transferee), "218"
    ):
        words = f"line {act.line} has less than the {act.quantity:f} that are transferred"
        walk.find(event, "EXCEEDS_STOCK", words, "218", line=act.line)
    else:
        return act.transferee
    return None
