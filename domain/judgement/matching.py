"""Which debt an act of an authority is about (D8).

The act names the debt's reference or the report that gave rise to it; movement, line and debtor
suffice where they fit one debt only. What fits none, or more than one, is a finding.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from domain.corrections import report_named
from domain.facts.debt import AboutDebt, DebtNotified, DebtorFound, DebtPaid
from domain.movements.account import Event
from domain.movements.incurred import Incurred
from domain.movements.walk import Walk
from domain.settle import Standing


class About(NamedTuple):
    """An act about a debt, when it happened, and the report that tells it."""

    at: datetime
    cite: str
    act: AboutDebt


Acts = tuple[About, ...]


class Matched(NamedTuple):
    """The debts by reference, and the acts about each."""

    refs: dict[str, Incurred]
    of: dict[str, tuple[About, ...]]


def match(walk: Walk, debts: Sequence[Incurred]) -> Matched:
    """Give each act about a debt to the debt it means."""
    refs = _references(walk, debts)
    of: dict[str, tuple[About, ...]] = dict.fromkeys(refs, ())
    persons = {ref: {owing.person for owing in debt.owing} for ref, debt in refs.items()}
    acts = walk.acts(AboutDebt)
    for fact, act in sorted(acts, key=lambda each: not isinstance(each[1], DebtorFound)):
        fitting = [
            ref
            for ref in refs
            if _fits(walk, refs[ref], _aliases(walk, ref), fact, persons[ref])
            and not _too_early(walk, refs[ref], fact)
        ]
        if len(fitting) > 1:
            incurred = [ref for ref in fitting if _incurred_by(walk, refs[ref], fact)]
            fitting = incurred or fitting
        if len(fitting) == 1:
            of[fitting[0]] = (*of[fitting[0]], About(fact.at, fact.cites[0], act))
            if isinstance(act, DebtorFound):
                persons[fitting[0]].add(act.person)
            continue
        event = Event(
            fact.at, fact.rank, False, fact.source, fact.cites, fact.by_day, None, fact.fact
        )
        if fitting:
            words = (
                f"it fits {len(fitting)} debts: name the debt, or the report that gave rise to it"
            )
            walk.find(event, "DEBT_AMBIGUOUS", words, act.ARTICLE)
        else:
            words = "it fits no debt of this movement: check the movement, the debt and the debtor"
            walk.find(event, "DEBT_NOT_FOUND", words, act.ARTICLE)
    return Matched(refs, {ref: tuple(sorted(acts_)) for ref, acts_ in of.items()})


def _references(walk: Walk, debts: Sequence[Incurred]) -> dict[str, Incurred]:
    """Each debt by a reference that re-dating does not change."""
    refs: dict[str, Incurred] = {}
    for debt in debts:
        ref = name = f"{walk.own.movement}#debt/{debt.rule}/{debt.gave_rise[0]}"
        count = 1
        while ref in refs:
            count += 1
            ref = f"{name}/{count}"
        refs[ref] = debt
    return refs


def _aliases(walk: Walk, ref: str) -> set[str]:
    """A debt's reference under every name of its movement."""
    rest = ref.removeprefix(walk.own.movement)
    return {f"{name}{rest}" for name in walk.own.names} | {ref}


def _too_early(walk: Walk, debt: Incurred, fact: Standing) -> bool:
    """Nobody is notified of a debt that is not incurred yet (Article 102(1))."""
    return isinstance(fact.fact, DebtNotified) and not _incurred_by(walk, debt, fact)


def _incurred_by(walk: Walk, debt: Incurred, fact: Standing) -> bool:
    """Whether a debt is incurred on the day of an act: of several that fit, it is about such."""
    return walk.day(debt.at) <= walk.day(fact.at)


def _fits(walk: Walk, debt: Incurred, aliases: set[str], fact: Standing, persons: set[str]) -> bool:
    act = fact.fact
    if not isinstance(act, AboutDebt):
        return False
    if act.debt is not None and act.debt not in aliases:
        return False
    if act.gave_rise is not None:
        named = report_named(act.gave_rise, fact.source, debt.because.reports)
        if not {named, walk.put_right_by(named)} & {*debt.because.reports}:
            return False
    if act.line is not None and act.line not in debt.struck:
        return False
    match act:
        case DebtNotified(debtor=person) | DebtPaid(payer=person):
            return person in persons or isinstance(act, DebtPaid)
        case _:
            return True
