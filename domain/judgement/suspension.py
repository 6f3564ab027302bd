"""When the period for payment does not run (Article 108(3))."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Final, NamedTuple

from domain.because import Because
from domain.customs_debt import Debt, Obligation
from domain.facts.debt import DebtorLetter
from domain.facts.disposal import AbandonmentPermitted
from domain.judgement.coinciding import done_with, seizures
from domain.law.citation import rule
from domain.law.periods import ONE_DAY, deadline, missed_at, suspended
from domain.movements.account import NONE
from domain.movements.incurred import Incurred
from domain.movements.walk import Walk
from domain.outline import LIFTED, SEIZED
from domain.timeline import Finding

FOUND: Final = frozenset({DebtorLetter.ACTED.value, DebtorLetter.ACQUIRED.value})
"""The roles of those who owe because they knew."""
CANDIDATE: Final = "UCC108_3C_CANDIDATE"


class Suspended(NamedTuple):
    """When goods of a debt were first to be taken away; the raw last day of the period for payment
    with its suspensions, none while one goes on; the last decision, and the reports that say so.
    """

    begun: datetime
    raw_due: date | None
    decided: datetime | None
    cites: tuple[str, ...]


@rule("108(3)(b)", "DA 90")
def payment_suspended(
    walk: Walk, debt: Incurred, notified: date, raw_due: date
) -> Suspended | None:
    """The period for payment does not run while goods are to be confiscated, destroyed or
    abandoned to the State: from each seizure or permission within it to the decision on them.
    """
    cites: list[str] = []
    days: list[tuple[date, date]] = []
    decisions: list[datetime] = []
    begun: datetime | None = None
    for span in _spans(walk, debt):
        first = max(walk.day(span.begins.at), notified + ONE_DAY)
        raw = suspended(raw_due, days, walk.calendar, notified)
        if first > deadline(raw, walk.calendar, notified).last_day:
            break
        cites += span.begins.cites
        begun = begun or span.begins.at
        if span.ends is None:
            return Suspended(begun, None, None, tuple(dict.fromkeys(cites)))
        cites += span.ends.cites
        days.append((first, walk.day(span.ends.at)))
        decisions.append(span.ends.at)
    if begun is None:
        return None
    raw = suspended(raw_due, days, walk.calendar, notified)
    return Suspended(begun, raw, max(decisions), tuple(dict.fromkeys(cites)))


class _Act(NamedTuple):
    """An act on the goods of a debt since it was incurred, and the report that tells it.

    What begins to take goods away comes before what decides on them at the same instant. A
    decision that gives goods back leaves them to be taken again.
    """

    at: datetime
    decides: bool
    cites: tuple[str, ...]
    goods: dict[int, Decimal]
    gives_back: bool = False


@dataclass(slots=True)
class _Span:
    """What begins to take goods away, how much of each line nobody has decided on, and the last
    decision on any of it.
    """

    begins: _Act
    left: dict[int, Decimal]
    ends: _Act | None = None


def _spans(walk: Walk, debt: Incurred) -> list[_Span]:
    """When goods of a debt were to be taken away, in the order in which that began.

    A decision is on what began first. What it leaves of a seizure is given back as far as it is
    seized anew, and otherwise decided on later.
    """
    begins = [*_begun(walk, debt)]
    if not begins:
        return []
    spans: list[_Span] = []
    gone: dict[int, Decimal] = {}
    for act in sorted([*begins, *_decided(walk, debt)], key=itemgetter(0, 1, 2)):
        if act.decides:
            _decide(spans, act)
            for line, much in () if act.gives_back else act.goods.items():
                gone[line] = gone.get(line, NONE) + much
            continue
        _give_back(spans, act)
        if left := _not_taken(spans, gone, debt, act):
            spans.append(_Span(act, left))
    return spans


def _decide(spans: Iterable[_Span], act: _Act) -> None:
    left = dict(act.goods)
    for span in spans:
        for line, much in span.left.items():
            if taken := min(much, left.get(line, NONE)):
                span.left[line] -= taken
                left[line] -= taken
                span.ends = act


def _give_back(spans: Iterable[_Span], act: _Act) -> None:
    """What decisions left is no longer to be taken away once goods of its line are taken anew."""
    for span in spans:
        if span.ends:
            for line in act.goods:
                span.left.pop(line, None)


def _not_taken(
    spans: Iterable[_Span], gone: Mapping[int, Decimal], debt: Incurred, act: _Act
) -> dict[int, Decimal]:
    """What an act begins to take away of each line, beside what is being taken already."""
    found: dict[int, Decimal] = {}
    for line, much in act.goods.items():
        there = debt.struck.get(line, NONE) - gone.get(line, NONE)
        there -= sum([span.left.get(line, NONE) for span in spans], NONE)
        if min(much, there) > NONE:
            found[line] = min(much, there)
    return found


def _begun(walk: Walk, debt: Incurred) -> Iterator[_Act]:
    """What begins to take the goods of a debt away."""
    for each in seizures(walk, debt):
        if each.stage == SEIZED:
            yield _Act(each.at, False, (each.cite,), each.goods)
    for fact, act in walk.acts(AbandonmentPermitted):
        if fact.at >= debt.at:
            goods = done_with(walk, debt, fact.cites[0], act)
            if some := {line: much for line, much in goods.items() if much}:
                yield _Act(fact.at, False, fact.cites, some)


def _decided(walk: Walk, debt: Incurred) -> Iterator[_Act]:
    """What customs confiscated or gave back, and what was abandoned or destroyed."""
    for each in seizures(walk, debt):
        if each.stage != SEIZED:
            yield _Act(each.at, True, (each.cite,), each.goods, each.stage == LIFTED)


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
