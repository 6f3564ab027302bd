"""One spelling for everything that the read models store, so that equal means the same bytes."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, TypeVar

import orjson
from pydantic import TypeAdapter

T = TypeVar("T")
Plain = dict[str, Any] | list[Any] | str | int | bool | None
HOW: Final = (
    orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
)


def canonical(value: object) -> str:
    """JSON with sorted keys: records as objects by the names of their fields, decimals as strings,
    instants in UTC, days as they are written. Raises `TypeError` for what has no spelling.
    """
    return orjson.dumps(value, default=_spelled, option=HOW).decode()


def plain(value: object) -> Plain:
    """`value` in the types of JSON, each spelled as `canonical` does."""
    found: Plain = orjson.loads(canonical(value))
    return found


def exact(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros: equal numbers are equal strings."""
    text = str(value)
    if text.isdigit():
        return text
    if "E" in text:
        text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=8_192)
def instant(at: datetime) -> str:
    """An instant in UTC, always to the microsecond: the order of the strings is that of time."""
    moment = at if at.tzinfo is UTC else at.astimezone(UTC)
    return f"{moment.isoformat(timespec='microseconds')[:-6]}Z"


def since(text: str) -> datetime:
    """The instant that `instant` spelled."""
    return datetime.fromisoformat(text)


def decoded(as_type: type[T], text: str) -> T:
    """What `canonical` spelled, read back as `as_type`."""
    if as_type not in _ADAPTERS:
        _ADAPTERS[as_type] = TypeAdapter(as_type)
    found: T = _ADAPTERS[as_type].validate_json(text)
    return found


def _spelled(value: object) -> object:
    """What JSON has no type for, one level at a time."""
    return _SPELLERS[type(value)](value)


class _Spellers(dict[type[Any], Callable[[Any], object]]):
    """How values of each type are spelled; found once for each type."""

    def __missing__(self, kind: type[Any]) -> Callable[[Any], object]:
        self[kind] = found = _speller(kind)
        return found


def _speller(kind: type[Any]) -> Callable[[Any], object]:
    for known in (Decimal, datetime, date):
        if issubclass(kind, known):
            return _SPELLERS[known]
    if is_dataclass(kind):
        names = tuple(field.name for field in fields(kind))
        told = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
        return lambda value: dict(zip(names, told(value), strict=True))
    named = getattr(kind, "_fields", None)
    if named is not None:
        return lambda value: dict(zip(named, value, strict=True))
    raise TypeError(f"{kind.__name__} has no canonical spelling: give it one in canonical.py")


_SPELLERS: Final = _Spellers({Decimal: exact, datetime: instant, date: date.isoformat})
_ADAPTERS: Final[dict[type[Any], TypeAdapter[Any]]] = {}
