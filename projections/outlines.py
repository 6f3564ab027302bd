"""Outlines as they are stored: folded once from a movement's own facts, read by its neighbours."""

from collections.abc import Iterable
from datetime import UTC, tzinfo
from functools import cache, lru_cache
from typing import Annotated, Any, Final, NamedTuple, get_args, get_type_hints
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel, PlainValidator, create_model

from domain.case import Folded, Reader, fold
from domain.facts.declaration import Particulars
from domain.facts.fact import FACTS, Fact
from domain.facts.values import Model, Party
from domain.joins import Joined
from domain.outline import Outline
from domain.records import maker
from domain.references import Scheme, reference, scheme_of, value_of
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

    folded: Folded
    rows: tuple[OutlineRow, ...]
    references: tuple[NameRow, ...]

    @property
    def movement(self) -> str:
        """Its own name."""
        return self.folded.join.movement

    @property
    def names(self) -> tuple[str, ...]:
        """All its names."""
        return self.folded.join.names


def sketch(name: str, reader: Reader) -> Sketch:
    """The sketch of the movement that `name` is a reference of; without rows where nothing tells
    yet what it is.
    """
    folded = fold(name, reader)
    if folded.own is None:
        return Sketch(folded, (), ())
    row = OutlineRow(folded.join.movement, encoded(folded.own))
    return Sketch(folded, (row,), references(folded.join))


def references(join: Joined) -> tuple[NameRow, ...]:
    """What leads to a movement: its names, what its reports name, and the persons in them."""
    names = join.names
    found = {(OWN, name) for name in names}
    found |= {(LOCAL_NUMBER, short) for short in _bare(names)}
    found |= {(JOINED, name) for name in join.reads.difference(names)}
    for name in names:
        for one in join.told[name]:
            for named, relation in one.fact.named():
                if named not in names:
                    found.add((relation, named))
            for person in parties(one.fact):
                found.add((PARTY, person))
    return tuple([_name_row((join.movement, *each)) for each in sorted(found)])


_name_row = maker(NameRow)


def _bare(names: Iterable[str]) -> set[str]:
    lrns = (value_of(name) for name in names if scheme_of(name) is Scheme.LRN)
    return {reference(Scheme.LRN, unquote(value.rpartition("/")[2])) for value in lrns}


def parties(fact: Fact) -> set[str]:
    """The persons that a fact names, as references."""
    fields = _party_fields(type(fact))
    return {_party(person) for field in fields if (person := getattr(fact, field))}


@lru_cache(maxsize=16_384)
def _party(person: str) -> str:
    return reference(Scheme.PARTY, person)


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
    """A model as pydantic writes it; one of a movement that is folded again is the same object."""
    known = _WRITTEN.get(id(model))
    if known and known[0] is model:
        return known[1]
    if len(_WRITTEN) >= WRITTEN:
        _WRITTEN.clear()
    written = orjson.Fragment(model.model_dump_json(exclude_defaults=True))
    _WRITTEN[id(model)] = model, written
    return written


WRITTEN: Final = 8_192
"""Lines and declarations whose spelling is kept."""
_WRITTEN: Final[dict[int, tuple[Model, orjson.Fragment]]] = {}


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
