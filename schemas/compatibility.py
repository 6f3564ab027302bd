"""Whether a schema keeps what a released one promised.

What is taken in may only grow: a report that the released schema allows is still allowed, and what
it leaves out still means the same. What is given out may only gain: every field that the released
schema promised is there and is of the type that was promised; readers let pass fields and values
of an enumeration that are new.

Both are one question, asked one way or the other: does all that the inner schema allows fit the
outer one? It is answered for the keywords that our schemas use; any other keyword of the outer
schema has to stand in the inner one as well. So a pattern may be dropped, or stand beside another
under `anyOf`, but not be changed.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import ge, le
from types import NoneType
from typing import Any, Final, NamedTuple

Schema = Mapping[str, Any]


class Break(NamedTuple):
    """A broken promise: at which field, by which keyword, what it was and what it is.

    `None` stands for a keyword that is absent.
    """

    where: str
    keyword: str
    was: object
    now: object

    def __str__(self) -> str:
        was, now = ("absent" if each is None else each for each in (self.was, self.now))
        return f"{self.where or 'the whole'}: {self.keyword} was {was}, and is {now}"


def taken(released: Schema, present: Schema) -> list[Break]:
    """What breaks for those who send us what the released schema allows."""
    return _misfits(released, present, _Promise(defaults=True))


def given(released: Schema, present: Schema) -> list[Break]:
    """What breaks for those who read what we give out by the released schema."""
    found = _misfits(present, released, _Promise(new_values=True))
    return [Break(each.where, each.keyword, each.now, each.was) for each in found]


class _Promise(NamedTuple):
    """What is promised beside that everything fits."""

    defaults: bool = False
    """What is left out means the same."""
    new_values: bool = False
    """An enumeration may have more values than it was promised to have."""


def _misfits(inner: Schema, outer: Schema, promise: _Promise) -> list[Break]:
    """What the inner schema allows and the outer one does not; `was` is the inner one's."""
    found = _fit(_inlined(inner), _inlined(outer), "", promise)
    once = {str(each): each for each in found}
    return [each for _, each in sorted(once.items())]


def _fit(inner: Schema, outer: Schema, where: str, promise: _Promise) -> Iterator[Break]:
    """Each alternative of the inner schema is to fit one of the outer schema."""
    others = _alternatives(outer)
    for one in _alternatives(inner):
        alike = [other for other in others if other["type"] in (one["type"], ANYTHING)]
        if alike:
            tried = [list(_one_fits(one, other, where, promise)) for other in alike]
            yield from min(tried, key=len)
        else:
            types = sorted({other["type"] for other in others})
            yield Break(where, "type", one["type"], " or ".join(types))


def _one_fits(inner: Schema, outer: Schema, where: str, promise: _Promise) -> Iterator[Break]:
    yield from _values_fit(inner, outer, where, promise)
    for keyword in sorted(outer.keys() - _OF_ITS_OWN):
        mine, other = inner.get(keyword), outer[keyword]
        holds = _BOUNDS.get(keyword)
        if mine != other and not (holds and mine is not None and holds(mine, other)):
            yield Break(where, keyword, mine, other)
    if "items" in outer and inner["type"] in ("array", ANYTHING):
        yield from _fit(inner.get("items", {}), outer["items"], f"{where}[]", promise)
    if outer.keys() & _CONCERNS["object"] and inner["type"] in ("object", ANYTHING):
        yield from _fields_fit(inner, outer, where, promise)
        yield from _further_fit(inner, outer, where, promise)


def _values_fit(inner: Schema, outer: Schema, where: str, promise: _Promise) -> Iterator[Break]:
    """A constant stays; an enumeration may lose values or, where promised, gain some."""
    mine, others = _values(inner), _values(outer)
    enumerations = "enum" in inner and "enum" in outer
    if others is None or (enumerations and promise.new_values):
        return
    if mine is None or not set(mine) <= set(others):
        yield Break(where, "const" if "const" in outer else "enum", mine, others)


def _fields_fit(inner: Schema, outer: Schema, where: str, promise: _Promise) -> Iterator[Break]:
    fields, others = inner.get("properties", {}), outer.get("properties", {})
    needed = inner.get("required", ())
    for name in outer.get("required", ()):
        if name not in needed:
            yield Break(_at(where, name), "required", was=False, now=True)
    for name in fields.keys() & others.keys():
        field, other, at = fields[name], others[name], _at(where, name)
        yield from _fit(field, other, at, promise)
        default, another = field.get("default"), other.get("default")
        if promise.defaults and name not in needed and default != another:
            yield Break(at, "default", default, another)


def _further_fit(inner: Schema, outer: Schema, where: str, promise: _Promise) -> Iterator[Break]:
    """Fields that only one of the two names, and those that it lets pass."""
    fields, others = inner.get("properties", {}), outer.get("properties", {})
    more, other = (each.get("additionalProperties", {}) for each in (inner, outer))
    for name in fields.keys() - others.keys():
        if other is False:
            yield Break(_at(where, name), "properties", "there", None)
        else:
            yield from _fit(fields[name], other, _at(where, name), promise)
    if more is False:
        return
    for name in others.keys() - fields.keys():
        yield Break(_at(where, name), "properties", None, "there")
    if other is False:
        yield Break(where, "additionalProperties", more, other)
    else:
        yield from _fit(more, other, _at(where, "*"), promise)


def _at(where: str, name: str) -> str:
    return f"{where}.{name}".removeprefix(".")


def _inlined(schema: Schema, definitions: Schema | None = None) -> Schema:
    """A schema with its references followed, without what only people read."""
    known = schema.get("$defs", {}) if definitions is None else definitions
    found: dict[str, Any] = {}
    for keyword, each in schema.items():
        if keyword == "$ref":
            found |= _inlined(known[each.rpartition("/")[2]], known)
        elif keyword == "properties":
            found[keyword] = {name: _inlined(one, known) for name, one in each.items()}
        elif keyword == "anyOf":
            found[keyword] = [_inlined(one, known) for one in each]
        elif keyword in _SCHEMAS and isinstance(each, Mapping):
            found[keyword] = _inlined(each, known)
        elif keyword not in _FOR_PEOPLE:
            found[keyword] = each
    return found


def _alternatives(schema: Schema) -> list[Schema]:
    """A schema as alternatives of one type each, with the keywords that concern that type."""
    if "anyOf" in schema:
        own = {keyword: each for keyword, each in schema.items() if keyword != "anyOf"}
        return [one for part in schema["anyOf"] for one in _alternatives(_merged(own, part))]
    return [_of_type(kind, schema) for kind in _types(schema)]


def _of_type(kind: str, schema: Schema) -> Schema:
    if kind == ANYTHING:
        return {**schema, "type": kind}
    beside = {key for other, keys in _CONCERNS.items() if other != kind for key in keys}
    return {**{key: each for key, each in schema.items() if key not in beside}, "type": kind}


def _merged(own: Schema, part: Schema) -> Schema:
    """A part of `anyOf` with what stands beside it."""
    twice = [keyword for keyword in own.keys() & part.keys() if own[keyword] != part[keyword]]
    if twice:
        raise ValueError(f"{twice[0]} stands beside anyOf and in it: write it in one place")
    return {**own, **part}


def _types(schema: Schema) -> list[str]:
    kind, values = schema.get("type"), _values(schema)
    if kind is not None:
        return [kind] if isinstance(kind, str) else list(kind)
    return [ANYTHING] if values is None else sorted({_TYPES[type(value)] for value in values})


def _values(schema: Schema) -> list[Any] | None:
    """The values that are allowed; `None` where they are not listed."""
    values: list[Any] | None = schema.get("enum")
    if "const" in schema:
        return [each for each in [schema["const"]] if values is None or each in values]
    return values


ANYTHING: Final = "anything"
_TYPES: Final = {str: "string", bool: "boolean", int: "integer", NoneType: "null"}
_FOR_PEOPLE: Final = frozenset({"$schema", "$id", "$defs", "$comment", "title", "description"})
_SCHEMAS: Final = frozenset({"items", "additionalProperties"})
_OF_ITS_OWN: Final = _SCHEMAS | {"type", "enum", "const", "default", "properties", "required"}
"""Keywords that are compared in a way of their own; the others have to be equal or in bounds."""
_BOUNDS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "minimum": ge,
    "exclusiveMinimum": ge,
    "minLength": ge,
    "minItems": ge,
    "maximum": le,
    "exclusiveMaximum": le,
    "maxLength": le,
    "maxItems": le,
}
_CONCERNS: Final[Mapping[str, frozenset[str]]] = {
    "string": frozenset({"pattern", "format", "minLength", "maxLength"}),
    "integer": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
    "array": frozenset({"items", "minItems", "maxItems"}),
    "object": frozenset({"properties", "required", "additionalProperties"}),
}
"""The keywords that say something of one type only."""
