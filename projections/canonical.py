"""One spelling for everything that the read models store, so that equal means the same bytes."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Final, TypeVar

import orjson
from pydantic import TypeAdapter

T = TypeVar("T")
Plain = dict[str, Any] | list[Any] | str | int | bool | None


def canonical(value: object) -> str:
    """JSON with sorted keys; decimals as strings, instants in UTC, days as they are written."""
    return orjson.dumps(plain(value), option=orjson.OPT_SORT_KEYS).decode()


def exact(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros: equal numbers are equal strings."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def instant(at: datetime) -> str:
    """An instant in UTC, always to the microsecond: the order of the strings is that of time."""
    moment = at if at.tzinfo is UTC else at.astimezone(UTC)
    return f"{moment.isoformat(timespec='microseconds')[:-6]}Z"


def since(text: str) -> datetime:
    """The instant that `instant` spelled."""
    return datetime.fromisoformat(text)


def plain(value: object) -> Plain:
    """`value` in the types of JSON: records become objects by the names of their fields."""
    kind = type(value)
    speller = _FOUND.get(kind) or _find_speller(kind)
    return speller(value)


def decoded(as_type: type[T], text: str) -> T:
    """What `canonical` spelled, read back as `as_type`."""
    found: T = _adapter(as_type).validate_json(text)
    return found


def _adapter(as_type: type[Any]) -> TypeAdapter[Any]:
    if as_type not in _ADAPTERS:
        _ADAPTERS[as_type] = TypeAdapter(as_type)
    return _ADAPTERS[as_type]


def _find_speller(kind: type[Any]) -> Callable[[Any], Plain]:
    """How values of one type are spelled; found once for each type."""
    _FOUND[kind] = _speller(kind)
    return _FOUND[kind]


def _speller(kind: type[Any]) -> Callable[[Any], Plain]:
    for known, speller in _SPELLERS.items():
        if issubclass(kind, known):
            return speller
    if is_dataclass(kind):
        names = tuple(field.name for field in fields(kind))
        return lambda value: {name: plain(getattr(value, name)) for name in names}
    named = getattr(kind, "_fields", None)
    if named is not None:
        return lambda value: {
            name: each if type(each) is str or each is None else plain(each)
            for name, each in zip(named, value, strict=True)
        }
    if issubclass(kind, tuple | list):
        return lambda values: [plain(value) for value in values]
    raise TypeError(f"{kind.__name__} has no canonical spelling: give it one in canonical.py")


def _itself(value: Plain) -> Plain:
    return value


_SPELLERS: Final[dict[type[Any], Callable[[Any], Plain]]] = {
    Enum: lambda value: str(value.value),
    str: _itself,
    int: _itself,
    NoneType: _itself,
    Decimal: exact,
    datetime: instant,
    date: date.isoformat,
    orjson.Fragment: _itself,
    dict: lambda value: {str(key): plain(each) for key, each in value.items()},
}
_FOUND: Final[dict[type[Any], Callable[[Any], Plain]]] = {}
_ADAPTERS: Final[dict[type[Any], TypeAdapter[Any]]] = {}
