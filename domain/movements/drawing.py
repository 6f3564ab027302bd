"""What successors draw from a movement's lines, and when (D5, D7)."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.case import Authorisation, Case
from domain.facts.fact import Rank
from domain.facts.values import Line
from domain.movements.account import TOLERANCE, Event, Taken, happening
from domain.outline import (
    CONFISCATED,
    DECIDED,
    LEAVING,
    LIFTED,
    NONE,
    SEIZED,
    Disposal,
    Mark,
    Outline,
)

ACCEPTED: Final = "accepted"
RELEASED: Final = "released"
EXITED: Final = "exited"
FELL: Final = "fell"
BY_CUSTOMS: Final = (SEIZED, CONFISCATED)


def products_per_input(case: Case, goods: Outline) -> Decimal:
    """The rate of yield under which products of these goods are counted; one without any."""
    granted = _authorisation(case, goods)
    return (granted.granted.products_per_input if granted else None) or Decimal(1)


def yield_cites(case: Case, goods: Outline) -> tuple[str, ...]:
    """The report of the authorisation that fixes the rate of yield."""
    granted = _authorisation(case, goods)
    return (granted.cite,) if granted else ()


def _authorisation(case: Case, goods: Outline) -> Authorisation | None:
    name = goods.particulars.authorisation if goods.particulars else None
    return case.reference.authorisations.get(name or "")


def confirmed(successor: Outline, goods: Outline) -> bool:
    """Whether the link of a successor takes effect: customs confirmed it, or it is told by a
    source that may speak for the office of the goods.
    """
    return successor.confirmed or successor.office == goods.office


def drawn_lines(successor: Outline, goods: Outline) -> list[tuple[int, int, Line]]:
    """The lines of a successor drawn from these goods: its number, ours, and the line."""
    return [
        (number, line.previous_line, line)
        for number, line in successor.lines
        if line.previous in goods.names
    ]


def drawn_quantity(case: Case, goods: Outline, successor: Outline, number: int) -> Decimal:
    """How much of our line a line of a successor draws, in our unit."""
    line = successor.line(number)
    return _drawn(case, goods, successor, number, line) if line else NONE


def drawn_from(case: Case, goods: Outline, successor: Outline, ours: int) -> Decimal:
    """How much all lines of a successor draw of our line, in our unit."""
    return sum(
        [
            _drawn(case, goods, successor, number, line)
            for number, at, line in drawn_lines(successor, goods)
            if at == ours
        ],
        NONE,
    )


def presented_since(
    case: Case, goods: Outline, receiving: Iterable[Outline], ours: int, at: datetime
) -> Decimal:
    """How much of our line those who receive it presented from an instant on, in our unit."""
    late = (other for other in receiving if other.released and other.released.at >= at)
    return sum((drawn_from(case, goods, other, ours) for other in late), NONE)


def _drawn(case: Case, goods: Outline, successor: Outline, number: int, line: Line) -> Decimal:
    quantity = successor.there(number, line)
    return quantity / products_per_input(case, goods) if line.processed else quantity


def draws(case: Case, goods: Outline, successor: Outline) -> list[Event]:
    """The stages that a successor reaches on each line, as events of that line."""
    accepted, fell = successor.accepted, successor.fell
    if not confirmed(successor, goods) or (fell and accepted and fell.at == accepted.at):
        return []
    found = []
    stages = _stages(successor, fell)
    for number, ours, line in drawn_lines(successor, goods):
        quantity = _drawn(case, goods, successor, number, line)
        yield_of = yield_cites(case, goods) if line.processed else ()
        for stage, rank, mark in stages:
            taken = Taken(stage, successor, quantity)
            cites = (mark.cite, *yield_of)
            found.append(
                happening(
                    (mark.at, rank, True, successor.movement, cites, mark.by_day, ours, taken)
                )
            )
        for act in successor.disposals:
            if act.stage != LIFTED and (much := disposed(case, goods, successor, number, act)):
                taken = Taken(act.stage, successor, much)
                rank = Rank.SEIZURE if act.stage in BY_CUSTOMS else Rank.DISPOSAL
                found.append(
                    Event(
                        act.at, rank, True, successor.movement, (*act.uses, act.cite), act.by_day,
                        ours, taken,
                    )
                )  # fmt: skip
    return found


def _stages(successor: Outline, fell: Mark | None) -> list[tuple[str, int, Mark]]:
    """The stages that a predecessor hears of; what gives quantity back comes first at one
    instant.
    """
    leaves = successor.kind in LEAVING
    reached = (
        (ACCEPTED, Rank.ACCEPTANCE, successor.accepted),
        (RELEASED, Rank.RELEASE, None if leaves else successor.released),
        (EXITED, Rank.END, successor.exited if leaves else None),
        (FELL, 0, fell),
    )
    return [(stage, rank, mark) for stage, rank, mark in reached if mark]


def disposed(
    case: Case, goods: Outline, successor: Outline, number: int, act: Disposal
) -> Decimal | None:
    """How much of our line an act on a successor's goods is about, in our unit; `None` where it is
    about other goods, or about more than the successor draws.
    """
    if act.line not in (None, number) or act.drawn_by not in (None, *successor.names):
        return None
    if act.shortage is not None:
        return None
    drawn = drawn_quantity(case, goods, successor, number)
    line = successor.line(number)
    if act.quantity is None or line is None:
        return drawn
    much = act.quantity / products_per_input(case, goods) if line.processed else act.quantity
    return min(much, drawn) if much - drawn <= TOLERANCE else None


def holds_until_released(successor: Outline) -> bool:
    """Whether a declaration keeps its hold on goods, judged by all that is known: it did not
    fall. What leaves meets no time limit by being declared.
    """
    return successor.kind not in LEAVING and successor.fell is None


def about_drawn(
    case: Case, goods: Outline, act: Disposal, number: int, successor: Outline
) -> Decimal:
    """How much of what a successor has drawn from a line of these goods an act on them is about:
    all of it without a quantity, the quantity where the act names the successor, and else what is
    more than the rest of the line that is not gone, after what acts of its sort before it were
    about. An act on more than there is has no effect; where it is on more than what was removed
    leaves, some of that was found again, and nothing of it is counted.
    """
    if act.line not in (None, number) or act.shortage:
        return NONE
    if act.drawn_by not in (None, *successor.names):
        return NONE
    drawn = drawn_from(case, goods, successor, number)
    if act.quantity is None:
        return drawn
    if act.drawn_by is not None:
        return act.quantity if act.quantity - drawn <= TOLERANCE else NONE
    whole, first = goods.quantity(number), _told_before(goods, act, number)
    last = first + act.quantity
    gone = [
        (each.strayed, each.quantity)
        for each in goods.gone
        if each.at <= act.at and each.line in (None, number)
        if each.quantity is not None and each.drawn_by is None
    ]
    whole -= sum([much for strays, much in gone if not strays], NONE)
    if last - whole > TOLERANCE:
        return NONE
    strayed = sum([much for strays, much in gone if strays], NONE)
    rest = max(whole - drawn - (strayed if last + strayed <= whole else NONE), NONE)
    return min(max(last - rest, NONE), drawn) - min(max(first - rest, NONE), drawn)


def gone_of(
    case: Case, goods: Outline, number: int, successor: Outline, since: datetime, until: datetime
) -> list[tuple[Decimal, str]]:
    """How much of what a successor has drawn from a line of these goods was removed, lost or found
    missing there in a time, and the reports: where they name it, or as far as no other can be
    meant, since they are more than the rest of the line.
    """
    found, before = list[tuple[Decimal, str]](), NONE
    drawn = drawn_from(case, goods, successor, number)
    rest = max(goods.quantity(number) - drawn, NONE)
    for each in goods.gone:
        if each.line not in (None, number) or each.at > until:
            continue
        much = NONE
        if each.drawn_by is not None:
            much = drawn if each.quantity is None else each.quantity
            much = much if each.drawn_by in successor.names else NONE
        elif each.quantity is not None:
            much = max(before + each.quantity - rest, NONE) - max(before - rest, NONE)
            before += each.quantity
        if each.at >= since and min(much, drawn):
            found.append((min(much, drawn), each.cite))
    return found


def _told_before(goods: Outline, act: Disposal, number: int) -> Decimal:
    """How much of a line such an act finds taken already: nothing is decided on twice, and what is
    seized or decided on is not seized.
    """
    sums = dict.fromkeys((SEIZED, LIFTED, CONFISCATED), NONE)
    for other in goods.disposals:
        if other == act:
            break
        if other.line in (None, number) and not (other.drawn_by or other.shortage):
            sort = CONFISCATED if other.stage in DECIDED else other.stage
            sums[sort] += goods.quantity(number) if other.quantity is None else other.quantity
    if act.stage == SEIZED:
        return max(sums[SEIZED] - sums[LIFTED], sums[CONFISCATED])
    return sums[CONFISCATED if act.stage in DECIDED else LIFTED]


def forfeited(case: Case, goods: Outline, successor: Outline, ours: int) -> tuple[Disposal, ...]:
    """What was confiscated, abandoned or destroyed of what a successor drew from our line, before
    its release: customs invalidate the declaration for it (Article 198(2)). Each states its
    quantity in our unit.
    """
    if not goods.disposals and not successor.disposals:
        return ()
    found = [
        act._replace(quantity=much)
        for act in goods.disposals
        if (much := about_drawn(case, goods, act, ours, successor))
    ]
    for number, line, _ in drawn_lines(successor, goods):
        if line == ours:
            found += [
                act._replace(quantity=theirs)
                for act in successor.disposals
                if (theirs := disposed(case, goods, successor, number, act)) is not None
            ]
    released = successor.released
    return tuple(
        act
        for act in sorted(found, key=lambda act: (act.at, act.cite))
        if act.stage in DECIDED and (released is None or act.at <= released.at)
    )
