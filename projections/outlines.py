"""Outlines as they are stored: folded once from a movement's own facts, read by its neighbours."""

from collections.abc import Iterable
from datetime import UTC, tzinfo
from functools import cache
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel, PlainValidator, create_model

from domain.case import Reader
from domain.facts.declaration import Particulars
from domain.facts.fact import FACTS, Fact, Told
from domain.facts.values import Model, Party
from domain.joins import Joined, joined
from domain.outline import Outline, outline
from domain.references import Scheme, reference, scheme_of, value_of
from domain.settle import settle
from projections.canonical import canonical
from projections.tables import NameRow, OutlineRow

OWN = "name"
"""The relation of a movement's own names."""
JOINED = "joined"
"""That of names which same-as reports connect, and which are another movement's."""
PARTY = "party"
LOCAL_NUMBER = "lrn"
"""An LRN as people say it, without holder and office."""


class Sketch(NamedTuple):
    """What a movement's own facts say: its outline, and every reference that leads to it."""

    movement: str
    names: tuple[str, ...]
    outline: Outline | None
    rows: tuple[OutlineRow, ...]
    references: tuple[NameRow, ...]


def sketch(name: str, reader: Reader) -> Sketch:
    """The sketch of the movement that `name` is a reference of; without rows where nothing tells
    yet what it is.
    """
    join = joined(name, reader)
    told = [one for stream in join.names for one in join.told[stream]]
    found = outline(join.movement, join.names, settle(told)) if told else None
    if found is None:
        return Sketch(join.movement, join.names, None, (), ())
    row = OutlineRow(join.movement, encoded(found))
    return Sketch(join.movement, join.names, found, (row,), references(join, told))


def references(join: Joined, told: list[Told]) -> tuple[NameRow, ...]:
    """What leads to a movement: its names, what its reports name, and the persons in them."""
    found = {NameRow(join.movement, OWN, name) for name in join.names}
    found |= {NameRow(join.movement, LOCAL_NUMBER, short) for short in _bare(join.names)}
    found |= {NameRow(join.movement, JOINED, name) for name in join.reads - {*join.names}}
    for one in told:
        found |= {
            NameRow(join.movement, named.relation, named.reference)
            for named in one.fact.named()
            if named.reference not in join.names
        }
        found |= {NameRow(join.movement, PARTY, person) for person in parties(one.fact)}
    return tuple(sorted(found))


def _bare(names: Iterable[str]) -> set[str]:
    lrns = (value_of(name) for name in names if scheme_of(name) is Scheme.LRN)
    return {reference(Scheme.LRN, unquote(value.rpartition("/")[2])) for value in lrns}


def parties(fact: Fact) -> set[str]:
    """The persons that a fact names, as references."""
    named = (getattr(fact, field) for field in _party_fields(type(fact)))
    return {reference(Scheme.PARTY, person) for person in named if person}


@cache
def _party_fields(model: type[Fact]) -> tuple[str, ...]:
    """The fields of a fact that hold a person, told by their type."""
    hints = get_type_hints(model, include_extras=True)
    return tuple(name for name, hint in hints.items() if Party in (hint, *get_args(hint)))


def encoded(found: Outline) -> str:
    """An outline as JSON: a line or a declaration as pydantic writes it, the rest canonical."""
    told = {name: value for name, value in found._asdict().items() if value is not None}
    told["zone"] = str(found.zone)
    told["lines"] = [[number, _json(line)] for number, line in found.lines]
    if found.particulars:
        told["particulars"] = [found.particulars.TYPE, _json(found.particulars)]
    return canonical(told)


def _json(model: Model) -> orjson.Fragment:
    return orjson.Fragment(model.model_dump_json(exclude_defaults=True))


def decode(body: str) -> Outline:
    """The outline that `encoded` spelled; equal to it in all that a judge reads."""
    return Outline(**dict(_fields().model_validate_json(body)))


@cache
def _fields() -> type[BaseModel]:
    """A model with the fields of an outline, each absent unless it was spelled."""
    hints: dict[str, Any] = get_type_hints(Outline)
    hints["zone"] = Annotated[Any, PlainValidator(_zone)]
    hints["particulars"] = Annotated[Any, PlainValidator(_particulars)]
    fields: dict[str, Any] = {name: (hint, None) for name, hint in hints.items()}
    return create_model("Fields", **fields)


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def _particulars(spelled: tuple[str, dict[str, Any]]) -> Particulars:
    stored_name, fields = spelled
    found = FACTS[stored_name].model_validate(fields)
    if not isinstance(found, Particulars):
        raise TypeError(f"{stored_name} declares no particulars")
    return found
