"""A story, ready to be played: its reports in the order in which the log hears of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from domain.facts.times import AS_PUBLISHED
from domain.law.citation import Law
from domain.policies import Policies, UnknownPolicy
from domain.settle import zone_at
from stories.document import Document, Fault, StoryError, Where, read
from stories.expected import Later, Point
from stories.file import Check, ReportPatch, Setting, StoryFile, Variant
from stories.moments import reached, skipped
from stories.setting import merged, reference_data
from stories.telling import Draft, Entry, SkippedHour, UnknownFact, entry, numbered


class Checked(NamedTuple):
    """A check, and its report as a source would send it."""

    check: Check
    entry: Entry


@dataclass(frozen=True, slots=True)
class Story:
    """A story or one of its variants, with all that it is played under."""

    title: str
    variant: str | None
    states: str
    path: Path
    law: Law
    policies: Mapping[str, str]
    office: str | None
    entries: tuple[Entry, ...]
    points: tuple[Point, ...]
    checks: tuple[Checked, ...]
    later: tuple[Later, ...]

    @property
    def name(self) -> str:
        """The title, and the variant where there is one."""
        return f"{self.title} ({self.variant})" if self.variant else self.title

    @property
    def rows(self) -> tuple[Point | Checked, ...]:
        """All that is played: the points, then the checks."""
        return (*self.points, *self.checks)

    @property
    def zone(self) -> tzinfo:
        """The zone of the story's days; UTC where it names no office."""
        return zone_at(self.office)

    def as_of(self, point: Point | Check) -> datetime:
        """The instant of legal time that a point looks at."""
        return reached(point.looks_at, self.zone)

    def known_at(self, point: Point | Check) -> datetime:
        """The instant up to which a point knows reports."""
        return reached(point.knows, self.zone)

    def law_of(self, point: Point | Check) -> Law:
        """The text of the law that a point is judged under."""
        return Law(point.law) if point.law else self.law

    def policies_of(self, point: Point | Check) -> Policies:
        """The switches that a point is judged under."""
        return Policies.of({**self.policies, **point.policies})

    def known(self, point: Point | Check) -> tuple[Entry, ...]:
        """The reports that a point knows."""
        return tuple(one for one in self.entries if one.recorded <= self.known_at(point))


def load(path: Path) -> list[Story]:
    """The story of a file, where it has expectations of its own, and its variants.

    Raises `StoryError` with all that is wrong, each with its line, and `OSError`.
    """
    document = read(path)
    try:
        written = StoryFile.model_validate(document.value, context=AS_PUBLISHED)
    except ValidationError as wrong:
        raise StoryError(path, list(faults(document, wrong))) from wrong
    return Expansion(document, written).stories()


class Expansion:
    """The stories that a file holds; each fault is found before any is told."""

    def __init__(self, document: Document, written: StoryFile) -> None:
        self.document, self.written = document, written
        self.base = numbered(written.reports, ("reports",), [])
        self.faults: list[Fault] = []

    def stories(self) -> list[Story]:
        """The story itself and its variants; raises `StoryError`."""
        whole = self.written
        told = [self.story(None, whole, self.base, ())] if whole.expect or whole.check else []
        for name, variant in whole.variants.items():
            where: Where = ("variants", name)
            told.append(self.story(name, variant, self.varied(variant, where), where))
        if self.faults:
            raise StoryError(self.document.path, list(dict.fromkeys(self.faults)))
        return told

    def story(
        self, name: str | None, told: StoryFile | Variant, drafts: list[Draft], where: Where
    ) -> Story:
        whole = self.written
        setting = merged(whole, told)
        self.check(whole.policies, ("policies",))
        self.check(told.policies, (*where, "policies"))
        for key, points in self.points_of(told).items():
            for place, point in enumerate(points):
                self.point(point, zone_at(setting.office), (*where, key, place))
        return Story(
            title=whole.story,
            variant=name,
            states=told.states or whole.states,
            path=self.document.path,
            law=Law(setting.law) if setting.law else Law(),
            policies=setting.policies,
            office=setting.office,
            entries=self.entries(setting, drafts),
            points=tuple(told.expect),
            checks=tuple(self.checked(setting, told.check, drafts, where)),
            later=tuple(told.later),
        )

    @staticmethod
    def points_of(told: StoryFile | Variant) -> dict[str, Sequence[Point | Check]]:
        """All that is looked at, by its key."""
        return {"expect": told.expect, "check": told.check}

    def varied(self, variant: Variant, where: Where) -> list[Draft]:
        """The reports of a variant: those of the story without some, others changed, and more."""
        ids = {draft.id for draft in self.base}
        for key, names in (("drop", variant.drop), ("replace", variant.replace)):
            for name in names:
                if name not in ids:
                    known = ", ".join(sorted(ids))
                    self.fault((*where, key, name), f"no report {name!r}: there are {known}")
        kept = [draft for draft in self.base if draft.id not in variant.drop]
        changed = [
            _patched(draft, variant.replace.get(draft.id), (*where, "replace", draft.id))
            for draft in kept
        ]
        return changed + numbered(variant.reports, (*where, "reports"), self.base)

    def entries(self, setting: Setting, drafts: list[Draft]) -> tuple[Entry, ...]:
        """The native reports, in the order in which the log hears of them."""
        told: dict[str, Entry] = {}
        for draft in (*reference_data(setting, drafts), *drafts):
            if one := self.entry(setting, draft, drafts):
                if one.cite in told:
                    at = (*(draft.of or draft).where, "id")
                    self.fault(at, f"two reports have the id {one.cite}")
                told[one.cite] = one
        return tuple(sorted(told.values(), key=lambda one: one.recorded))

    def checked(
        self, setting: Setting, checks: Sequence[Check], drafts: list[Draft], where: Where
    ) -> Iterator[Checked]:
        """The checks with their native reports, which have ids of their own."""
        for place, check in enumerate(checks):
            name = check.report.id or f"check-{place + 1}"
            draft = Draft(name, (*where, "check", place, "report"), check.report)
            if one := self.entry(setting, draft, [*drafts, draft]):
                yield Checked(check, one)

    def entry(self, setting: Setting, draft: Draft, drafts: list[Draft]) -> Entry | None:
        """The native report of a draft; `None` where it has a fault."""
        sources = {each.id: each.written.source for each in drafts}
        told = _attempt(draft, setting.office, sources)
        if isinstance(told, Entry):
            return told
        first = _attempt(draft.of, setting.office, sources) if draft.of else ()
        for each in told:
            # what the report of the story has wrong is told there, and not of each variant again
            where = (*draft.where, *each.where)
            if draft.of and not isinstance(first, Entry) and each in first:
                own = where in self.document.lines
                where = where if own else (*draft.of.where, *each.where)
            self.fault(where, each.message)
        return None

    def point(self, point: Point | Check, zone: tzinfo, where: Where) -> None:
        """What is wrong with a point but for its report."""
        self.check(point.policies, (*where, "policies"))
        for way, value in _values(point.model_dump(exclude_unset=True, exclude={"report"})):
            if wrong := skipped(value, zone):
                self.fault((*where, *way), wrong)

    def check(self, policies: Mapping[str, str], where: Where) -> None:
        try:
            Policies.of(policies)
        except UnknownPolicy as wrong:
            self.fault(where, str(wrong))

    def fault(self, where: Where, message: str) -> None:
        self.faults.append(self.document.fault(where, message))


def _patched(draft: Draft, patch: ReportPatch | None, where: Where) -> Draft:
    if patch is None:
        return draft
    changes = {name: getattr(patch, name) for name in patch.model_fields_set}
    data = {**draft.written.data, **(patch.data or {})}
    written = draft.written.model_copy(update={**changes, "data": data})
    return Draft(draft.id, where, written, draft)


class Wrong(NamedTuple):
    """What is wrong, and the way to it from what was looked at."""

    where: Where
    message: str


def _attempt(
    draft: Draft, office: str | None, sources: Mapping[str, str]
) -> Entry | tuple[Wrong, ...]:
    """The native report of a draft, or all that is wrong with it."""
    try:
        return entry(draft, office, sources)
    except ValidationError as wrong:
        return tuple(_words(wrong))
    except UnknownFact as wrong:
        return (Wrong(("type",), str(wrong)),)
    except SkippedHour as wrong:
        return (Wrong((wrong.key,), str(wrong)),)


def _values(told: object, way: Where = ()) -> Iterator[tuple[Where, object]]:
    """The single values in what a model holds, each with the way to it."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from _values(value, (*way, key))
    elif isinstance(told, list | tuple):
        for place, value in enumerate(told):
            yield from _values(value, (*way, place))
    else:
        yield way, told


def faults(document: Document, wrong: ValidationError) -> Iterator[Fault]:
    """What a model found, each at the line of the value that it is about."""
    return (document.fault(*each) for each in _words(wrong))


def _words(wrong: ValidationError) -> Iterator[Wrong]:
    """What a model found, in words."""
    for error in wrong.errors():
        name = error["loc"][-1] if error["loc"] else ""
        match error["type"]:
            case "missing":
                message = f"`{name}` is missing"
            case "extra_forbidden":
                message = f"there is no key `{name}` here"
            case _:
                message = error["msg"].removeprefix("Value error, ")
        yield Wrong(error["loc"], message)
