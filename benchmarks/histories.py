"""What becomes of consignments, from the ship to the trader; movements draw on those before."""

from collections.abc import Callable
from datetime import datetime
from itertools import accumulate
from typing import Final

from benchmarks.lifecycles import (
    carried,
    exported,
    imported,
    presented,
    processed,
    re_exported,
    sent_out,
    stored,
    warehoused,
)
from benchmarks.port import CUSTOMS, HOLDER, Movement, Port, shares

History = Callable[[Port, datetime], object]


def to_traders(port: Port, at: datetime) -> None:
    """Stored at the quay, and released for free circulation in one part or several."""
    cleared(port, stored(port, at))


def inland(port: Port, at: datetime) -> None:
    """Under transit from the quay to an inland office, and released there."""
    there = carried(port, stored(port, at).wait(port.hours(5, 100)))
    cleared(port, presented(port, there.wait(1), there.office))


def to_warehouse(port: Port, at: datetime) -> None:
    """Into a customs warehouse, and out of it bit by bit: into the Union or away."""
    goods = stored(port, at).wait(port.hours(5, 100))
    placed = warehoused(port, goods, goods.goods)
    for part in shares(placed.goods, port.dice.randrange(3, 9)):
        placed.wait(port.hours(12, 200))
        if port.happens(0.75):
            imported(port, placed, part)
        else:
            re_exported(port, placed, part)


def to_processing(port: Port, at: datetime) -> None:
    """Under inward processing; the products leave, at a yield of four for five."""
    placed = processed(port, stored(port, at).wait(port.hours(5, 100)))
    for part in shares(placed.goods, port.dice.randrange(1, 4)):
        products = tuple(each._replace(quantity=each.quantity * 4 // 5) for each in part)
        re_exported(port, placed.wait(port.hours(100, 700)), products, processed=True)
    port.tell(placed.wait(50), "procedure.bill-of-discharge-presented", HOLDER)


def lost_sight_of(port: Port, at: datetime) -> None:
    """Half of the goods are not declared in time, or are taken from the facility unlawfully."""
    goods = stored(port, at)
    half, _ = shares(goods.goods, 2)
    imported(port, goods, half)
    if port.happens(0.5):
        port.tell(goods.wait(port.hours(50, 400)), "goods.removed", CUSTOMS)
        goods.wait(port.hours(24, 200))
    else:
        goods.wait(24 * 95)
    port.tell(goods, "debt.notified", CUSTOMS, debtor=port.facility)
    paid = {"payer": port.facility, "amount": port.duty(half)}
    port.tell(goods.wait(port.hours(50, 400)), "debt.paid", HOLDER, **paid)


def out_and_back(port: Port, at: datetime) -> None:
    """Processed outside the Union, and back as products."""
    out = sent_out(port, at)
    cost: dict[str, object] = {
        "duty_base": "processing-cost",
        "processing_cost": "1500.00",
        "processed": True,
    }
    for part in shares(out.goods, port.dice.choice((1, 1, 2))):
        imported(port, out.wait(port.hours(300, 900)), part, **cost)


def cleared(port: Port, goods: Movement) -> None:
    """Goods in storage are released for free circulation, to one trader or to several."""
    for part in shares(goods.goods, port.dice.choice((1, 1, 2, 2, 3, 3, 4, 6))):
        imported(port, goods.wait(port.hours(4, 70)), part)


HISTORIES: Final[dict[History, float]] = {
    to_traders: 0.60,
    inland: 0.12,
    to_warehouse: 0.12,
    to_processing: 0.05,
    lost_sight_of: 0.02,
    exported: 0.06,
    out_and_back: 0.03,
}
"""How many of all consignments have which history."""
_BOUNDS: Final = tuple(zip(accumulate(HISTORIES.values()), HISTORIES, strict=True))


def history(port: Port) -> History:
    """Some history, each as often as it should be."""
    drawn = port.dice.random()
    return next((each for bound, each in _BOUNDS if drawn < bound), to_traders)
