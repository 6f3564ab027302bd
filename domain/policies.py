"""The switches for points on which the text is open, or leaves a choice to customs (D6)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Final, Self

LONGEST_PAYMENT: Final = 10


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


class EndOfEntrySummary(StrEnum):
    """What ends an entry summary declaration for goods that did not come (Article 129(2)(b))."""

    TIME = "TIME"
    ACT = "ACT"


class MissingFormality(StrEnum):
    """An entry summary or storage declaration that is missing for good (Articles 127, 145)."""

    EXPOSURE = "EXPOSURE"
    DEBT = "DEBT"


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
    entry_summary_ends: an entry summary declaration covers no goods after its 200 days (TIME), or
    covers them until customs invalidate it (ACT).
    missing_formality: a declaration missing at presentation and never put right exposes to a debt
    (EXPOSURE), or is one (DEBT).
    """

    placed_by: Reading = Reading.ACCEPTANCE
    late_extension: LateExtension = LateExtension.NO_EFFECT
    payment_days: int = 10
    rounding: Rounding = Rounding.NONE
    entry_summary_ends: EndOfEntrySummary = EndOfEntrySummary.TIME
    missing_formality: MissingFormality = MissingFormality.EXPOSURE

    def __post_init__(self) -> None:
        if not 0 <= self.payment_days <= LONGEST_PAYMENT:
            raise UnknownPolicy(
                f"policy payment_days cannot be {self.payment_days}: Article 108(1) allows"
                f" {LONGEST_PAYMENT} days at most"
            )

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
