"""What successors draw from a movement's lines, and when (D5, D7)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from domain.case import Case
from domain.facts.fact import Rank
from domain.facts.values import Kind, Line
from domain.movements.account import Event, Taken
from domain.outline import Outline

ACCEPTED: Final = "accepted"
RELEASED: Final = "released"
EXITED: Final = "exited"
FELL: Final = "fell"
SEIZED: Final = "seized"
CONFISCATED: Final = "confiscated"
STAGES: Final = {
    ACCEPTED: Rank.ACCEPTANCE,
    RELEASED: Rank.RELEASE,
    EXITED: Rank.END,
    SEIZED: Rank.SEIZURE,
    CONFISCATED: Rank.SEIZURE,
    FELL: 0,
}
"""The stages that a predecessor hears of; what gives quantity back comes first at one instant."""


def products_per_input(case: Case, goods: Outline) -> Decimal:
    """The rate of yield under which products of these goods are counted; one without any."""
    name = goods.particulars.authorisation if goods.particulars else None
    granted = case.reference.authorisations.get(name or "")
    return (granted.granted.products_per_input if granted else None) or Decimal(1)


def confirmed(successor: Outline, goods: Outline) -> bool:
    """Whether the link of a successor takes effect: customs confirmed it, or it is told by a
    source that may speak for the office of the goods.
    """
    return successor.confirmed or successor.office == goods.office


def drawn_lines(successor: Outline, goods: Outline) -> Iterator[tuple[int, int, Line]]:
    """The lines of a successor drawn from these goods: its number, ours, and the line."""
    for number, line in successor.lines:
        if line.previous in goods.names:
            yield number, line.previous_line, line


def drawn_quantity(case: Case, goods: Outline, successor: Outline, number: int) -> Decimal:
    """How much of our line a line of a successor draws, in our unit."""
    line = successor.line(number)
    quantity = successor.quantity(number)
    if line and line.processed:
        return quantity / products_per_input(case, goods)
    return quantity


def draws(case: Case, goods: Outline) -> Iterator[Event]:
    """The stages that successors reach on each line, as events of that line."""
    for successor in case.successors:
        if not confirmed(successor, goods):
            continue
        fell = successor.fell
        if fell and successor.accepted and fell.at == successor.accepted.at:
            continue
        for number, ours, _ in drawn_lines(successor, goods):
            quantity = drawn_quantity(case, goods, successor, number)
            for stage, rank in STAGES.items():
                mark = getattr(successor, stage)
                if mark and _heard(successor, stage):
                    taken = Taken(stage, successor, quantity)
                    yield Event(
                        mark.at, rank, True, successor.movement, (mark.cite,), mark.by_day, ours,
                        taken,
                    )  # fmt: skip


def _heard(successor: Outline, stage: str) -> bool:
    """Goods are re-exported when they leave, and placed when they are released."""
    leaves = successor.kind in (Kind.RE_EXPORT, Kind.EXPORT, Kind.EXIT)
    if stage == RELEASED:
        return not leaves
    return stage != EXITED or leaves


def holds_until_released(successor: Outline, goods: Outline) -> bool:
    """Whether a declaration keeps its hold on goods, judged by all that is known: it did not
    fall, and the goods were not confiscated before its release (Article 198(2)).
    """
    if successor.kind in (Kind.RE_EXPORT, Kind.EXPORT, Kind.EXIT):
        return False
    taken = [mark for mark in (goods.confiscated, successor.confiscated) if mark]
    confiscated = min(taken, default=None)
    before = confiscated and not (successor.released and successor.released.at < confiscated.at)
    return successor.fell is None and not before
