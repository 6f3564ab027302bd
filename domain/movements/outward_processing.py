"""Outward processing (Articles 259 to 262): Union goods go out and come back as products.

Late re-import costs the relief and makes no debt under Article 79. Export duty, standard
exchange and prior import are not modelled.
"""

from datetime import date, tzinfo
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
from domain.law.periods import day_of, missed_at
from domain.movements import discharge
from domain.movements.account import NONE, Account, Event, Expired, Slot, Taken
from domain.movements.declaration import invalidated_after_release
from domain.movements.drawing import (
    ACCEPTED,
    FELL,
    RELEASED,
    confirmed,
    drawn_from,
    holds_until_released,
)
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
                    zone = where_it_ends(walk)
                    walk.start(event, reimport_limit, DUTY, last, fixed=True, zone=zone)
                else:
                    no_last_day(walk, event, reimport_limit)
        case GoodsExited():
            walk.move_all(event, (S.OUTWARD_RELEASED,), ABROAD, "154(a)", "267(1)")
        case PeriodExtended():
            if discharge.extend(walk, event, reimport_limit, DUTY, zone=where_it_ends(walk)):
                after(walk, event)
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


def where_it_ends(walk: Walk) -> tzinfo:
    """The zone in which the last day ends: of the office where products are declared last or, where
    none are, of that of the goods. The Code names no office for the release, so that for each
    declaration the day is that of its own.
    """
    backs = [
        (day, missed_at(day, by.zone), place)
        for place, by in enumerate(walk.case.successors)
        if _imports(walk, by) and (day := _back_on(walk, by))
    ]
    return walk.case.successors[max(backs)[2]].zone if backs else walk.zone


def lapse(walk: Walk, event: Event) -> None:
    """What is not back loses the relief; on the reading ACCEPTANCE, what a declaration accepted in
    time is going to release does not.
    """
    for account in walk.accounts.values():
        for slot, much in tuple(account.slots.items()):
            if slot.situation in AWAY and not _kept(walk, slot):
                _lose(
                    account, event, slot, much if slot.drawn_by else much - _coming(walk, account)
                )


def _lose(account: Account, event: Event, slot: Slot, much: Decimal) -> None:
    """So much loses the relief, whoever has declared it."""
    account.move(event, much, slot, slot._replace(situation=S.RELIEF_LAPSED), "259(3)")


def _coming(walk: Walk, account: Account) -> Decimal:
    """What is still going to be declared in time, at an office where the last day ends later."""
    return sum(
        (
            drawn_from(walk.case, walk.own, by, account.number)
            for by in walk.case.successors
            if by.movement not in walk.successors and _imports(walk, by) and in_time(walk, by)
        ),
        NONE,
    )


def _imports(walk: Walk, by: Outline) -> bool:
    """Whether a successor is an import of products that takes effect, by all that is known."""
    return by.kind is Kind.FREE_CIRCULATION and confirmed(by, walk.own) and not by.fell


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
        if taken.stage == RELEASED:
            _on_the_way(walk, account, event, by)
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
        if not in_time(walk, by):
            for slot, much in tuple(account.slots.items()):
                if slot[:2] == (ABROAD, by.movement):
                    _lose(account, event, slot, much)
        account.pass_on(event, taken, (ABROAD,), S.DISCHARGED, "215(1)", "259(1)")
        account.pass_on(event, taken, (S.RELIEF_LAPSED,), S.PASSED_ON, "259(3)")
    return True


def _on_the_way(walk: Walk, account: Account, event: Event, by: Outline) -> None:
    """Say that products which another movement receives first are not seen to come back."""
    words = (
        f"{by.movement} is no release for free circulation: nothing is discharged; an import that"
        " draws from it leaves the products open here, one that draws from here leaves them there"
    )
    walk.find(event, "UCC215_MODE_NOT_ALLOWED", words, "215(1)", line=account.number)


def _draw(walk: Walk, account: Account, event: Event, taken: Taken) -> bool:
    ways = IN_TIME_FIRST if in_time(walk, taken.by) else LATE_FIRST
    return account.draw(event, taken, ways, "215(1)", "259(1)")


def after(walk: Walk, event: Event) -> None:
    """The clock stands still while all is back or, on the reading ACCEPTANCE, held by declarations
    that were accepted in time.
    """
    if _left(walk):
        walk.run("259(3)")
    else:
        walk.stop(event)


def _left(walk: Walk) -> bool:
    """Whether the clock asks for something that is not back."""
    if walk.held(S.AWAITED, S.OUTWARD_RELEASED, S.RELIEF_LAPSED):
        return True
    accepts = walk.policies.placed_by is Reading.ACCEPTANCE
    slots = [slot for each in walk.accounts.values() for slot in each.slots]
    return any(slot.situation is ABROAD and not (accepts and _kept(walk, slot)) for slot in slots)
