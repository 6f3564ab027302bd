"""Entry: summary declaration, arrival, unloading (Articles 127 to 141)."""

from datetime import date
from decimal import Decimal

from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    GoodsSeized,
)
from domain.facts.entry import (
    GoodsEntered,
    GoodsFound,
    GoodsUnloaded,
    SummaryDeclarationAmended,
    SummaryDeclarationInvalidated,
    SummaryDeclarationLodged,
    SummaryInvalidationRequested,
)
from domain.facts.values import Kind
from domain.law.citation import Law, rule
from domain.law.limits import ENTRY_SUMMARY_DAYS
from domain.law.periods import days_after
from domain.movements.account import NONE, Account, Event, Expired, Taken, whole
from domain.movements.disposal import abandon, permit, seize
from domain.movements.drawing import RELEASED, confirmed, presented_since
from domain.movements.incurred import Owing, Strike
from domain.movements.loss import destroy
from domain.movements.walk import Walk
from domain.outlining import numbered
from domain.policies import EndOfEntrySummary
from domain.situation import Situation as S

HERE = (S.ENTERED, S.IRREGULAR)
UNPRESENTED = (S.ENTERED, S.OUTSIDE, S.AWAITED)


def step(walk: Walk, event: Event) -> bool:
    """The state table of an entry; whether the act is heard."""
    match event.what:
        case SummaryDeclarationLodged():
            walk.move_all(event, (S.AWAITED,), S.OUTSIDE, "127(1)")
            day = walk.day(event.at)
            last = entry_summary_limit(day, walk.law)
            walk.start(event, entry_summary_limit, "bring the goods in", last)
        case GoodsEntered():
            uncovered(walk, event)
            walk.move_all(event, (S.AWAITED, S.OUTSIDE), S.ENTERED, "134(1)")
            walk.stop(event)
        case GoodsUnloaded(permitted=False):
            unloaded_unpresented(walk, event)
        case GoodsUnloaded():
            pass
        case SummaryInvalidationRequested() | SummaryDeclarationInvalidated():
            invalidate(walk, event)
        case SummaryDeclarationAmended():
            if not walk.held(S.OUTSIDE, S.ENTERED):
                words = "the goods have been presented: no amendment any more"
                walk.find(event, "ENS_AMEND_TOO_LATE", words, "129(1)")
        case GoodsFound():
            found_unpresented(walk, event)
        case GoodsSeized() | GoodsConfiscated():
            seize(walk, event, HERE)
        case GoodsDestroyed():
            destroy(walk, event, (S.ENTERED,))
        case GoodsAbandoned():
            abandon(walk, event, HERE)
        case AbandonmentPermitted():
            permit(walk, event, HERE)
        case Expired(deadline) if walk.held(S.OUTSIDE) and not deadline.stopped:
            words = f"the goods did not come within the validity that ended {deadline.last_day}"
            walk.find(event, "ENS_INVALIDATION_OVERDUE", words, "129(2)(b)")
        case Expired():
            pass
        case _:
            return False
    return True


def uncovered(walk: Walk, event: Event) -> None:
    """Goods that come after their entry summary declaration fell come without one; that its days
    are over is enough on the reading TIME.
    """
    clock = next((each for each in walk.deadlines if each.article == "129(2)(b)"), None)
    by_time = walk.policies.entry_summary_ends is EndOfEntrySummary.TIME
    if clock and (clock.stopped or (by_time and clock.ends_at <= event.at)):
        words = "the entry summary declaration gives no cover any more: it is to be cured"
        walk.find(event, "ENS_MISSING", words, "127(1)", "139(5)")


def invalidate(walk: Walk, event: Event) -> None:
    """Before the goods come an application is met (Article 129(2)(a)), and customs may act on the
    200 days; afterwards there is nothing to invalidate.
    """
    if walk.held(S.OUTSIDE):
        walk.stop(event)
        if not any(found.code == "ENS_INVALIDATED" for found in walk.findings):
            walk.close(event, "ENS_INVALIDATION_OVERDUE")
            words = "the entry summary declaration is invalidated"
            walk.find(event, "ENS_INVALIDATED", words, "129(2)")
    else:
        words = "the goods have been brought in: no invalidation any more"
        walk.find(event, "ENS_GOODS_ALREADY_ENTERED", words, "129(2)")


@rule("129(2)(b)")
def entry_summary_limit(lodged: date, law: Law) -> date:
    """Goods come within so many days of the lodging, or their summary declaration lapses."""
    return days_after(lodged, ENTRY_SUMMARY_DAYS.on(lodged, law))


def take(walk: Walk, account: Account, event: Event, taken: Taken) -> bool:
    """Presentation takes the goods over, wherever entry left them; one too late undoes no debt."""
    if taken.stage != RELEASED:
        return True
    left = taken.quantity
    for source in (*UNPRESENTED, S.IRREGULAR):
        there = account.drawn(source, None)
        drawn = taken._replace(quantity=min(left, there))
        if drawn.quantity:
            account.draw(event, drawn, {source: source}, "139(1)")
            account.pass_on(event, drawn, (source,), S.PASSED_ON, "139(1)", "144")
            left -= drawn.quantity
    if left and left != taken.quantity:
        words = f"{left:f} more are presented than came by what was told of the entry"
        walk.find(event, "PRESENTED_BEYOND_ENTRY", words, "139(1)", line=account.number)
    return left != taken.quantity or not left


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "135(1)", "139(1)", "140(1)", "85(2)")
def unloaded_unpresented(walk: Walk, event: Event) -> None:
    """Unloaded without permission and never presented: from the earliest provable instant. What
    was presented afterwards was unloaded in breach, and nothing more.
    """
    struck = {}
    for account in walk.on(event):
        there = account.held(*UNPRESENTED)
        kept = min(_presented_since(walk, event, account), there)
        if kept:
            words = f"{kept:f} were unloaded without permission, and presented afterwards"
            walk.find(event, "UNLOADED_WITHOUT_PERMISSION", words, "140(1)", line=account.number)
        struck[account.number] = whole(
            account.move_some(event, there - kept, UNPRESENTED, S.IRREGULAR, "134(1)", "139(1)")
        )
    walk.incur(unloaded_unpresented, event, Strike(struck, strayed=True), bound(walk))


def _presented_since(walk: Walk, event: Event, account: Account) -> Decimal:
    """How much of a line was presented from then on."""
    receiving = (
        other
        for other in walk.case.successors
        if other.kind is Kind.TEMPORARY_STORAGE and confirmed(other, walk.own)
    )
    return presented_since(walk.case, walk.own, receiving, account.number, event.at)


@rule("79(1)(a)", "79(2)(a)", "79(3)(a)", "139(1)", "85(2)")
def found_unpresented(walk: Walk, event: Event) -> None:
    """Found, and never presented: from the entry where it is dated, else from the finding. Lines
    that the finding tells say how much of which was found.
    """
    lines = dict(numbered(event.what.lines)) if isinstance(event.what, GoodsFound) else {}
    struck = {}
    for account in walk.on(event):
        much = there = account.held(*UNPRESENTED)
        if lines:
            found = lines.get(account.number)
            much = min(found.quantity, there) if found else NONE
        moved = account.move_some(event, much, UNPRESENTED, S.IRREGULAR, "134(1)", "139(1)")
        struck[account.number] = whole(moved)
    owing, had = bound(walk), event.what.carrier if isinstance(event.what, GoodsFound) else None
    if had and all(each.person != had for each in owing):
        owing = (*owing, Owing(had, "79(3)(a)", event.cites[0]))
    entries = [fact for fact, _ in walk.acts(GoodsEntered)]
    if entries and entries[0].at < event.at:
        event = event._replace(at=entries[0].at, cites=(*entries[0].cites, *event.cites))
    walk.incur(found_unpresented, event, Strike(struck, strayed=True), owing)


def bound(walk: Walk) -> tuple[Owing, ...]:
    """Who brought the goods in, and the person on whose behalf (Article 139(1)(a), (b))."""
    carrier = Owing(walk.holder or "unknown", "79(3)(a)")
    for fact, entered in walk.acts(GoodsEntered):
        if entered.acting_for:
            return (carrier, Owing(entered.acting_for, "79(3)(a)", fact.cites[0]))
    return (carrier,)


def after(_walk: Walk, _event: Event) -> None:
    """Nothing else falls due on entry."""
