"""A failure without significant effect, put right since (Article 124(1)(h))."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from domain.facts.debt import (
    AboutDebt,
    DeceptionFound,
    InsignificanceAccepted,
)
from domain.judgement.grounds.ground import Debit, Ground, citing
from domain.law.citation import NotInForce, rule
from domain.law.limits import INSIGNIFICANT_FAILURE
from domain.law.periods import start_of
from domain.movements.account import NONE
from domain.movements.incurred import PutRight
from domain.movements.walk import Walk
from domain.timeline import Finding


class Regularised(NamedTuple):
    """The last formality for goods of a debt: when, the reports of it, for which goods (`None`:
    all).
    """

    at: datetime
    cites: tuple[str, ...]
    goods: dict[int, Decimal] | None


@rule("124(1)(h)", "126")
def regularised(debit: Debit) -> Iterator[Ground]:
    """No significant effect on the procedure, no attempted deception, and all formalities done
    since: from the last of these formalities, for the goods that they put right. That there was
    no significant effect is a decision of customs; until it is reported the ground is a candidate.
    """
    walk, debt = debit.walk, debit.debt
    failed = debt.article.startswith("79")
    accepted = [each for each in debit.about if isinstance(each.act, InsignificanceAccepted)]
    deceived = [each for each in debit.about if isinstance(each.act, DeceptionFound)]
    for each in accepted:
        done = _done(debit, each.act) if failed else None
        if done is None:
            words = "no report tells that the formalities for these goods were done since"
            _say(debit, "UCC124_1H_NOT_REGULARISED", words, each.at, None, (each.cite,))
        elif not _reaches(walk, each.at):
            words = "in this text of the Code 124(1)(h) does not reach this kind of movement"
            _say(debit, "UCC124_1H_NOT_OPEN", words, each.at, None, (each.cite,))
        elif not deceived:
            because = citing(regularised, (*debt.because.reports, *done.cites, each.cite))
            yield Ground("h", done.at, because, done.goods)
    whole = _done(debit, None) if failed and not accepted else None
    opens = _opens(walk, whole.at) if whole else None
    ended = min((each.at for each in deceived), default=None)
    if whole and opens and (ended is None or opens < ended):
        words = "124(1)(h) may apply: it needs a decision of customs on the effect of the failure"
        reports = (*debt.because.reports, *whole.cites)
        _say(debit, "UCC124_1H_CANDIDATE", words, opens, ended, reports)


def _done(debit: Debit, decision: AboutDebt | None) -> Regularised | None:
    """The last formality for the goods that a decision is about, or for all of them; `None` where
    nothing tells that it was done.
    """
    walk, debt = debit.walk, debit.debt
    if isinstance(decision, InsignificanceAccepted) and decision.regularised_on:
        at = max(start_of(decision.regularised_on, walk.zone), debt.at)
        return Regularised(at, (), _wanted(debit, decision))
    if not debt.late:
        done = debt.put_right
        return Regularised(*done, _wanted(debit, decision)) if done else None
    if not walk.put_right:
        return None
    left = _to_put_right(debit, decision)
    last: PutRight | None = None
    for each in walk.put_right:
        if left.get(each.line, NONE) > NONE:
            left[each.line] -= each.quantity
            last = each
    if last is None or any(much > NONE for much in left.values()):
        return None
    return Regularised(last.at, last.cites, _wanted(debit, decision))


def _wanted(debit: Debit, decision: AboutDebt | None) -> dict[int, Decimal] | None:
    """What of the goods a decision is about, less what left by no formality; `None`: all."""
    told, line = _told(decision)
    spoiled = debit.walk.spoiled if debit.debt.late else {}
    if told is None and line is None and not spoiled:
        return None
    return {
        number: min(much - spoiled.get(number, NONE), told if told is not None else much)
        for number, much in debit.debt.struck.items()
        if line in (None, number)
    }


def _to_put_right(debit: Debit, decision: AboutDebt | None) -> dict[int, Decimal]:
    """How much of each line has to be put right before a decision has effect: what it tells, else
    all that was overdue of the line, whoever owes for it, and did not leave by no formality.
    """
    told, line = _told(decision)
    found: dict[int, Decimal] = {}
    for number in debit.debt.struck:
        if line in (None, number):
            late = (each for each in debit.walk.debts if each.late)
            whole = sum([each.struck.get(number, NONE) for each in late], NONE)
            whole -= debit.walk.spoiled.get(number, NONE)
            found[number] = whole if told is None else min(told, whole)
    return found


def _told(decision: AboutDebt | None) -> tuple[Decimal | None, int | None]:
    quantity = decision.quantity if isinstance(decision, InsignificanceAccepted) else None
    return quantity, decision.line if decision else None


def _say(
    debit: Debit, code: str, words: str, start: datetime, end: datetime | None,
    reports: Iterable[str],
) -> None:  # fmt: skip
    because = citing(regularised, reports)
    debit.walk.findings.append(Finding(code, None, start, end, words, because))


def _reaches(walk: Walk, at: datetime) -> bool:
    try:
        return walk.own.kind in INSIGNIFICANT_FAILURE.on(walk.day(at), walk.law)
    except NotInForce:
        return False


def _opens(walk: Walk, at: datetime) -> datetime | None:
    """The first instant from `at` on at which the ground can be relied on, if there is one."""
    for value in INSIGNIFICANT_FAILURE.values:
        if value.act.published <= walk.law.text and walk.own.kind in value.value:
            return max(at, start_of(value.first_day, walk.zone))
    return None
