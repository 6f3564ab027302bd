"""The reports of a busy port in the order in which they arrive, made up from a seed.

The same seed gives the same bytes. Of all that arrives 5 % comes late, 2 % was there before,
0.5 % cannot be understood; 30 % names another movement that is still going on.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum
from heapq import heappop, heappush
from itertools import islice
from typing import Final, NamedTuple

from benchmarks.histories import history
from benchmarks.lifecycles import imported, warehoused
from benchmarks.port import QUAYS, START, Goods, Movement, Port

SEED: Final = 1
CONSIGNMENTS_A_DAY: Final = 140
LATE, REPEATED, MALFORMED = 0.052, 0.0205, 0.0051
"""A little above what is wanted of all that arrives, since some of it is yet to come."""
DAY: Final = 86_400
"""Seconds."""


class Sort(Enum):
    """How a message arrives."""

    IN_TIME = "in time"
    LATE = "late"
    REPEATED = "repeated"
    MALFORMED = "malformed"


class Delivery(NamedTuple):
    """A message as it arrives."""

    at: datetime
    raw: bytes
    sort: Sort


def deliveries(count: int, seed: int = SEED) -> Iterator[Delivery]:
    """The first so many messages, reference data before all others."""
    return islice(_deliveries(Port(seed)), count)


def reference_data(port: Port) -> list[bytes]:
    """The reports that the movements of a port rest on."""
    port.reference_data()
    return [told.raw for told in port.take_told()]


def warehouse(withdrawals: int, seed: int = SEED) -> Iterator[list[bytes]]:
    """One warehouse, drawn from again and again: what there is before, then each withdrawal."""
    port = Port(seed)
    code = port.codes[0]
    stock = (Goods(100 * withdrawals, "KGM", 900 * withdrawals, code),)
    opening = reference_data(port)
    placed = warehoused(port, Movement("", QUAYS[0], START, stock), stock)
    yield opening + [told.raw for told in port.take_told()]
    for _ in range(withdrawals):
        placed.wait(port.hours(0.1, 1))
        imported(port, placed, (Goods(100, "KGM", 900, code),))
        yield [told.raw for told in port.take_told()]


def _deliveries(port: Port) -> Iterator[Delivery]:
    at = START
    for raw in reference_data(port):
        yield Delivery(at, raw, Sort.IN_TIME)
    waiting: list[tuple[datetime, int, Delivery]] = []
    number = 0
    while True:
        at += timedelta(seconds=round(port.dice.expovariate(CONSIGNMENTS_A_DAY / DAY)))
        while waiting and waiting[0][0] <= at:
            yield heappop(waiting)[2]
        history(port)(port, at)
        for told in port.take_told():
            for delivery in _arrivals(port, told.made, told.raw):
                number += 1
                heappush(waiting, (delivery.at, number, delivery))


def _arrivals(port: Port, made: datetime, raw: bytes) -> Iterator[Delivery]:
    """A report, before it perhaps a spoilt draft of it, after it perhaps the same bytes again."""
    if port.happens(MALFORMED):
        yield Delivery(made, _spoilt(port, raw), Sort.MALFORMED)
    late = port.happens(LATE)
    days = port.dice.uniform(1, 10) if late else 0
    at = made + timedelta(seconds=round(days * DAY) + port.dice.randrange(60))
    yield Delivery(at, raw, Sort.LATE if late else Sort.IN_TIME)
    if port.happens(REPEATED):
        again = at + timedelta(seconds=port.dice.randrange(30, DAY))
        yield Delivery(again, raw, Sort.REPEATED)


def _spoilt(port: Port, raw: bytes) -> bytes:
    """A report cut short, of a type that nobody knows, or with a day that is none."""
    match port.dice.randrange(3):
        case 0:
            return raw[: port.dice.randrange(20, len(raw))]
        case 1:
            return raw.replace(b".v1", b".v9", 1)
        case _:
            return raw.replace(b'"happened":"2017-', b'"happened":"2017-19-')
