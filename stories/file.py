"""The story file, part by part, as a lawyer writes it."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from domain.facts.values import Country, Exact, Office, Role
from stories.expected import Later, Point
from stories.moments import Moment
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
    expect: tuple[Point, ...] = Field(min_length=1)
    later: tuple[Later, ...] = ()


class StoryFile(Setting):
    """A dated goods history and the outcome that the law gives it."""

    story: Sentence
    """A title, unique among the stories."""
    states: Sentence
    """The legal point, in a sentence or two."""
    reports: tuple[Reported, ...] = ()
    variants: dict[str, Variant] = Field(default_factory=dict)
    """Variations by name, each with expectations of its own."""
    expect: tuple[Point, ...] = ()
    later: tuple[Later, ...] = ()

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not self.expect and not self.variants:
            raise ValueError("the story expects nothing: add `expect` or `variants`")
        return self
