"""Outward processing (Articles 259 to 262): Union goods go out and come back as products.

Late re-import costs the relief and makes no debt under Article 79. Export duty, standard
exchange and prior import are not modelled.
"""

from domain.facts.declaration import (
    DeclarationInvalidated,
    DeclaredGoodsPresented,
    GoodsReleased,
)
from domain.facts.exit import GoodsExited
from domain.facts.inventory import PeriodExtended
from domain.facts.values import Kind
from domain.movements import discharge
from domain.movements.account import Account, Event, Expired, Taken
from domain.movements.declaration import invalidated_after_release
from domain.movements.drawing import RELEASED
from domain.movements.walk import Walk
from domain.timeline import Situation as S

ABROAD = S.OUTWARD_PROCESSING
DUTY = "re-import the products and release them for free circulation"


def step(walk: Walk, event: Event) -> bool:
    """The state table of outward processing; whether the act is heard."""
    match event.what:
        case GoodsReleased():
            if walk.own.released:
                walk.move_all(event, (S.AWAITED,), S.OUTWARD_RELEASED, "194(1)", "259(1)")
                if last := discharge.first_limit(walk):
                    walk.start(event, "259(3)", DUTY, last, fixed=True)
        case GoodsExited():
            walk.move_all(event, (S.OUTWARD_RELEASED,), ABROAD, "154(a)", "267(1)")
        case PeriodExtended():
            discharge.extend(walk, event, "259(3)", DUTY)
        case DeclarationInvalidated():
            if walk.own.released and walk.own.released.at <= event.at:
                invalidated_after_release(walk, event, S.OUTWARD_RELEASED)
        case Expired():
            walk.move_all(event, (ABROAD, S.OUTWARD_RELEASED), S.RELIEF_LAPSED, "259(3)")
        case DeclaredGoodsPresented():
            pass
        case _:
            return False
    return True


def take(_: Walk, account: Account, event: Event, taken: Taken) -> bool:
    """Release of the products for free circulation discharges, in time or too late for relief."""
    if taken.stage != RELEASED or taken.by.kind is not Kind.FREE_CIRCULATION:
        return True
    ways = {ABROAD: ABROAD, S.RELIEF_LAPSED: S.RELIEF_LAPSED}
    if not account.draw(event, taken, ways, "215(1)", "259(1)"):
        return False
    account.pass_on(event, taken, (ABROAD,), S.DISCHARGED, "215(1)", "259(1)")
    account.pass_on(event, taken, (S.RELIEF_LAPSED,), S.PASSED_ON, "259(3)")
    return True


def after(walk: Walk, event: Event) -> None:
    """The clock stops when all is back."""
    left = walk.held(S.AWAITED, S.OUTWARD_RELEASED, ABROAD, S.RELIEF_LAPSED)
    if walk.deadlines and not walk.deadlines[-1].stopped and not left:
        walk.stop(event)
