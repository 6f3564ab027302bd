"""When the period for payment does not run (Article 108(3))."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from domain.because import Because
from domain.customs_debt import Debt, Obligation
from domain.facts.debt import DebtorLetter
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsDestroyed,
    OnGoods,
)
from domain.judgement.coinciding import confiscations, done_with, seizures
from domain.law.citation import rule
from domain.law.periods import missed_at, rolled
from domain.movements.account import NONE
from domain.movements.disposal import abandonment_permitted
from domain.movements.walk import Incurred, Walk
from domain.outline import SEIZED
from domain.timeline import Finding

FOUND: Final = frozenset({DebtorLetter.ACTED.value, DebtorLetter.ACQUIRED.value})
"""The roles of those who owe because they knew."""
CANDIDATE: Final = "UCC108_3C_CANDIDATE"


class Pending(NamedTuple):
    """Goods are to be confiscated, destroyed or abandoned, until the last decision on them."""

    begins: datetime
    ends: datetime | None
    cites: tuple[str, ...]


@rule("108(3)(b)", "DA 90")
def payment_suspended(walk: Walk, debt: Incurred, raw_due: date) -> Pending | None:
    """The period for payment does not run while the goods are to be confiscated, destroyed or
    abandoned to the State: from a seizure or a permission within it to the decision.
    """
    begins = [] if debt.missing else _pending(walk, debt)
    if not begins or walk.day(begins[0].at) > rolled(raw_due, walk.calendar):
        return None
    first = begins[0]
    last = max((each for each in _decided(walk, debt) if each.at >= first.at), default=None)
    cites = first.cites + (last.cites if last else ())
    return Pending(first.at, last.at if last else None, tuple(dict.fromkeys(cites)))


class _Act(NamedTuple):
    """An act on the goods of a debt since it was incurred, and the report that tells it."""

    at: datetime
    cites: tuple[str, ...]


def _pending(walk: Walk, debt: Incurred) -> list[_Act]:
    """What begins to take the goods of a debt away, in order."""
    found = [_Act(each.at, (each.cite,)) for each in seizures(walk, debt) if each.stage == SEIZED]
    for fact, act in walk.acts(AbandonmentPermitted):
        about = act.line is None or act.line in debt.struck
        if about and fact.at >= debt.at and (act.quantity is None or not debt.strayed):
            found.append(_Act(fact.at, fact.cites))
    return sorted(found)


def _decided(walk: Walk, debt: Incurred) -> Iterator[_Act]:
    """What customs confiscated, and what was abandoned or destroyed."""
    for each in confiscations(walk, debt):
        yield _Act(each.at, (each.cite,))
    for fact, act in walk.acts(OnGoods):
        match act:
            case GoodsAbandoned() if not abandonment_permitted(walk, act, fact.at):
                continue
            case GoodsAbandoned() | GoodsDestroyed() if fact.at >= debt.at:
                goods = done_with(walk, debt, fact.cites[0], act.line, act.quantity)
                if any(goods.values()):
                    yield _Act(fact.at, fact.cites)


@rule("108(3)(c)", "DA 91")
def may_be_suspended(walk: Walk, debts: Iterable[Debt]) -> Iterator[Finding]:
    """The period of who had to fulfil the obligation may be suspended once another debtor, who
    took part or acquired the goods, is notified as well: customs decide, on a guarantee and where
    neither deception nor obvious negligence is in the way.
    """
    for debt in debts:
        found = [each for each in debt.obligations if each.role in FOUND and each.notified]
        if not found or not debt.article.startswith("79"):
            continue
        other = min(found, key=lambda each: (each.notified, each.person))
        for each in debt.obligations:
            if each.role not in FOUND and each.notified and each.due and other.notified:
                start, end = max(other.notified, each.notified), missed_at(each.due, walk.zone)
                if start < end and debt.owed_by(each.person, start) != NONE:
                    yield Finding(CANDIDATE, None, start, end, _words(each), _why(each, other))


def _words(owed: Obligation) -> str:
    return (
        f"108(3)(c) may suspend the period in which {owed.person} pays: it needs a decision of"
        " customs, and the due day that is shown does not count it"
    )


def _why(*both: Obligation) -> Because:
    reports = tuple(dict.fromkeys(cite for each in both for cite in each.because.reports))
    return Because(may_be_suspended.__name__, may_be_suspended.articles, reports)
