"""Goods come to where their declaration has them, without what was taken before (Articles 194 to
199).
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from domain.law.citation import Cited
from domain.movements.account import NONE, Account, Event
from domain.movements.drawing import about_drawn, confirmed, disposed, products_per_input
from domain.movements.walk import Walk
from domain.outline import DECIDED, Disposal, Outline
from domain.situation import Situation as S

FORFEITED = "198(2)"


def place(
    walk: Walk, event: Event, target: S, *articles: str, sources: tuple[S, ...] = (S.AWAITED,)
) -> None:
    """All that is in `sources` comes to `target`, but for goods that were confiscated, abandoned or
    destroyed since they were declared: for these customs invalidate the declaration, and whoever
    is told of them, they never come to the procedure.
    """
    given: dict[tuple[str, int], Decimal] = {}
    for account in walk.on(event):
        for act, much in _forfeited(walk, account, event, given):
            gone = min(much, account.held(S.AWAITED))
            because = event._replace(cites=(*act.uses, act.cite, *event.cites))
            account.move_some(because, gone, (S.AWAITED,), S.NEVER_THERE, FORFEITED)
        account.move_all(event, sources, target, *articles)


def _forfeited(
    walk: Walk, account: Account, event: Event, given: dict[tuple[str, int], Decimal]
) -> Iterator[tuple[Disposal, Decimal]]:
    """What of a line was decided on before, told of it or of where it was. Several lines may draw
    from one; what an act took of theirs is `given` to the first.
    """
    own, line = walk.own, account.line
    goods = walk.case.previous.get(line.previous or "")
    if goods is None or not confirmed(own, goods):
        return
    rate = products_per_input(walk.case, goods) if line.processed else Decimal(1)
    for act in _since_declared(own, own, event):
        if much := disposed(walk.case, goods, own, account.number, act):
            yield act, much * rate
    for act in _since_declared(goods, own, event):
        key = act.cite, line.previous_line
        much = about_drawn(walk.case, goods, act, line.previous_line, own) - given.get(key, NONE)
        if much := min(much, account.held(S.AWAITED) / rate):
            given[key] = given.get(key, NONE) + much
            yield act, much * rate


def _since_declared(told_of: Outline, own: Outline, event: Event) -> Iterator[Disposal]:
    for act in told_of.disposals:
        if act.stage in DECIDED and own.accepted and own.accepted.at <= act.at <= event.at:
            yield act


def no_last_day(walk: Walk, event: Event, limit: Cited[..., date]) -> None:
    """Say that customs fixed no last day, as far as anybody told: nothing will fall due."""
    words = "no last day is told, so nothing falls due: report it with the declaration or release"
    walk.find(event, "PERIOD_UNKNOWN", words, limit.articles[0])
