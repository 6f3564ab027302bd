"""Outward processing (Articles 259 to 262): Union goods go out and come back as products.

Late re-import costs the relief and makes no debt under Article 79. Export duty, standard
exchange and prior import are not modelled.
"""

from datetime import date
from decimal import Decimal

from domain.facts.declaration import (
    DeclarationInvalidated,
    DeclaredGoodsPresented,
    GoodsReleased,
)
from domain.facts.exit import GoodsExited
from domain.facts.inventory import PeriodExtended
from domain.facts.values import Kind
from domain.law.citation import rule
from domain.movements import discharge
from domain.movements.account import NONE, Account, Event, Expired, Taken
from domain.movements.declaration import invalidated_after_release
from domain.movements.drawing import RELEASED, confirmed, drawn_lines, drawn_quantity
from domain.movements.placing import no_last_day, place
from domain.movements.walk import Walk
from domain.outline import Outline
from domain.policies import Reading
from domain.situation import Situation as S

ABROAD = S.OUTWARD_PROCESSING
DUTY = "re-import the products and release them for free circulation"


def step(walk: Walk, event: Event) -> bool:
    """The state table of outward processing; whether the act is heard."""
    match event.what:
        case GoodsReleased():
            if walk.own.released:
                place(walk, event, S.OUTWARD_RELEASED, "194(1)", "259(1)")
                if last := discharge.first_limit(walk):
                    walk.start(event, reimport_limit, DUTY, last, fixed=True)
                else:
                    no_last_day(walk, event, reimport_limit)
        case GoodsExited():
            walk.move_all(event, (S.OUTWARD_RELEASED,), ABROAD, "154(a)", "267(1)")
        case PeriodExtended():
            discharge.extend(walk, event, reimport_limit, DUTY)
        case DeclarationInvalidated():
            if walk.own.released and walk.own.released.at <= event.at:
                invalidated_after_release(walk, event, S.OUTWARD_RELEASED)
        case Expired():
            lapse(walk, event)
        case DeclaredGoodsPresented():
            pass
        case _:
            return False
    return True


@rule("259(3)")
def reimport_limit(fixed: date) -> date:
    """The products are back, and released for free circulation, by the day that customs fixed."""
    return fixed


def lapse(walk: Walk, event: Event) -> None:
    """What is not back loses the relief; on the reading ACCEPTANCE, what a declaration accepted in
    time is going to release does not.
    """
    away = (ABROAD, S.OUTWARD_RELEASED)
    for account in walk.accounts.values():
        late = max(account.held(*away) - _declared_in_time(walk, event, account), NONE)
        account.move_some(event, late, away, S.RELIEF_LAPSED, "259(3)")


def _declared_in_time(walk: Walk, event: Event, account: Account) -> Decimal:
    if walk.policies.placed_by is not Reading.ACCEPTANCE:
        return NONE
    return sum(
        (
            drawn_quantity(walk.case, walk.own, other, number)
            for other in walk.case.successors
            if other.kind is Kind.FREE_CIRCULATION and confirmed(other, walk.own)
            for number, ours, _ in drawn_lines(other, walk.own)
            if ours == account.number and _pending(other, event)
        ),
        NONE,
    )


def _pending(other: Outline, event: Event) -> bool:
    """Accepted by then, and not released before."""
    if other.accepted is None or other.accepted.at >= event.at or other.fell:
        return False
    return other.released is None or other.released.at >= event.at


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
