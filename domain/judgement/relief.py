"""Whether products of outward processing bear duty on its cost alone (Articles 86(5), 259)."""

from collections.abc import Iterable, Iterator
from datetime import date

from domain.facts.values import DutyBase, Kind
from domain.law.citation import rule
from domain.movements.incurred import Incurred
from domain.movements.walk import Walk
from domain.outline import Outline
from domain.policies import Reading
from domain.timeline import Finding


@rule("259(3)", "86(5)")
def in_time_for_relief(walk: Walk, number: int, day: date) -> bool:
    """Relief of outward processing needs release for free circulation within the period, on the
    reading ACCEPTANCE a declaration accepted within it.
    """
    goods = _processed(walk, number)
    last = goods.last_day(walk.policies) if goods else None
    if walk.policies.placed_by is Reading.RELEASE and walk.own.released:
        day = walk.day(walk.own.released.at)
    return last is None or day <= last


def unchecked(walk: Walk, debt: Incurred, lines: Iterable[int]) -> Iterator[Finding]:
    """Relief that is given on the word of the line: the outward processing is not one link away."""
    for number in lines:
        line = walk.accounts[number].line
        if line.duty_base is DutyBase.PROCESSING_COST and _processed(walk, number) is None:
            if line.previous in walk.case.previous:
                words = f"line {number} draws from {line.previous}, and has relief as products of"
                words += " outward processing: whether its period was kept is not checked; where"
                words += " it was not, the duty base is `own`"
            else:
                words = f"line {number} has relief as products of outward processing, and names"
                words += " none that is known: whether its period was kept is not checked"
            because = debt.because._replace(rule="unchecked", articles=in_time_for_relief.articles)
            yield Finding("UCC259_3_NOT_CHECKED", number, debt.at, None, words, because)


def _processed(walk: Walk, number: int) -> Outline | None:
    """The outward processing that a line names, where it is known."""
    line = walk.own.line(number)
    goods = walk.case.previous.get((line.previous if line else None) or "")
    return goods if goods and goods.kind is Kind.OUTWARD_PROCESSING else None
