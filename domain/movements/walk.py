"""A movement while legal time is walked: rules move quantity, run clocks, incur debts, find.

What each kind does at an event stands in its own module; what all of them need stands here.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from heapq import heappush
from operator import attrgetter
from typing import TypeVar

from domain.because import Because
from domain.case import Case
from domain.corrections import report_named
from domain.facts.fact import Fact, Rank
from domain.facts.inventory import ShortageFound
from domain.facts.values import Kind, Line
from domain.folds import copied
from domain.law.calendar import Calendar
from domain.law.citation import Cited, Law
from domain.law.periods import day_of, missed_at, rolled
from domain.movements.account import NONE, Account, Event, Slot, Taken
from domain.movements.custody import Custody
from domain.movements.drawing import forfeited, holds_until_released
from domain.movements.incurred import Incurred, Owing, PutRight, Strike
from domain.outline import Disposal, Mark, Outline
from domain.policies import Policies, Reading
from domain.records import maker
from domain.settle import Standing
from domain.situation import Situation
from domain.timeline import Deadline, Finding

CLOSING_DAYS = Calendar("ECB")
"""Where the country of an office is not known, the closing days of TARGET stand in."""


F = TypeVar("F", bound=Fact)


_fact_of, _deadline = attrgetter("fact"), maker(Deadline)


@lru_cache(maxsize=4096)  # few combinations of acts occur
def _sorts(types: frozenset[type[Fact]]) -> frozenset[type]:
    """The types of acts, and all that these are kinds of."""
    return frozenset(sort for each in types for sort in each.__mro__)


ANYONE = "*"
NO_CUSTODY = Custody()


class Walk:
    """The working state of one judgement."""

    def __init__(self, case: Case, own: Outline, law: Law, policies: Policies) -> None:
        self.case, self.own, self.law, self.policies = case, own, law, policies
        self.zone = case.zone
        self.calendar = case.reference.calendar or CLOSING_DAYS
        self.holder = own.person
        gone: dict[int, Decimal] = {}
        for number, much in own.never_there:
            gone[number] = gone.get(number, NONE) + much
        self.touched: list[int] = []
        kind = own.kind.value
        self.accounts = {
            number: Account(number, line, gone.get(number, NONE), kind, self.touched)
            for number, line in own.lines
        }
        self.deadlines: list[Deadline] = []
        self.alarms: list[tuple[datetime, int]] = []
        self.debts: list[Incurred] = []
        self.findings: list[Finding] = []
        self.put_right: list[PutRight] = []
        self.spoiled: dict[int, Decimal] = {}
        self.reached: dict[tuple[str, int], tuple[Decimal, Decimal]] = {}
        """Which of the goods that strayed from a line an act is about, by its report: from so much
        to so much of them, in the order of their debts."""
        self.refused: set[tuple[str, int]] = set()
        """The decisions, by report and line, that are on more than there is, and have no effect."""
        self.custodies: dict[int, Custody] = {}
        """What customs have of each line that they acted on."""
        self.successors: dict[str, Outline] = {}
        """Those that have drawn so far, by name: a walk knows no others."""
        self._sorts = _sorts(frozenset(map(type, map(_fact_of, case.settled.facts))))
        self.now = own.opened.at
        self.overdrawn: set[tuple[str, int]] = set()
        self.last_days: dict[int, date] = {}
        """By line the last day of its period before it is rolled, where lines may differ."""
        self.limits: dict[int, datetime] = {}
        """By line when its time limit ran out."""
        self._forfeited: dict[tuple[str, int], tuple[Disposal, ...] | None] = {}

    def copied(self) -> "Walk":
        """The same walk as far as it went, to go on from while this one stays as it is."""
        twin = copied(self)
        twin.accounts = {
            number: account.copied(twin.touched) for number, account in self.accounts.items()
        }
        return twin

    def custody(self, account: Account) -> Custody:
        """What customs have of a line."""
        return self.custodies.get(account.number, NO_CUSTODY)

    def drawer(self, name: str) -> str:
        """The movement that has a name and has drawn from here; the name itself where none has."""
        drawn = self.successors.values()
        return next((one.movement for one in drawn if name in one.names), name)

    def put_right_by(self, cite: str) -> str:
        """The report that puts another one right; that one itself where none does."""
        for fact in self.case.settled.facts:
            if fact.fact.corrects:
                name, source = fact.fact.corrects, fact.source
                if cite in (f"{source}/{name}", name):
                    return fact.cites[0]
        return cite

    def shortage(self, name: str, source: str) -> tuple[str, ShortageFound | None]:
        """The shortage of a report as a source names it, and the name of that report."""
        found = {fact.cites[0]: shortage for fact, shortage in self.acts(ShortageFound)}
        cite = report_named(name, source, found)
        cite = cite if cite in found else self.put_right_by(cite)
        return cite, found.get(cite)

    def acts(self, sort: type[F]) -> list[tuple[Standing, F]]:
        """The acts of one sort that stand, each also as what it is, in their order."""
        if sort not in self._sorts:
            return []
        facts = self.case.settled.facts
        return [(fact, fact.fact) for fact in facts if isinstance(fact.fact, sort)]

    def kept(self, account: Account, slot: Slot) -> Decimal:
        """How much of a slot a declaration keeps, by all that is known, on the reading that
        acceptance meets a time limit: it did not fall, and what is confiscated before its release
        is not kept.
        """
        if slot.drawn_by is None or self.policies.placed_by is not Reading.ACCEPTANCE:
            return NONE
        forfeits = self._forfeits(slot.drawn_by, account.number)
        if forfeits is None:
            return NONE
        much = account.slots[slot]
        for act in forfeits:
            if act.at > self.now:
                much -= much if act.quantity is None else min(act.quantity, much)
        return much

    def unkept(
        self, account: Account, situations: tuple[Situation, ...], holder: str | None = ANYONE
    ) -> Decimal:
        """What no declaration keeps there: of one holder (`None`: of the first), or of all."""
        left = NONE
        for slot, much in account.slots.items():
            if slot.situation in situations and holder in (ANYONE, slot.holder):
                left += much - self.kept(account, slot) if slot.drawn_by else much
        return left

    def leaves(self, accounts: Iterable[Account], situations: tuple[Situation, ...]) -> bool:
        """Whether no declaration keeps some of what any of these lines has there."""
        for account in accounts:
            for slot, much in account.slots.items():
                situation, drawn_by, _ = slot
                if situation in situations and (not drawn_by or much > self.kept(account, slot)):
                    return True
        return False

    def unkept_shares(
        self, account: Account, situations: tuple[Situation, ...], holder: str | None = ANYONE
    ) -> dict[tuple[int, str], Decimal]:
        """The same by line and successor, of what successors have drawn."""
        found: dict[tuple[int, str], Decimal] = {}
        for slot, much in account.slots.items():
            if slot.drawn_by and slot.situation in situations and holder in (ANYONE, slot.holder):
                key = account.number, slot.drawn_by
                found[key] = found.get(key, NONE) + much - self.kept(account, slot)
        return found

    def liable(self, account: Account, situations: tuple[Situation, ...]) -> Decimal:
        """What is there and was not declared in time, once a time limit has run out."""
        left = NONE
        for slot, much in account.slots.items():
            if slot.situation in situations:
                late = self._declared_late(account.number, slot)
                left += much if late else much - self.kept(account, slot)
        return left

    def _declared_late(self, number: int, slot: Slot) -> bool:
        successor, limit = self.successors.get(slot.drawn_by or ""), self.limits.get(number)
        accepted = successor.accepted if successor else None
        return accepted is not None and limit is not None and accepted.at >= limit

    def is_late(self, number: int, slot: Slot) -> bool:
        """Whether a time limit has run out on goods in a slot of a line: it did on all that no
        declaration keeps, and on what was declared since.
        """
        if not any(debt.late and number in debt.struck for debt in self.debts):
            return False
        kept = self.policies.placed_by is Reading.ACCEPTANCE and slot.drawn_by is not None
        if not kept or self._declared_late(number, slot):
            return True
        return self._forfeits(slot.drawn_by or "", number) is None

    def _forfeits(self, name: str, number: int) -> tuple[Disposal, ...] | None:
        """What is confiscated of the goods that a declaration keeps; `None` where it keeps none."""
        key = name, number
        if key not in self._forfeited:
            successor = self.successors.get(name)
            keeps = successor is not None and holds_until_released(successor)
            self._forfeited[key] = (
                forfeited(self.case, self.own, successor, number) if successor and keeps else None
            )
        return self._forfeited[key]

    def day(self, at: datetime) -> date:
        """The legal day of an instant at the movement's office."""
        return day_of(at, self.zone)

    def releases(self, event: Event) -> bool:
        """Whether it is with this act that the goods are released or, in a balance, stand so: of a
        release and an opening balance the earlier counts.
        """
        return self.own.released is not None and self.own.released.cite == event.cites[0]

    def on(self, event: Event) -> Iterable[Account]:
        """The accounts that an act names: one line, or all."""
        line = event.line
        if line is None:
            return self.accounts.values()
        return (self.accounts[line],) if line in self.accounts else ()

    def held(self, *situations: Situation) -> bool:
        """Whether any line has goods in these situations."""
        for account in self.accounts.values():
            for slot in account.slots:
                if slot.situation in situations:
                    return True
        return False

    def move_all(
        self, event: Event, sources: tuple[Situation, ...], target: Situation, *articles: str
    ) -> None:
        """Move everything in `sources` on the lines that the act names."""
        for account in self.on(event):
            account.move_all(event, sources, target, *articles)

    def start(
        self,
        event: Event,
        limit: Cited[..., date],
        duty: str,
        raw: date,
        *,
        person: str | None = None,
        fixed: bool = False,
        zone: tzinfo | None = None,
        uses: tuple[str, ...] = (),
    ) -> None:
        """Start a clock, of the holder unless it is another's; a day that an authority fixed does
        not roll; one past rings at once. A day ends in the zone of the office where the duty is to
        be done: that of the movement where no other is given.
        """
        last_day = raw if fixed else rolled(raw, self.calendar)
        ends_at = missed_at(last_day, zone or self.zone)
        calendar = () if fixed else self.case.reference.calendar_cites
        because = Because(limit.__name__, limit.articles, (*event.cites, *calendar, *uses))
        heappush(self.alarms, (max(ends_at, event.at), len(self.deadlines)))
        self.deadlines.append(
            _deadline(
                (
                    None, limit.articles[0], duty, person or self.holder or "", event.at, raw,
                    last_day, ends_at, None, False, because, True,
                )
            )
        )  # fmt: skip

    def stop(
        self,
        event: Event,
        article: str | None = None,
        person: str | None = None,
        raw: date | None = None,
    ) -> None:
        """Stop the clocks that run, or those of one article, person and last day."""
        for place, clock in enumerate(self.deadlines):
            if clock.stopped is not None:
                continue
            if (
                article in (None, clock.article)
                and person in (None, clock.person)
                and raw in (None, clock.raw_last_day)
            ):
                reports = tuple(dict.fromkeys(clock.because.reports + event.cites))
                because = clock.because._replace(reports=reports)
                self.deadlines[place] = clock._replace(stopped=event.at, because=because)

    def move_clock(self, event: Event, duty: str) -> None:
        """End the clock of a duty because another takes its place."""
        for place, clock in enumerate(self.deadlines):
            if clock.duty == duty and not clock.moved:
                self.deadlines[place] = clock._replace(stopped=event.at, moved=True)

    def run(self, article: str, person: str | None = None, raw: date | None = None) -> None:
        """Let a clock run again: what had stopped it was undone."""
        for place, clock in enumerate(self.deadlines):
            stands = clock.stopped and not clock.moved and raw in (None, clock.raw_last_day)
            if stands and clock.article == article and person in (None, clock.person):
                self.deadlines[place] = clock._replace(stopped=None)

    def find(
        self, event: Event, code: str, words: str, *articles: str, line: int | None = None
    ) -> None:
        """Say something from now on."""
        because = Because(code, articles, event.cites)
        self.findings.append(Finding(code, line, event.at, None, words, because))

    def close(self, event: Event, code: str) -> None:
        """End a finding that lasts until something is done."""
        for place, found in enumerate(self.findings):
            if found.code == code and found.end is None:
                because = found.because._replace(reports=found.because.reports + event.cites)
                self.findings[place] = found._replace(end=event.at, because=because)

    def incur(
        self,
        rule: Callable[..., object],
        event: Event,
        strike: Strike,
        owing: Iterable[Owing],
        *,
        gave_rise: Iterable[Mark | None] = (),
        terms: Mapping[int, tuple[Line, Decimal]] | None = None,
        uses: tuple[str, ...] = (),
    ) -> None:
        """A debt arises under the first provision that the rule cites, for what it strikes."""
        struck = {
            number: much
            for number, much in strike.quantities.items()
            if much > NONE and not self._excluded(event, number)
        }
        if not struck:
            return
        causes = tuple(dict.fromkeys(mark.cite for mark in gave_rise if mark)) or event.cites
        articles: tuple[str, ...] = getattr(rule, "articles", ())
        reports = tuple(dict.fromkeys((*causes, *event.cites, *uses)))
        because = Because(rule.__name__, articles, reports)
        self.debts.append(
            Incurred(
                rule.__name__, articles[0], event.at, dict(struck), tuple(owing), because, causes,
                strike.missing, strike.strayed, strike.late, strike.put_right, strike.shares,
                terms or {}, strike.again,
            )
        )  # fmt: skip

    def _excluded(self, event: Event, number: int) -> bool:
        """Counterfeit currency and narcotics give rise to no debt (Article 83(2))."""
        excluded = self.accounts[number].line.excluded
        if excluded:
            words = f"line {number} is {excluded}: no customs debt"
            self.find(event, "UCC83_2_NO_DEBT", words, "83(2)", line=number)
        return excluded is not None

    def settle_overdue(self, event: Event, open_now: Callable[[Account], Decimal]) -> None:
        """Overdue never exceeds what is open: an act puts right what it takes from it, or spoils
        that for a regularisation; to go into another storage does neither (Article 148(5)).
        """
        what, storage = event.what, Kind.TEMPORARY_STORAGE
        stays = self.own.kind is storage and isinstance(what, Taken) and what.by.kind is storage
        for account in self.accounts.values():
            if not account.overdue:
                continue
            was, number = account.overdue, account.number
            account.late(event, min(was, open_now(account)))
            if (less := was - account.overdue) <= NONE:
                continue
            if event.rank >= Rank.LOSS:
                self.spoiled[number] = self.spoiled.get(number, NONE) + less
            elif not stays:
                self.put_right.append(PutRight(event.at, event.cites, number, less))
