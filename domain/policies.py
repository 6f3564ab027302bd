"""The switches for points on which the text is open, or leaves a choice to customs (D6)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Self


class Reading(StrEnum):
    """What it takes to be placed under the next procedure in time (Articles 149 and 215(1))."""

    ACCEPTANCE = "ACCEPTANCE"
    RELEASE = "RELEASE"


class Rounding(StrEnum):
    """How amounts of duty are rounded."""

    NONE = "NONE"
    CENT = "CENT"


class LateExtension(StrEnum):
    """An extension of a period for discharge granted after it expired (Articles 257(2), 259(3))."""

    NO_EFFECT = "NO_EFFECT"
    WORKS_BACK = "WORKS_BACK"


class UnknownPolicy(ValueError):
    """There is no such switch, or it has no such position."""


@dataclass(frozen=True, slots=True)
class Policies:
    """Each switch with its default; `of` reads them by name.

    placed_by: a declaration accepted in time and not fallen since meets the time limit
    (ACCEPTANCE), or only the release does (RELEASE).
    late_extension: whether an extension granted after expiry works back.
    payment_days: the period for payment that customs set, at most ten days (Article 108(1)).
    rounding: the duty of each line exact (NONE) or to the cent, half up (CENT).
    """

    placed_by: Reading = Reading.ACCEPTANCE
    late_extension: LateExtension = LateExtension.NO_EFFECT
    payment_days: int = 10
    rounding: Rounding = Rounding.NONE

    @classmethod
    def of(cls, switches: Mapping[str, object]) -> Self:
        """The defaults with these switches set; raises `UnknownPolicy`."""
        known = {field.name: type(getattr(cls(), field.name)) for field in fields(cls)}
        read = {}
        for name, value in switches.items():
            if name not in known:
                raise UnknownPolicy(f"no policy {name!r}: there are {', '.join(known)}")
            try:
                read[name] = known[name](value)
            except ValueError as wrong:
                raise UnknownPolicy(f"policy {name} cannot be {value!r}") from wrong
        return replace(cls(), **read)

    def spelled(self) -> dict[str, str]:
        """The switches as words, every one of them."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}
