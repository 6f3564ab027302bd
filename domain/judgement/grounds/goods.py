"""What became of the goods (Article 124(1)(e), (f), (g), (k))."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

from domain.facts.debt import (
    DeceptionFound,
    ExitProofAccepted,
    LossAccepted,
    UseFound,
)
from domain.facts.inventory import ShortageFound
from domain.judgement.coinciding import decisions
from domain.judgement.grounds.ground import Debit, Ground, citing
from domain.law.citation import rule
from domain.law.periods import start_of
from domain.movements.account import NONE
from domain.movements.disposal import NOTHING
from domain.outline import ABANDONED, CONFISCATED, DESTROYED, Mark
from domain.timeline import Finding


@rule("124(1)(e)", "198(1)")
def confiscated(debit: Debit) -> Iterator[Ground]:
    """Confiscation, at once or after seizure; goods that are missing have to be found before."""
    for each in decisions(debit.walk, debit.debt, CONFISCATED):
        because = citing(confiscated, (each.cite,))
        yield Ground("e", each.at, because, each.goods, act=each.cite)


@rule("124(1)(f)", "199")
def abandoned(debit: Debit) -> Iterator[Ground]:
    """Abandonment to the State that had effect."""
    for each in decisions(debit.walk, debit.debt, ABANDONED):
        yield Ground("f", each.at, citing(abandoned, (*each.uses, each.cite)), each.goods)


@rule("124(1)(f)", "197")
def destroyed(debit: Debit) -> Iterator[Ground]:
    """Destruction under customs supervision."""
    for each in decisions(debit.walk, debit.debt, DESTROYED):
        yield Ground("f", each.at, citing(destroyed, (each.cite,)), each.goods)


@rule("124(1)(g)", "124(4)")
def lost(debit: Debit) -> Iterator[Ground]:
    """Goods are missing, or an obligation was not met, by total destruction or irretrievable loss,
    as customs accept it; up to the standard rate of loss by the nature of the goods without more
    proof. The debt of a failure then ends when it arises. A loss that nobody accepted yet makes the
    ground a candidate; an attempted deception rules it out.
    """
    walk, debt = debit.walk, debit.debt
    accepted = [each for each in debit.about if isinstance(each.act, LossAccepted)]
    if any(isinstance(each.act, DeceptionFound) for each in debit.about):
        return
    nature, rates = _by_nature(debit)
    for each in accepted:
        goods = _about(debit, each.act, nature) if isinstance(each.act, LossAccepted) else None
        reports = (*debt.because.reports, each.cite, *rates)
        at = debt.at if debt.article.startswith("79") else max(debt.at, each.at)
        yield Ground("g", at, citing(lost, reports), goods)
    if accepted:
        return
    if nature:
        yield Ground("g", debt.at, citing(lost, (*debt.because.reports, *rates)), nature)
    if debt.rule == "goods_lost":
        words = "124(1)(g) may apply: it needs a decision of customs on the cause of the loss"
        because = citing(lost, debt.because.reports)
        walk.findings.append(Finding("UCC124_1G_CANDIDATE", None, debt.at, None, words, because))


def _by_nature(debit: Debit) -> tuple[dict[int, Decimal], tuple[str, ...]]:
    """What the standard rate of loss covers of a shortage that is put down to nature, and the
    reports of the rates: of each line once, of which shortages before have used up their part.
    """
    walk, goods, cites = debit.walk, dict[int, Decimal](), list[str]()
    by_nature = {
        (fact.cites[0], shortage.line)
        for fact, shortage in walk.acts(ShortageFound)
        if shortage.by_nature
    }
    used: dict[int, Decimal] = {}
    for debt in sorted(walk.debts, key=attrgetter("at")) if by_nature else ():
        for number, much in debt.struck.items():
            line = walk.own.line(number)
            rate = walk.case.reference.loss_rate(line.code, walk.day(debt.at)) if line else None
            claimed = any((cite, number) in by_nature for cite in debt.gave_rise)
            if not (line and rate and claimed):
                continue
            free = line.quantity * rate.percent / 100 - used.get(number, NONE)
            covered = max(min(much, free), NONE)
            used[number] = used.get(number, NONE) + covered
            if debt is debit.debt and covered:
                goods[number] = covered
                cites.append(rate.cite)
    return goods, tuple(cites)


@rule("124(1)(k)", "124(6)")
def taken_out_unused(debit: Debit) -> Iterator[Ground]:
    """Customs are satisfied that the goods were neither used nor consumed and were taken out: from
    the day on which they left, and not for a person who attempted deception.
    """
    used = any(isinstance(each.act, UseFound) for each in debit.about)
    deceivers = {each.act.person for each in debit.about if isinstance(each.act, DeceptionFound)}
    if used or not debit.debt.article.startswith("79"):
        return
    for each in debit.about:
        if not isinstance(each.act, ExitProofAccepted):
            continue
        goods = _about(debit, each.act)
        left, cites = _exit(debit, each.act, goods) or (each.at, ())
        at = max(debit.debt.at, min(left, each.at))
        because = citing(taken_out_unused, (*debit.debt.because.reports, each.cite, *cites))
        if not deceivers:
            yield Ground("k", at, because, goods)
        for owed in debit.obligations if deceivers - {None} else ():
            if owed.person not in deceivers:
                yield Ground("k", at, because, goods, frees=owed.person)


def _about(
    debit: Debit, act: LossAccepted | ExitProofAccepted, least: Mapping[int, Decimal] = NOTHING
) -> dict[int, Decimal] | None:
    """How much of each line that it names a decision is about, and what it is of each line
    without it; `None`: all that the debt is about.
    """
    if act.line is None and act.quantity is None:
        return None
    found = dict(least)
    for line, much in debit.debt.struck.items():
        if act.line in (None, line):
            told = much if act.quantity is None else min(much, act.quantity)
            found[line] = max(told, least.get(line, NONE))
    return found


def _exit(
    debit: Debit, proof: ExitProofAccepted, goods: dict[int, Decimal] | None
) -> tuple[datetime, tuple[str, ...]] | None:
    """When the goods of a proof had left: on the day that it shows, or with the re-exports that
    discharged all of them; `None` where neither says.
    """
    if proof.exited_on:
        return start_of(proof.exited_on, debit.walk.zone), ()
    exits: list[Mark] = []
    for number, wanted in (goods or debit.debt.struck).items():
        left = NONE
        for mode in debit.walk.accounts[number].modes:
            mark = debit.walk.successors[mode.successor].exited
            if mark and mode.at == mark.at:
                exits.append(mark)
                left += mode.quantity
        if left < wanted:
            return None
    last = max(exits, default=None)
    return (last.at, tuple(mark.cite for mark in exits)) if last else None
