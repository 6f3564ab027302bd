"""Play a story: its reports through the real intake into a throwaway store, then point by point."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from consumers.entitlement import Source, Sources
from consumers.intake import Intake, Message, understand
from domain.facts.values import Role
from domain.judgement.check import check
from domain.law.citation import Law
from domain.policies import Policies
from domain.references import names_movement
from domain.timeline import Judgement
from projections.live import judgements
from projections.reader import LogReader
from store.log import Log
from store.records import Outcome, OutcomeKind
from store.sqlite import SqliteLog
from stories import checking
from stories.compare import Mismatch, compare
from stories.expected import Point
from stories.file import Check
from stories.model import Checked, Story
from stories.telling import Entry
from stories.written import bare

PARTITION = "story"
Judging = Callable[[datetime, Law, Policies], Sequence[Judgement]]
"""The judgements by what was known at an instant, under a law and policies."""


class SetAside(ValueError):
    """A report of a story that the intake does not take."""


@dataclass(frozen=True, slots=True)
class Row:
    """One point or check of a story, played."""

    story: Story
    point: Point | Checked
    mismatches: tuple[Mismatch, ...]

    @property
    def name(self) -> str:
        """The point in words, such as `as of 2017-05-31, known at 2017-06-07`."""
        if not isinstance(self.point, Checked):
            return _terms(self.point)
        report = self.point.entry.report
        what = f"check {report.type.rpartition('.v')[0]} of {bare(report.subject)}"
        return f"{what}, {_terms(self.point.check)}"

    def __str__(self) -> str:
        head = f"{self.story.name}\n{self.name}"
        return "\n".join((head, *(str(each) for each in self.mismatches)))


def _terms(point: Point | Check) -> str:
    switches = (f"{name} {value}" for name, value in point.policies.items())
    known = f"known at {point.known_at}" if point.known_at else ""
    law = f"law of {point.law}" if point.law else ""
    return ", ".join(filter(None, (f"as of {point.looks_at}", known, law, *switches)))


def play(story: Story) -> list[Row]:
    """Play a story and compare each of its points, then its checks; raises `SetAside`."""
    with TemporaryDirectory(prefix="story-") as folder, opened(Path(folder)) as log:
        record(story, log)
        return [*rows(story, judging(log)), *checks(story, log)]


def rows(story: Story, judge: Judging) -> Iterator[Row]:
    """Each point of a story, compared with what is judged then."""
    for point in story.points:
        said = judge(story.known_at(point), story.law_of(point), story.policies_of(point))
        yield Row(story, point, tuple(compare(story, point, said)))


def checks(story: Story, log: Log) -> Iterator[Row]:
    """Each check of a story, compared with what its report would change; raises `SetAside`."""
    for checked in story.checks:
        row, entry = checked
        understood = understand(message(entry), 0, sources(story))
        if understood.reason:
            raise SetAside(_refused(entry, understood.reason, understood.detail))
        reader = LogReader(log, log.index_at(story.known_at(row)))
        terms = story.law_of(row), story.policies_of(row)
        told, resting = entry.told(), list[str]()
        if not names_movement(told.stream):
            known = judgements(log, known_at=story.known_at(row), law=terms[0], policies=terms[1])
            resting = [each.movement for each in known]
        changes = list(check(told, reader, *terms, resting))
        yield Row(story, checked, tuple(checking.compare(story, checked, changes)))


@contextmanager
def opened(folder: Path) -> Iterator[SqliteLog]:
    """A new log in a folder."""
    log = SqliteLog(folder / "story.sqlite")
    try:
        yield log
    finally:
        log.close()


def record(story: Story, log: Log) -> None:
    """Take a story's reports in, each when the log hears of it; raises `SetAside`."""
    intake = Intake(log, sources(story))
    for entry in story.entries:
        (outcome,) = intake.take(PARTITION, [message(entry)], entry.recorded)
        if outcome.kind is not OutcomeKind.RECORDED:
            raise SetAside(refusal(entry, outcome))


def message(entry: Entry) -> Message:
    """The message that a source sends."""
    return Message(entry.raw())


def sources(story: Story) -> Sources:
    """The sources that a story names, each with every role and every office."""
    entries = (*story.entries, *(each.entry for each in story.checks))
    names = dict.fromkeys(entry.report.source for entry in entries)
    return Sources(Source(name, frozenset(Role)) for name in names)


def judging(log: Log) -> Judging:
    """Judgements of a log, judged again from its facts."""

    def judge(known_at: datetime, law: Law, policies: Policies) -> list[Judgement]:
        return list(judgements(log, known_at=known_at, law=law, policies=policies))

    return judge


def refusal(entry: Entry, outcome: Outcome) -> str:
    """Why a report was not recorded."""
    return _refused(entry, outcome.reason or outcome.kind, outcome.detail)


def _refused(entry: Entry, reason: str, detail: str | None) -> str:
    return f"{entry.cite} was not recorded: {reason}. {detail}"
