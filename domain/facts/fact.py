"""What every fact has, the register of facts, and the report that tells one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import cache, partial
from typing import Annotated, Any, ClassVar, Final, Generic, Literal, NamedTuple, TypeVar

from pydantic import StringConstraints, TypeAdapter

from domain.facts.times import AS_PUBLISHED, Instant, When
from domain.facts.values import Line, Model, Name, Office, Reference, ReportName, Role
from domain.law.citation import provision
from domain.references import Scheme, names_movement


class Rank(IntEnum):
    """Of facts of one instant, what logically comes first (D5)."""

    LODGING = 1
    ARRIVAL = 2
    ACCEPTANCE = 3
    CONTROL = 4
    REFUSAL = 5
    RELEASE = 6
    END = 7
    DISCHARGE = 8
    LOSS = 9
    SEIZURE = 10
    PERMISSION = 11
    DISPOSAL = 12
    NOTIFICATION = 13
    PAYMENT = 14
    DECISION = 15


class Named(NamedTuple):
    """A reference that a fact names, and as what."""

    reference: str
    relation: str


class Fact(Model):
    """What happened, as one report tells it.

    `happened` is an instant, or a legal day of the office's own zone. `office` is the customs
    office responsible. `corrects` names the report that this one puts right; `same_as` another
    reference of the same operation, such as the LRN of an MRN.
    """

    TYPE: ClassVar[str]
    RANK: ClassVar[Rank]
    ARTICLE: ClassVar[str]
    TOLD_BY: ClassVar[tuple[Role, ...]]
    NAMES_LINE: ClassVar[bool]

    happened: When
    office: Office | None = None
    corrects: ReportName | None = None
    same_as: Reference | None = None

    def named(self) -> tuple[Named, ...]:
        """The references that this fact names beside its subject."""
        return (Named(self.same_as, SAME_AS),) if self.same_as else ()


class Declared(Fact):
    """A fact that declares lines of goods."""

    lines: tuple[Line, ...] = ()

    def named(self) -> tuple[Named, ...]:
        """The movements that the lines are drawn from, each once."""
        found = super().named()
        previous = {line.previous: None for line in self.lines if line.previous}
        return (*found, *[Named(each, PREVIOUS) for each in previous]) if previous else found


SAME_AS: Final = "same-as"
PREVIOUS: Final = "previous"
AUTHORISATION: Final = "authorisation"
GUARANTEE: Final = "guarantee"
TRANSPORT_DOCUMENT: Final = "transport-document"
CONSIGNMENT: Final = "consignment"
CONTAINER: Final = "container"

F = TypeVar("F", bound=type[Fact])
FACTS: Final[dict[str, type[Fact]]] = {}
"""Every fact by its stored name; a stored name is for ever, whatever becomes of the class."""


def fact(stored_name: str, rank: Rank, article: str, *told_by: Role) -> Callable[[F], F]:
    """Register a fact: stored name, legal rank, the provision it is about, who may tell it.

    Of the roles the first is the usual one; where two tell the same act, the order is not theirs
    to set: `Role` itself is in order of precedence.
    """

    def register(model: F) -> F:
        if stored_name in FACTS:
            message = f"two facts have the stored name {stored_name}"
            raise ValueError(message)
        model.TYPE, model.RANK = stored_name, rank
        model.ARTICLE, model.TOLD_BY = provision(article), told_by
        model.NAMES_LINE = "line" in model.__pydantic_fields__
        FACTS[stored_name] = model
        return model

    return register


T = TypeVar("T", bound=Fact)
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[!-~]+$")]


class Report(Model, Generic[T]):
    """A native report: a CloudEvents 1.0 message whose data is one fact.

    `id` is unique for its `source`; `subject` names the stream; `role` says in which capacity
    the source speaks; `time` is when the source made the report.
    """

    specversion: Literal["1.0"] = "1.0"
    id: Identifier
    source: Identifier
    type: Name
    subject: Reference
    role: Role
    time: Instant | None = None
    datacontenttype: Literal["application/json"] = "application/json"
    data: T


class Told(NamedTuple):
    """A fact as the log holds it. `cite` names the report: `<source>/<report id>`."""

    cite: str
    stream: str
    source: str
    report: str
    role: Role
    made_at: datetime | None
    recorded_at: datetime
    fact: Fact


@dataclass(frozen=True)
class NotUnderstood(Exception):
    """A message that cannot be read as a report: `reason` is a code, `detail` a sentence."""

    reason: str
    detail: str


@cache
def adapter(stored_name: str) -> TypeAdapter[Report[Any]]:
    """The validator of reports of one type, made at its first use."""
    model = FACTS[stored_name]
    return TypeAdapter(Report[model])  # type: ignore[valid-type]


@cache
def reader(stored_name: str) -> Callable[[bytes], Report[Any]]:
    """What reads reports of one type that come in; raises pydantic's `ValidationError`."""
    return partial(_stored(stored_name), context=AS_PUBLISHED)


def told(body: bytes, stored_name: str, stream: str, recorded_at: datetime) -> Told:
    """Decode what the log holds; its bytes were validated when they were recorded."""
    return tell(_stored(stored_name)(body), stream, recorded_at)


@cache
def _stored(stored_name: str) -> Callable[..., Report[Any]]:
    """The validator of reports of one type from JSON, without the adapter around it."""
    return adapter(stored_name).validator.validate_json


def tell(report: "Report[Any]", stream: str, recorded_at: datetime) -> Told:
    """A report as it stands in the log."""
    cite = f"{report.source}/{report.id}"
    return Told(
        cite, stream, report.source, report.id, report.role, report.time, recorded_at, report.data
    )


def links(report: "Report[Any]") -> tuple[Named, ...]:
    """The streams beside its subject that a report is linked from, each once per relation."""
    named: tuple[Named, ...] = report.data.named()
    if not named:
        return named
    own = report.subject
    return tuple(dict.fromkeys([one for one in named if one.reference != own]))


def subject_may_be(stored_name: str, subject: str) -> bool:
    """Whether a report of this type can be filed under `subject`."""
    wanted = SUBJECTS.get(stored_name)
    return subject.startswith(f"{wanted}:") if wanted else names_movement(subject)


SUBJECTS: Final[dict[str, Scheme]] = {}
"""The scheme of the subject of facts that are not about a movement."""
