"""The view of quality: what the owner of a feed should put right."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

from domain.references import ReferenceFault
from projections import queries
from projections.answers import FindingView
from projections.lateness import NOTHING, Progress, lateness
from projections.view import View
from store.log import Log
from store.records import OutcomeKind

DISAGREE: Final = "SOURCES_DISAGREE"
SHOWN: Final = 20
"""Disagreements of each source that are told one by one; `findings` has all."""


class Reasons(NamedTuple):
    """How many messages were set aside for a reason, and how many of them still are."""

    reason: str
    messages: int
    open: int


class Disagreement(NamedTuple):
    """Two reports of one act that differ; the first one has no effect."""

    movement: str
    reports: tuple[str, ...]
    words: str


class QualityView(NamedTuple):
    """What a source sent. `recorded`, `duplicates` and `set_aside` count messages; `check_digit`
    and `shape` movements that it named wrong, by a reference that fails its check digit or has
    another shape; `facts` those about movements, of which `late` were told too late, the median
    and the worst of all so many whole hours after they happened.
    """

    source: str
    last_heard: datetime
    recorded: int
    duplicates: int
    set_aside: int
    open: int
    reasons: tuple[Reasons, ...]
    check_digit: int
    shape: int
    facts: int
    late: int
    median_hours: int
    longest_hours: int
    disagreements: int
    disagreeing: tuple[Disagreement, ...]


class Heard(Log, Protocol):
    """A log that also tells what became of the messages."""

    def counts(self) -> dict[tuple[str, OutcomeKind, str | None], int]: ...
    def open_counts(self) -> dict[tuple[str, str], int]: ...
    def latest(self) -> dict[str, datetime]: ...


def quality(
    log: Heard,
    view: View,
    as_of: datetime,
    late_after: timedelta,
    progress: Progress | None = None,
) -> Iterator[QualityView]:
    """What each source sent, by name: outcomes from the log, warnings and disagreements from the
    findings that hold at `as_of`. Memory grows with the sources.
    """
    heard = log.latest()
    source_of = sources_of(heard)
    became = _outcomes(log)
    warnings = _warnings(view, as_of, source_of)
    disagreements = _disagreements(view, as_of, source_of)
    late = lateness(log, late_after, progress=progress)
    for source in sorted(heard):
        kinds, reasons = became[source]
        told = late.get(source, NOTHING)
        number, some = disagreements[source]
        yield QualityView(
            source=source,
            last_heard=heard[source],
            recorded=kinds[OutcomeKind.RECORDED],
            duplicates=kinds[OutcomeKind.DUPLICATE],
            set_aside=kinds[OutcomeKind.QUARANTINED],
            open=sum(each.open for each in reasons),
            reasons=tuple(reasons),
            check_digit=warnings[source, ReferenceFault.CHECK_DIGIT],
            shape=warnings[source, ReferenceFault.SHAPE],
            facts=told.facts,
            late=told.late,
            median_hours=told.median_hours,
            longest_hours=told.longest_hours,
            disagreements=number,
            disagreeing=tuple(some),
        )


Outcomes = tuple[Counter[OutcomeKind], list[Reasons]]


def _outcomes(log: Heard) -> defaultdict[str, Outcomes]:
    """How many messages of each source had which outcome, and the reasons, by their code."""
    found: defaultdict[str, Outcomes] = defaultdict(lambda: (Counter(), []))
    still = log.open_counts()
    for (source, kind, reason), many in sorted(log.counts().items(), key=str):
        kinds, reasons = found[source]
        kinds[kind] += many
        if kind is OutcomeKind.QUARANTINED and reason is not None:
            reasons.append(Reasons(reason, many, still.get((source, reason), 0)))
    return found


SourceOf = Callable[[str], str]


def sources_of(known: dict[str, datetime]) -> SourceOf:
    """Who told a report, by its name `<source>/<id>`; both may hold a slash, and the longest
    source that is known is meant.
    """
    longest = sorted(known, key=len, reverse=True)

    def source_of(cite: str) -> str:
        return next((each for each in longest if cite.startswith(f"{each}/")), cite)

    return source_of


def _warnings(view: View, as_of: datetime, source_of: SourceOf) -> Counter[tuple[str, str]]:
    """How many movements each source opened under a reference with a fault, by the fault."""
    found: Counter[tuple[str, str]] = Counter()
    for fault in ReferenceFault:
        for each in queries.findings(view, as_of, code=fault):
            found.update((source_of(cite), fault.value) for cite in each.because.reports[:1])
    return found


Disagreements = tuple[int, list[Disagreement]]


def _disagreements(
    view: View, as_of: datetime, source_of: SourceOf
) -> defaultdict[str, Disagreements]:
    """How many acts each source told otherwise than another, and the first of them."""
    found: defaultdict[str, Disagreements] = defaultdict(lambda: (0, []))
    for each in queries.findings(view, as_of, code=DISAGREE):
        for source in {source_of(cite) for cite in each.because.reports}:
            number, some = found[source]
            more = [_disagreement(each)] if number < SHOWN else []
            found[source] = (number + 1, [*some, *more])
    return found


def _disagreement(told: FindingView) -> Disagreement:
    return Disagreement(told.movement, told.because.reports, told.words)
