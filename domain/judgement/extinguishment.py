"""How a debt is extinguished: grounds apply in the order of legal time to what is left."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from domain.because import Because
from domain.customs_debt import Extinguished, Obligation, Struck
from domain.judgement.duty import plain
from domain.judgement.grounds import GROUNDS
from domain.judgement.grounds.ground import Debit, Ground
from domain.judgement.matching import About
from domain.movements.account import NONE
from domain.movements.incurred import Incurred
from domain.movements.walk import Walk
from domain.timeline import Finding


def extinguished(
    walk: Walk,
    debt: Incurred,
    struck: tuple[Struck, ...],
    total: Decimal | None,
    obligations: tuple[Obligation, ...],
    about: tuple[About, ...],
) -> tuple[Extinguished, ...]:
    """The grounds that apply to a debt, each for what was left when it applied."""
    debit = Debit(walk, debt, struck, total, obligations, about)
    grounds = sorted(
        (ground for each in GROUNDS for ground in each(debit)),
        key=lambda ground: (ground.at, ground.letter, ground.frees or ""),
    )
    return tuple(_applied(debit, grounds))


def _applied(debit: Debit, grounds: Iterable[Ground]) -> Iterator[Extinguished]:
    left = debit.total
    at: datetime | None = None
    paid_so_far = NONE
    confiscated_by: set[str] = set()
    for ground in grounds:
        _repayable(debit, ground, left, paid_so_far)
        if left == NONE and (ground.at != at or ground.letter == "b"):
            continue
        amount = NONE if ground.act in confiscated_by else _share(debit, ground)
        if left is not None and amount is not None:
            amount = min(amount, left)
        quantity = plain(sum(ground.goods.values(), NONE)) if ground.goods is not None else None
        yield Extinguished(ground.letter, ground.at, amount, quantity, ground.frees, ground.because)
        at = ground.at
        confiscated_by |= {ground.act} if ground.act else set()
        paid_so_far += (amount or NONE) if ground.letter == "b" else NONE
        if ground.frees is None:
            left = _left(debit, ground, left, amount)


def _left(
    debit: Debit, ground: Ground, left: Decimal | None, amount: Decimal | None
) -> Decimal | None:
    if amount is None:
        return None if _in_part(debit, ground) else NONE
    return None if left is None else left - amount


def _in_part(debit: Debit, ground: Ground) -> bool:
    """Whether a ground is about some of the goods only."""
    goods = ground.goods
    return goods is not None and any(
        goods.get(each.line, NONE) < each.quantity for each in debit.struck
    )


def _share(debit: Debit, ground: Ground) -> Decimal | None:
    """The money of a ground: as told, or the part that falls on its goods; `None`: unknown."""
    if ground.amount is not None:
        return ground.amount
    if ground.goods is None or debit.total is None:
        return debit.total
    share = NONE
    for each in debit.struck:
        gone = min(ground.goods.get(each.line, NONE), each.quantity)
        if each.amount is not None and each.quantity:
            share += each.amount * gone / each.quantity
    return plain(share)


def _repayable(debit: Debit, ground: Ground, left: Decimal | None, paid: Decimal) -> None:
    """What was paid and is not owed, or not any more, is repaid."""
    if ground.letter == "d" and paid:
        words = "the duty was paid on a declaration that is invalidated: it is to be repaid"
    elif ground.letter == "b" and left is not None and (ground.amount or NONE) > left:
        words = "more is paid than is still owed: it is to be repaid"
    else:
        return
    because = Because("repayable", ("116(1)",), ground.because.reports)
    debit.walk.findings.append(Finding("UCC116_REPAYABLE", None, ground.at, None, words, because))
