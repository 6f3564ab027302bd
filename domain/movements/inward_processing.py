"""Inward processing (Articles 255 to 258)."""

from datetime import date
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
)
from domain.facts.inventory import (
    BillOfDischargePresented,
    DiscrepancyFound,
    PeriodExtended,
    RightsTransferred,
    ShortageFound,
)
from domain.law.citation import Law, rule
from domain.law.limits import BILL_DAYS
from domain.law.periods import days_after
from domain.movements import discharge
from domain.movements.account import NONE, Account, Event, Expired, Taken
from domain.movements.breach import breached
from domain.movements.declaration import invalidated_after_release
from domain.movements.discrepancy import investigate
from domain.movements.disposal import abandon, act_on, permit, seize
from domain.movements.drawn_goods import with_given_back
from domain.movements.incurred import Strike
from domain.movements.loss import destroy, go_missing, goods_lost
from domain.movements.persons import obliged
from domain.movements.placing import no_last_day, place
from domain.movements.transfer import transfer
from domain.movements.walk import Walk
from domain.situation import Situation as S

HERE = S.INWARD_PROCESSING
DUTY = "discharge the procedure"
BILL = "DA 175"
BILL_DUTY = "present the bill of discharge"


def step(walk: Walk, event: Event) -> bool:
    """The state table of inward processing; whether the act is heard."""
    match event.what:
        case GoodsReleased() | OpeningBalance():
            if walk.releases(event):
                place(walk, event, HERE, "194(1)", "256(1)")
                if last := discharge.first_limit(walk):
                    walk.start(event, processing_limit, DUTY, last, fixed=True)
                    _ask_for_bill(walk, event, last)
                else:
                    no_last_day(walk, event, processing_limit)
        case PeriodExtended():
            if discharge.extend(walk, event, extended_processing_limit, DUTY):
                _watch(walk, event)
                walk.move_clock(event, BILL_DUTY)
                _ask_for_bill(walk, event, walk.own.last_day(walk.policies) or walk.day(event.at))
        case ShortageFound():
            go_missing(walk, event, (HERE,), missing_from_processing, obliged)
        case GoodsRemoved():
            removed_from_processing(walk, event)
        case GoodsSeized() | GoodsConfiscated():
            seize(walk, event, (HERE, S.IRREGULAR))
        case GoodsAbandoned():
            abandon(walk, event, (HERE, S.IRREGULAR))
        case AbandonmentPermitted():
            permit(walk, event, (HERE, S.IRREGULAR))
        case DeclarationInvalidated():
            if walk.own.released and walk.own.released.at <= event.at:
                invalidated_after_release(walk, event, HERE)
        case GoodsLost():
            goods_lost(walk, event, (HERE,), obliged)
        case GoodsDestroyed():
            destroy(walk, event, (HERE,))
        case RightsTransferred():
            if transferee := transfer(walk, event, HERE):
                _run_on(walk, event, transferee)
        case DiscrepancyFound():
            investigate(walk, event, HERE)
        case Expired(deadline):
            if deadline.article == BILL:
                bill_not_presented(walk, event)
            else:
                processing_not_discharged(walk, event)
        case DeclaredGoodsPresented() | BillOfDischargePresented():
            pass
        case _:
            return False
    return True


@rule("215(4)", "257(1)")
def processing_limit(fixed: date) -> date:
    """The procedure is discharged within the period that customs fixed."""
    return fixed


@rule("257(2)")
def extended_processing_limit(extended: date) -> date:
    """Customs may extend the period for a good reason."""
    return extended


@rule("DA 175")
def bill_limit(period_ends: date, law: Law) -> date:
    """The bill of discharge is there so many days after the period has ended."""
    return days_after(period_ends, BILL_DAYS.on(period_ends, law))


LIMITS = {limit.articles[0]: limit for limit in (processing_limit, extended_processing_limit)}


def take(walk: Walk, account: Account, event: Event, taken: Taken) -> bool:
    """The next procedure or the exit discharges, products counted by the rate of yield."""
    return discharge.take(walk, HERE, account, event, taken)


def after(walk: Walk, event: Event) -> None:
    """A clock stops when nothing is left to discharge."""
    _watch(walk, event)
    walk.settle_overdue(event, lambda account: walk.liable(account, (HERE,)))


def _watch(walk: Walk, event: Event) -> None:
    """The clock of each holder runs while goods of his are neither placed nor taken out."""
    for clock in [clock for clock in walk.deadlines if clock.duty == DUTY and not clock.moved]:
        of = {clock.person, None} if clock.person == walk.holder else {clock.person}
        accounts = walk.accounts.values()
        left = any(
            discharge.unplaced(walk, each, HERE, holder) for each in accounts for holder in of
        )
        if left or walk.held(S.AWAITED):
            walk.run(clock.article, clock.person)
        else:
            walk.stop(event, clock.article, clock.person)


def _run_on(walk: Walk, event: Event, transferee: str) -> None:
    """A transfer starts no new period: that of the first holder binds the other (Article 218).
    Once it has run out the debt has arisen, and a transfer makes no other.
    """
    running = [
        clock
        for clock in walk.deadlines
        if clock.duty == DUTY and not clock.moved and clock.ends_at > event.at
    ]
    if running and all(clock.person != transferee for clock in running):
        clock = running[-1]
        walk.start(
            event, LIMITS[clock.article], DUTY, clock.last_day, person=transferee, fixed=True,
            uses=clock.because.reports,
        )  # fmt: skip


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "215(4)", "257(1)")
def processing_not_discharged(walk: Walk, event: Event) -> None:
    """What is open when the period for discharge is over; whoever holds it owes for it."""
    if event.at in walk.limits.values():
        return
    walk.limits = dict.fromkeys(walk.accounts, event.at)
    holders: set[str | None] = set()
    for account in walk.accounts.values():
        holders |= account.holders(HERE)
        if open_ := discharge.unplaced(walk, account, HERE):
            account.late(event, open_, "215(4)", "257(1)")
    for holder in sorted(holders, key=lambda name: name or ""):
        struck: dict[int, Decimal] = {}
        shares: dict[tuple[int, str], Decimal] = {}
        for number, account in walk.accounts.items():
            struck[number] = discharge.unplaced(walk, account, HERE, holder)
            shares |= walk.unkept_shares(account, (HERE,), holder)
        strike, owing = Strike(struck, shares, late=True), obliged(walk, holder)
        walk.incur(processing_not_discharged, event, strike, owing, gave_rise=(walk.own.released,))


def _ask_for_bill(walk: Walk, event: Event, last: date) -> None:
    """Where the authorisation asks for a bill of discharge, it is due thirty days later."""
    name = walk.own.particulars.authorisation if walk.own.particulars else None
    grant = walk.case.reference.authorisations.get(name or "")
    if grant is None or not grant.granted.bill_of_discharge:
        return
    due = bill_limit(last, walk.law)
    walk.start(event, bill_limit, BILL_DUTY, due, uses=(grant.cite,))
    for fact, _ in walk.acts(BillOfDischargePresented):
        walk.stop(event._replace(at=fact.at, cites=fact.cites), BILL)


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "DA 175")
def bill_not_presented(walk: Walk, event: Event) -> None:
    """A bill of discharge that is not presented in time, for all that it should have covered but
    what is in debt already.
    """
    bill = next(each for each in reversed(walk.deadlines) if each.article == BILL)
    if bill.stopped and bill.stopped < bill.ends_at:
        return
    struck = {}
    for number, account in walk.accounts.items():
        owed = sum((debt.struck.get(number, NONE) for debt in walk.debts), NONE)
        struck[number] = max(account.quantity - account.held(S.NEVER_THERE) - owed, NONE)
    cause = (walk.own.released,)
    done = (bill.stopped, bill.because.reports[-1:]) if bill.stopped else None
    walk.incur(
        bill_not_presented, event, Strike(struck, put_right=done), obliged(walk), gave_rise=cause
    )


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "134(1)", "85(2)")
def missing_from_processing(walk: Walk, event: Event) -> None:
    """Goods missing: from the removal where it is shown, else from the finding."""


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "134(1)", "256(1)")
def removed_from_processing(walk: Walk, event: Event) -> None:
    """Removed from customs supervision."""
    sources = with_given_back(walk, event, (HERE,))
    moved = act_on(walk, event, sources, S.IRREGULAR, "134(1)")
    breached(walk, event, removed_from_processing, moved, obliged, strayed=True)
