"""The JSON Schema of a report: a CloudEvents message whose data is one fact.

It asks for the plain spelling of each value, and for a role that may tell the fact. What depends
on the source, on two values together or on a calendar it cannot ask for; intake does.
"""

import re
from collections.abc import Iterable, Iterator
from inspect import cleandoc
from typing import Any, Final

from pydantic import TypeAdapter

import domain.facts  # noqa: F401  (registers every fact)
from domain.facts import fact as told
from domain.facts import times, values
from domain.facts.fact import FACTS, SUBJECTS, adapter
from domain.references import MOVEMENTS, Scheme

JsonSchema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
URN: Final = "urn:customs-tracker:report:"
REF: Final = "#/$defs/"


def schema(stored_name: str) -> JsonSchema:
    """The schema of the reports of one fact."""
    fact = FACTS[stored_name]
    found: JsonSchema = _plain(adapter(stored_name).json_schema())
    definitions = found.pop("$defs")
    data = definitions.pop(fact.__name__)
    description = data.pop("description")
    found["properties"] |= {
        "type": {"const": stored_name},
        "subject": _reference(_subjects(stored_name)),
        "role": {"enum": sorted(role.value for role in fact.TOLD_BY)},
        "data": data,
    }
    return {
        "$schema": DIALECT,
        "$id": f"{URN}{stored_name}",
        "title": stored_name,
        "description": description,
        **found,
        "$defs": dict(sorted(_used(found, definitions | _NAMED).items())),
    }


def paragraphs(docstring: str) -> str:
    """A docstring for readers of JSON, one line a paragraph."""
    text = re.sub(r" \(D\d+\)", "", cleandoc(docstring).replace("`None`", "`null`"))
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _subjects(stored_name: str) -> Iterable[Scheme]:
    wanted = SUBJECTS.get(stored_name)
    return [wanted] if wanted else [scheme for scheme in Scheme if scheme in MOVEMENTS]


def _reference(schemes: Iterable[Scheme]) -> JsonSchema:
    """A reference in one of these schemes: one pattern each, so that one more breaks nothing."""
    patterns = [{"pattern": rf"^{scheme.value}:[^\x00-\x1f]*[^\s\x00-\x1f]$"} for scheme in schemes]
    return {"type": "string", "maxLength": 200, "anyOf": patterns}


def _plain(value: Any) -> Any:  # noqa: ANN401  (any part of a JSON value)
    """What pydantic says, without the noise, and by name where the domain has one for it."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: _plain(each) for key, each in value.items() if not is_noise(key, each)}
    if isinstance(found.get("description"), str):
        found["description"] = paragraphs(found["description"])
    own = {key: found.pop(key) for key in ("default", "description") if key in found}
    name = next((name for name, spelled in _SPELLED.items() if spelled == found), None)
    return ({"$ref": f"{REF}{name}"} if name else found) | own


def is_noise(key: str, value: object) -> bool:
    """What pydantic says of every field and helps nobody: its name again, `null` if absent."""
    return (key == "title" and isinstance(value, str)) or (key == "default" and value is None)


def _used(found: object, definitions: JsonSchema) -> JsonSchema:
    """The definitions that a schema leads to."""
    used: JsonSchema = {}
    left = list(_refs(found))
    while left:
        name = left.pop()
        if name not in used:
            used[name] = definitions[name]
            left += _refs(definitions[name])
    return used


def _refs(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].removeprefix(REF)
        for each in value.values():
            yield from _refs(each)
    elif isinstance(value, list):
        for each in value:
            yield from _refs(each)


_VALUES: Final[dict[str, Any]] = {
    "Country": values.Country,
    "Day": times.Day,
    "DebtName": values.DebtName,
    "Exact": values.Exact,
    "Identifier": told.Identifier,
    "Instant": times.Instant,
    "LineNumber": values.LineNumber,
    "Name": values.Name,
    "Office": values.Office,
    "Party": values.Party,
    "Positive": values.Positive,
    "Quantity": values.Quantity,
    "Reference": values.Reference,
    "ReportName": values.ReportName,
    "Unit": values.Unit,
    "When": times.When,
}
_SPELLED: Final = {name: TypeAdapter(kind).json_schema() for name, kind in _VALUES.items()}
_NAMED: Final = _SPELLED | {"Reference": _reference(Scheme)}
