"""What a judge reads: own facts, the outlines one link away, and what these name (D3)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple, Protocol, TypeVar

from domain.derived import derived
from domain.facts.authorisation import AuthorisationGranted
from domain.facts.fact import PREVIOUS, Fact, Told
from domain.facts.reference_data import (
    CalendarSet,
    DutyMeasureSet,
    InterestRateSet,
    LossRateSet,
)
from domain.facts.values import Duty, DutyBase, Kind, Line
from domain.joins import Joined, joined
from domain.law.calendar import (
    Calendar,
    Override,
    UnknownCountry,
    calendar_of,
    country_of,
)
from domain.outline import Outline
from domain.outlining import outline
from domain.references import Scheme, names_movement, reference
from domain.settle import Settled, settle, standing_reports


class Linked(NamedTuple):
    """A link on a stream: whose report names it, and as what."""

    subject: str
    relation: str


class Reader(Protocol):
    """What a case is read from; streams that do not exist are empty."""

    def told(self, streams: Collection[str]) -> Mapping[str, Sequence[Told]]:
        """The facts of each stream."""
        ...

    def linked(self, streams: Collection[str]) -> Mapping[str, Sequence[Linked]]:
        """The links on each stream."""
        ...

    def outlines(self, names: Collection[str]) -> Mapping[str, Outline | None]:
        """The outline of the movement that each name is a reference of."""
        ...


class Measure(NamedTuple):
    """Duties of a code from a day on, and the report that set them."""

    first_day: date
    duty: tuple[Duty, ...]
    cite: str


class Rate(NamedTuple):
    """A rate from a day on: the base rate of interest, percent a year, or one of loss, percent."""

    first_day: date
    percent: Decimal
    cite: str


class Authorisation(NamedTuple):
    """An authorisation that a movement names, and the report that granted it."""

    granted: AuthorisationGranted
    cite: str


@dataclass(frozen=True, slots=True)
class ReferenceData:
    """Authorisations, duty measures, interest rates and the calendar, as the case needs them."""

    calendar: Calendar | None = None
    calendar_cites: tuple[str, ...] = ()
    measures: Mapping[str, tuple[Measure, ...]] = field(default_factory=dict)
    rates: tuple[Rate, ...] = ()
    loss_rates: Mapping[str, tuple[Rate, ...]] = field(default_factory=dict)
    authorisations: Mapping[str, Authorisation] = field(default_factory=dict)

    def measure(self, code: str, day: date) -> Measure | None:
        """The duties of a code on a day."""
        return _on(self.measures.get(code, ()), day)

    def loss_rate(self, code: str | None, day: date) -> Rate | None:
        """The standard rate of loss of a code on a day, percent."""
        return _on(self.loss_rates.get(code or "", ()), day)

    def rate(self, day: date) -> Rate | None:
        """The base rate on a day."""
        return _on(self.rates, day)


class _Dated(Protocol):
    @property
    def first_day(self) -> date: ...


D = TypeVar("D", bound=_Dated)
F = TypeVar("F", bound=Fact)


def _on(values: Sequence[D], day: date) -> D | None:
    if values and values[-1].first_day <= day:
        return values[-1]
    place = bisect_right(values, day, key=attrgetter("first_day"))
    return values[place - 1] if place else None


@dataclass(frozen=True, slots=True)
class Case:
    """All that a judgement rests on. `reads` names every stream looked up, found or not."""

    movement: str
    names: tuple[str, ...]
    ambiguous: tuple[str, ...]
    settled: Settled
    own: Outline | None
    previous: Mapping[str, Outline]
    successors: tuple[Outline, ...]
    reference: ReferenceData
    reads: frozenset[str]

    @property
    def zone(self) -> tzinfo:
        """The zone of the movement's legal days."""
        return self.settled.zone


class Folded(NamedTuple):
    """A movement by its own facts alone: its names, the facts that stand, its outline."""

    join: Joined
    settled: Settled
    own: Outline | None


def fold(name: str, reader: Reader) -> Folded:
    """Fold the facts of the movement that `name` is a reference of."""
    join = joined(name, reader)
    settled = settle(join.standing, join.void)
    return Folded(join, settled, outline(join.movement, join.names, settled))


def assemble(name: str, reader: Reader) -> Case:
    """The case of the movement that `name` is a reference of."""
    return case_of(fold(name, reader), reader)


def case_of(folded: Folded, reader: Reader) -> Case:
    """The case of a movement whose own facts are folded already."""
    join, settled, own = folded
    named = {line.previous for _, line in own.lines if line.previous} if own else set()
    drawers = {
        link.subject
        for links in reader.linked(join.names).values()
        for link in links
        if link.relation == PREVIOUS and link.subject not in join.names
    }
    outlines = reader.outlines(sorted(drawers | named))
    previous = {ref: found for ref in sorted(named) if (found := outlines[ref])}
    successors = _successors(join.names, (outlines[ref] for ref in drawers))
    neighbours = (*previous.values(), *successors)
    reference_data, looked_up = _reference(own, settled.office, previous, successors, reader)
    reads = {*join.reads, *drawers, *named, *looked_up}
    reads |= {ref for one in neighbours for ref in one.names}
    return Case(
        join.movement,
        join.names,
        join.ambiguous,
        settled,
        own,
        previous,
        successors,
        reference_data,
        frozenset(reads),
    )


def outline_of(name: str, reader: Reader) -> Outline | None:
    """The outline of the movement that `name` is a reference of, from its facts."""
    return fold(name, reader).own


def _successors(names: Sequence[str], found: Iterable[Outline | None]) -> tuple[Outline, ...]:
    """The movements with a line drawn from one of these names, each once, by name."""
    drawing = {
        one.movement: one
        for one in found
        if one and any(line.previous in names for _, line in one.lines)
    }
    return tuple(drawing[name] for name in sorted(drawing))


def _reference(
    own: Outline | None,
    office: str | None,
    previous: Mapping[str, Outline],
    successors: tuple[Outline, ...],
    reader: Reader,
) -> tuple[ReferenceData, set[str]]:
    """What these movements name, and the streams that were looked up for it."""
    if own is None:
        return ReferenceData(), set()
    calendar = f"{Scheme.CALENDAR}:{country_of(office)}" if office else None
    codes = {f"{Scheme.MEASURE}:{code}" for code in _codes(own, previous, successors)}
    granted = {
        one.particulars.authorisation
        for one in (own, *previous.values())
        if one.particulars and one.particulars.authorisation
    }
    interest = reference(Scheme.INTEREST, "EUR")
    wanted = {interest, *codes, *granted, *((calendar,) if calendar else ())}
    found = reader.told(sorted(wanted))
    made, cites = (
        derived(_calendar, found[calendar], country_of(office))
        if calendar and office
        else (None, ())
    )
    data = ReferenceData(
        made,
        cites,
        {code.partition(":")[2]: derived(_measures, found[code]) for code in codes},
        derived(_interest_rates, found[interest]),
        {code.partition(":")[2]: derived(_loss_rates, found[code]) for code in codes},
        {name: grant for name in granted if (grant := derived(_granted, found[name]))},
    )
    return data, wanted


def _codes(
    own: Outline, previous: Mapping[str, Outline], successors: tuple[Outline, ...]
) -> set[str]:
    """Codes whose measures may be needed: own lines, inputs, and goods declared from here."""
    lines: list[Line] = [line for _, line in own.lines]
    on_inputs = (DutyBase.INPUTS, DutyBase.INPUTS_REQUIRED)
    if any(line.processed or line.duty_base in on_inputs for line in lines):
        lines += [line for one in previous.values() for _, line in one.lines]
    lines += [
        line for one in successors if one.kind is Kind.FREE_CIRCULATION for _, line in one.lines
    ]
    return {line.code for line in lines if line.code}


def _standing(told: Sequence[Told], fact: type[F]) -> list[tuple[F, str]]:
    """Reference facts that stand, latest word last: by when it was made, then by name."""
    stands = [(one.fact, one.cite) for one in standing_reports(told) if isinstance(one.fact, fact)]
    if len(stands) > 1:
        stands.sort(key=lambda each: (str(each[0].happened)[:10], each[1]))
    return stands


def _measures(told: Sequence[Told]) -> tuple[Measure, ...]:
    by_day = {
        fact.first_day: Measure(fact.first_day, fact.duty, cite)
        for fact, cite in _standing(told, DutyMeasureSet)
    }
    return tuple([by_day[day] for day in sorted(by_day)])


def _rates(
    told: Sequence[Told], sort: type[InterestRateSet] | type[LossRateSet]
) -> tuple[Rate, ...]:
    by_day = {
        fact.first_day: Rate(fact.first_day, fact.percent, cite)
        for fact, cite in _standing(told, sort)
    }
    return tuple([by_day[day] for day in sorted(by_day)])


def _interest_rates(told: Sequence[Told]) -> tuple[Rate, ...]:
    return _rates(told, InterestRateSet)


def _loss_rates(told: Sequence[Told]) -> tuple[Rate, ...]:
    return _rates(told, LossRateSet)


def _granted(told: Sequence[Told]) -> Authorisation | None:
    grants = _standing(told, AuthorisationGranted)
    return Authorisation(*grants[-1]) if grants else None


def _calendar(told: Sequence[Told], country: str) -> tuple[Calendar | None, tuple[str, ...]]:
    """The calendar of a country with its dated overrides; `None` where the country is unknown."""
    overrides: dict[date, bool] = {}
    cites = []
    for fact, cite in _standing(told, CalendarSet):
        country = fact.same_as_of or country
        overrides |= dict.fromkeys(fact.added, True) | dict.fromkeys(fact.dropped, False)
        cites.append(cite)
    days = tuple(Override(day, holiday) for day, holiday in sorted(overrides.items()))
    try:
        return calendar_of(country, days), tuple(cites)
    except UnknownCountry:
        return None, tuple(cites)


class Book:
    """Facts in memory by stream, read as a log is: for tests and for judging without a store."""

    def __init__(self, told: Iterable[Told]) -> None:
        self._told: dict[str, list[Told]] = defaultdict(list)
        self._links: dict[str, list[Linked]] = defaultdict(list)
        self._outlines: dict[str, Outline | None] = {}
        for one in told:
            self._told[one.stream].append(one)
            for named in one.fact.named():
                if named.reference != one.stream:
                    self._links[named.reference].append(Linked(one.stream, named.relation))

    def known_at(self, known_at: datetime) -> "Book":
        """The book as it stood when it had recorded no more than this."""
        return Book(
            one for each in self._told.values() for one in each if one.recorded_at <= known_at
        )

    def movements(self) -> list[str]:
        """The name of every movement, each once, in order."""
        streams = (stream for stream in self._told if names_movement(stream))
        return sorted({joined(stream, self).movement for stream in streams})

    def told(self, streams: Collection[str]) -> Mapping[str, Sequence[Told]]:
        """The facts of each stream."""
        return {stream: self._told.get(stream, ()) for stream in streams}

    def linked(self, streams: Collection[str]) -> Mapping[str, Sequence[Linked]]:
        """The links on each stream."""
        return {stream: self._links.get(stream, ()) for stream in streams}

    def outlines(self, names: Collection[str]) -> Mapping[str, Outline | None]:
        """The outline of the movement of each name."""
        for name in names:
            if name not in self._outlines:
                self._outlines[name] = outline_of(name, self)
        return {name: self._outlines[name] for name in names}
