"""The goods that went into processed products, and their duty terms (Articles 86(3), 86(4), 78)."""

from decimal import Decimal

from domain.facts.values import Line
from domain.movements.account import Account
from domain.movements.drawing import products_per_input, yield_cites
from domain.movements.walk import Walk


def inputs(walk: Walk, account: Account) -> tuple[tuple[Line, Decimal], tuple[str, ...]] | None:
    """The line that the products of `account` are drawn from, how much of it went in by the rate
    of yield, and the reports that this rests on; `None` where the goods are not known.
    """
    line = account.line
    goods = walk.case.previous.get(line.previous or "")
    source = goods.line(line.previous_line) if goods else None
    if goods is None or source is None:
        return None
    quantity = line.quantity / products_per_input(walk.case, goods)
    return (source, quantity), (*goods.cites, *yield_cites(walk.case, goods))
