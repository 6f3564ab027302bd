"""Temporary storage (Articles 144 to 152)."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from domain.facts.declaration import DeclaredGoodsPresented, OpeningBalance
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsLost,
    GoodsRemoved,
    GoodsSeized,
)
from domain.facts.inventory import DiscrepancyFound, PeriodExtended, ShortageFound
from domain.facts.temporary_storage import (
    GoodsPresented,
    GoodsReceived,
    Lacking,
    PresentationConfirmed,
    StorageDeclarationLodged,
    StorageMoveEnded,
    StorageMoveStarted,
)
from domain.facts.values import Kind
from domain.law.citation import Law, rule
from domain.law.limits import STORAGE_DAYS
from domain.law.periods import days_after
from domain.movements.account import Account, Event, Expired, Taken
from domain.movements.breach import breached
from domain.movements.discrepancy import investigate
from domain.movements.disposal import abandon, act_on, permit, seize
from domain.movements.drawing import (
    ACCEPTED,
    EXITED,
    FELL,
    RELEASED,
    confirmed,
)
from domain.movements.drawn_goods import dispose_drawn, draw, release_drawn, with_given_back
from domain.movements.incurred import Owing, Strike
from domain.movements.loss import destroy, go_missing, goods_lost
from domain.movements.walk import Walk
from domain.policies import MissingFormality
from domain.situation import Situation as S
from domain.timeline import Deadline

OPEN = (S.TEMP_STORAGE, S.STORAGE_MOVING, S.STORAGE_DECLARED)
DUTY = "place the goods under a procedure or re-export them"
UNMET = (*OPEN, S.AWAITED)
"""What is here is neither placed nor, on the reading ACCEPTANCE, held by a declaration."""
DECLARED = {
    S.TEMP_STORAGE: S.STORAGE_DECLARED,
    S.STORAGE_MOVING: S.STORAGE_DECLARED,
    S.DEEMED_WAREHOUSE: S.DEEMED_WAREHOUSE,
}


def step(walk: Walk, event: Event) -> bool:
    """The state table of temporary storage; whether the act is heard."""
    match event.what:
        case GoodsPresented(lacking=lacking):
            if walk.releases(event):
                stored(walk, event, walk.day(event.at))
            if lacking:
                lacks(walk, event)
        case Expired(deadline):
            storage_overrun(walk, event, deadline)
        case PresentationConfirmed() | DeclaredGoodsPresented():
            pass
        case OpeningBalance(since=since):
            if walk.releases(event):
                stored(walk, event, since)
        case StorageDeclarationLodged(holds_entry_data=holds):
            cured(walk, event, entry_data=holds)
        case GoodsReceived(holder=holder):
            hand_over(walk, event, holder)
        case StorageMoveStarted():
            walk.move_all(event, (S.TEMP_STORAGE,), S.STORAGE_MOVING, "148(5)")
        case StorageMoveEnded(holder=holder):
            if holder:
                hand_over(walk, event, holder)
            walk.move_all(event, (S.STORAGE_MOVING,), S.TEMP_STORAGE, "148(5)")
        case GoodsRemoved():
            removed_from_storage(walk, event)
        case GoodsSeized() | GoodsConfiscated():
            seize(walk, event, (*OPEN, S.IRREGULAR))
        case GoodsAbandoned():
            abandon(walk, event, (*OPEN, S.IRREGULAR))
        case AbandonmentPermitted():
            permit(walk, event, (*OPEN, S.IRREGULAR))
        case GoodsLost():
            goods_lost(walk, event, OPEN, keeper)
        case GoodsDestroyed():
            destroy(walk, event, OPEN)
        case ShortageFound():
            go_missing(walk, event, OPEN, missing_from_storage, keeper)
        case DiscrepancyFound():
            investigate(walk, event, *OPEN)
        case PeriodExtended():
            words = "the 90 days of temporary storage are not extended"
            walk.find(event, "PERIOD_NOT_EXTENDABLE", words, "55(1)", "149")
        case _:
            return False
    return True


def stored(walk: Walk, event: Event, since: date) -> None:
    """In temporary storage; ninety days from the presentation (Articles 144, 149), which one from
    storage to storage does not start anew for the goods that come out of another.
    """
    walk.move_all(event, (S.AWAITED,), S.TEMP_STORAGE, "144")
    cites: dict[date, tuple[str, ...]] = {}
    for number, account in walk.accounts.items():
        begun, before = since, walk.case.previous.get(account.line.previous or "")
        of_storage = before is not None and before.kind is Kind.TEMPORARY_STORAGE
        if before and of_storage and before.released and confirmed(walk.own, before):
            begun = min(since, walk.day(before.released.at))
        walk.last_days[number] = last = storage_limit(begun, walk.law)
        uses = (before.released.cite,) if before and before.released and begun < since else ()
        cites[last] = tuple(dict.fromkeys((*cites.get(last, ()), *uses)))
    for last in sorted(cites) or [storage_limit(since, walk.law)]:
        walk.start(event, storage_limit, DUTY, last, uses=cites.get(last, ()))


def hand_over(walk: Walk, event: Event, holder: str) -> None:
    """Another holds the storage from now on, and has to see to the same last day (Article 147(3)):
    a move starts no new period (Article 148(5)).
    """
    was, walk.holder = walk.holder, holder
    running = [each for each in walk.deadlines if not each.moved and each.ends_at > event.at]
    if holder == was or not running:
        return
    walk.move_clock(event, DUTY)
    for clock in running:
        walk.start(event, storage_limit, DUTY, clock.raw_last_day, uses=clock.because.reports)
        if clock.stopped:
            walk.stop(event)


@rule("149")
def storage_limit(presented: date, law: Law) -> date:
    """Goods in temporary storage are placed under a procedure or re-exported within so many days
    of their presentation.
    """
    return days_after(presented, STORAGE_DAYS.on(presented, law))


def _due(walk: Walk, last: date) -> list[Account]:
    """The lines whose period ends on a last day, before it is rolled."""
    return [each for number, each in walk.accounts.items() if walk.last_days.get(number) == last]


def lacks(walk: Walk, event: Event) -> None:
    """Formalities missing at presentation: breaches for good, exposures until they are cured."""
    lacking = event.what.lacking if isinstance(event.what, GoodsPresented) else ()
    if Lacking.ENTRY_SUMMARY in lacking:
        walk.find(event, "ENS_MISSING", "no entry summary declaration covers the goods", "139(5)")
        words = "a debt under 79(1)(a) is arguable and not booked: the declaration is missing"
        walk.find(event, "ENS_EXPOSURE", words, "127(1)")
    if Lacking.STORAGE_DECLARATION in lacking:
        words = "no temporary storage declaration was there at presentation"
        walk.find(event, "TSD_LATE", words, "145(3)")
        words = "a debt under 79(1)(a) is arguable and not booked: the declaration is missing"
        walk.find(event, "TSD_EXPOSURE", words, "145(1)")
    words = "formalities are missing: customs must take measures at once"
    walk.find(event, "UCC147_4_MEASURES_DUE", words, "147(4)")
    if walk.policies.missing_formality is MissingFormality.DEBT and not _put_right(walk, lacking):
        formality_missing(walk, event)


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "127(1)", "145(1)")
def formality_missing(walk: Walk, event: Event) -> None:
    """On the reading DEBT: a declaration missing for good, owed by who brought the goods in."""
    brought = (goods for goods in walk.case.previous.values() if goods.kind is Kind.ENTRY)
    carrier = next((goods.person for goods in brought if goods.person), walk.holder)
    struck = {number: account.held(*OPEN) for number, account in walk.accounts.items()}
    owing = Owing(carrier or "unknown", "79(3)(a)")
    walk.incur(formality_missing, event, Strike(struck), (owing,))


def _put_right(walk: Walk, lacking: Collection[Lacking]) -> bool:
    lodged = [said.holds_entry_data for _, said in walk.acts(StorageDeclarationLodged)]
    return any(lodged) or (bool(lodged) and Lacking.ENTRY_SUMMARY not in lacking)


def cured(walk: Walk, event: Event, *, entry_data: bool) -> None:
    """A storage declaration is no longer missing; with the entry data it puts right a missing entry
    summary declaration as well (Article 139(5)).
    """
    walk.close(event, "TSD_EXPOSURE")
    if entry_data and _is_open(walk, "ENS_EXPOSURE"):
        words = "the temporary storage declaration holds the entry data"
        walk.find(event, "ENS_CURED", words, "139(5)")
        walk.close(event, "ENS_EXPOSURE")
    overdue = any(account.overdue for account in walk.accounts.values())
    if not overdue and not _is_open(walk, "ENS_EXPOSURE"):
        walk.close(event, "UCC147_4_MEASURES_DUE")


def _is_open(walk: Walk, code: str) -> bool:
    return any(found.code == code and found.end is None for found in walk.findings)


def take(walk: Walk, account: Account, event: Event, taken: Taken) -> bool:
    """What a declaration or notification does to the goods in storage."""
    if taken.stage == ACCEPTED:
        return draw(walk, account, event, taken, DECLARED, "172(2)")
    if taken.stage == FELL:
        account.give_back(event, taken, S.STORAGE_DECLARED, S.TEMP_STORAGE, "174(1)")
        account.give_back(event, taken, S.DEEMED_WAREHOUSE, S.DEEMED_WAREHOUSE, "174(1)")
    elif taken.stage not in (RELEASED, EXITED):
        dispose_drawn(walk, account, event, taken, S.STORAGE_DECLARED)
    else:
        if taken.by.accepted is None and not draw(walk, account, event, taken, DECLARED, "149"):
            return False
        articles = ("149", "194(1)") if taken.stage == RELEASED else ("149", "270(1)")
        declared = (S.STORAGE_DECLARED, S.DEEMED_WAREHOUSE)
        release_drawn(walk, account, event, taken, declared, S.PASSED_ON, *articles)
    return True


def after(walk: Walk, event: Event) -> None:
    """The clock stands still while nothing is left that it asks for."""
    last_days = {*walk.last_days.values()}
    for last in sorted(last_days):
        lines = walk.accounts.values() if len(last_days) == 1 else _due(walk, last)
        if walk.leaves(lines, UNMET):
            walk.run("149", raw=last)
        else:
            walk.stop(event, "149", raw=last)
    if walk.findings and not walk.held(*OPEN):
        walk.close(event, "UCC147_4_MEASURES_DUE")
    if walk.limits:
        walk.settle_overdue(event, lambda account: walk.liable(account, OPEN))


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "147(3)(a)", "149")
def storage_overrun(walk: Walk, event: Event, deadline: Deadline) -> None:
    """What is still in storage when the time limit is over."""
    struck: dict[int, Decimal] = {}
    shares: dict[tuple[int, str], Decimal] = {}
    for account in _due(walk, deadline.raw_last_day):
        walk.limits[account.number] = event.at
        if late := walk.unkept(account, UNMET):
            account.late(event, late, "149")
            struck[account.number] = late
            shares |= walk.unkept_shares(account, OPEN)
    if struck:
        words = "the goods may no longer stay in storage: customs must take measures at once"
        walk.find(event, "UCC147_4_MEASURES_DUE", words, "147(4)")
    strike = Strike(struck, shares, late=True)
    walk.incur(storage_overrun, event, strike, keeper(walk), gave_rise=(walk.own.released,))


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "134(1)", "147(3)(a)")
def removed_from_storage(walk: Walk, event: Event) -> None:
    """Removed from customs supervision; bringing the goods back does not undo it."""
    sources = with_given_back(walk, event, OPEN)
    moved = act_on(walk, event, sources, S.IRREGULAR, "134(1)", "139(7)")
    breached(walk, event, removed_from_storage, moved, keeper, strayed=True)


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "147(3)(a)", "85(2)")
def missing_from_storage(walk: Walk, event: Event) -> None:
    """Goods missing from storage: from the removal where it is shown, else from the finding."""


def keeper(walk: Walk, _transferee: str | None = None) -> tuple[Owing, ...]:
    """The holder of the storage, who has to see that nothing is removed (Article 147(3)(a))."""
    return (Owing(walk.holder or "unknown", "79(3)(a)"),)
