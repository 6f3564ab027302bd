"""Which facts stand, and from when: corrections, retractions, repeated tellings, days (D4, D5).

Reads the facts of one movement alone. Nothing here depends on the order of arrival.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Final, NamedTuple

from domain.facts.declaration import (
    DeclarationAccepted,
    DeclarationLodged,
    GoodsReleased,
)
from domain.facts.entry import GoodsEntered, SummaryDeclarationLodged
from domain.facts.exit import GoodsExited
from domain.facts.fact import Fact, Rank, Told
from domain.facts.inventory import ShortageDated, ShortageFound
from domain.facts.record import ReportRetracted
from domain.facts.temporary_storage import GoodsPresented, StorageDeclarationLodged
from domain.facts.transit import GoodsArrived, TransitDischarged
from domain.facts.values import Role
from domain.law.calendar import country_of, zone_of
from domain.law.periods import day_of, start_of

TOLD_ONCE: Final = frozenset(
    {
        SummaryDeclarationLodged,
        GoodsEntered,
        StorageDeclarationLodged,
        GoodsPresented,
        DeclarationLodged,
        DeclarationAccepted,
        GoodsReleased,
        GoodsArrived,
        TransitDischarged,
        GoodsExited,
    }
)
"""Acts that a movement has once: two tellings are one act, and customs' telling comes first."""
PRECEDENCE: Final = {role: place for place, role in enumerate(Role)}


class Standing(NamedTuple):
    """A fact that stands, at the instant it works from; `by_day` where only the day was told."""

    at: datetime
    rank: Rank
    source: str
    cites: tuple[str, ...]
    role: Role
    by_day: bool
    fact: Fact


class Void(NamedTuple):
    """A report without effect, and why: a code, the article, a sentence."""

    code: str
    article: str
    words: str
    told: Told


class Settled(NamedTuple):
    """The facts that stand, in the order of D5, and the reports that have no effect."""

    facts: tuple[Standing, ...]
    void: tuple[Void, ...]
    office: str | None
    zone: tzinfo


def settle(told: Sequence[Told]) -> Settled:
    """Settle the facts of one movement."""
    standing, void = _not_taken_back(told)
    office = _office(standing)
    zone = zone_at(office)
    standing, foreign = _entitled(standing, office)
    standing, repeated = _told_once(standing)
    facts = _placed(standing, zone)
    return Settled(facts, (*void, *foreign, *repeated), office, zone)


def zone_at(office: str | None) -> tzinfo:
    """The zone of an office's legal days; UTC where the country is not known."""
    return (zone_of(country_of(office)) if office else None) or UTC


def standing_reports(told: Sequence[Told]) -> list[Told]:
    """The reports that are neither retracted nor put right by another."""
    return _not_taken_back(told)[0]


def _not_taken_back(told: Sequence[Told]) -> tuple[list[Told], list[Void]]:
    acting = {one.cite: target for one in told if (target := _target(one))}
    if not acting:
        return list(told), []
    return _TakenBack(told, acting).sort()


def _target(told: Told) -> str | None:
    """The report that this one retracts or corrects, as `<source>/<id>`."""
    fact = told.fact
    name = fact.report if isinstance(fact, ReportRetracted) else fact.corrects
    if name is None:
        return None
    return name if "/" in name else f"{told.source}/{name}"


class _TakenBack:
    """Retractions and corrections, resolved by rule: earliest cause, never last seen.

    A retracted report takes its corrections with it: what did not happen cannot be put right.
    Of several corrections of one report the one made last stands, then the one of greater name.
    Acts that take back each other in a circle have no effect.
    """

    def __init__(self, told: Sequence[Told], acting: dict[str, str]) -> None:
        self.told = {one.cite: one for one in told}
        self.void: list[Void] = []
        self.acting = {
            cite: target for cite, target in acting.items() if self._may_act(cite, target, acting)
        }
        self.acted_on: dict[str, list[str]] = defaultdict(list)
        for cite, target in sorted(self.acting.items()):
            self.acted_on[target].append(cite)

    def _may_act(self, cite: str, target: str, acting: dict[str, str]) -> bool:
        one, other = self.told[cite], self.told.get(target)
        if other is None:
            words = f"the movement has no report {target}: name one of its reports"
            self.void.append(Void("MATCHES_NOTHING", "15(1)", words, one))
        elif other.source != one.source and one.role is not Role.CUSTOMS:
            words = f"only {other.source} or customs can take back {target}"
            self.void.append(Void("NOT_ENTITLED", "15(1)", words, one))
        elif _in_circle(cite, acting):
            words = f"{cite} and {target} take back each other: send a new report"
            self.void.append(Void("CIRCULAR", "15(1)", words, one))
        else:
            return True
        return False

    def sort(self) -> tuple[list[Told], list[Void]]:
        """The reports that stand, in no particular order, and the acts that were void."""
        inert = {each.told.cite for each in self.void}
        stands = [
            one for one in self.told.values() if one.cite not in inert and self._stands(one.cite)
        ]
        return stands, self.void

    def _stands(self, cite: str) -> bool:
        if not self._alive(cite):
            return False
        rivals = [each for each in self.acted_on[cite] if self._corrects(each)]
        if any(self._alive(each) for each in rivals):
            return False
        target = self.acting.get(cite)
        if target is None or not self._corrects(cite):
            return True
        alive = [
            each for each in self.acted_on[target] if self._corrects(each) and self._alive(each)
        ]
        return cite == max(alive, key=self._made)

    def _alive(self, cite: str) -> bool:
        """Not retracted, nor the correction of what is retracted."""
        retracted = any(
            self._alive(each) for each in self.acted_on[cite] if not self._corrects(each)
        )
        target = self.acting.get(cite)
        return not retracted and (target is None or not self._corrects(cite) or self._alive(target))

    def _corrects(self, cite: str) -> bool:
        return not isinstance(self.told[cite].fact, ReportRetracted)

    def _made(self, cite: str) -> tuple[datetime, str]:
        return self.told[cite].made_at or datetime.min.replace(tzinfo=UTC), cite


def _in_circle(cite: str, acting: dict[str, str]) -> bool:
    seen, at = {cite}, acting.get(cite)
    while at is not None and at not in seen:
        seen.add(at)
        at = acting.get(at)
    return at is not None


def _office(told: Iterable[Told]) -> str | None:
    """The movement's office: that of its first act by rank, then by day, then by name."""
    named = [
        (one.fact.RANK, str(one.fact.happened)[:10], one.cite, one.fact.office)
        for one in told
        if one.fact.office
    ]
    return min(named)[3] if named else None


def _entitled(told: list[Told], office: str | None) -> tuple[list[Told], list[Void]]:
    """Only customs may speak for an office that the movement does not have."""
    if office is None or all(one.fact.office in (None, office) for one in told):
        return told, []
    offices = {office}
    for one in told:
        destination = getattr(one.fact, "destination", None)
        if destination:
            offices.add(destination)
        if one.role is Role.CUSTOMS and one.fact.office:
            offices.add(one.fact.office)
    stands, void = [], []
    for one in told:
        if one.role is Role.CUSTOMS or one.fact.office is None or one.fact.office in offices:
            stands.append(one)
        else:
            words = f"{one.source} speaks for {one.fact.office}, the movement is at {office}"
            void.append(Void("NOT_ENTITLED", "15(1)", words, one))
    return stands, void


def _told_once(told: list[Told]) -> tuple[list[Told], list[Void]]:
    """Of several tellings of one act the best stands: customs first, then the earliest."""
    types = [type(one.fact) for one in told]
    if len(set(types)) == len(types):
        return told, []
    best: dict[type[Fact], Told] = {}
    stands, void = [], []
    for one in sorted(told, key=_precedence):
        first = best.setdefault(type(one.fact), one) if type(one.fact) in TOLD_ONCE else one
        if first is one:
            stands.append(one)
        elif _differ(first.fact, one.fact):
            words = (
                f"{one.cite} and {first.cite} tell the same act differently; {first.cite} stands"
            )
            void.append(Void("SOURCES_DISAGREE", "15(1)", words, one))
    return stands, void


def _precedence(told: Told) -> tuple[int, str, str]:
    return PRECEDENCE[told.role], str(told.fact.happened), told.cite


def _differ(one: Fact, other: Fact) -> bool:
    """Whether two tellings contradict each other: in the day, or in what both of them say."""
    if str(one.happened)[:10] != str(other.happened)[:10]:
        return True
    said = other.model_fields_set & one.model_fields_set - {"happened", "same_as", "corrects"}
    return any(getattr(one, name) != getattr(other, name) for name in said)


def _placed(told: list[Told], zone: tzinfo) -> tuple[Standing, ...]:
    """Each fact at the instant it works from, in the order of instant, rank, source and report.

    A shortage works from the earliest removal that is shown (Article 85(2)). A day works from
    00:00, or from the latest instant of that day of an act that ranks before it.
    """
    dated = _earliest_removals(told)
    days = []
    for one in told:
        when: date | datetime = one.fact.happened
        cites: tuple[str, ...] = (one.cite,)
        if one.cite in dated:
            when, found = dated[one.cite]
            cites = (one.cite, found)
        local = zone_at(one.fact.office) if one.fact.office else zone
        day = day_of(when, local) if isinstance(when, datetime) else when
        at = when if isinstance(when, datetime) else None
        days.append((day, one.fact.RANK, one.source, one.report, at, cites, one, local))
    days.sort(key=lambda each: each[:4])
    placed = []
    latest: dict[date, list[tuple[Rank, datetime]]] = defaultdict(list)
    for day, rank, source, _, told_at, cites, one, local in days:
        before = [other for ranked, other in latest[day] if ranked < rank]
        at = told_at or max([start_of(day, local), *before])
        latest[day].append((rank, at))
        placed.append(Standing(at, rank, source, cites, one.role, told_at is None, one.fact))
    placed.sort(key=lambda each: each[:4])
    return tuple(placed)


def _earliest_removals(told: list[Told]) -> dict[str, tuple[date, str]]:
    """For each shortage the earliest day of removal that is shown, and the report that shows it."""
    shown: dict[str, tuple[date, str]] = {}
    shortages = {one.cite: one for one in told if isinstance(one.fact, ShortageFound)}
    for one in told:
        if isinstance(one.fact, ShortageDated):
            name = one.fact.shortage
            cite = name if "/" in name else f"{one.source}/{name}"
            if cite in shortages:
                shown[cite] = min(shown.get(cite, (date.max, "")), (one.fact.removed, one.cite))
    return shown
