"""Outward processing (Articles 259 to 262): Union goods go out and come back as products.

Late re-import costs the relief and makes no debt under Article 79. Export duty, standard
exchange and prior import are not modelled.
"""

from datetime import date

from domain.facts.declaration import (
    DeclarationInvalidated,
    DeclaredGoodsPresented,
    GoodsReleased,
)
from domain.facts.exit import GoodsExited
from domain.facts.inventory import PeriodExtended
from domain.facts.values import Kind
from domain.law.citation import rule
from domain.law.periods import day_of
from domain.movements import discharge
from domain.movements.account import Account, Event, Expired, Slot, Taken
from domain.movements.declaration import invalidated_after_release
from domain.movements.drawing import ACCEPTED, FELL, RELEASED, holds_until_released
from domain.movements.placing import no_last_day, place
from domain.movements.walk import Walk
from domain.outline import Outline
from domain.policies import Reading
from domain.situation import Situation as S

ABROAD = S.OUTWARD_PROCESSING
AWAY = (ABROAD, S.OUTWARD_RELEASED)
LATE_FIRST = {S.RELIEF_LAPSED: S.RELIEF_LAPSED, ABROAD: ABROAD}
IN_TIME_FIRST = {ABROAD: ABROAD, S.RELIEF_LAPSED: S.RELIEF_LAPSED}
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
    for account in walk.accounts.values():
        for slot in tuple(account.slots):
            if slot.situation in AWAY and not _kept(walk, slot):
                _lose(account, event, slot)


def _lose(account: Account, event: Event, slot: Slot) -> None:
    """Goods lose the relief, whoever has declared them."""
    target = slot._replace(situation=S.RELIEF_LAPSED)
    account.move(event, account.slots[slot], slot, target, "259(3)")


def _kept(walk: Walk, slot: Slot) -> bool:
    """Whether a declaration in time has drawn what is there, and keeps it by all that is known."""
    by = walk.successors.get(slot.drawn_by or "")
    return by is not None and holds_until_released(by) and in_time(walk, by)


def in_time(walk: Walk, by: Outline) -> bool:
    """Whether products are declared within the period or, on the reading RELEASE, released."""
    last, day = walk.own.last_day(walk.policies), _back_on(walk, by)
    return last is None or (day is not None and day <= last)


def _back_on(walk: Walk, by: Outline) -> date | None:
    """The legal day of an import that decides on the relief, where it is declared."""
    accepts = walk.policies.placed_by is Reading.ACCEPTANCE
    mark = by.accepted or by.released if accepts else by.released
    return day_of(mark.at, by.zone) if mark else None


def take(walk: Walk, account: Account, event: Event, taken: Taken) -> bool:
    """A declaration of the products for free circulation holds them: one in time what is abroad,
    one too late what has lost the relief. Their release discharges, or is too late for it.
    """
    by = taken.by
    if by.kind is not Kind.FREE_CIRCULATION:
        return True
    if taken.stage == FELL:
        for place_ in IN_TIME_FIRST:
            account.give_back(event, taken, place_, place_, "174(1)")
    elif taken.stage == ACCEPTED:
        return _draw(walk, account, event, taken)
    elif taken.stage == RELEASED:
        held = [slot for slot in account.slots if slot.drawn_by == by.movement]
        if not held and not _draw(walk, account, event, taken):
            return False
        account.pass_on(event, taken, (ABROAD,), S.DISCHARGED, "215(1)", "259(1)")
        account.pass_on(event, taken, (S.RELIEF_LAPSED,), S.PASSED_ON, "259(3)")
    return True


def _draw(walk: Walk, account: Account, event: Event, taken: Taken) -> bool:
    ways = IN_TIME_FIRST if in_time(walk, taken.by) else LATE_FIRST
    return account.draw(event, taken, ways, "215(1)", "259(1)")


def after(walk: Walk, event: Event) -> None:
    """The clock stops when all is back."""
    left = walk.held(S.AWAITED, S.OUTWARD_RELEASED, ABROAD, S.RELIEF_LAPSED)
    if walk.deadlines and not walk.deadlines[-1].stopped and not left:
        walk.stop(event)
