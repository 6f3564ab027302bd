"""What gave rise to the debt is undone (Article 124(1)(d), (j))."""

from collections.abc import Iterator

from domain.facts.debt import (
    PreferenceCancelled,
)
from domain.facts.declaration import DeclarationInvalidated
from domain.judgement.coinciding import decisions
from domain.judgement.grounds.ground import Debit, Ground, citing
from domain.law.citation import rule
from domain.movements.walk import Walk
from domain.outline import CONFISCATED, Mark


@rule("124(1)(d)", "174(1)", "198(2)")
def invalidated(debit: Debit) -> Iterator[Ground]:
    """The declaration that gave rise to the debt is invalidated, as customs must for goods that
    are confiscated.
    """
    walk = debit.walk
    if not debit.debt.article.startswith("77"):
        return
    if ended := _invalidation(walk):
        yield Ground("d", ended.at, citing(invalidated, (ended.cite,)))
    for each in decisions(walk, debit.debt, CONFISCATED):
        if each.falls:
            because = citing(invalidated, (each.cite,))
            yield Ground("d", each.at, because, each.goods, act=each.cite)


def _invalidation(walk: Walk) -> Mark | None:
    """The invalidation that has effect: before release, or after it on a ground."""
    accepted, released = walk.own.accepted, walk.own.released
    for fact, act in walk.acts(DeclarationInvalidated):
        if accepted and fact.at >= accepted.at:
            before = released is None or fact.at < released.at
            if before or act.ground:
                return Mark(fact.at, fact.by_day, fact.cites[0])
    return None


@rule("124(1)(j)", "78(1)")
def preference_cancelled(debit: Debit) -> Iterator[Ground]:
    """The formalities for preferential treatment are cancelled."""
    if debit.debt.article.startswith("78"):
        for each in debit.about:
            if isinstance(each.act, PreferenceCancelled):
                yield Ground("j", each.at, citing(preference_cancelled, (each.cite,)))
