"""Which facts stand, and from when: corrections, retractions, repeated tellings, days (D4, D5).

Reads the facts of one movement alone. Nothing here depends on the order of arrival.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

from domain.corrections import Void, not_taken_back, report_named
from domain.facts.declaration import (
    DeclarationAccepted,
    DeclarationAmended,
    DeclarationLodged,
    GoodsReleased,
    OpeningBalance,
)
from domain.facts.entry import GoodsEntered, SummaryDeclarationLodged
from domain.facts.exit import GoodsExited
from domain.facts.fact import Fact, Rank, Told
from domain.facts.inventory import DiscrepancyFound, ShortageDated, ShortageFound
from domain.facts.temporary_storage import GoodsPresented, StorageDeclarationLodged
from domain.facts.transit import GoodsArrived, TransitDischarged
from domain.facts.values import Role
from domain.law.calendar import country_of, zone_of
from domain.law.periods import day_of, start_of
from domain.references import office_of

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
        OpeningBalance,
    }
)
"""Acts that a movement has once: two tellings are one act, and customs' telling comes first."""
WHEN: Final = frozenset({"happened", "same_as", "corrects"})
"""What a telling says of its time and its names, and not of the act."""
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


class Shown(NamedTuple):
    """A moment at which goods are shown to be missing already, and the report that shows it."""

    when: date | datetime
    cite: str


class Settled(NamedTuple):
    """The facts that stand, in the order of D5, and the reports that have no effect."""

    facts: tuple[Standing, ...]
    void: tuple[Void, ...]
    office: str | None
    zone: tzinfo


def settle(standing: Sequence[Told], without_effect: Sequence[Void] = ()) -> Settled:
    """Settle the reports of one movement that were not taken back, beside those that were found
    to have no effect before.
    """
    office = _office(standing)
    zone = zone_at(office)
    stands, foreign = _entitled([*standing], office)
    stands, repeated = _told_once(stands, zone)
    dated, undated = _earliest_removals(stands, zone)
    known = {(each.code, each.told.cite) for each in foreign}
    before = [each for each in without_effect if (each.code, each.told.cite) not in known]
    voids = sorted((*before, *foreign, *repeated, *undated), key=lambda each: each.told.cite)
    return Settled(_placed(stands, dated, zone), tuple(voids), office, zone)


@lru_cache(maxsize=4096)
def zone_at(office: str | None) -> tzinfo:
    """The zone of an office's legal days; UTC where the country is not known."""
    return (zone_of(country_of(office)) if office else None) or UTC


def standing_reports(told: Sequence[Told]) -> list[Told]:
    """The reports that are neither retracted nor put right by another."""
    return not_taken_back(told)[0]


def _office(told: Sequence[Told]) -> str | None:
    """The movement's office: that of its first act by rank, then by day, then by name.

    Customs' word up to the release counts first, so that nobody else can name another office; then
    who names the office of the local reference number under which they report.
    """
    offices = {one.fact.office for one in told} - {None}
    if len(offices) <= 1:
        return next(iter(offices), None)
    lodged = {office_of(one.stream) for one in told}
    named = [
        (
            by_others := one.role is not Role.CUSTOMS or one.fact.RANK > Rank.RELEASE,
            by_others and one.fact.office not in lodged,
            one.fact.RANK,
            str(one.fact.happened)[:10],
            one.cite,
            one.fact.office,
        )
        for one in told
        if one.fact.office
    ]
    return min(named)[-1]


def admits(names: Iterable[str], standing: Sequence[Told], office: str) -> bool:
    """Whether who speaks for an office may speak of the movement of these names and reports.

    Where no report names an office, a local reference number does.
    """
    if own := _office(standing):
        return office in _spoken_for(standing, own)
    lodged = {office_of(name) for name in names} - {None}
    return office in lodged or not lodged


def _spoken_for(told: Sequence[Told], office: str) -> set[str | None]:
    """The offices of a movement: its own, those that customs speak for, and the destinations that
    these name.
    """
    offices = {office} | {one.fact.office for one in told if one.role is Role.CUSTOMS}
    return offices | {
        getattr(one.fact, "destination", None)
        for one in told
        if one.fact.office is None or one.fact.office in offices
    }


def _entitled(told: list[Told], office: str | None) -> tuple[list[Told], list[Void]]:
    """Only customs may speak for an office that the movement does not have."""
    if office is None or {one.fact.office for one in told} <= {None, office}:
        return told, []
    offices = _spoken_for(told, office)
    stands, void = [], []
    for one in told:
        if one.role is Role.CUSTOMS or one.fact.office is None or one.fact.office in offices:
            stands.append(one)
        else:
            words = f"{one.source} speaks for {one.fact.office}, the movement is at {office}"
            void.append(Void("NOT_ENTITLED", "15(1)", words, one))
    return stands, void


def _told_once(told: list[Told], zone: tzinfo) -> tuple[list[Told], list[Void]]:
    """Of several tellings of one act the best stands: customs first, then the earliest."""
    if len({type(one.fact) for one in told}) == len(told):
        return told, []
    best: dict[type[Fact], Told] = {}
    stands, void = [], []
    for one in sorted(_each_act_once(told, zone), key=_precedence):
        first = best.setdefault(type(one.fact), one) if type(one.fact) in TOLD_ONCE else one
        if first is one:
            stands.append(one)
        elif _differ(first.fact, one.fact, zone) and not _restates(first, one, told, zone):
            words = (
                f"{one.cite} and {first.cite} tell the same act differently; {first.cite} stands"
            )
            void.append(Void("SOURCES_DISAGREE", "15(1)", words, one, first))
    return stands, void


def _each_act_once(told: list[Told], zone: tzinfo) -> list[Told]:
    """Acts that a movement may have often, such as payments, as one source tells them.

    What several sources tell of one day in the same words is one act each time; a source that
    tells it twice means two. The telling of the most acts stands, customs first among equals.
    """
    tellings: dict[object, dict[str, list[Told]]] = {}
    for one in told:
        if type(one.fact) not in TOLD_ONCE:
            said = tuple(
                (name, getattr(one.fact, name)) for name in sorted(one.fact.model_fields_set - WHEN)
            )
            act = type(one.fact), _day(one.fact.happened, zone), said
            tellings.setdefault(act, {}).setdefault(one.source, []).append(one)
    again: set[str] = set()
    for by_source in tellings.values():
        if len(by_source) > 1:
            most = min(
                by_source.values(), key=lambda each: (-len(each), min(map(_precedence, each)))
            )
            again |= {one.cite for each in by_source.values() if each is not most for one in each}
    return [one for one in told if one.cite not in again]


def _precedence(told: Told) -> tuple[int, str, str]:
    return PRECEDENCE[told.role], str(told.fact.happened), told.cite


def _differ(one: Fact, other: Fact, zone: tzinfo) -> bool:
    """Whether two tellings contradict each other: in the day, or in what both of them say."""
    return _day(one.happened, zone) != _day(other.happened, zone) or _contradict(one, other)


def _contradict(one: Fact, other: Fact) -> bool:
    said = other.model_fields_set & one.model_fields_set - WHEN
    return any(getattr(one, name) != getattr(other, name) for name in said)


def _restates(first: Told, other: Told, told: list[Told], zone: tzinfo) -> bool:
    """Whether customs repeat, with their acceptance, a declaration that was lodged before, as it
    was or as it was amended since: that is no other telling of the lodging.
    """
    if not isinstance(first.fact, DeclarationLodged):
        return False
    day = _day(first.fact.happened, zone)
    accepted = (one.fact for one in told if isinstance(one.fact, DeclarationAccepted))
    if _day(other.fact.happened, zone) > day or all(
        _day(fact.happened, zone) != day for fact in accepted
    ):
        return False
    amended = [one.fact for one in told if isinstance(one.fact, DeclarationAmended)]
    return any(not _contradict(first.fact, fact) for fact in (other.fact, *amended))


def _day(when: date | datetime, zone: tzinfo) -> date:
    return day_of(when, zone) if isinstance(when, datetime) else when


def _placed(told: list[Told], dated: Mapping[str, Shown], zone: tzinfo) -> tuple[Standing, ...]:
    """Each fact at the instant it works from, in the order of instant, rank, source and report.

    A shortage works from the earliest removal that is shown (Article 85(2)).
    """
    placed, of_days = [], []
    for one in told:
        fact, when = one.fact, one.fact.happened
        cites: tuple[str, ...] = (one.cite,)
        if one.cite in dated:
            when, found = dated[one.cite]
            cites += (found,)
        if isinstance(when, datetime):
            placed.append(Standing(when, fact.RANK, one.source, cites, one.role, False, fact))
        else:
            of_days.append((when, fact.RANK, one.source, one.report, cites, one))
    if of_days:
        placed += _within_days(sorted(of_days, key=itemgetter(0, 1, 2, 3)), placed, zone)
    placed.sort(key=itemgetter(0, 1, 2, 3))
    return tuple(placed)


OfDay = tuple[date, Rank, str, str, tuple[str, ...], Told]


def _within_days(told: list[OfDay], placed: list[Standing], zone: tzinfo) -> list[Standing]:
    """A day works from 00:00, or from the latest instant of that day of an act that ranks before
    it; `told` in the order of day and rank.
    """
    of_day: dict[date, list[tuple[Rank, datetime]]] = defaultdict(list)
    for other in placed:
        of_day[day_of(other.at, _zone(other.fact, zone))].append((other.rank, other.at))
    found = []
    for day, rank, source, _, cites, one in told:
        before = [at for ranked, at in of_day[day] if ranked < rank]
        at = max([start_of(day, _zone(one.fact, zone)), *before])
        of_day[day].append((rank, at))
        found.append(Standing(at, rank, source, cites, one.role, True, one.fact))
    return found


def _zone(fact: Fact, zone: tzinfo) -> tzinfo:
    """The zone of the days of an act: that of its own office, else that of the movement."""
    return zone_at(fact.office) if fact.office else zone


def _earliest_removals(told: list[Told], zone: tzinfo) -> tuple[dict[str, Shown], list[Void]]:
    """For each shortage the earliest moment at which the goods are shown to be missing.

    The report of a discrepancy that it settles shows one. A day of removal after the finding shows
    nothing: the goods were missing by then.
    """
    if {type(one.fact) for one in told}.isdisjoint((ShortageFound, ShortageDated)):
        return {}, []
    shortages = {one.cite: one.fact for one in told if isinstance(one.fact, ShortageFound)}
    shown, void = _counted_before(told), []
    for one in told:
        if not isinstance(one.fact, ShortageDated):
            continue
        cite = report_named(one.fact.shortage, one.source, shortages)
        found = shortages.get(cite)
        if found is None:
            words = f"the movement has no shortage {cite}: name the report that found it"
            void.append(Void("MATCHES_NOTHING", "85(2)", words, one))
        elif one.fact.removed > _day(found.happened, zone):
            words = f"the goods were missing before {one.fact.removed}: date an earlier removal"
            void.append(Void("SHORTAGE_DATED_LATE", "85(2)", words, one))
        else:
            removal = Shown(one.fact.removed, one.cite)
            known = shown.get(cite, removal)
            shown[cite] = min(
                removal, known, key=lambda each: (_day(each.when, zone), str(each.when), each.cite)
            )
    return shown, void


def _counted_before(told: list[Told]) -> dict[str, Shown]:
    """What the reports of open discrepancies show of the shortages that settle them."""
    counts = {one.cite: one for one in told if isinstance(one.fact, DiscrepancyFound)}
    shown = {}
    for one in told:
        if isinstance(one.fact, ShortageFound) and one.fact.discrepancy:
            count = counts.get(report_named(one.fact.discrepancy, one.source, counts))
            if count:
                shown[one.cite] = Shown(count.fact.happened, count.cite)
    return shown
