"""Inward processing (Articles 255 to 258)."""

from domain.facts.declaration import (
    DeclarationInvalidated,
    DeclaredGoodsPresented,
    GoodsReleased,
)
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsRemoved,
    GoodsSeized,
)
from domain.facts.inventory import PeriodExtended, ShortageFound
from domain.law.citation import rule
from domain.movements import discharge
from domain.movements.account import Account, Event, Expired, Taken
from domain.movements.declaration import invalidated_after_release
from domain.movements.disposal import abandon, act_on, seize
from domain.movements.walk import Owing, Walk
from domain.timeline import Situation as S

HERE = S.INWARD_PROCESSING
DUTY = "discharge the procedure"


def step(walk: Walk, event: Event) -> bool:
    """The state table of inward processing; whether the act is heard."""
    match event.what:
        case GoodsReleased():
            if walk.own.released:
                walk.move_all(event, (S.AWAITED,), HERE, "194(1)", "256(1)")
                if last := discharge.first_limit(walk):
                    walk.start(event, "215(4)", DUTY, last, fixed=True)
        case PeriodExtended():
            discharge.extend(walk, event, "257(2)", DUTY)
        case ShortageFound():
            discharge.lose(walk, event, HERE, missing_from_processing, bound(walk))
        case GoodsRemoved():
            removed_from_processing(walk, event)
        case GoodsSeized() | GoodsConfiscated():
            seize(walk, event, (HERE, S.IRREGULAR))
        case GoodsAbandoned():
            abandon(walk, event, (HERE,))
        case DeclarationInvalidated():
            if walk.own.released and walk.own.released.at <= event.at:
                invalidated_after_release(walk, event, HERE)
        case Expired():
            processing_not_discharged(walk, event)
        case AbandonmentPermitted() | DeclaredGoodsPresented():
            pass
        case _:
            return False
    return True


def take(_: Walk, account: Account, event: Event, taken: Taken) -> bool:
    """The next procedure or the exit discharges, products counted by the rate of yield."""
    return discharge.take(HERE, account, event, taken)


def after(walk: Walk, event: Event) -> None:
    """The clock stops when nothing is left to discharge."""
    if walk.deadlines and not walk.deadlines[-1].stopped:
        left = (discharge.unplaced(walk, account, HERE) for account in walk.accounts.values())
        if not any(left) and not walk.held(S.AWAITED):
            walk.stop(event)
    elif any(discharge.unplaced(walk, account, HERE) for account in walk.accounts.values()):
        walk.run()
    walk.settle_overdue(event, lambda account: account.held(HERE))


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "215(4)", "257(1)")
def processing_not_discharged(walk: Walk, event: Event) -> None:
    """What is open when the period for discharge is over."""
    struck = {}
    for account in walk.accounts.values():
        if late := discharge.unplaced(walk, account, HERE):
            account.late(event, late, "215(4)", "257(1)")
            struck[account.number] = late
    walk.incur(
        processing_not_discharged, event, struck, bound(walk), gave_rise=(walk.own.released,)
    )


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "134(1)", "85(2)")
def missing_from_processing(walk: Walk, event: Event) -> None:
    """Goods missing: from the removal where it is shown, else from the finding."""


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "134(1)", "256(1)")
def removed_from_processing(walk: Walk, event: Event) -> None:
    """Removed from customs supervision."""
    struck = act_on(walk, event, (HERE,), S.IRREGULAR, "134(1)")
    walk.incur(removed_from_processing, event, struck, bound(walk))


def bound(walk: Walk) -> tuple[Owing, ...]:
    """The holder of the procedure."""
    return (Owing(walk.holder or "unknown", "79(3)(a)"),)
