"""Who owes what, since when and until when (Articles 84 to 87, 101 to 103, 108)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from domain.facts.debt import CriminalActFound, DebtNotified, DebtorFound
from domain.facts.declaration import GoodsReleased
from domain.facts.disposal import GoodsSeized
from domain.facts.values import Kind
from domain.judgement import arrears
from domain.judgement.arrears import (
    Owed,
    interest_after_due_day,
    interest_before_notification,
)
from domain.judgement.coinciding import coinciding
from domain.judgement.duty import Amount, duty_on, plain
from domain.judgement.extinguishment import extinguished
from domain.judgement.matching import About, Matched, match
from domain.law.calendar import country_of
from domain.law.citation import rule
from domain.law.limits import LIMITATION_YEARS, SMALL_DEBT
from domain.law.periods import missed_at, rolled, years_after
from domain.movements.account import NONE
from domain.movements.drawing import drawn_lines, drawn_quantity
from domain.movements.free_circulation import ON_INPUTS
from domain.movements.walk import Incurred, Owing, Walk
from domain.outline import Outline
from domain.settle import Standing
from domain.timeline import Because, Debt, Finding, Interest, Obligation, SameGoods, Step, Struck

Acts = tuple[About, ...]


def told(walk: Walk) -> tuple[Debt, ...]:
    """The debts of a movement, whole, in the order in which they were incurred.

    Goods that bear no duty are not liable to it, and give rise to none (Articles 77(1), 79(1)).
    """
    if not walk.debts:
        match(walk, ())
        return ()
    liable = [debt for debt in walk.debts if _amount(walk, debt)[1] != NONE]
    incurred = sorted(liable, key=lambda debt: (debt.at, debt.rule, debt.gave_rise))
    matched = match(walk, incurred)
    return tuple(_debt(walk, debt, ref, matched) for ref, debt in matched.refs.items())


def _debt(walk: Walk, debt: Incurred, ref: str, matched: Matched) -> Debt:
    struck, total, steps = _amount(walk, debt)
    about = matched.of[ref]
    owing = (*debt.owing, *_found(about))
    owed = Owed(total, walk.case.reference, walk.law)
    obligations = tuple(_obligation(walk, debt, each, owed, about) for each in owing)
    if total is None:
        words = "the duty terms of the goods are not known: report the measure of their code"
        walk.findings.append(_unknown(debt, words))
    whole = Debt(
        ref=ref,
        article=debt.article,
        incurred=debt.at,
        incurred_on=walk.day(debt.at),
        place=place(walk, debt, total, about),
        struck=struck,
        amount=total,
        currency=_currency(walk, debt),
        steps=steps,
        same_goods=tuple(_same_goods(walk, debt, struck)),
        obligations=obligations,
        extinguished=extinguished(walk, debt, struck, total, obligations, about),
        gave_rise=debt.gave_rise,
        because=debt.because,
    )
    return _in_arrears(walk, whole, owed)


def _amount(
    walk: Walk, debt: Incurred
) -> tuple[tuple[Struck, ...], Decimal | None, tuple[Step, ...]]:
    """The duty on each line that the debt strikes, and the sum."""
    struck = []
    steps: list[Step] = []
    total: Decimal | None = NONE
    for number, quantity in sorted(debt.struck.items()):
        duty = _duty(walk, debt, number, quantity)
        struck.append(Struck(number, plain(quantity), duty.amount))
        steps += duty.steps
        total = None if total is None or duty.amount is None else total + duty.amount
    return tuple(struck), total, tuple(steps)


def _duty(walk: Walk, debt: Incurred, number: int, quantity: Decimal) -> Amount:
    line, much = walk.accounts[number].line, quantity
    if line.duty_base in ON_INPUTS and number not in debt.terms:
        words = "the goods placed under inward processing are not known"
        return Amount(None, (Step(words, NONE, ()),))
    if number in debt.terms:
        line, inputs = debt.terms[number]
        much = inputs * quantity / (walk.accounts[number].quantity or 1)
    day = walk.day(debt.at)
    relief = in_time_for_relief(walk, number, day)
    return duty_on(line, much, day, walk.case.reference, walk.policies, relief=relief)


@rule("259(3)", "86(5)")
def in_time_for_relief(walk: Walk, number: int, day: date) -> bool:
    """Relief of outward processing needs release for free circulation within the period."""
    line = walk.own.line(number)
    goods = walk.case.previous.get((line.previous if line else None) or "")
    last = goods.last_day(walk.policies) if goods else None
    return last is None or day <= last


def _currency(walk: Walk, debt: Incurred) -> str:
    return walk.accounts[min(debt.struck)].line.currency


def _found(about: Acts) -> Iterator[Owing]:
    """Further debtors that customs found, each once (Article 79(3)(b) and (c))."""
    seen = set()
    for each in about:
        if isinstance(each.act, DebtorFound) and each.act.person not in seen:
            seen.add(each.act.person)
            yield Owing(each.act.person, each.act.letter, each.cite)


def _obligation(walk: Walk, debt: Incurred, owing: Owing, owed: Owed, about: Acts) -> Obligation:
    told_to = notification(walk, debt, owing.person, about)
    since = walk.day(debt.at)
    until = walk.day(told_to.at) if told_to else None
    suspended = payment_suspended(walk, debt, told_to)
    due = payment_due(walk, until) if until and not suspended else None
    interest: tuple[Interest, ...] = ()
    if debt.article.startswith(("79", "82")):
        owed = owed._replace(due=due)
        interest = (interest_before_notification(owed, since, until),)
    reports = (
        *debt.because.reports,
        *((owing.cite,) if owing.cite else ()),
        *(told_to.cites if told_to else ()),
        *owed.reference.calendar_cites,
        *(cite for one in interest for cite in arrears.cites(one, owed)),
    )
    articles = (owing.article, "84", "103(1)", *(("108(1)",) if due else ()))
    return Obligation(
        owing.person,
        owing.article,
        told_to.at if told_to else None,
        due,
        suspended,
        limitation(walk, debt, since, about),
        interest,
        Because(notification.__name__, articles, tuple(dict.fromkeys(reports))),
    )


def _in_arrears(walk: Walk, debt: Debt, owed: Owed) -> Debt:
    """The debt with the interest of each debtor who did not pay within the period."""
    obligations = []
    for each in debt.obligations:
        after = tuple(_after_due(walk, debt, each, owed))
        due = owed._replace(due=each.due)
        rates = [cite for one in after for cite in arrears.cites(one, due)]
        reports = tuple(dict.fromkeys((*each.because.reports, *rates)))
        because = each.because._replace(reports=reports)
        interest = (*each.interest, *after)
        obligations.append(each._replace(interest=interest, because=because))
    return replace(debt, obligations=tuple(obligations))


def _after_due(walk: Walk, debt: Debt, owing: Obligation, owed: Owed) -> Iterator[Interest]:
    """Interest on what is left after the due day, anew for each part that is paid."""
    if owing.due is None:
        return
    freed = {walk.day(each.at) for each in debt.extinguished if each.frees in (None, owing.person)}
    days = [owing.due, *sorted(day for day in freed if day > owing.due)]
    for since, until in zip(days, [*days[1:], None], strict=True):
        left = debt.owed_by(owing.person, missed_at(since, walk.zone))
        if left is None or left:
            yield interest_after_due_day(owed._replace(amount=left, due=owing.due), since, until)


class Notified(NamedTuple):
    """When a debtor was notified, and the report that says so."""

    at: datetime
    cites: tuple[str, ...]


@rule("102(1)", "102(2)")
def notification(walk: Walk, debt: Incurred, person: str, about: Acts) -> Notified | None:
    """The first notification of a debtor; release on the declared amount takes its place."""
    told = [
        Notified(each.at, (each.cite,))
        for each in about
        if isinstance(each.act, DebtNotified) and each.act.debtor == person
    ]
    if debt.article.startswith("77"):
        told += [Notified(fact.at, fact.cites) for fact in _releases(walk) if fact.at >= debt.at]
    return min(told, default=None)


def _releases(walk: Walk) -> Iterator[Standing]:
    if walk.own.released:
        for fact in walk.case.settled.facts:
            if isinstance(fact.fact, GoodsReleased) and fact.fact.as_declared:
                yield fact


@rule("108(1)")
def payment_due(walk: Walk, notified: date) -> date:
    """The last day of the period for payment that customs set."""
    return rolled(
        date.fromordinal(notified.toordinal() + walk.policies.payment_days), walk.calendar
    )


@rule("108(3)(b)")
def payment_suspended(walk: Walk, debt: Incurred, told_to: Notified | None) -> str | None:
    """The period for payment does not run while the goods are to be confiscated."""
    seized = (fact.at for fact in walk.case.settled.facts if isinstance(fact.fact, GoodsSeized))
    if told_to and not debt.missing and any(debt.at <= at <= told_to.at for at in seized):
        return payment_suspended.articles[0]
    return None


@rule("103(1)", "103(2)")
def limitation(walk: Walk, debt: Incurred, incurred: date, about: Acts) -> date:
    """The last day on which a debtor can be notified: three years, or the national period where
    the act was liable to criminal proceedings.
    """
    years = LIMITATION_YEARS.on(incurred, walk.law)
    national = [each.act.years for each in about if isinstance(each.act, CriminalActFound)]
    if national and not debt.article.startswith("77"):
        years = max(years, *national)
    return rolled(years_after(incurred, years), walk.calendar)


@rule("87(1)", "87(4)")
def place(walk: Walk, debt: Incurred, total: Decimal | None, about: Acts) -> str:
    """Where the declaration was lodged or the events occurred; a small debt found in another
    Member State counts as incurred where it was found.
    """
    own = walk.own.office or "unknown"
    if debt.article.startswith("77"):
        return own
    found = [each.act for each in about if isinstance(each.act, DebtorFound)]
    occurred = next((act.occurred_at for act in found if act.occurred_at), own)
    at = next((act.found_at for act in found if act.found_at), None)
    small = SMALL_DEBT.on(walk.day(debt.at), walk.law)
    if at and total is not None and total < small and country_of(at) != country_of(occurred):
        return at
    return occurred


def _same_goods(walk: Walk, debt: Incurred, struck: tuple[Struck, ...]) -> Iterator[SameGoods]:
    """Declarations for free circulation of the same goods: one amount, as far as both are about
    the same quantity (D8).
    """
    if debt.missing or debt.article.startswith("77"):
        return
    by_line = {each.line: each for each in struck}
    shares = coinciding(walk, debt)
    for other in walk.case.successors:
        if other.kind is Kind.FREE_CIRCULATION and other.movement in shares:
            shared = shares[other.movement]
            amount = sum((_both(walk, other, by_line[line], shared[line]) for line in shared), NONE)
            quantity = sum(shared.values(), NONE)
            yield SameGoods(other.movement, plain(quantity), plain(amount))


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
