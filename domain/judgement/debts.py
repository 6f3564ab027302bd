"""Customs debts, whole: what for, how much (Articles 79, 85, 86)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from domain.customs_debt import Debt, SameGoods, Struck
from domain.facts.debt import DebtorFound
from domain.facts.values import DutyBase, Kind
from domain.judgement.arrears import not_compared
from domain.judgement.coinciding import coinciding
from domain.judgement.duty import Amount, duty_on, one_currency, plain
from domain.judgement.extinguishment import extinguished
from domain.judgement.matching import Acts, match
from domain.judgement.obligations import finish, owes
from domain.judgement.places import place
from domain.judgement.relief import in_time_for_relief, unchecked
from domain.movements.account import NONE
from domain.movements.drawing import drawn_lines, drawn_quantity
from domain.movements.free_circulation import ON_INPUTS
from domain.movements.incurred import Incurred, Owing
from domain.movements.walk import Walk
from domain.outline import Outline
from domain.timeline import Finding


def told(walk: Walk) -> tuple[Debt, ...]:
    """The debts of a movement, whole, in the order in which they were incurred.

    Goods that bear no duty are not liable to it, and give rise to none (Articles 77(1), 79(1)).
    """
    if not walk.debts:
        match(walk, ())
        return ()
    charged = [(debt, _charge(walk, debt)) for debt in walk.debts]
    liable = [each for each in charged if each[1].total != NONE]
    liable.sort(key=lambda each: (each[0].at, each[0].rule, each[0].gave_rise))
    matched = match(walk, [debt for debt, _ in liable])
    return tuple(
        _debt(walk, debt, ref, charge, matched.of[ref])
        for ref, (debt, charge) in zip(matched.refs, liable, strict=True)
    )


class Charge(NamedTuple):
    """The duty on all lines that a debt strikes; the sum is `None` where it is not known."""

    struck: tuple[Struck, ...]
    total: Decimal | None
    by_line: tuple[Amount, ...]


def _debt(walk: Walk, debt: Incurred, ref: str, charge: Charge, about: Acts) -> Debt:
    struck, total = charge.struck, charge.total
    owing = (*debt.owing, *_found(debt, about))
    obligations = tuple([owes(walk, debt, each, about) for each in owing])
    if total is None:
        words = "the duty terms of the goods are not known: report the measure of their code"
        if all(each.amount is not None for each in struck):
            words = "its lines are in different currencies: report them in one"
        walk.findings.append(_unknown(debt, words))
    walk.findings += unchecked(walk, debt, [each.line for each in struck])
    where = place(walk, debt, total, _currency(walk, debt), about)
    reports = tuple(dict.fromkeys((*debt.because.reports, *where.cites)))
    whole = partial(
        Debt,
        ref=ref,
        article=debt.article,
        incurred=debt.at,
        incurred_on=walk.day(debt.at),
        place=where.office,
        struck=struck,
        amount=total,
        currency=_currency(walk, debt),
        steps=tuple([step for each in charge.by_line for step in each.steps()]),
        same_goods=tuple(_same_goods(walk, debt, struck)),
        extinguished=extinguished(walk, debt, struck, total, obligations, about),
        gave_rise=debt.gave_rise,
        because=debt.because._replace(reports=reports),
    )
    so_far = whole(obligations=obligations)
    owed = whole(obligations=tuple([finish(walk, debt, so_far, each) for each in obligations]))
    walk.findings += not_compared(walk, owed)
    return owed


def _charge(walk: Walk, debt: Incurred) -> Charge:
    """The duty on each line that the debt strikes, and the sum."""
    struck, by_line = [], []
    total: Decimal | None = NONE
    day = walk.day(debt.at)
    for number, quantity in sorted(debt.struck.items()):
        duty = _duty(walk, debt, number, quantity, day)
        struck.append(Struck(number, plain(quantity), duty.amount))
        by_line.append(duty)
        total = None if total is None or duty.amount is None else total + duty.amount
    if len(struck) > 1 and not one_currency(walk.accounts[number].line for number in debt.struck):
        total = None
    return Charge(tuple(struck), total, tuple(by_line))


def _duty(walk: Walk, debt: Incurred, number: int, quantity: Decimal, day: date) -> Amount:
    account = walk.accounts[number]
    line, much = account.line, quantity
    if number in debt.terms:
        line, inputs = debt.terms[number]
        much = inputs * quantity / (account.quantity or 1)
    elif line.duty_base in ON_INPUTS:
        unknown = "the goods placed under inward processing are not known"
        return Amount(None, line, much, unknown=unknown)
    relief = line.duty_base is DutyBase.PROCESSING_COST and in_time_for_relief(walk, number, day)
    return duty_on(line, much, day, walk.case.reference, walk.policies, relief=relief)


def _currency(walk: Walk, debt: Incurred) -> str:
    return walk.accounts[min(debt.struck)].line.currency


def _found(debt: Incurred, about: Acts) -> Iterator[Owing]:
    """Further debtors that customs found, each once (Article 79(3)(b) and (c))."""
    seen = {owing.person for owing in debt.owing}
    for each in about:
        if isinstance(each.act, DebtorFound) and each.act.person not in seen:
            seen.add(each.act.person)
            yield Owing(each.act.person, each.act.letter, each.cite)


def _same_goods(walk: Walk, debt: Incurred, struck: tuple[Struck, ...]) -> Iterator[SameGoods]:
    """The debt that arose on the same goods when a time limit ran out, and declarations for free
    circulation of them: one amount, as far as both are about the same quantity (D8).
    """
    if debt.article.startswith("77"):
        return
    by_line = {each.line: each for each in struck}
    if debt.again:
        amount = sum((_again(walk, debt, by_line[line]) for line in debt.again), NONE)
        quantity = sum(debt.again.values(), NONE)
        yield SameGoods(walk.own.movement, plain(quantity), plain(amount))
    shares = coinciding(walk, debt)
    for other in walk.case.successors:
        if other.kind is Kind.FREE_CIRCULATION and other.movement in shares:
            shared = shares[other.movement]
            amount = sum((_both(walk, other, by_line[line], shared[line]) for line in shared), NONE)
            quantity = sum(shared.values(), NONE)
            yield SameGoods(other.movement, plain(quantity), plain(amount))


def _again(walk: Walk, debt: Incurred, hit: Struck) -> Decimal:
    """What a debt has in common with the one for lateness of the same line: the smaller amount."""
    much = debt.again[hit.line]
    mine = (hit.amount or NONE) * much / hit.quantity
    for late in walk.debts:
        if late.late and hit.line in late.struck:
            theirs = _duty(walk, late, hit.line, much, walk.day(late.at)).amount
            return mine if theirs is None else min(mine, theirs)
    return mine


def _both(walk: Walk, other: Outline, hit: Struck, shared: Decimal) -> Decimal:
    """What two debts on so much of our line have in common: the smaller of the two amounts."""
    mine = (hit.amount or NONE) * shared / hit.quantity
    theirs: Decimal | None = NONE
    drawn = NONE
    for number, ours, line in drawn_lines(other, walk.own):
        if ours == hit.line and other.accepted:
            day = walk.day(other.accepted.at)
            of = walk.own.line(ours) if line.duty_base in ON_INPUTS else line
            much = drawn_quantity(walk.case, walk.own, other, number)
            part = much if line.duty_base in ON_INPUTS else line.quantity
            duty = duty_on(of or line, part, day, walk.case.reference, walk.policies).amount
            theirs = None if theirs is None or duty is None else theirs + duty
            drawn += much
    return mine if theirs is None or not drawn else min(mine, theirs * shared / drawn)


def _unknown(debt: Incurred, words: str) -> Finding:
    return Finding("DUTY_TERMS_UNKNOWN", None, debt.at, None, words, debt.because)
