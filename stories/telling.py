"""From the short spelling of a report to the native report that the intake takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from domain.facts.fact import FACTS, Fact, Report, Told, adapter, tell
from domain.facts.times import AS_PUBLISHED
from domain.facts.values import Role
from domain.references import Scheme, names_movement
from domain.settle import zone_at
from stories.document import Where
from stories.file import Reported
from stories.moments import happened, recorded, skipped
from stories.written import bare, movement, of_scheme


@dataclass(frozen=True, slots=True)
class Entry:
    """A report of a story, and when the log hears of it."""

    report: Report[Any]
    recorded: datetime

    @property
    def cite(self) -> str:
        """`<source>/<report id>`, as statements cite it."""
        return f"{self.report.source}/{self.report.id}"

    @property
    def fact(self) -> Fact:
        """What it tells."""
        fact: Fact = self.report.data
        return fact

    def raw(self) -> bytes:
        """The bytes that a source sends."""
        return adapter(self.report.type).dump_json(self.report, exclude_unset=True)

    def told(self) -> Told:
        """The fact as the log holds it."""
        return tell(self.report, self.report.subject, self.recorded)


class Draft(NamedTuple):
    """A report of a story with its id, and the way to it in the file."""

    id: str
    where: Where
    written: Reported
    of: "Draft | None" = None
    """The report of the story, where a variant changed it."""


class SkippedHour(ValueError):
    """An instant of a report is none on the clock of its office; `key` says which."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


class UnknownFact(ValueError):
    """No fact has this name."""


_REFERENCES: Final = {
    "previous": Scheme.LOCAL,
    "drawn_by": Scheme.LOCAL,
    "same_as": Scheme.LOCAL,
    "authorisation": Scheme.AUTHORISATION,
    "guarantee": Scheme.GUARANTEE,
}
_REPORTS: Final = frozenset({"corrects", "report", "shortage", "discrepancy", "gave_rise"})


def numbered(written: Iterable[Reported], where: Where, before: list[Draft]) -> list[Draft]:
    """Give each report its id; the count of a movement goes on from the reports `before`."""
    drafts = list(before)
    for place, each in enumerate(written):
        name = bare(movement(each.movement))
        count = 1 + sum(bare(movement(one.written.movement)) == name for one in drafts)
        drafts.append(Draft(each.id or f"{name}-{count}", (*where, place), each))
    return drafts[len(before) :]


def entry(draft: Draft, office: str | None, sources: Mapping[str, str]) -> Entry:
    """The native report of a draft; `sources` says which source told each report of the story.

    Raises `UnknownFact`, `SkippedHour`, and pydantic's `ValidationError` where the fact does not
    read it.
    """
    told = draft.written
    subject, fact = movement(told.movement), fact_of(told.type)
    office = told.office or (office if names_movement(subject) else None)
    zone: tzinfo = zone_at(office)
    for key in ("happened", "recorded"):
        if wrong := skipped(getattr(told, key), zone):
            raise SkippedHour(key, wrong)
    known = recorded(told.recorded or told.happened, zone)
    data = {"happened": happened(told.happened, zone)} | _object(told.data, sources)
    native = {
        "id": draft.id,
        "source": told.source,
        "type": fact.TYPE,
        "subject": subject,
        "role": told.role or speaker(fact),
        "time": known,
        "data": data | ({"office": office} if office else {}),
    }
    return Entry(adapter(fact.TYPE).validate_python(native, context=AS_PUBLISHED), known)


def fact_of(name: str) -> type[Fact]:
    """The fact of a stored name, or of one without its version; raises `UnknownFact`."""
    versions = [stored for stored in FACTS if name in (stored, stored.rpartition(".v")[0])]
    if versions:
        return FACTS[max(versions, key=lambda stored: int(stored.rpartition(".v")[2]))]
    near = get_close_matches(name, (stored.rpartition(".v")[0] for stored in FACTS), 3)
    hint = f"did you mean {' or '.join(near)}?" if near else "docs/stories.md says where they stand"
    raise UnknownFact(f"there is no fact {name!r}: {hint}")


def speaker(fact: type[Fact]) -> Role:
    """Who tells a fact where the story does not say: customs, where they may."""
    return Role.CUSTOMS if Role.CUSTOMS in fact.TOLD_BY else min(fact.TOLD_BY)


def _object(data: Mapping[str, object], sources: Mapping[str, str]) -> dict[str, object]:
    return {key: _value(key, value, sources) for key, value in data.items()}


def _value(key: str, value: object, sources: Mapping[str, str]) -> object:
    if key == "duty":
        return duties(value)
    if isinstance(value, dict):
        return _object(value, sources)
    if isinstance(value, list):
        return [_value(key, each, sources) for each in value]
    if isinstance(value, str) and key in _REFERENCES:
        return of_scheme(_REFERENCES[key], value)
    if isinstance(value, str) and key in _REPORTS and value in sources:
        return f"{sources[value]}/{value}"
    return str(value) if key == "code" else value


def duties(value: object) -> object:
    """A list of duties; a number is a percentage, one duty a list of one."""
    if value is None or isinstance(value, list):
        return value
    return [value if isinstance(value, dict) else {"percent": value}]
