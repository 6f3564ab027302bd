"""The JSON Schema of a story file: `python -m stories.schema` writes it into `schemas/`.

An editor that knows it completes and checks a story while it is written. It is a little wider
than what is read: it does not see that a report with that id exists, or that a day does.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

import schemas
from domain.facts.authorisation import AuthorisationGranted, GuaranteeRegistered
from domain.facts.fact import FACTS, Fact
from domain.facts.reference_data import CalendarSet
from schemas.report_schema import is_noise
from stories.file import Reported, ReportPatch, StoryFile
from stories.written import JsonSchema

FILE: Final = Path(schemas.__file__).with_name("story.schema.json")
REF: Final = "#/$defs/{model}"
HEAD: Final[dict[str, type[Fact]]] = {
    "calendar": CalendarSet,
    "authorisations": AuthorisationGranted,
    "guarantees": GuaranteeRegistered,
}
"""The facts whose data a story gives at its head."""
LIFTED: Final = frozenset({"happened", "office"})
"""What stands beside the data in the short spelling."""


def schema() -> JsonSchema:
    """The schema as a JSON value."""
    found = StoryFile.model_json_schema(ref_template=REF)
    definitions = found["$defs"]
    for part in (found, definitions["Variant"]):
        for key, fact in HEAD.items():
            part["properties"][key]["additionalProperties"] = _data(fact, definitions)
    definitions[Reported.__name__]["allOf"] = list(_typed(definitions))
    for model in (Reported, ReportPatch):
        definitions[model.__name__]["properties"]["type"] = {"enum": sorted(_names())}
    found = _exact(found)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A story: a dated goods history with the legal outcome expected",
        **{key: value for key, value in found.items() if key != "title"},
    }


def text() -> str:
    """The schema as it stands in its file."""
    return orjson.dumps(schema(), option=orjson.OPT_INDENT_2).decode() + "\n"


def _names() -> Iterator[str]:
    for stored_name in FACTS:
        yield stored_name
        yield stored_name.rpartition(".v")[0]


def _typed(definitions: JsonSchema) -> Iterator[JsonSchema]:
    """The data of a report is that of its type."""
    for stored_name, fact in FACTS.items():
        either = {"enum": [stored_name, stored_name.rpartition(".v")[0]]}
        then = {"properties": {"data": _data(fact, definitions)}}
        needed = {"required": ["data"]} if definitions[fact.__name__]["required"] else {}
        yield {"if": {"properties": {"type": either}}, "then": {**then, **needed}}


def _data(fact: type[Fact], definitions: JsonSchema) -> JsonSchema:
    """The data of a fact, filed among the definitions, without what the short spelling lifts."""
    if fact.__name__ not in definitions:
        found = fact.model_json_schema(ref_template=REF)
        definitions |= found.pop("$defs", {})
        found["properties"] = _without(found["properties"])
        found["required"] = sorted(set(found.get("required", ())) - LIFTED)
        definitions[fact.__name__] = found
    return {"$ref": REF.format(model=fact.__name__)}


def _without(properties: JsonSchema) -> JsonSchema:
    return {name: each for name, each in properties.items() if name not in LIFTED}


def _exact(value: Any) -> Any:  # noqa: ANN401  (any part of a JSON value)
    """YAML has exact numbers, and `duty: 10` is short for a list of one."""
    if isinstance(value, list):
        return [_exact(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: _exact(each) for key, each in value.items() if not is_noise(key, each)}
    if found.get("type") == ["string", "integer"] and "pattern" in found:
        found["type"] = ["string", "number"]
    properties = found.get("properties", {})
    if isinstance(properties, dict) and "duty" in properties:
        duties = properties["duty"]
        one = {"$ref": REF.format(model="Duty")}
        duties["anyOf"] = [{"type": "number"}, one, *duties.get("anyOf", [{**duties}])]
        for key in ("type", "items"):
            duties.pop(key, None)
    return found


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
