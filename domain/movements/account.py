"""The ledger of one line while legal time is walked.

Quantity is conserved by construction (D7): nothing is added to a ledger or taken from it, only
moved between slots. A slot is a situation and, where a successor holds the goods, that successor.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from domain.because import Because
from domain.facts.fact import Fact
from domain.facts.values import Line
from domain.folds import copied, shared
from domain.outline import Outline
from domain.records import maker
from domain.situation import Situation
from domain.timeline import Deadline, Mode, Part, Position

NONE: Final = Decimal(0)
TOLERANCE: Final = Decimal("0.00001")
"""Quantities have six decimals at most; what a rate of yield leaves below this is no quantity."""


class Slot(NamedTuple):
    """A place in the ledger: a situation, the successor that holds the goods there, and the
    person to whom the rights and obligations for them were transferred (Article 218).
    """

    situation: Situation
    drawn_by: str | None = None
    holder: str | None = None


FREE: Final = {situation: Slot(situation) for situation in Situation}
"""What nobody has drawn, and the first holder still has."""


def undrawn(situation: Situation, holder: str | None) -> Slot:
    """Where a holder has what nobody has drawn."""
    return Slot(situation, None, holder) if holder else FREE[situation]


Moved = Mapping[Slot, Decimal]
"""How much of each slot an act moved."""


def whole(moved: Moved) -> Decimal:
    """All that an act moved."""
    return sum(moved.values(), NONE)


class Taken(NamedTuple):
    """A successor that draws `quantity`, in our unit, from a line reaches a stage."""

    stage: str
    by: Outline
    quantity: Decimal


class Expired(NamedTuple):
    """The last day of a clock is over."""

    deadline: Deadline


class Event(NamedTuple):
    """One thing that happens to a movement at one instant."""

    at: datetime
    rank: int
    other: bool
    source: str
    cites: tuple[str, ...]
    by_day: bool
    line: int | None
    what: Fact | Taken | Expired


Place = tuple[int, str, str]
"""Where a part stands among the parts of its line."""
Written = tuple[
    datetime, tuple[tuple[Slot, Decimal], ...], Decimal, tuple[str, ...], tuple[str, ...]
]
"""A position as the walk writes it: its start, the ledger, what is overdue, provisions, reports."""


class Account:
    """The ledger of one line, and its positions so far.

    `touched` is shared by the accounts of a movement: the lines whose ledger changed.
    """

    def __init__(
        self, number: int, line: Line, never_there: Decimal, kind: str, touched: list[int]
    ) -> None:
        self.number, self.line, self.kind, self.touched = number, line, kind, touched
        self.slots: dict[Slot, Decimal] = {}
        self.overdue = NONE
        self.entered: dict[Slot, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self.written: list[Written] = []
        self.modes: list[Mode] = []
        declared = line.quantity
        gone = min(never_there, declared)
        if declared > gone:
            self.slots[FREE[Situation.AWAITED]] = declared - gone
        if gone:
            self.slots[FREE[Situation.NEVER_THERE]] = gone

    def copied(self, touched: list[int]) -> "Account":
        """The same account of another walk, whose touched lines are these."""
        twin = copied(self)
        twin.touched = touched
        return twin

    @property
    def quantity(self) -> Decimal:
        """What was declared."""
        return self.line.quantity

    def held(self, *situations: Situation) -> Decimal:
        """What is in these situations, drawn by a successor or not."""
        return sum([much for slot, much in self.slots.items() if slot[0] in situations], NONE)

    def drawn(self, situation: Situation, by: str | None) -> Decimal:
        """What one successor holds in one situation; `None`: what nobody has drawn."""
        return sum(
            [much for (at, who, _), much in self.slots.items() if at is situation and who == by],
            NONE,
        )

    def shares(self, *situations: Situation) -> dict[str, Decimal]:
        """What each successor has drawn in these situations."""
        found: dict[str, Decimal] = {}
        for slot, much in self.slots.items():
            if slot.drawn_by and slot.situation in situations:
                found[slot.drawn_by] = found.get(slot.drawn_by, NONE) + much
        return found

    def holders(self, *situations: Situation) -> set[str | None]:
        """The persons to whom goods in these situations were transferred; `None`: nobody."""
        return {slot.holder for slot in self.slots if slot.situation in situations}

    def move(
        self, event: Event, quantity: Decimal, source: Slot, target: Slot, *articles: str
    ) -> bool:
        """Move `quantity` between slots, or nothing at all where the source holds less."""
        slots = self.slots
        there = slots.get(source, NONE)
        if quantity is not there:
            if quantity <= NONE or quantity - there > TOLERANCE:
                return quantity <= NONE
            quantity = there if abs(there - quantity) <= TOLERANCE else quantity
        if not quantity:
            return True
        if quantity is there:
            del slots[source]
        else:
            slots[source] = there - quantity
        if target not in slots:
            self.entered[target] = (articles, event.cites)
        slots[target] = slots.get(target, NONE) + quantity
        self._write(event.at, articles, event.cites)
        return True

    def move_all(
        self,
        event: Event,
        sources: tuple[Situation, ...],
        target: Situation,
        *articles: str,
        drawn_by: str | None = None,
    ) -> Moved:
        """Move everything in `sources`, or only what one successor has drawn there."""
        moved = {}
        for slot, much in tuple(self.slots.items()):
            if slot.situation in sources and (drawn_by is None or slot.drawn_by == drawn_by):
                self.move(event, much, slot, undrawn(target, slot.holder), *articles)
                moved[slot] = much
        return moved

    def move_some(
        self,
        event: Event,
        quantity: Decimal,
        sources: tuple[Situation, ...],
        target: Situation,
        *articles: str,
        drawn_by: str | None = None,
    ) -> Moved:
        """Move `quantity` out of `sources` in their order, or nothing where they hold less.

        Unless it names a successor it takes what nobody has drawn first, and of that what the
        first holder still has.
        """
        slots = [
            slot
            for source in sources
            for slot in sorted(self.slots, key=_undrawn_first)
            if slot.situation is source and (drawn_by is None or slot.drawn_by == drawn_by)
        ]
        if quantity - sum([self.slots[slot] for slot in slots], NONE) > TOLERANCE:
            return {}
        moved: dict[Slot, Decimal] = {}
        left = quantity
        for slot in slots:
            if much := min(left, self.slots[slot]):
                self.move(event, much, slot, undrawn(target, slot.holder), *articles)
                moved[slot] = much
                left -= much
        return moved

    def draw(
        self,
        event: Event,
        taken: Taken,
        ways: Mapping[Situation, Situation],
        *articles: str,
    ) -> bool:
        """Give a successor what it draws, from the first situation that has enough.

        Goods whose rights were transferred to the successor's own person come first.
        """
        wanted, by = taken.quantity, taken.by
        for source, target in ways.items():
            for holder in (by.person, None):
                here = undrawn(source, holder)
                free = self.slots.get(here)
                if free is not None and wanted - free <= TOLERANCE:
                    way = Slot(target, by.movement, holder)
                    return self.move(event, min(wanted, free), here, way, *articles)
        return not wanted

    def pass_on(
        self,
        event: Event,
        taken: Taken,
        sources: tuple[Situation, ...],
        target: Situation,
        *articles: str,
    ) -> Decimal:
        """Move on what a successor has drawn, where it has, and remember who took it; how much.

        The slot that it goes to is shared: a warehouse may have thousands of successors.
        """
        by, left = taken.by.movement, taken.quantity
        for slot, there in tuple(self.slots.items()):
            if slot.drawn_by == by and slot.situation in sources and left:
                much = min(there, left)
                self.move(event, much, slot, undrawn(target, slot.holder), *articles)
                left -= much
        if moved := taken.quantity - left:
            self._taken(event, by, moved, target, articles)
        return moved

    def pass_on_seized(
        self, event: Event, taken: Taken, quantity: Decimal, target: Situation, *articles: str
    ) -> None:
        """The same of what customs had seized of it, and have released with the rest."""
        self.move_some(event, quantity, (Situation.DEEMED_WAREHOUSE,), target, *articles)
        self._taken(event, taken.by.movement, quantity, target, articles)

    def _taken(
        self, event: Event, by: str, much: Decimal, target: Situation, articles: tuple[str, ...]
    ) -> None:
        because = Because(self.kind, articles, event.cites)
        self.modes.append(Mode(self.number, event.at, target, by, much, because))

    def give_back(
        self, event: Event, taken: Taken, source: Situation, target: Situation, *articles: str
    ) -> None:
        """Undo a draw."""
        by = taken.by.movement
        for slot, there in self.slots.items():
            if slot.drawn_by == by and slot.situation is source:
                much = min(there, taken.quantity)
                self.move(event, much, slot, undrawn(target, slot.holder), *articles)
                return

    def late(self, event: Event, quantity: Decimal, *articles: str) -> None:
        """So much is overdue from now on."""
        if quantity != self.overdue:
            self.overdue = quantity
            self.tell(event, *articles)

    def begin(self, at: datetime, article: str, cite: str) -> None:
        """Write the first position: what the opening act declares."""
        self._write(at, (article,), (cite,))

    def tell(self, event: Event, *articles: str) -> None:
        """Write the position that starts with this event."""
        self._write(event.at, articles, event.cites)

    def _write(self, at: datetime, articles: tuple[str, ...], cites: tuple[str, ...]) -> None:
        """A position rests on what happens now, and on what brought each part to its place."""
        self.touched.append(self.number)
        for entered in map(self.entered.get, self.slots):
            if entered:
                articles, cites = entered[0] + articles, entered[1] + cites
        written = self.written
        if written and written[-1][0] >= at:
            last = written.pop()
            articles = tuple(dict.fromkeys(last[3] + articles))
            cites = tuple(dict.fromkeys(last[4] + cites))
        written.append((at, tuple(self.slots.items()), self.overdue, articles, cites))

    def positions(self, before: "Ledger | None" = None) -> list[Position]:
        """The positions of the line, each ending where the next begins.

        What stays as it is from one to the next is the same part; as far as the ledger begins
        with what was written `before`, its positions are the same.
        """
        same = max(shared(before.written, self.written) - 1, 0) if before else 0
        found, end = [], None
        known: dict[Slot, tuple[Place, Part]] = {}
        for start, held, overdue, articles, cites in reversed(self.written[same:]):
            parts = (
                (_part((*held[0][0], held[0][1])),) if len(held) == 1 else _together(held, known)
            )
            reasons = self.kind, tuple(dict.fromkeys(articles)), tuple(dict.fromkeys(cites))
            found.append(_position((self.number, start, end, parts, overdue, _because(reasons))))
            end = start
        found.reverse()
        return [*before.positions[:same], *found] if before else found


class Ledger(NamedTuple):
    """What was written of a line, and the positions that were read off it."""

    written: list[Written]
    positions: list[Position]


def _together(
    held: tuple[tuple[Slot, Decimal], ...], known: dict[Slot, tuple[Place, Part]]
) -> tuple[Part, ...]:
    """The parts of a line in their order; `known` are those of the position behind it."""
    for slot, much in held:
        if slot not in known or known[slot][1].quantity is not much:
            known[slot] = _place(slot), _part((*slot, much))
    return tuple([part for _, part in sorted([known[slot] for slot, _ in held])])


happening = maker(Event)
"""What makes an event."""
_part, _position, _because = maker(Part), maker(Position), maker(Because)
_PLACES: Final = {situation: place for place, situation in enumerate(Situation)}


def _place(slot: Slot) -> Place:
    """Where a part stands among the parts of its line."""
    return _PLACES[slot.situation], slot.drawn_by or "", slot.holder or ""


def _undrawn_first(slot: Slot) -> tuple[str, str]:
    return slot.drawn_by or "", slot.holder or ""
