"""What is derived of the facts of one stream, kept for as long as there are no more of them.

Reference data hardly ever changes, and every case reads it.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from domain.facts.fact import Told

T = TypeVar("T")


class Facts(list[Told]):
    """The facts of a stream as they come in, with what `derived` made of them."""

    __slots__ = ("made",)

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[Any, tuple[int, Any]] = {}
        """By who made it and of what else: how many facts there were, and what it made."""


def derived(make: Callable[..., T], told: Sequence[Told], *more: str) -> T:
    """`make(told, *more)`, a pure function of facts that are only ever added to."""
    if not isinstance(told, Facts):
        return make(told, *more)
    found = told.made.get((make, *more))
    if found is None or found[0] != len(told):
        found = told.made[make, *more] = len(told), make(told, *more)
    made: T = found[1]
    return made
