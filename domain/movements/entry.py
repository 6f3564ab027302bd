"""Entry: summary declaration, arrival, unloading (Articles 127 to 141)."""

from collections.abc import Callable
from datetime import timedelta

from domain.facts.disposal import GoodsConfiscated, GoodsSeized
from domain.facts.entry import (
    GoodsEntered,
    GoodsFound,
    GoodsUnloaded,
    SummaryDeclarationLodged,
)
from domain.law.citation import rule
from domain.law.limits import ENTRY_SUMMARY_DAYS
from domain.movements.account import Account, Event, Expired, Taken
from domain.movements.disposal import seize
from domain.movements.drawing import RELEASED
from domain.movements.walk import Owing, Walk
from domain.timeline import Situation as S

HERE = (S.ENTERED, S.IRREGULAR)


def step(walk: Walk, event: Event) -> bool:
    """The state table of an entry; whether the act is heard."""
    match event.what:
        case SummaryDeclarationLodged():
            walk.move_all(event, (S.AWAITED,), S.OUTSIDE, "127(1)")
            day = walk.day(event.at)
            days = ENTRY_SUMMARY_DAYS.on(day, walk.law)
            walk.start(event, "129(2)(b)", "bring the goods in", day + timedelta(days=days))
        case GoodsEntered():
            walk.move_all(event, (S.AWAITED, S.OUTSIDE), S.ENTERED, "134(1)")
            walk.stop(event)
        case GoodsUnloaded(permitted=False):
            unloaded_unpresented(walk, event)
        case GoodsUnloaded():
            pass
        case GoodsFound():
            found_unpresented(walk, event)
        case GoodsSeized() | GoodsConfiscated():
            seize(walk, event, HERE)
        case Expired(deadline) if walk.held(S.OUTSIDE):
            words = f"the goods did not come within the validity that ended {deadline.last_day}"
            walk.find(event, "ENS_INVALIDATION_OVERDUE", words, "129(2)(b)")
        case Expired():
            pass
        case _:
            return False
    return True


def take(_: Walk, account: Account, event: Event, taken: Taken) -> bool:
    """Presentation takes the goods over, wherever entry left them."""
    if taken.stage != RELEASED:
        return True
    for source in (S.ENTERED, S.OUTSIDE, S.AWAITED):
        if there := account.drawn(source, None):
            drawn = taken._replace(quantity=min(taken.quantity, there))
            account.draw(event, drawn, {source: source}, "139(1)")
            account.pass_on(event, drawn, (source,), S.PASSED_ON, "139(1)", "144")
            return True
    return False


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "135(1)", "139(1)", "140(1)", "85(2)")
def unloaded_unpresented(walk: Walk, event: Event) -> None:
    """Unloaded without permission and never presented: from the earliest provable instant."""
    _unpresented(walk, event, unloaded_unpresented, (S.AWAITED, S.OUTSIDE, S.ENTERED))


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "139(1)", "85(2)")
def found_unpresented(walk: Walk, event: Event) -> None:
    """Found, never presented, and the entry cannot be dated: when customs find the situation."""
    _unpresented(walk, event, found_unpresented, (S.AWAITED, S.OUTSIDE, S.ENTERED))


def _unpresented(
    walk: Walk, event: Event, cause: Callable[..., object], sources: tuple[S, ...]
) -> None:
    struck = {
        account.number: account.move_all(event, sources, S.IRREGULAR, "134(1)", "139(1)")
        for account in walk.on(event)
    }
    person = walk.holder or "unknown"
    walk.incur(cause, event, struck, (Owing(person, "79(3)(a)"),))


def after(_walk: Walk, _event: Event) -> None:
    """Nothing else falls due on entry."""
