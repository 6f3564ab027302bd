"""What a reader sees of judgements at one instant of legal time, in the words of the patterns.

Instants are spelled as the clock at the movement's office shows them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

from domain.because import Because
from domain.customs_debt import Debt, Extinguished, Interest, Obligation
from domain.judgement.totals import total
from domain.law.periods import day_of
from domain.settle import zone_at
from domain.situation import STANDING
from domain.timeline import Judgement, Part, Position, holds, presumed
from stories.moments import local

Values = dict[str, Any]
_CENT: Final = Decimal("0.01")


class Item(NamedTuple):
    """One item of a block: its values by the keys of its pattern, and why it is said.

    A value that is a tuple of names answers to each of them.
    """

    values: Values
    because: tuple[Because, ...]


def seen(judgements: Sequence[Judgement], as_of: datetime) -> dict[str, list[Item]]:
    """The items of each block."""
    found = {
        block: [
            Item({"movement": one.names} | values, because)
            for one in judgements
            for values, because in items(one, as_of, zone_at(one.office))
        ]
        for block, items in _ITEMS.items()
    }
    if not judgements:
        found["positions"] = [Item(values, because) for values, because in _parts(presumed())]
    return found


def totals(judgements: Iterable[Judgement], as_of: datetime) -> Mapping[str, Decimal]:
    """What is open in each currency, coinciding amounts counted once."""
    return total(((one.movement, debt) for one in judgements for debt in one.debts), as_of)


Told = Iterator[tuple[Values, tuple[Because, ...]]]


def _positions(one: Judgement, as_of: datetime, _: tzinfo) -> Told:
    for position in one.positions_at(as_of):
        yield from _parts(position)


def _parts(position: Position) -> Told:
    for part in position.parts:
        line = {"line": position.line, "overdue": position.overdue}
        yield _part(part) | line, (position.because,)


def _part(part: Part) -> Values:
    status, supervision = STANDING[part.situation] or (None, None)
    return part._asdict() | {"status": status, "supervision": supervision}


def _procedures(one: Judgement, as_of: datetime, _: tzinfo) -> Told:
    for each in one.procedures:
        if holds(each.start, each.end, as_of):
            modes = (mode for mode in one.modes if mode.line == each.line and mode.at <= as_of)
            values = each._asdict() | {"by": [mode._asdict() for mode in modes]}
            yield values, (each.because,)


def _deadlines(one: Judgement, as_of: datetime, _: tzinfo) -> Told:
    for each in one.deadlines:
        if each.start <= as_of:
            yield each._asdict() | {"state": each.state(as_of)}, (each.because,)


def _debts(one: Judgement, as_of: datetime, zone: tzinfo) -> Told:
    day = day_of(as_of, zone)
    for debt in one.debts:
        if debt.incurred <= as_of:
            grounds = [(each.at <= as_of, _ground(each, zone)) for each in debt.extinguished]
            values = {
                "article": debt.article,
                "incurred": local(debt.incurred, zone),
                "place": debt.place,
                "quantity": sum((each.quantity for each in debt.struck), Decimal(0)),
                "amount": debt.amount,
                "open": debt.open_at(as_of),
                "currency": debt.currency,
                "debtors": [_debtor(each, day, zone) for each in debt.obligations],
                "extinguished": [ground for worked, ground in grounds if worked],
                "extinguished_later": [ground for worked, ground in grounds if not worked],
                "same_goods": [each._asdict() for each in debt.same_goods],
            }
            yield values, _why(debt)


def _debtor(owed: Obligation, day: date, zone: tzinfo) -> Values:
    return owed._asdict() | {
        "notified": local(owed.notified, zone) if owed.notified else None,
        "interest": [_interest(owed, each, day) for each in owed.interest if each.since <= day],
    }


def _interest(owed: Obligation, interest: Interest, day: date) -> Values:
    """As it stands at the end of `day`, to the cent; while it grows it has no end."""
    amount = interest.amount(day)
    return {
        "article": interest.article,
        "since": interest.since,
        "until": interest.until if interest.until and interest.until <= day else None,
        "percent": interest.percent,
        "amount": None if amount is None else amount.quantize(_CENT, ROUND_HALF_UP),
        "charged": owed.charged(interest, day),
    }


def _ground(ground: Extinguished, zone: tzinfo) -> Values:
    return ground._asdict() | {"at": local(ground.at, zone)}


def _why(debt: Debt) -> tuple[Because, ...]:
    owed = (each.because for each in debt.obligations)
    return (debt.because, *owed, *(each.because for each in debt.extinguished))


def _guarantees(one: Judgement, as_of: datetime, _: tzinfo) -> Told:
    for each in one.guarantees:
        if holds(each.start, each.end, as_of):
            yield each._asdict(), (each.because,)


def _findings(one: Judgement, as_of: datetime, _: tzinfo) -> Told:
    for each in one.findings_at(as_of):
        yield each._asdict() | {"article": each.because.articles}, (each.because,)


_ITEMS: Final[dict[str, Callable[[Judgement, datetime, tzinfo], Told]]] = {
    "positions": _positions,
    "procedures": _procedures,
    "deadlines": _deadlines,
    "debts": _debts,
    "guarantees": _guarantees,
    "findings": _findings,
}
