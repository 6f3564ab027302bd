"""What its neighbours may know of a movement: what stands by its own facts alone (D3)."""

from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Final, NamedTuple

from domain.facts.declaration import Particulars
from domain.facts.values import Kind, Line
from domain.law.periods import day_of
from domain.policies import LateExtension, Policies

NONE: Final = Decimal(0)
UNDECLARED = frozenset({Kind.ENTRY, Kind.TEMPORARY_STORAGE, Kind.EXIT})
"""The kinds that no customs or re-export declaration opens; what is done to one is not theirs."""
LEAVING: Final = (Kind.RE_EXPORT, Kind.EXPORT, Kind.EXIT)
"""Goods are re-exported when they leave, and placed when they are released."""
SEIZED = "seized"
CONFISCATED = "confiscated"
LIFTED = "lifted"
DESTROYED = "destroyed"
ABANDONED = "abandoned"
DECIDED = frozenset({CONFISCATED, DESTROYED, ABANDONED})
"""What ends the debts on goods, and the declarations that cover them (Articles 124(1), 198(2))."""


class Mark(NamedTuple):
    """A stage that a movement reached: when, whether only the day is known, who told it."""

    at: datetime
    by_day: bool
    cite: str


class Disposal(NamedTuple):
    """Goods that customs seized, gave back, confiscated or saw destroyed, or that were abandoned to
    the State with their permission: all of them, those of a line, a quantity of it, or what one
    successor drew. `uses` are the reports that the act rests on, `shortage` is the report by which
    the goods were missing.
    """

    stage: str
    at: datetime
    by_day: bool
    cite: str
    line: int | None
    quantity: Decimal | None
    drawn_by: str | None
    uses: tuple[str, ...] = ()
    shortage: str | None = None


class Gone(NamedTuple):
    """Goods of a line that were removed, lost or found missing: a quantity, or all that the
    successor had that the report names in `drawn_by`; without one nobody says whose they were.
    What was removed has `strayed`, so that an act on the line can be about it.
    """

    at: datetime
    cite: str
    line: int | None
    quantity: Decimal | None
    strayed: bool
    drawn_by: str | None


class Extension(NamedTuple):
    """A period that customs extended: when they did, to which day."""

    at: datetime
    end_by: date
    cite: str


class Outline(NamedTuple):
    """What stands by a movement's own facts, and the reports that it rests on.

    `person` is the declarant, carrier or holder who opened it. `confirmed` says that customs
    accepted or confirmed it, so that its links take effect elsewhere (D2).
    """

    movement: str
    names: tuple[str, ...]
    kind: Kind
    office: str | None
    zone: tzinfo
    person: str | None
    lines: tuple[tuple[int, Line], ...]
    particulars: Particulars | None
    opened: Mark
    accepted: Mark | None
    released: Mark | None
    refused: Mark | None
    invalidated: Mark | None
    arrived: Mark | None
    discharged: Mark | None
    exited: Mark | None
    disposals: tuple[Disposal, ...]
    gone: tuple[Gone, ...]
    confirmed: bool
    end_by: date | None
    extensions: tuple[Extension, ...]
    never_there: tuple[tuple[int, Decimal], ...]
    cites: tuple[str, ...]

    @property
    def fell(self) -> Mark | None:
        """Release was refused, or the declaration invalidated, before the goods were released or,
        where they are to leave, had left.
        """
        if self.released is None:
            return min((mark for mark in (self.refused, self.invalidated) if mark), default=None)
        return self.invalidated if self.kind in LEAVING and not self.exited else None

    def line(self, number: int) -> Line | None:
        """The line of that number."""
        for at, line in self.lines:
            if at == number:
                return line
        return None

    def quantity(self, number: int) -> Decimal:
        """What of a line was there from the start: declared, less what never was."""
        line = self.line(number)
        return self.there(number, line) if line else NONE

    def there(self, number: int, line: Line) -> Decimal:
        """The same of a line that is known."""
        gone = NONE
        for at, much in self.never_there:
            if at == number:
                gone += much
        return max(line.quantity - gone, NONE)

    def last_day(self, policies: Policies) -> date | None:
        """The day by which it must be discharged, extensions that have effect included."""
        last = self.end_by
        for extension in self.extensions:
            if last and effective(extension, last, self.zone, policies):
                last = max(last, extension.end_by)
        return last


def effective(extension: Extension, last: date, zone: tzinfo, policies: Policies) -> bool:
    """Whether an extension moves a period that ends on `last` (Articles 257(2), 259(3))."""
    in_time = day_of(extension.at, zone) <= last
    return in_time or policies.late_extension is LateExtension.WORKS_BACK
