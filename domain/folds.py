"""What is read off things in their order, kept on the way: where more come, it goes on from there.

What comes late changes what is near the end, so a state is kept some way before it.
"""

from collections.abc import Callable, Sequence
from copy import copy
from itertools import compress, count
from operator import is_not
from typing import Final, Generic, NamedTuple, TypeVar

T = TypeVar("T")
S = TypeVar("S")
TAIL: Final = 200
"""How many things before the last one a state is kept."""


class Kept(NamedTuple, Generic[T, S]):
    """The state behind some things."""

    things: Sequence[T]
    state: S


def folded(
    things: Sequence[T],
    before: Kept[T, S] | None,
    fresh: Callable[[], S],
    take: Callable[[S, T], None],
) -> tuple[S, Kept[T, S]]:
    """The state behind all things that `take` was given in turn, and one to keep; from `before`,
    where they begin with the very same things, else from a `fresh` one.
    """
    state, taken = fresh(), 0
    if before and shared(before.things, things) == len(before.things):
        state, taken = copied(before.state), len(before.things)
    place = max(len(things) - TAIL, taken)
    for each in things[taken:place]:
        take(state, each)
    kept = Kept(things[:place], copied(state))
    for each in things[place:]:
        take(state, each)
    return state, kept


def shared(before: Sequence[object], now: Sequence[object]) -> int:
    """With how many things both begin that are the very same, not only equal."""
    differ = compress(count(), map(is_not, before, now))
    return next(differ, min(len(before), len(now)))


def copied(thing: T) -> T:
    """A copy that shares what its attributes hold, but for lists, dicts and sets: these are its
    own, whatever they are called, so that none can be forgotten.
    """
    twin = copy(thing)
    for name, value in vars(thing).items():
        if isinstance(value, list | dict | set):
            setattr(twin, name, value.copy())
    return twin
