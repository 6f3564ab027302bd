"""The story file, part by part, as a lawyer writes it."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from domain.facts.values import Country, Exact, Office, Role
from stories.expected import Blocks, Later, Point
from stories.moments import Moment
from stories.patterns import FindingPattern
from stories.written import Text, Written

Data = dict[str, object]
"""The data of a fact, in the short spelling; the model of the fact itself reads it."""
Sentence = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class ReportPatch(Written):
    """The keys of a report that a variant changes; the keys of `data` are changed one by one."""

    happened: Moment | None = None
    recorded: Moment | None = None
    type: str | None = None
    movement: Text | None = None
    role: Role | None = None
    source: str | None = None
    office: Office | None = None
    data: Data | None = None


class Reported(ReportPatch):
    """A report: what happened, when, to which movement, and when the log heard of it."""

    id: Text | None = None
    """`<movement>-<n>` where nothing is said: the movement's n-th report."""
    happened: Moment
    recorded: Moment | None = None
    """The instant at which it happened, or the end of the day, where nothing is said."""
    type: str
    """A fact, such as `declaration.accepted`; with or without its version."""
    movement: Text
    """`storage` is short for `local:storage`; any reference may stand here."""
    role: Role | None = None
    source: str = "local"
    office: Office | None = None
    """The office responsible; the story's own where nothing is said."""
    data: Data = Field(default_factory=dict)


class Check(Written):
    """What a report would change, were it taken now. It is not recorded."""

    report: Reported
    as_of: Moment | None = None
    """The day that is looked at; that of the report where nothing is said."""
    known_at: Moment | None = None
    """What is known before the report; as when it would be recorded where nothing is said."""
    law: date | None = None
    policies: dict[str, Text] = Field(default_factory=dict)
    finds: tuple[FindingPattern, ...] = ()
    """Findings that the report would add."""
    changes: Blocks = Blocks()
    """What would hold then and does not hold without the report."""
    nothing: Literal[True] | None = None
    """Beside `finds` it would change nothing at all."""

    @property
    def looks_at(self) -> Moment:
        """The day or instant of legal time."""
        return self.as_of or self.report.happened

    @property
    def knows(self) -> Moment:
        """Up to when reports are known."""
        return self.known_at or self.report.recorded or self.report.happened

    def expected(self) -> Blocks:
        """What would be there and is not: the changes, findings among them."""
        found = (*self.changes.findings, *self.finds)
        return self.changes.model_copy(update={"findings": found})

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not {"finds", "changes", "nothing"} & self.model_fields_set:
            raise ValueError("the check expects nothing: add `finds`, `changes` or `nothing: true`")
        return self


Dutiable = Exact | Data
"""A percentage of the value, or a duty (`percent`, `per_unit`, `minimum`, `maximum`)."""


class Setting(Written):
    """What a story and its variants may fix: the law, the switches, the data that facts rest on."""

    law: date | None = None
    """The text of the law by its day; that of 24 December 2016 where nothing is said."""
    policies: dict[str, Text] = Field(default_factory=dict)
    office: Office | None = None
    calendar: dict[Country, Data] = Field(default_factory=dict)
    measures: dict[str, Exact | dict[date, Dutiable]] = Field(default_factory=dict)
    """Duty by commodity code: a percentage, or a percentage or a duty from each first day on."""
    interest: dict[date, Exact] = Field(default_factory=dict)
    """The base rate of Article 112(2) in percent, from each first day on."""
    loss_rates: dict[str, Exact] = Field(default_factory=dict)
    """The standard rate of loss by commodity code, percent (Article 124(4))."""
    authorisations: dict[str, Data] = Field(default_factory=dict)
    guarantees: dict[str, Data] = Field(default_factory=dict)


class Variant(Setting):
    """A variation of the story; what it fixes comes before what the story fixes."""

    states: Sentence | None = None
    drop: tuple[str, ...] = ()
    """The ids of reports that this variant does without."""
    replace: dict[str, ReportPatch] = Field(default_factory=dict)
    """Reports by their id, and what is different about them."""
    reports: tuple[Reported, ...] = ()
    """Reports that this variant adds."""
    check: tuple[Check, ...] = ()
    expect: tuple[Point, ...] = ()
    later: tuple[Later, ...] = ()

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not self.expect and not self.check:
            raise ValueError("the variant expects nothing: add `expect` or `check`")
        return self


class StoryFile(Setting):
    """A dated goods history and the outcome that the law gives it."""

    story: Sentence
    """A title, unique among the stories."""
    states: Sentence
    """The legal point, in a sentence or two."""
    reports: tuple[Reported, ...] = ()
    variants: dict[str, Variant] = Field(default_factory=dict)
    """Variations by name, each with expectations of its own."""
    check: tuple[Check, ...] = ()
    expect: tuple[Point, ...] = ()
    later: tuple[Later, ...] = ()

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not (self.expect or self.check or self.variants):
            raise ValueError("the story expects nothing: add `expect`, `check` or `variants`")
        return self
