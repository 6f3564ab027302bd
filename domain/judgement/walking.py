"""Legal time walked over a movement: own acts, stages of successors and clocks, in order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from heapq import heappop
from typing import Final, NamedTuple

from domain.case import Case
from domain.facts.debt import AboutDebt
from domain.facts.declaration import (
    DeclarationAccepted,
    DeclarationAmended,
    DeclarationInvalidated,
    DeclarationLodged,
    DeclarationRejected,
    ExaminationAnnounced,
    ExaminationCompleted,
    GoodsReleased,
    ReleaseRefused,
)
from domain.facts.disposal import SeizureLifted
from domain.facts.entry import UnloadingPermitted
from domain.facts.fact import FACTS, Fact
from domain.facts.inventory import NeverThere, ShortageDated
from domain.facts.record import ReportRetracted
from domain.facts.values import Kind
from domain.law.citation import Law
from domain.law.periods import day_of
from domain.movements import (
    customs_warehousing,
    entry,
    free_circulation,
    inward_processing,
    outward_processing,
    taking_out,
    temporary_storage,
    transit,
)
from domain.movements.account import Account, Event, Expired, Taken
from domain.movements.declaration import REQUESTS, ask
from domain.movements.walk import Walk
from domain.outline import UNDECLARED, Outline
from domain.policies import Policies

LOOK_AHEAD: Final = frozenset({Kind.ENTRY, Kind.EXTERNAL_TRANSIT, Kind.OUTWARD_PROCESSING})


class Table(NamedTuple):
    """The state table of a kind: own acts and expiries, successors' stages, what follows both.

    `ahead` says that it looks at successors before their stages are reached.
    """

    step: Callable[[Walk, Event], bool]
    take: Callable[[Walk, Account, Event, Taken], bool]
    after: Callable[[Walk, Event], None]
    ahead: bool


TABLES: Final[Mapping[Kind, Table]] = {
    kind: Table(module.step, module.take, module.after, kind in LOOK_AHEAD)
    for kind, module in (
        (Kind.ENTRY, entry),
        (Kind.TEMPORARY_STORAGE, temporary_storage),
        (Kind.EXTERNAL_TRANSIT, transit),
        (Kind.CUSTOMS_WAREHOUSING, customs_warehousing),
        (Kind.INWARD_PROCESSING, inward_processing),
        (Kind.OUTWARD_PROCESSING, outward_processing),
        (Kind.FREE_CIRCULATION, free_circulation),
        (Kind.EXPORT, taking_out),
        (Kind.RE_EXPORT, taking_out),
    )
}
SAID_BY_OTHERS: Final = frozenset(
    sort
    for sort in FACTS.values()
    if issubclass(
        sort,
        AboutDebt
        | ReportRetracted
        | ShortageDated
        | NeverThere
        | UnloadingPermitted
        | SeizureLifted,
    )
)
"""Acts that settling, the outline or the debts hear."""
OF_DECLARATIONS: Final = frozenset({DeclarationAccepted, DeclarationInvalidated})
"""Acts that every kind with a declaration hears through its outline; some tables do, too."""
OUTLINED: Final = REQUESTS | {
    DeclarationLodged,
    DeclarationAmended,
    DeclarationRejected,
    ExaminationAnnounced,
    ExaminationCompleted,
    ReleaseRefused,
}
"""The same, which no table hears."""
BALANCE: Final = {
    Kind.ENTRY: "139(1)",
    Kind.TEMPORARY_STORAGE: "145(10)",
}
"""By which provision what is taken from goods must balance; else by that on discharge."""
FOR_EVER: Final = datetime.max.replace(tzinfo=UTC)


def begun(case: Case, own: Outline, law: Law, policies: Policies) -> Walk:
    """A walk where the opening act has declared its goods, and nothing happened yet."""
    walk = Walk(case, own, law, policies)
    cite = own.opened.cite
    facts = case.settled.facts
    opening = (
        facts[0]
        if facts[0].cites[0] == cite
        else next(fact for fact in facts if fact.cites[0] == cite)
    )
    for account in walk.accounts.values():
        account.begin(own.opened.at, opening.fact.ARTICLE, cite)
    return walk


def go_on(walk: Walk, table: Table, events: Iterable[Event], waiting: list[Event]) -> list[Event]:
    """Events in order; a clock that runs out before or with the next event rings first.

    Draws that are `waiting` for their goods are tried again; returns those that wait now.
    """
    for event in events:
        if waiting:
            waiting = _give_up(walk, waiting, before=event.at)
        if walk.alarms and walk.alarms[0][0] <= event.at:
            _ring(walk, table, event.at)
        if (waiting and _waits(event, waiting)) or not _happen(walk, table, event):
            waiting.append(event)
        if waiting:
            waiting = _again(walk, table, waiting, event)
    return waiting


def end(walk: Walk, table: Table, waiting: list[Event]) -> None:
    """What waits is given up, and all clocks ring."""
    _give_up(walk, waiting, before=FOR_EVER)
    _ring(walk, table, FOR_EVER)


def _happen(walk: Walk, table: Table, event: Event) -> bool:
    """Let one event happen; false where a draw known by its day has to wait for its goods."""
    what = event.what
    walk.now = event.at
    if isinstance(what, Taken):
        walk.successors[what.by.movement] = what.by
        account = walk.accounts.get(event.line or 0)
        if account is None:
            _overdrawn(walk, event, what, "NO_SUCH_LINE")
        elif not table.take(walk, account, event, what):
            if event.by_day:
                return False
            _overdrawn(walk, event, what)
    elif isinstance(what, Fact):
        sort, declared = type(what), walk.own.kind not in UNDECLARED
        if declared and sort in OUTLINED:
            ask(walk, event)
        elif sort in SAID_BY_OTHERS or table.step(walk, event):
            if declared and sort is GoodsReleased and walk.own.released is None:
                _without_effect(walk, event)
        elif not (declared and sort in OF_DECLARATIONS):
            words = f"{what.TYPE} is recorded; no rule of {walk.own.kind} judges it"
            walk.find(event, "NOT_JUDGED", words, what.ARTICLE)
    else:
        table.step(walk, event)
    if walk.touched:
        table.after(walk, event)
        walk.touched.clear()
    return True


def _without_effect(walk: Walk, event: Event) -> None:
    """Say why a release places nothing."""
    why = "was invalidated before" if walk.own.invalidated else "is not said to be accepted by then"
    words = f"the declaration {why}: the release has no effect"
    walk.find(event, "RELEASE_WITHOUT_EFFECT", words, "194(1)")


def _waits(event: Event, waiting: Sequence[Event]) -> bool:
    """Whether a stage has to wait because an earlier one of the same draw still does."""
    return isinstance(event.what, Taken) and any(
        (late.source, late.line) == (event.source, event.line) for late in waiting
    )


def _again(walk: Walk, table: Table, waiting: list[Event], now: Event) -> list[Event]:
    """Try waiting draws at this instant; each works from the first at which its goods are there."""
    still: list[Event] = []
    for late in waiting:
        if late is now or _waits(late, still) or not _happen(walk, table, late._replace(at=now.at)):
            still.append(late)
    return still


def _give_up(walk: Walk, waiting: list[Event], before: datetime) -> list[Event]:
    """A draw known by its day waits until the day is over."""
    still = []
    for event in waiting:
        over = before is FOR_EVER or day_of(before, walk.zone) > day_of(event.at, walk.zone)
        if over and isinstance(event.what, Taken):
            _overdrawn(walk, event, event.what)
        else:
            still.append(event)
    return still


def _overdrawn(walk: Walk, event: Event, taken: Taken, code: str = "UCC215_OVER_DISCHARGE") -> None:
    """Say once of each draw that nothing is taken."""
    key = taken.by.movement, event.line or 0
    if key in walk.overdrawn:
        return
    walk.overdrawn.add(key)
    draws_ = f"{taken.by.movement} draws {taken.quantity:f} from line {event.line}"
    words = f"{draws_}, which has less: nothing is taken"
    walk.find(event, code, words, BALANCE.get(walk.own.kind, "215(1)"), line=event.line)


def _ring(walk: Walk, table: Table, until: datetime) -> None:
    """Let the clocks ring that run out by then; one that was moved stays silent."""
    while walk.alarms and walk.alarms[0][0] <= until:
        at, place = heappop(walk.alarms)
        deadline = walk.deadlines[place]
        if not deadline.moved:
            cites = deadline.because.reports
            expired = Event(at, 0, False, "", cites, False, None, Expired(deadline))
            _happen(walk, table, expired)
