"""How a pattern is compared with an item."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, Final, NamedTuple, TypeVar

from stories.moments import local
from stories.view import Item, Values

P = TypeVar("P")
PARTIAL: Final = frozenset({"extinguished_later"})
"""The lists that need not be whole."""


class Difference(NamedTuple):
    """A key whose value is not the one expected."""

    key: str
    expected: object
    derived: object


def differences(pattern: Values, values: Mapping[str, Any], zone: tzinfo) -> list[Difference]:
    """Where an item differs from a pattern; empty where it fits."""
    return [
        Difference(key, expected, values.get(key))
        for key, expected in pattern.items()
        if not _fits(key, expected, values.get(key), zone)
    ]


def innermost(found: Difference, zone: tzinfo) -> list[Difference]:
    """A difference, taken apart as far as both sides have the same parts."""
    match found.expected, found.derived:
        case dict() as expected, Mapping() as derived:
            inner = [
                each._replace(key=f"{found.key}.{each.key}")
                for each in differences(expected, derived, zone)
            ]
        case list() | tuple() as expected, list() as derived if len(expected) == len(derived):
            inner = [
                Difference(f"{found.key}[{place}]", one, each)
                for place, (one, each) in enumerate(zip(expected, derived, strict=True))
                if not _fits("", one, each, zone)
            ]
        case _:
            return [found]
    return [each for one in inner for each in innermost(one, zone)]


def unmatched(patterns: Sequence[Values], items: Sequence[Item], zone: tzinfo) -> list[Values]:
    """The patterns for which no item is left, each item taken once."""
    pairs = assigned(patterns, items, lambda one, item: not differences(one, item.values, zone))
    return [pattern for place, pattern in enumerate(patterns) if place not in pairs]


def nearest(pattern: Values, items: Sequence[Item], zone: tzinfo) -> Item | None:
    """The item that differs least, its movement and what it is counting before the rest."""

    def distance(item: Item) -> tuple[bool, int]:
        wrong = {each.key for each in differences(pattern, item.values, zone)}
        return bool(wrong & {"article", "code", "situation"}), len(wrong)

    same = [
        item
        for item in items
        if "movement" not in pattern or pattern["movement"] in item.values.get("movement", ())
    ]
    return min(same or items, key=distance, default=None)


def assigned(
    patterns: Sequence[P], items: Sequence[Any], fits: Callable[[P, Any], bool]
) -> dict[int, int]:
    """An item of its own for as many patterns as can be: place of pattern to place of item."""
    taken_by: dict[int, int] = {}

    def place(pattern: int, tried: set[int]) -> bool:
        for item, each in enumerate(items):
            if item not in tried and fits(patterns[pattern], each):
                tried.add(item)
                if item not in taken_by or place(taken_by[item], tried):
                    taken_by[item] = pattern
                    return True
        return False

    for pattern in range(len(patterns)):
        place(pattern, set())
    return {pattern: item for item, pattern in taken_by.items()}


def _fits(key: str, expected: object, derived: object, zone: tzinfo) -> bool:
    match expected, derived:
        case dict(), Mapping():
            return not differences(expected, derived, zone)
        case list() | tuple(), list():
            pairs = assigned(expected, derived, lambda one, each: _fits("", one, each, zone))
            whole = key in PARTIAL or len(expected) == len(derived)
            return whole and len(pairs) == len(expected)
        case str(), tuple():
            return expected in derived
        case datetime(), datetime():
            return (local(expected, zone) if expected.tzinfo else expected) == derived
        case date(), datetime():
            return expected == derived.date()
        case _:
            return expected == derived
