"""Each change that breaks a released schema is caught, and harmless ones pass."""

from copy import deepcopy
from typing import Any, Final

import pytest

from schemas.compatibility import Break, given, taken

Schema = dict[str, Any]

TAKEN: Final[Schema] = {
    "$id": "urn:customs-tracker:report:goods.seen.v1",
    "description": "Goods are seen.",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "type": {"const": "goods.seen.v1"},
        "subject": {
            "type": "string",
            "maxLength": 200,
            "anyOf": [{"pattern": "^mrn:"}, {"pattern": "^lrn:"}],
        },
        "role": {"enum": ["customs", "facility"]},
        "quantity": {"$ref": "#/$defs/Positive"},
        "unit": {"type": "string", "pattern": "^[A-Z]{3}$", "default": "NAR"},
        "seen": {"anyOf": [{"$ref": "#/$defs/Day"}, {"type": "null"}]},
        "years": {"type": "integer", "minimum": 5, "maximum": 10},
        "note": {"type": "string", "minLength": 1, "maxLength": 70},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}, "maxItems": 9},
        "further": {"type": "object"},
    },
    "required": ["type", "subject", "role", "quantity"],
    "$defs": {
        "Day": {"type": "string", "format": "date"},
        "Positive": {
            "type": ["string", "integer"],
            "pattern": "^[0-9]+$",
            "exclusiveMinimum": 0,
            "not": {"type": "string", "pattern": "^0*$"},
        },
        "Line": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"code": {"type": "string"}, "mark": {"type": "string"}},
            "required": ["code"],
        },
    },
}
GIVEN: Final[Schema] = {
    "$id": "urn:customs-tracker:answer:customs.seen.v1",
    "description": "Goods that were seen.",
    "type": "object",
    "properties": {
        "schema": {"const": "customs.seen.v1"},
        "situation": {"enum": ["HERE", "GONE"]},
        "quantity": {"type": "string", "pattern": "^[0-9]+$"},
        "until": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
        "policies": {"type": "object", "additionalProperties": {"type": "string"}},
        "because": {"type": "array", "items": {"$ref": "#/$defs/Because"}},
    },
    "required": ["schema", "situation", "quantity", "until", "policies", "because"],
    "$defs": {
        "Because": {
            "type": "object",
            "properties": {"rule": {"type": "string"}},
            "required": ["rule"],
        }
    },
}
GONE: Final = object()
"""Takes a key away."""


def changed(schema: Schema, *changes: tuple[str, object]) -> Schema:
    """The schema with what stands at each path put in the place of what was there."""
    made = deepcopy(schema)
    for path, value in changes:
        *steps, last = path.split("/")
        place: Any = made
        for step in steps:
            place = place[int(step) if isinstance(place, list) else step]
        if value is GONE:
            del place[int(last) if isinstance(place, list) else last]
        elif last == "+":
            place.append(value)
        else:
            place[int(last) if isinstance(place, list) else last] = value
    return made


def test_a_schema_keeps_its_own_promises() -> None:
    assert taken(TAKEN, TAKEN) == []
    assert given(GIVEN, GIVEN) == []


NEW: Final = {"type": "string"}
NUMBER: Final = {"type": "integer"}
CLOSED: Final = ("properties/further/additionalProperties", False)
TYPED: Final = ("properties/further/additionalProperties", {"type": "string"})

BREAKS_SENDERS: Final[list[tuple[str, str, list[tuple[str, object]]]]] = [
    ("a field is required now", "seen: required", [("required/+", "seen")]),
    (
        "a new field is required",
        "seal: required",
        [("properties/seal", NEW), ("required/+", "seal")],
    ),
    (
        "a field of a line is required",
        "lines[].mark: required",
        [("$defs/Line/required/+", "mark")],
    ),
    ("a field is gone", "years: properties", [("properties/years", GONE)]),
    ("another type", "years: type", [("properties/years/type", "string")]),
    ("one type of two is gone", "quantity: type", [("$defs/Positive/type", "string")]),
    ("null is not taken", "seen: type", [("properties/seen", {"$ref": "#/$defs/Day"})]),
    ("a value is gone", "role: enum", [("properties/role/enum", ["customs"])]),
    ("some values where all were free", "unit: enum", [("properties/unit/enum", ["KGM"])]),
    ("another constant", "type: const", [("properties/type/const", "goods.seen.v2")]),
    ("an alternative is gone", "subject: pattern", [("properties/subject/anyOf/1", GONE)]),
    ("another pattern", "unit: pattern", [("properties/unit/pattern", "^[A-Z]{2}$")]),
    ("a first pattern", "note: pattern", [("properties/note/pattern", "^[A-Z]+$")]),
    ("longer at least", "note: minLength", [("properties/note/minLength", 2)]),
    ("shorter at most", "note: maxLength", [("properties/note/maxLength", 69)]),
    ("fewer at most", "lines: maxItems", [("properties/lines/maxItems", 8)]),
    ("more at least", "years: minimum", [("properties/years/minimum", 6)]),
    ("less at most", "years: maximum", [("properties/years/maximum", 9)]),
    ("a first bound", "quantity: minimum", [("$defs/Positive/minimum", 1)]),
    ("another format", "seen: format", [("$defs/Day/format", "date-time")]),
    ("more is ruled out", "quantity: not", [("$defs/Positive/not", {"const": "7"})]),
    ("silence means another thing", "unit: default", [("properties/unit/default", "KGM")]),
    ("silence means something", "years: default", [("properties/years/default", 5)]),
    ("another keyword", "years: multipleOf", [("properties/years/multipleOf", 5)]),
    ("no further fields", "further: additionalProperties", [CLOSED]),
    ("typed further fields", "further.*: type", [TYPED]),
]
SPARES_SENDERS: Final[list[tuple[str, list[tuple[str, object]]]]] = [
    ("other words for people", [("description", "Seen."), ("$defs/Line/title", "A line")]),
    ("another field that may be left out", [("properties/seal", NEW)]),
    ("a field need not be there", [("required", ["type", "subject", "role"])]),
    ("null is taken as well", [("properties/years", {"type": ["integer", "null"], "maximum": 10})]),
    ("another value", [("properties/role/enum/+", "holder")]),
    ("all values", [("properties/role", {"type": "string"})]),
    ("another alternative", [("properties/subject/anyOf/+", {"pattern": "^doc:"})]),
    ("no pattern", [("properties/unit/pattern", GONE)]),
    ("wider bounds", [("properties/years/minimum", 1), ("properties/note/maxLength", 71)]),
    ("no bounds", [("properties/years", {"type": "integer"}), ("properties/lines/maxItems", GONE)]),
    ("further fields", [("additionalProperties", GONE), ("$defs/Line/additionalProperties", GONE)]),
    (
        "less is ruled out",
        [("$defs/Positive/not", GONE), ("$defs/Positive/exclusiveMinimum", GONE)],
    ),
    ("the same written out", [("properties/seen", {"type": ["null", "string"], "format": "date"})]),
    ("any type at all", [("properties/seen", {})]),
]
BREAKS_READERS: Final[list[tuple[str, str, list[tuple[str, object]]]]] = [
    ("a field is gone", "until: properties", [("properties/until", GONE), ("required/3", GONE)]),
    ("a field may be missing", "until: required", [("required/3", GONE)]),
    (
        "a field of a part is gone",
        "because[].rule: properties",
        [("$defs/Because/properties", {}), ("$defs/Because/required", [])],
    ),
    ("another type", "quantity: type", [("properties/quantity", {"type": "integer"})]),
    ("a type more", "quantity: type", [("properties/quantity/type", ["string", "null"])]),
    ("anything", "quantity: type", [("properties/quantity", {})]),
    ("no list any more", "because: type", [("properties/because", {"$ref": "#/$defs/Because"})]),
    ("another type of part", "because[].rule: type", [("$defs/Because/properties/rule", NUMBER)]),
    ("another pattern", "quantity: pattern", [("properties/quantity/pattern", "^[0-9.]+$")]),
    ("no format", "until: format", [("properties/until/anyOf/0/format", GONE)]),
    ("another name", "schema: const", [("properties/schema/const", "customs.seen.v2")]),
    ("free words", "situation: enum", [("properties/situation", NEW)]),
    (
        "another type of value",
        "policies.*: type",
        [("properties/policies/additionalProperties", NUMBER)],
    ),
]
SPARES_READERS: Final[list[tuple[str, list[tuple[str, object]]]]] = [
    ("other words for people", [("description", "Seen.")]),
    ("another field", [("properties/holder", NEW), ("required/+", "holder")]),
    ("another field of a part", [("$defs/Because/properties/law", NEW)]),
    ("another value of an enumeration", [("properties/situation/enum/+", "LOST")]),
    ("one value less", [("properties/situation/enum", ["HERE"])]),
    ("never null again", [("properties/until", {"type": "string", "format": "date"})]),
    ("tighter bounds", [("properties/quantity/maxLength", 20)]),
]


def named(breaks: list[Break]) -> set[str]:
    return {f"{each.where}: {each.keyword}" for each in breaks}


@pytest.mark.parametrize(
    ("where", "changes"),
    [case[1:] for case in BREAKS_SENDERS],
    ids=[case[0] for case in BREAKS_SENDERS],
)
def test_what_breaks_senders_is_caught(where: str, changes: list[tuple[str, object]]) -> None:
    assert where in named(taken(TAKEN, changed(TAKEN, *changes)))


@pytest.mark.parametrize(
    "changes", [each[1] for each in SPARES_SENDERS], ids=[each[0] for each in SPARES_SENDERS]
)
def test_what_is_harmless_to_senders_passes(changes: list[tuple[str, object]]) -> None:
    assert taken(TAKEN, changed(TAKEN, *changes)) == []


@pytest.mark.parametrize(
    ("where", "changes"),
    [case[1:] for case in BREAKS_READERS],
    ids=[case[0] for case in BREAKS_READERS],
)
def test_what_breaks_readers_is_caught(where: str, changes: list[tuple[str, object]]) -> None:
    assert where in named(given(GIVEN, changed(GIVEN, *changes)))


@pytest.mark.parametrize(
    "changes", [each[1] for each in SPARES_READERS], ids=[each[0] for each in SPARES_READERS]
)
def test_what_is_harmless_to_readers_passes(changes: list[tuple[str, object]]) -> None:
    assert given(GIVEN, changed(GIVEN, *changes)) == []


def test_a_break_says_what_was_promised_and_what_is_there() -> None:
    [one] = taken(TAKEN, changed(TAKEN, ("properties/note/maxLength", 35)))
    assert str(one) == "note: maxLength was 70, and is 35"
    [one] = given(GIVEN, changed(GIVEN, ("properties/quantity", NUMBER)))
    assert str(one) == "quantity: type was string, and is integer"


def test_a_break_says_what_is_absent() -> None:
    [one] = taken(TAKEN, changed(TAKEN, ("properties/years/multipleOf", 5)))
    assert str(one) == "years: multipleOf was absent, and is 5"


def test_two_alternatives_break_a_promise_once() -> None:
    found = taken({"type": ["string", "integer"]}, {"enum": ["a"]})
    assert [str(each) for each in found] == [
        "the whole: enum was absent, and is ['a']",
        "the whole: type was integer, and is string",
    ]


def test_fields_are_compared_where_no_type_is_named() -> None:
    some = {"properties": {"a": {"type": "string"}}}
    assert taken(some, some) == []
    assert named(taken(some, {"properties": {"a": {"type": "integer"}}})) == {"a: type"}
    assert named(taken({}, some)) == {"a: properties"}


def test_a_keyword_beside_anyof_and_in_it_cannot_be_compared() -> None:
    unclear = {"maxLength": 7, "anyOf": [{"type": "string", "maxLength": 9}]}
    with pytest.raises(ValueError, match="maxLength stands beside anyOf and in it"):
        taken(unclear, unclear)
