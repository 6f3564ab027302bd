"""External transit (Articles 226 to 236). Transit ends when the goods are at the disposal of
customs at destination; it is discharged when customs find that it ended correctly. A discharge
shows that, too, where nobody told the arrival.
"""

from datetime import date, timedelta
from decimal import Decimal

from domain.facts.declaration import (
    DeclarationInvalidated,
    DeclaredGoodsPresented,
    GoodsReleased,
    OpeningBalance,
)
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsLost,
    GoodsRemoved,
    GoodsSeized,
    OnGoods,
)
from domain.facts.inventory import DiscrepancyFound, ShortageFound
from domain.facts.transit import (
    ArrivedGoodsReleased,
    GoodsArrived,
    TransitDischarged,
    TransitUnloadingPermitted,
    UnloadingReported,
)
from domain.facts.values import Kind
from domain.law.calendar import country_of, zone_of
from domain.law.citation import rule
from domain.movements.account import TOLERANCE, Account, Event, Expired, Taken
from domain.movements.breach import Bound, breached
from domain.movements.declaration import invalidated_after_release
from domain.movements.discrepancy import investigate
from domain.movements.disposal import abandon, act_on, permit, seize
from domain.movements.drawing import RELEASED, drawn_from, presented_since
from domain.movements.incurred import Owing, Strike
from domain.movements.loss import destroy, go_missing, goods_lost
from domain.movements.persons import UNKNOWN, obliged
from domain.movements.placing import no_last_day, place
from domain.movements.walk import Walk
from domain.outline import Outline
from domain.situation import Situation as S
from domain.timeline import Deadline

TAKEN_FROM = (S.EXTERNAL_TRANSIT, S.TRANSIT_ENDED, S.IRREGULAR)
"""Where goods are of which customs dispose, or that are abandoned."""


def step(walk: Walk, event: Event) -> bool:
    """The state table of external transit; whether the act is heard."""
    match event.what:
        case GoodsReleased() | OpeningBalance():
            if walk.releases(event):
                place(walk, event, S.EXTERNAL_TRANSIT, "194(1)", "226(1)")
                if walk.own.end_by:
                    duty = "present the goods at the office of destination"
                    last, there = transit_limit(walk.own.end_by), zone_of(country_of(_bound(walk)))
                    walk.start(event, transit_limit, duty, last, fixed=True, zone=there)
                else:
                    no_last_day(walk, event, transit_limit)
        case GoodsArrived():
            walk.move_all(event, (S.EXTERNAL_TRANSIT,), S.TRANSIT_ENDED, "233(2)")
            walk.stop(event)
        case TransitDischarged():
            walk.move_all(event, (S.EXTERNAL_TRANSIT, S.TRANSIT_ENDED), S.DISCHARGED, "215(2)")
            walk.stop(event)
        case Expired(deadline):
            transit_not_ended(walk, event)
            _met(walk, event, deadline)
        case (
            TransitUnloadingPermitted()
            | UnloadingReported()
            | ArrivedGoodsReleased()
            | DeclaredGoodsPresented()
        ):
            pass
        case GoodsSeized() | GoodsConfiscated():
            seize(walk, event, TAKEN_FROM)
            nothing_to_present(walk, event)
        case GoodsAbandoned():
            abandon(walk, event, TAKEN_FROM)
            nothing_to_present(walk, event)
        case AbandonmentPermitted():
            permit(walk, event, TAKEN_FROM)
        case GoodsRemoved():
            removed_from_transit(walk, event)
        case DeclarationInvalidated():
            if walk.own.released and walk.own.released.at <= event.at:
                invalidated_after_release(walk, event, S.EXTERNAL_TRANSIT)
        case DiscrepancyFound():
            investigate(walk, event, S.TRANSIT_ENDED, S.EXTERNAL_TRANSIT)
        case ShortageFound():
            here = (S.EXTERNAL_TRANSIT, S.TRANSIT_ENDED)
            go_missing(walk, event, here, missing_from_transit, obliged)
        case GoodsLost():
            goods_lost(walk, event, *_here(walk, event))
        case GoodsDestroyed():
            destroy(walk, event, (S.EXTERNAL_TRANSIT, S.TRANSIT_ENDED))
            nothing_to_present(walk, event)
        case _:
            return False
    return True


@rule("233(1)(a)")
def transit_limit(fixed: date) -> date:
    """The holder presents the goods at destination by the day that customs fixed."""
    return fixed


def nothing_to_present(walk: Walk, event: Event) -> None:
    """The clock stops once the last goods that it asks for are presented, in deemed warehousing or
    destroyed (Articles 197, 198(2), 233(2)); for what is left of them it runs on.
    """
    if not walk.held(S.EXTERNAL_TRANSIT):
        walk.stop(event, "233(1)(a)")


def take(walk: Walk, account: Account, event: Event, taken: Taken) -> bool:
    """What is presented at destination is at the disposal of customs there, whether or not the
    arrival is told (Article 233(2)); the movement that receives it tells what becomes of it.
    """
    if taken.stage != RELEASED or not _presents(walk, taken.by):
        return True
    if event.by_day and walk.own.released and walk.own.released.at > event.at:
        return False
    _compare(walk, account, event)
    much = min(taken.quantity, account.held(S.EXTERNAL_TRANSIT))
    account.move_some(event, much, (S.EXTERNAL_TRANSIT,), S.TRANSIT_ENDED, "233(2)")
    nothing_to_present(walk, event)
    return True


def _compare(walk: Walk, account: Account, event: Event) -> None:
    """Say where more is presented than was under transit."""
    if (beyond := _presented(walk, account) - account.quantity) > TOLERANCE:
        words = f"{beyond:f} more are presented than were under transit"
        walk.find(event, "PRESENTED_BEYOND_TRANSIT", words, "233(1)(a)", line=account.number)


def _presented(walk: Walk, account: Account) -> Decimal:
    """How much of a line was presented at destination so far."""
    receiving = (other for other in walk.successors.values() if _presents(walk, other))
    number = account.number
    return sum((drawn_from(walk.case, walk.own, other, number) for other in receiving), Decimal(0))


def _bound(walk: Walk) -> str:
    """The office of destination that the declaration names, if any."""
    return (walk.own.particulars and walk.own.particulars.destination) or ""


def _presents(walk: Walk, other: Outline) -> bool:
    """Whether what a movement says to have received was presented to customs at destination."""
    at_destination = other.confirmed or _bound(walk) in ("", other.office)
    return other.kind is Kind.TEMPORARY_STORAGE and other.released is not None and at_destination


def after(walk: Walk, event: Event) -> None:
    """Overdue is what has not ended."""
    walk.settle_overdue(event, lambda account: account.held(S.EXTERNAL_TRANSIT))


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "233(1)(a)")
def transit_not_ended(walk: Walk, event: Event) -> None:
    """Transit that has not ended in time; ended and not yet discharged is no ground for a debt. A
    discharge shows that it had, but for what is told to have come later.
    """
    struck = {}
    for account in walk.accounts.values():
        if late := _not_ended(walk, event, account):
            account.late(event, late, "233(1)(a)")
            struck[account.number] = late
    strike = Strike(struck, late=True)
    walk.incur(transit_not_ended, event, strike, obliged(walk), gave_rise=(walk.own.released,))


def _not_ended(walk: Walk, event: Event, account: Account) -> Decimal:
    left = account.held(S.EXTERNAL_TRANSIT)
    if walk.own.arrived or not walk.own.discharged:
        return left
    receiving = (other for other in walk.case.successors if _presents(walk, other))
    return min(left, presented_since(walk.case, walk.own, receiving, account.number, event.at))


def _met(walk: Walk, event: Event, deadline: Deadline) -> None:
    """A discharge shows that the transit ended in time, and not when: at the last moment, at the
    latest (Article 215(2)).
    """
    discharged = walk.own.discharged
    if discharged and deadline.stopped is None and not any(debt.late for debt in walk.debts):
        last = deadline.ends_at - timedelta(microseconds=1)
        walk.stop(event._replace(at=last, cites=(discharged.cite,)), deadline.article)


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "134(1)", "233(1)")
def removed_from_transit(walk: Walk, event: Event) -> None:
    """Removed from customs supervision on the way, or at destination."""
    sources, bound = _here(walk, event)
    moved = act_on(walk, event, sources, S.IRREGULAR, "134(1)")
    breached(walk, event, removed_from_transit, moved, bound, strayed=True)


def _here(walk: Walk, event: Event) -> tuple[tuple[S, ...], Bound]:
    """Where goods are that leave supervision, and who owes for them: on the way the holder of the
    procedure; his obligation is met once they have arrived (Article 233(2)), and who received them
    has them, until another movement tells of them.
    """
    if walk.held(S.EXTERNAL_TRANSIT) or not walk.held(S.TRANSIT_ENDED):
        return (S.EXTERNAL_TRANSIT,), obliged
    has = next((one.movement for one in walk.successors.values() if _presents(walk, one)), None)
    named = event.what.quantity if isinstance(event.what, OnGoods) else None
    left = [each.held(S.TRANSIT_ENDED) - _presented(walk, each) for each in walk.on(event)]
    if has is None or (named is not None and all(named <= much for much in left)):
        return (S.TRANSIT_ENDED,), receiver
    words = f"the goods have arrived, and {has} has some: report it of that, or name a quantity"
    walk.find(event, "MATCHES_NOTHING", f"{words} of the others", "233(2)", line=event.line)
    return (), obliged


def receiver(walk: Walk, _transferee: str | None = None) -> tuple[Owing, ...]:
    """Who received the goods at destination, as the report of their arrival tells."""
    told = [said.consignee for _, said in walk.acts(GoodsArrived) if said.consignee]
    return (Owing(told[-1] if told else UNKNOWN, "79(3)(a)"),)


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "233(1)(a)", "85(2)")
def missing_from_transit(walk: Walk, event: Event) -> None:
    """Goods missing on the way: from the removal where it is shown, else from the finding."""
