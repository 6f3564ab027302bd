"""The JSON Schema of an answer: one line of NDJSON that the command gives out.

An answer is a record of `projections`, or of `schemas.rows`, as `projections.canonical` spells it,
with the name of its schema in front. A reader lets pass the fields and the values of an enumeration
that it does not know: later releases may add some.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints, is_typeddict

from projections.answers import (
    DeadlineView,
    DebtView,
    FindingView,
    GuaranteeView,
    MovementView,
    PositionView,
    ProcedureView,
)
from projections.current import PresentPosition
from projections.health import Examined
from projections.history import Draw
from projections.quality import QualityView
from projections.verdicts import VerdictView
from schemas.report_schema import DIALECT, REF, JsonSchema, paragraphs
from schemas.rows import Again, Counted, Erased, Foretold, Partition, SetAside
from store.records import Move

URN: Final = "urn:customs-tracker:answer:"
ANSWERS: Final[Mapping[str, type[Any]]] = {
    "customs.movement.v1": MovementView,
    "customs.position.v1": PositionView,
    "customs.debt.v1": DebtView,
    "customs.deadline.v1": DeadlineView,
    "customs.procedure.v1": ProcedureView,
    "customs.guarantee.v1": GuaranteeView,
    "customs.finding.v1": FindingView,
    "customs.node.v1": MovementView,
    "customs.draw.v1": Draw,
    "customs.verdict.v1": VerdictView,
    "customs.ingest.v1": Counted,
    "customs.check.v1": Foretold,
    "customs.outcome.v1": SetAside,
    "customs.redrive.v1": Again,
    "customs.erasure.v1": Erased,
    "customs.partition.v1": Partition,
    "customs.move.v1": Move,
    "customs.quality.v1": QualityView,
    "customs.doctor.v1": Examined,
}
"""The record of each answer, by what its field `schema` says."""
Fields = Mapping[str, type[Any]]
_AS_OF: Final[Fields] = {"as_of": datetime}
_BESIDE: Final[Mapping[type[Any], Fields]] = {
    MovementView: {},
    Draw: {},
    VerdictView: {},
    Counted: {},
    Partition: {},
    Move: {},
    SetAside: {},
    Again: {"done": bool},
    Erased: {},
    Examined: {},
}
"""What stands beside a record where that is not the instant that it is said as of."""
_MAYBE: Final[Mapping[type[Any], Fields]] = {SetAside: {"raw": str}}
"""What need not stand beside a record."""
MESSAGE_URN: Final = "urn:customs-tracker:message:"
MESSAGES: Final[Mapping[str, type[Any]]] = {"customs.present-position.v1": PresentPosition}
"""The record of each message on a topic that is no answer as well, by its field `schema`."""

Definitions = dict[str, JsonSchema]


def schema(name: str) -> JsonSchema:
    """The schema of the answers of one name.

    What holds at some instants only says as of which one it is said.
    """
    kind = ANSWERS[name]
    return _schema(URN, name, kind, _BESIDE.get(kind, _AS_OF))


def message_schema(name: str) -> JsonSchema:
    """The schema of the messages of one name, spelled as answers are."""
    return _schema(MESSAGE_URN, name, MESSAGES[name], {})


def _schema(urn: str, name: str, kind: type[Any], also: Fields) -> JsonSchema:
    definitions: Definitions = {}
    record = _record(kind, definitions)
    head = {each: _spelled(type_, definitions) for each, type_ in also.items()}
    head = {"schema": {"const": name}} | head
    maybe = {each: _spelled(of, definitions) for each, of in _MAYBE.get(kind, {}).items()}
    return {
        "$schema": DIALECT,
        "$id": f"{urn}{name}",
        "title": name,
        **record,
        "properties": head | maybe | record["properties"],
        "required": [*head, *record["required"]],
        "$defs": dict(sorted(definitions.items())),
    }


def _spelled(kind: Any, definitions: Definitions) -> JsonSchema:  # noqa: ANN401  (a type)
    """How values of a type are spelled; what has a name of its own is defined under it."""
    if get_origin(kind) in (Union, UnionType):
        return {"anyOf": [_spelled(each, definitions) for each in get_args(kind)]}
    if get_origin(kind) is list or (get_origin(kind) is tuple and get_args(kind)[1:] == (...,)):
        return {"type": "array", "items": _spelled(get_args(kind)[0], definitions)}
    if get_origin(kind) is Mapping and get_args(kind)[0] is str:
        values = _spelled(get_args(kind)[1], definitions)
        return {"type": "object", "additionalProperties": values}
    if kind in _PLAIN:
        return _PLAIN[kind]
    if not isinstance(kind, type):
        raise TypeError(f"{kind} has no JSON Schema: give it one in {__name__}")
    name = _NAMES.get(kind, kind.__name__)
    if name not in definitions:
        definitions[name] = _definition(kind, definitions)
    return {"$ref": f"{REF}{name}"}


def _definition(kind: type[Any], definitions: Definitions) -> JsonSchema:
    if kind in _SPELLED:
        return _SPELLED[kind]
    if issubclass(kind, Enum):
        values = [each.value for each in kind]
        return {"description": paragraphs(kind.__doc__ or ""), "enum": values}
    return _record(kind, definitions)


def _record(kind: type[Any], definitions: Definitions) -> JsonSchema:
    """A record is an object in which every field stands, in the order of the record.

    What a verdict says, a typed dictionary, also says its instant (`projections.agenda`).
    """
    types = get_type_hints(kind)
    if is_typeddict(kind):
        types = {"at": datetime | None, **types}
    return {
        "description": paragraphs(kind.__doc__ or ""),
        "type": "object",
        "properties": {name: _spelled(each, definitions) for name, each in types.items()},
        "required": list(types),
    }


_PLAIN: Final[Mapping[Any, JsonSchema]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    NoneType: {"type": "null"},
    object: {"type": "object"},
}
_NAMES: Final[Mapping[Any, str]] = {Decimal: "Exact", date: "Day", datetime: "Instant"}
_DAY: Final = r"^[0-9]{4}(-[0-9]{2}){2}"
_SPELLED: Final[Mapping[Any, JsonSchema]] = {
    Decimal: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]*[1-9])?$"},
    date: {"type": "string", "format": "date", "pattern": f"{_DAY}$"},
    datetime: {
        "type": "string",
        "format": "date-time",
        "pattern": rf"{_DAY}T[0-9]{{2}}(:[0-9]{{2}}){{2}}\.[0-9]{{6}}Z$",
    },
}
