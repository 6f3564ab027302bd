"""Judge one movement: pure, total, and a function of the case alone (D3, D4)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from heapq import heappop
from operator import itemgetter
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
    ReleaseRefused,
)
from domain.facts.entry import UnloadingPermitted
from domain.facts.fact import FACTS, Fact
from domain.facts.inventory import NeverThere, ShortageDated
from domain.facts.record import ReportRetracted
from domain.facts.values import Kind
from domain.judgement import debts, falling_due, findings, guarantees, procedures, security
from domain.law.acts import UCC
from domain.law.citation import Law
from domain.law.limits import FIRST_DAY
from domain.law.periods import day_of, start_of
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
from domain.movements.account import Account, Event, Expired, Taken, happening
from domain.movements.declaration import REQUESTS, ask
from domain.movements.drawing import draws
from domain.movements.walk import Walk
from domain.outline import UNDECLARED, Outline
from domain.policies import Policies
from domain.timeline import Judgement


class Table(NamedTuple):
    """The state table of a kind: own acts and expiries, successors' stages, what follows both."""

    step: Callable[[Walk, Event], bool]
    take: Callable[[Walk, Account, Event, Taken], bool]
    after: Callable[[Walk, Event], None]


TABLES: Final[Mapping[Kind, Table]] = {
    kind: Table(module.step, module.take, module.after)
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
NOT_JUDGED: Final[Mapping[Kind, str]] = {
    Kind.INTERNAL_TRANSIT: "227",
    Kind.FREE_ZONE: "243",
    Kind.TEMPORARY_ADMISSION: "250",
    Kind.END_USE: "254",
    Kind.EXIT: "271",
}
"""Kinds that are recorded and not judged, with the article that would be."""
SAID_BY_OTHERS: Final = frozenset(
    sort
    for sort in FACTS.values()
    if issubclass(
        sort, AboutDebt | ReportRetracted | ShortageDated | NeverThere | UnloadingPermitted
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
BALANCE: Final = {Kind.ENTRY: "139(1)", Kind.TEMPORARY_STORAGE: "145(10)"}
"""By which provision what is taken from goods must balance; else by that on discharge."""
FOR_EVER: Final = datetime.max.replace(tzinfo=UTC)


def judge(case: Case, law: Law, policies: Policies) -> Judgement | None:
    """The judgement of one movement; `None` where no act tells yet what it is.

    Under a text from before the Code was published, nothing is judged.
    """
    own = case.own
    if own is None:
        return None
    walk = Walk(case, own, law, policies)
    _begin(walk, own)
    known = law.text >= UCC.published
    if known and own.kind in TABLES:
        _walk(walk, TABLES[own.kind])
    owed = debts.told(walk)
    walk.findings += security.released_unsecured(walk, owed)
    accounts = walk.accounts.values()
    positions = tuple([each for account in accounts for each in account.positions()])
    return Judgement(
        movement=case.movement,
        names=case.names,
        kind=own.kind,
        office=own.office,
        person=own.person,
        units=tuple([line.unit for _, line in own.lines]),
        positions=positions,
        procedures=tuple(procedures.told(walk, positions)),
        modes=tuple([each for account in accounts for each in account.modes]),
        deadlines=(*walk.deadlines, *(falling_due.told(walk, positions, owed) if known else ())),
        debts=owed,
        guarantees=tuple(guarantees.told(walk, positions, owed)),
        findings=tuple(findings.told(walk, NOT_JUDGED.get(own.kind) if known else "288(1)")),
    )


def _begin(walk: Walk, own: Outline) -> None:
    """What the opening act declares."""
    cite = own.opened.cite
    facts = walk.case.settled.facts
    opening = (
        facts[0]
        if facts[0].cites[0] == cite
        else next(fact for fact in facts if fact.cites[0] == cite)
    )
    for account in walk.accounts.values():
        account.begin(own.opened.at, opening.fact.ARTICLE, cite)


def _walk(walk: Walk, table: Table) -> None:
    """Events in order; a clock that runs out before or with the next event rings first."""
    waiting: list[Event] = []
    for event in _agenda(walk):
        if waiting:
            waiting = _give_up(walk, waiting, before=event.at)
        if walk.alarms and walk.alarms[0][0] <= event.at:
            _ring(walk, table, event.at)
        if (waiting and _waits(event, waiting)) or not _happen(walk, table, event):
            waiting.append(event)
        if waiting:
            waiting = _again(walk, table, waiting, event)
    _give_up(walk, waiting, before=FOR_EVER)
    _ring(walk, table, FOR_EVER)


def _agenda(walk: Walk) -> list[Event]:
    """What happens: own acts that the Code governs, and the stages of those who draw."""
    events = [
        happening((at, rank, False, source, cites, by_day, _line(fact), fact))
        for at, rank, source, cites, _, by_day, fact in walk.case.settled.facts
    ]
    events += draws(walk.case, walk.own)
    events.sort(key=itemgetter(0, 1, 2, 3, 4))
    first = start_of(FIRST_DAY, walk.zone)
    return events if not events or events[0].at >= first else [e for e in events if e.at >= first]


def _line(fact: Fact) -> int | None:
    """The line that an act names."""
    return getattr(fact, "line", None) if fact.NAMES_LINE else None


def _happen(walk: Walk, table: Table, event: Event) -> bool:
    """Let one event happen; false where a draw known by its day has to wait for its goods."""
    what = event.what
    walk.now = event.at
    if isinstance(what, Taken):
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
            pass
        elif not (declared and sort in OF_DECLARATIONS):
            words = f"{what.TYPE} is recorded; no rule of {walk.own.kind} judges it"
            walk.find(event, "NOT_JUDGED", words, what.ARTICLE)
    else:
        table.step(walk, event)
    if walk.touched:
        table.after(walk, event)
        walk.touched.clear()
    return True


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
