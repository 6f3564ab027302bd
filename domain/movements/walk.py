"""A movement while legal time is walked: rules move quantity, run clocks, incur debts, find.

What each kind does at an event stands in its own module; what all of them need stands here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from heapq import heappush
from typing import NamedTuple

from domain.case import Case
from domain.facts.values import Line
from domain.law.calendar import Calendar
from domain.law.citation import Law
from domain.law.periods import day_of, missed_at, rolled
from domain.movements.account import NONE, Account, Event, Taken
from domain.movements.drawing import holds_until_released
from domain.outline import Mark, Outline
from domain.policies import Policies, Reading
from domain.timeline import Because, Deadline, Finding, Situation

CLOSING_DAYS = Calendar("ECB")
"""Where the country of an office is not known, the closing days of TARGET stand in."""


class Owing(NamedTuple):
    """A person who owes, by which provision, and the report that says so."""

    person: str
    article: str
    cite: str | None = None


@dataclass(slots=True)
class Incurred:
    """A debt as the walk finds it; amount, obligations and grounds are told afterwards.

    `missing` says that the goods are gone, so that nothing done with the rest can be about them;
    `terms` are the duty terms of a line where they are not its own (Article 86(3)).
    """

    rule: str
    article: str
    at: datetime
    struck: dict[int, Decimal]
    owing: tuple[Owing, ...]
    because: Because
    gave_rise: tuple[str, ...]
    missing: bool = False
    terms: Mapping[int, tuple[Line, Decimal]] = field(default_factory=dict)


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
        self.accounts = {
            number: Account(number, line, gone.get(number, NONE), str(own.kind), self.touched)
            for number, line in own.lines
        }
        self.deadlines: list[Deadline] = []
        self.alarms: list[tuple[datetime, int]] = []
        self.debts: list[Incurred] = []
        self.findings: list[Finding] = []
        self.regularised: tuple[datetime, tuple[str, ...]] | None = None
        self.successors = {each.movement: each for each in case.successors}
        self._keep: dict[str, bool] = {}

    def keeps(self, successor: Outline) -> bool:
        """Whether a declaration keeps its hold on our goods, by all that is known."""
        kept = self._keep.get(successor.movement)
        if kept is None:
            kept = self._keep[successor.movement] = holds_until_released(successor, self.own)
        return kept

    def kept(self, drawn_by: str | None) -> bool:
        """Whether a declaration of that name keeps goods, on the reading ACCEPTANCE."""
        if drawn_by is None or self.policies.placed_by is not Reading.ACCEPTANCE:
            return False
        found = self.successors.get(drawn_by)
        return found is not None and self.keeps(found)

    def held_by_declarations(self, account: Account, situation: Situation) -> Decimal:
        """What declarations keep, on the reading that acceptance meets a time limit."""
        return sum(
            [
                much
                for slot, much in account.slots.items()
                if slot.situation is situation and self.kept(slot.drawn_by)
            ],
            NONE,
        )

    def day(self, at: datetime) -> date:
        """The legal day of an instant at the movement's office."""
        return day_of(at, self.zone)

    def on(self, event: Event) -> Iterable[Account]:
        """The accounts that an act names: one line, or all."""
        line = event.line
        if line is None:
            return self.accounts.values()
        return (self.accounts[line],) if line in self.accounts else ()

    def held(self, *situations: Situation) -> Decimal:
        """What all lines have in these situations; only good for asking whether there is any."""
        return sum([account.held(*situations) for account in self.accounts.values()], NONE)

    def move_all(
        self, event: Event, sources: tuple[Situation, ...], target: Situation, *articles: str
    ) -> None:
        """Move everything in `sources` on the lines that the act names."""
        for account in self.on(event):
            account.move_all(event, sources, target, *articles)

    def start(
        self,
        event: Event,
        article: str,
        duty: str,
        raw: date,
        *,
        fixed: bool = False,
        uses: tuple[str, ...] = (),
    ) -> None:
        """Start a clock; a day that an authority fixed does not roll; one past rings at once."""
        last_day = raw if fixed else rolled(raw, self.calendar)
        ends_at = missed_at(last_day, self.zone)
        because = Because(duty, (article,), (*event.cites, *uses))
        heappush(self.alarms, (max(ends_at, event.at), len(self.deadlines)))
        self.deadlines.append(
            Deadline(
                None, article, duty, self.holder or "", event.at, raw, last_day, ends_at, None,
                False, because,
            )
        )  # fmt: skip

    def stop(self, event: Event, article: str | None = None) -> None:
        """Stop the clocks that run, or those of one article."""
        for place, clock in enumerate(self.deadlines):
            if clock.stopped is None and article in (None, clock.article):
                reports = tuple(dict.fromkeys(clock.because.reports + event.cites))
                because = clock.because._replace(reports=reports)
                self.deadlines[place] = clock._replace(stopped=event.at, because=because)

    def move_clock(self, event: Event, duty: str) -> None:
        """End the clock of a duty because another takes its place."""
        for place, clock in enumerate(self.deadlines):
            if clock.duty == duty and not clock.moved:
                self.deadlines[place] = clock._replace(stopped=event.at, moved=True)

    def run(self, article: str) -> None:
        """Let a clock run again: what had stopped it was undone."""
        for place, clock in enumerate(self.deadlines):
            if clock.article == article and clock.stopped and not clock.moved:
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
        struck: Mapping[int, Decimal],
        owing: Iterable[Owing],
        *,
        gave_rise: Iterable[Mark | None] = (),
        missing: bool = False,
        terms: Mapping[int, tuple[Line, Decimal]] | None = None,
        uses: tuple[str, ...] = (),
    ) -> None:
        """A debt arises under the first provision that the rule cites, for what it strikes."""
        struck = {
            number: much
            for number, much in struck.items()
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
                missing, terms or {},
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
        """Overdue never exceeds what is open; the first instant without any is regularisation."""
        late = [account for account in self.accounts.values() if account.overdue]
        for account in late:
            account.late(event, min(account.overdue, open_now(account)))
        if late and not any(account.overdue for account in late):
            regular = isinstance(event.what, Taken) or event.rank < SEIZED
            if regular and self.regularised is None:
                self.regularised = (event.at, event.cites)


SEIZED = 10
"""The rank from which on goods leave the ledger by no act of the person who owes."""
