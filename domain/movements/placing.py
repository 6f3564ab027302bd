"""Goods come to where their declaration has them, without what was taken before (Articles 194 to
199).
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from domain.law.citation import Cited
from domain.movements.account import NONE, Account, Event
from domain.movements.drawing import (
    about_drawn,
    confirmed,
    disposed,
    gone_of,
    products_per_input,
)
from domain.movements.walk import Walk
from domain.outline import DECIDED, Disposal, Outline
from domain.situation import Situation as S

FORFEITED = "198(2)"
SUPERVISED = "134(1)"


def place(
    walk: Walk, event: Event, target: S, *articles: str, sources: tuple[S, ...] = (S.AWAITED,)
) -> None:
    """All that is in `sources` comes to `target`, but for goods that were taken or had gone since
    they were declared: whoever is told of it, they never come to the procedure. For those that
    were confiscated, abandoned or destroyed customs invalidate the declaration; others are owed for
    where they were (Article 79).
    """
    given: dict[tuple[str, int], Decimal] = {}
    for account in walk.on(event):
        for much, cites, article in _lacking(walk, account, event, given):
            gone = min(much, account.held(S.AWAITED))
            because = event._replace(cites=(*cites, *event.cites))
            account.move_some(because, gone, (S.AWAITED,), S.NEVER_THERE, article)
        account.move_all(event, sources, target, *articles)


def _lacking(
    walk: Walk, account: Account, event: Event, given: dict[tuple[str, int], Decimal]
) -> Iterator[tuple[Decimal, tuple[str, ...], str]]:
    """What of a line was taken or had gone before, told of it or of where it was: how much, the
    reports, and by which provision. Several lines may draw from one; what they lost of it is
    `given` to the first.
    """
    own, line = walk.own, account.line
    goods, declared = walk.case.previous.get(line.previous or ""), own.accepted
    if goods is None or declared is None or not confirmed(own, goods):
        return
    if not (own.disposals or goods.disposals or goods.gone):
        return
    rate = products_per_input(walk.case, goods) if line.processed else Decimal(1)
    for act in _since_declared(own, declared.at, event):
        if much := disposed(walk.case, goods, own, account.number, act):
            yield much * rate, (*act.uses, act.cite), FORFEITED
    ours = line.previous_line
    lost = [
        (about_drawn(walk.case, goods, act, ours, own), (*act.uses, act.cite), FORFEITED)
        for act in _since_declared(goods, declared.at, event)
    ]
    lost += [
        (much, (cite,), SUPERVISED)
        for much, cite in gone_of(walk.case, goods, ours, own, declared.at, event.at)
    ]
    for much, cites, article in lost:
        key = cites[-1], ours
        left = min(much - given.get(key, NONE), account.held(S.AWAITED) / rate)
        if left > NONE:
            given[key] = given.get(key, NONE) + left
            yield left * rate, cites, article


def _since_declared(told_of: Outline, since: datetime, event: Event) -> Iterator[Disposal]:
    for act in told_of.disposals:
        if act.stage in DECIDED and since <= act.at <= event.at:
            yield act


def no_last_day(walk: Walk, event: Event, limit: Cited[..., date]) -> None:
    """Say that customs fixed no last day, as far as anybody told: nothing will fall due."""
    words = "no last day is told, so nothing falls due: report it with the declaration or release"
    walk.find(event, "PERIOD_UNKNOWN", words, limit.articles[0])
