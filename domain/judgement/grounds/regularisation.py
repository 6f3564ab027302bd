"""A failure without significant effect, put right since (Article 124(1)(h))."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

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
from domain.movements.walk import Walk
from domain.timeline import Finding


@rule("124(1)(h)", "126")
def regularised(debit: Debit) -> Iterator[Ground]:
    """No significant effect on the procedure, no attempted deception, and all formalities done
    since: from the last of these formalities, for the goods that they put right. That there was
    no significant effect is a decision of customs; until it is reported the ground is a candidate.
    """
    walk, debt = debit.walk, debit.debt
    accepted = [each for each in debit.about if isinstance(each.act, InsignificanceAccepted)]
    put_right = walk.regularised if debt.late else debt.put_right
    if put_right is None or not debt.article.startswith("79"):
        words = "no report tells that the formalities for these goods were done since"
        for each in accepted:
            _say(debit, "UCC124_1H_NOT_REGULARISED", words, each.at, None, (each.cite,))
        return
    at, cites = put_right
    deceived = [each for each in debit.about if isinstance(each.act, DeceptionFound)]
    reports = (*debt.because.reports, *cites)
    for each in accepted if not deceived else ():
        if _reaches(walk, each.at):
            because = citing(regularised, (*reports, each.cite))
            yield Ground("h", at, because, _put_right(debit, each.act))
        else:
            words = "in this text of the Code 124(1)(h) does not reach this kind of movement"
            _say(debit, "UCC124_1H_NOT_OPEN", words, each.at, None, (each.cite,))
    ended = min((each.at for each in (*accepted, *deceived)), default=None)
    opens = _opens(walk, at)
    if opens and (ended is None or opens < ended) and not accepted:
        words = "124(1)(h) may apply: it needs a decision of customs on the effect of the failure"
        _say(debit, "UCC124_1H_CANDIDATE", words, opens, ended, reports)


def _put_right(debit: Debit, act: AboutDebt) -> dict[int, Decimal] | None:
    """What of the goods a decision is about, less what left by no formality; `None`: all."""
    told = act.quantity if isinstance(act, InsignificanceAccepted) else None
    spoiled = debit.walk.spoiled if debit.debt.late else {}
    if told is None and act.line is None and not spoiled:
        return None
    return {
        line: min(much - spoiled.get(line, NONE), told if told is not None else much)
        for line, much in debit.debt.struck.items()
        if act.line in (None, line)
    }


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
