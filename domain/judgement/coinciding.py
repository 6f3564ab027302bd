"""Which of the goods that a debt is about a neighbour had, and what customs confiscated of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple, Protocol

from domain.movements.account import NONE
from domain.movements.drawing import (
    about_drawn,
    confirmed,
    disposed,
    drawn_lines,
    drawn_quantity,
    products_per_input,
)
from domain.movements.incurred import Incurred
from domain.movements.walk import Walk
from domain.outline import DECIDED, Disposal, Outline


class Seized(NamedTuple):
    """A seizure, its end, or what decided on goods, and how much of each line of a debt it is
    about; `uses` are the reports that it rests on.

    `falls` says that a declaration covered the goods and fell with it (Article 198(2)).
    """

    stage: str
    at: datetime
    cite: str
    uses: tuple[str, ...]
    goods: dict[int, Decimal]
    falls: bool


def coinciding(walk: Walk, debt: Incurred) -> dict[str, dict[int, Decimal]]:
    """How much of the goods of a debt each successor had drawn at the breach or, where a time
    limit ran out on them, has drawn since: by its name and our line. Where a time limit ran out,
    what a declaration that fell had drawn can be drawn again: it leaves it to the others.
    """
    shares, free = dict(debt.shares), dict(debt.struck)
    fell = {other.movement for other in walk.case.successors if debt.late and other.fell}
    for (line, by), much in shares.items():
        if by not in fell:
            free[line] = free.get(line, NONE) - much
    found: dict[str, dict[int, Decimal]] = {}
    for at, other in _declared(walk):
        for number, ours, _ in drawn_lines(other, walk.own):
            key = ours, other.movement
            if ours not in debt.struck or (other.movement, ours) in walk.overdrawn:
                continue
            drawn = drawn_quantity(walk.case, walk.own, other, number)
            if other.movement in fell:
                owed = other.invalidated is None or other.invalidated.at > debt.at
                much = min(drawn, free[ours]) if owed else NONE
            elif key in shares:
                much = min(drawn, shares[key])
                shares[key] -= much
            elif debt.late and at >= debt.at:
                much = min(drawn, free[ours])
                free[ours] -= much
            else:
                much = NONE
            if much:
                lines = found.setdefault(other.movement, {})
                lines[ours] = lines.get(ours, NONE) + much
    return found


def _declared(walk: Walk) -> list[tuple[datetime, Outline]]:
    """The successors whose declaration was accepted, in that order."""
    found = [
        (other.accepted.at, other)
        for other in walk.case.successors
        if other.accepted and confirmed(other, walk.own)
    ]
    return sorted(found, key=lambda each: (each[0], each[1].movement))


def decisions(walk: Walk, debt: Incurred, stage: str) -> Iterator[Seized]:
    """What was confiscated, abandoned or destroyed, from the breach on, of the goods of a debt."""
    return (each for each in seizures(walk, debt) if each.stage == stage)


def seizures(walk: Walk, debt: Incurred) -> Iterator[Seized]:
    """What customs seized or gave back, and what was decided on, from the breach on, of the goods
    of a debt.
    """
    others = (*walk.case.previous.values(), *walk.case.successors)
    if not walk.own.disposals and not any(other.disposals for other in others):
        return
    hits: Iterator[Hit] = _own(walk, debt)
    if not debt.missing:
        hits = chain(hits, _before(walk, debt), _after(walk, debt))
    left: dict[tuple[str, int], Decimal] = {}
    for hit in sorted(hits, key=lambda each: (each.act.at, each.act.cite)):
        act = hit.act
        if act.at >= debt.at:
            goods = {line: _once(left, hit, line, much) for line, much in hit.goods.items()}
            if some := {line: much for line, much in goods.items() if much}:
                yield Seized(act.stage, act.at, act.cite, act.uses, some, hit.falls)


def _once(left: dict[tuple[str, int], Decimal], hit: "Hit", line: int, much: Decimal) -> Decimal:
    """Of the goods that one successor had, what no act before has decided on."""
    if hit.of is None or hit.act.stage not in DECIDED:
        return much
    key = hit.of, line
    there = left.get(key, hit.had.get(line, NONE))
    left[key] = max(there - much, NONE)
    return min(there, much)


class _Act(Protocol):
    """An act on goods that does not name who has drawn them."""

    @property
    def line(self) -> int | None: ...
    @property
    def quantity(self) -> Decimal | None: ...
    @property
    def shortage(self) -> str | None: ...


def done_with(walk: Walk, debt: Incurred, cite: str, act: _Act) -> dict[int, Decimal]:
    """How much of each line of a debt an own act on goods is about, by its report. One that names
    a shortage is about the goods that were missing by it, and no other is.
    """
    refused = {number for by, number in walk.refused if by == cite}
    if act.shortage is not None:
        named, _ = walk.shortage(act.shortage, cite.partition("/")[0])
        if not debt.missing or named not in debt.gave_rise:
            return {}
    elif debt.missing:
        return {}
    return {
        number: _about(walk, debt, number, cite, much, act.quantity)
        for number, much in debt.struck.items()
        if act.line in (None, number) and number not in refused
    }


def _about(
    walk: Walk, debt: Incurred, number: int, cite: str, much: Decimal, quantity: Decimal | None
) -> Decimal:
    """Of goods that strayed the earlier debts have what acts reach first, and each act what the
    acts before it left; an act that no table hears is taken at its word.
    """
    reached = walk.reached.get((cite, number)) if debt.strayed else None
    if reached is None:
        return much if quantity is None else min(much, quantity)
    first, last = reached
    place = NONE
    for earlier in walk.debts:
        if earlier is debt:
            break
        if earlier.strayed:
            place += earlier.struck.get(number, NONE)
    return max(min(last, place + much) - max(first, place), NONE)


class Hit(NamedTuple):
    """An act, how much of each line of a debt it is about, and whether a declaration falls with it;
    where it is on the goods `of` one successor, how much of each line that had.
    """

    act: Disposal
    goods: Mapping[int, Decimal]
    falls: bool
    of: str | None = None
    had: Mapping[int, Decimal] = MappingProxyType({})


def _own(walk: Walk, debt: Incurred) -> Iterator[Hit]:
    released = walk.own.released
    for act in walk.own.disposals:
        falls = released is None or act.at < released.at
        if act.drawn_by is None or act.shortage:
            yield Hit(act, done_with(walk, debt, act.cite, act), falls)
        elif not debt.missing:
            yield _drawn(walk, debt, act, falls)


def _drawn(walk: Walk, debt: Incurred, act: Disposal, falls: bool) -> Hit:
    """Of what the successor that it names had drawn at the breach or, where a time limit ran out,
    has drawn since.
    """
    by = walk.drawer(act.drawn_by or "")
    other = next((one for one in walk.case.successors if one.movement == by), None)
    since = coinciding(walk, debt).get(by, {}) if debt.late else {}
    had = {
        number: max(debt.shares.get((number, by), NONE), since.get(number, NONE))
        for number in debt.struck
        if other
    }
    goods = {
        number: min(there, about_drawn(walk.case, walk.own, act, number, other))
        for number, there in had.items()
        if other
    }
    return Hit(act, goods, falls, by, had)


def _before(walk: Walk, debt: Incurred) -> Iterator[Hit]:
    """On the movement that the goods are drawn from, before they were released from it."""
    released = walk.own.released
    for goods in walk.case.previous.values():
        for act in goods.disposals:
            if act.shortage is None and (released is None or act.at < released.at):
                yield Hit(act, _of_what_we_drew(walk, debt, goods, act), falls=True)


def _of_what_we_drew(
    walk: Walk, debt: Incurred, goods: Outline, act: Disposal
) -> dict[int, Decimal]:
    hit: dict[int, Decimal] = {}
    left: dict[int, Decimal] = {}
    for number, much in sorted(debt.struck.items()):
        line = walk.own.line(number)
        if line is None or line.previous not in goods.names:
            continue
        theirs = line.previous_line
        told = about_drawn(walk.case, goods, act, theirs, walk.own)
        if told and act.quantity is None:
            hit[number] = much
        elif told:
            rate = products_per_input(walk.case, goods) if line.processed else Decimal(1)
            hit[number] = min(much, left.setdefault(theirs, told) * rate)
            left[theirs] -= hit[number] / rate
    return hit


def _after(walk: Walk, debt: Incurred) -> Iterator[Hit]:
    """On a successor that drew the goods."""
    shares = coinciding(walk, debt) if any(one.disposals for one in walk.case.successors) else {}
    for other in walk.case.successors:
        for act in other.disposals if other.movement in shares else ():
            hit: dict[int, Decimal] = {}
            for number, ours, _ in drawn_lines(other, walk.own):
                much = disposed(walk.case, walk.own, other, number, act)
                had = shares[other.movement].get(ours, NONE)
                hit[ours] = min(had, hit.get(ours, NONE) + (much or NONE))
            yield Hit(act, hit, falls=False, of=other.movement, had=shares[other.movement])
