"""What the procedures with a ledger of discharge share (Article 215(1))."""

from datetime import date, datetime, tzinfo
from decimal import Decimal

from domain.facts.inventory import PeriodExtended
from domain.facts.values import Kind
from domain.law.citation import Cited
from domain.movements.account import Account, Event, Taken
from domain.movements.drawing import (
    ACCEPTED,
    EXITED,
    FELL,
    RELEASED,
)
from domain.movements.drawn_goods import dispose_drawn, draw, release_drawn
from domain.movements.walk import ANYONE, Walk
from domain.outline import Extension, effective
from domain.situation import Situation as S


def take(walk: Walk, here: S, account: Account, event: Event, taken: Taken) -> bool:
    """Placing under the next procedure, or taking out, discharges; more than is left does not,
    nor does temporary storage, which is no procedure (Article 5(16)).

    Deemed warehousing of seized or abandoned goods ends in the same way.
    """
    if taken.by.kind in (Kind.ENTRY, Kind.TEMPORARY_STORAGE):
        if taken.stage == RELEASED:
            words = f"{taken.by.movement} is no customs procedure: nothing is discharged"
            walk.find(event, "UCC215_MODE_NOT_ALLOWED", words, "215(1)", line=account.number)
        return True
    ways = {here: here, S.DEEMED_WAREHOUSE: S.DEEMED_WAREHOUSE}
    if taken.stage == ACCEPTED:
        return draw(walk, account, event, taken, ways, "215(1)")
    if taken.stage == FELL:
        for place in ways:
            account.give_back(event, taken, place, place, "174(1)")
    elif taken.stage not in (RELEASED, EXITED):
        dispose_drawn(walk, account, event, taken, here)
    else:
        if taken.by.accepted is None and not draw(walk, account, event, taken, ways, "215(1)"):
            return False
        sources = (here, S.DEEMED_WAREHOUSE)
        release_drawn(walk, account, event, taken, sources, S.DISCHARGED, "215(1)")
    return True


def unplaced(walk: Walk, account: Account, here: S, holder: str | None = ANYONE) -> Decimal:
    """What is open and, on the reading ACCEPTANCE, not held by a declaration that keeps it; of
    one holder (`None`: of the first), or of all.
    """
    return walk.unkept(account, (here,), holder)


def extend(
    walk: Walk, event: Event, limit: Cited[..., date], duty: str, zone: tzinfo | None = None
) -> bool:
    """An extension moves the clock; granted after expiry it does what the policy says. The new last
    day ends in a zone as for `Walk.start`.
    """
    if not isinstance(event.what, PeriodExtended):
        return False
    extension = Extension(event.at, event.what.end_by, event.cites[0])
    running = [clock for clock in walk.deadlines if clock.duty == duty and not clock.moved]
    if not running:
        words = "no period runs that it could extend: report the release and its last day"
        walk.find(event, "EXTENSION_OF_NO_PERIOD", words, limit.articles[0])
        return False
    if effective(extension, running[-1].last_day, walk.zone, walk.policies):
        walk.move_clock(event, duty)
        last = max(_worked_back(walk, extension.end_by, event.at), running[-1].last_day)
        for person in dict.fromkeys(clock.person for clock in running):
            walk.start(event, limit, duty, last, person=person, fixed=True, zone=zone)
        return True
    words = "the period had expired when it was extended"
    walk.find(event, "EXTENSION_AFTER_EXPIRY", words, limit.articles[0])
    return False


def first_limit(walk: Walk) -> date | None:
    """The day by which the procedure must be discharged when it begins.

    Where an extension works back past an expiry, the period counts as extended from the start.
    """
    last = walk.own.end_by
    return _worked_back(walk, last, walk.now) if last else None


def _worked_back(walk: Walk, last: date, since: datetime) -> date:
    """A last day with the extensions that were granted too late for it and work back; one that
    was granted in time moves the clock when it comes.
    """
    for extension in walk.own.extensions:
        if extension.at > since:
            if walk.day(extension.at) <= last:
                return last
            if effective(extension, last, walk.zone, walk.policies):
                last = max(last, extension.end_by)
    return last
