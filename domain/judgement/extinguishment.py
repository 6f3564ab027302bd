"""How a debt is extinguished (Article 124). A new ground is one function here, and its name in
`GROUNDS`. Grounds apply in the order of legal time to what is left.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from domain.facts.debt import (
    DebtPaid,
    DeceptionFound,
    ExitProofAccepted,
    InsignificanceAccepted,
    LossAccepted,
    PreferenceCancelled,
    UseFound,
)
from domain.facts.declaration import DeclarationInvalidated
from domain.facts.disposal import (
    AbandonmentPermitted,
    GoodsAbandoned,
    GoodsConfiscated,
    GoodsDestroyed,
    OnGoods,
)
from domain.facts.inventory import ShortageFound
from domain.judgement.duty import plain
from domain.judgement.matching import About
from domain.law.citation import NotInForce, rule
from domain.law.limits import INSIGNIFICANT_FAILURE
from domain.law.periods import missed_at, start_of
from domain.movements.account import NONE
from domain.movements.drawing import confirmed, drawn_lines, drawn_quantity
from domain.movements.walk import Incurred, Walk
from domain.outline import Mark
from domain.settle import Standing
from domain.timeline import Because, Extinguished, Finding, Obligation, Struck


class Ground(NamedTuple):
    """A ground that applies: for all (`None`) or so much of a line, or for an amount."""

    letter: str
    at: datetime
    because: Because
    goods: dict[int, Decimal] | None = None
    amount: Decimal | None = None
    frees: str | None = None


class Debit(NamedTuple):
    """What a ground is asked about."""

    walk: Walk
    debt: Incurred
    struck: tuple[Struck, ...]
    total: Decimal | None
    obligations: tuple[Obligation, ...]
    about: tuple[About, ...]


def extinguished(
    walk: Walk,
    debt: Incurred,
    struck: tuple[Struck, ...],
    total: Decimal | None,
    obligations: tuple[Obligation, ...],
    about: tuple[About, ...],
) -> tuple[Extinguished, ...]:
    """The grounds that apply to a debt, each for what was left when it applied."""
    debit = Debit(walk, debt, struck, total, obligations, about)
    grounds = sorted(
        (ground for each in GROUNDS for ground in each(debit)),
        key=lambda ground: (ground.at, ground.letter, ground.frees or ""),
    )
    return tuple(_applied(debit, grounds))


def _applied(debit: Debit, grounds: Iterable[Ground]) -> Iterator[Extinguished]:
    left = debit.total
    at: datetime | None = None
    for ground in grounds:
        if left == NONE and ground.at != at:
            if ground.letter in "bd":
                _repayable(debit, ground)
            continue
        amount = _share(debit, ground)
        if left is not None and amount is not None:
            amount = min(amount, left)
        quantity = plain(sum(ground.goods.values(), NONE)) if ground.goods is not None else None
        yield Extinguished(ground.letter, ground.at, amount, quantity, ground.frees, ground.because)
        at = ground.at
        if ground.frees is None:
            left = NONE if amount is None else None if left is None else left - amount


def _share(debit: Debit, ground: Ground) -> Decimal | None:
    """The money of a ground: as told, or the part that falls on its goods; `None`: all of it."""
    if ground.amount is not None:
        return ground.amount
    if ground.goods is None or debit.total is None:
        return debit.total
    share = NONE
    for each in debit.struck:
        gone = min(ground.goods.get(each.line, NONE), each.quantity)
        if each.amount is not None and each.quantity:
            share += each.amount * gone / each.quantity
    return plain(share)


def _repayable(debit: Debit, ground: Ground) -> None:
    """What follows full payment is a repayment."""
    words = "the debt had been paid: the duty is to be repaid"
    because = Because("repayable", ("116(1)",), ground.because.reports)
    debit.walk.findings.append(Finding("UCC116_REPAYABLE", None, ground.at, None, words, because))


@rule("124(1)(a)", "103(1)")
def barred(debit: Debit) -> Iterator[Ground]:
    """A debtor who was not notified in time can no longer be."""
    for owed in debit.obligations:
        at = missed_at(owed.limitation, debit.walk.zone)
        if owed.notified is None or owed.notified >= at:
            reports = debit.debt.because.reports
            yield Ground("a", at, _because(barred, reports), frees=owed.person)


@rule("124(1)(b)")
def paid(debit: Debit) -> Iterator[Ground]:
    """Payment, for what was paid, whoever paid it."""
    for each in debit.about:
        if isinstance(each.act, DebtPaid):
            yield Ground("b", each.at, _because(paid, (each.cite,)), amount=each.act.amount)


@rule("124(1)(d)", "174(1)", "198(2)")
def invalidated(debit: Debit) -> Iterator[Ground]:
    """The declaration that gave rise to the debt is invalidated, as customs must when its goods
    are confiscated.
    """
    walk, own = debit.walk, debit.walk.own
    if not debit.debt.article.startswith("77"):
        return
    ended = _invalidation(walk)
    taken = next(_confiscations(debit), None)
    if taken and (own.released is None or taken.at < own.released.at):
        ended = min(ended or taken, taken)
    if ended:
        yield Ground("d", ended.at, _because(invalidated, (ended.cite,)))


def _invalidation(walk: Walk) -> Mark | None:
    """The invalidation that has effect: before release, or after it on a ground."""
    for fact in walk.case.settled.facts:
        if isinstance(fact.fact, DeclarationInvalidated) and walk.own.accepted:
            before = walk.own.released is None or fact.at < walk.own.released.at
            if before or fact.fact.ground:
                return Mark(fact.at, fact.by_day, fact.cites[0])
    return None


@rule("124(1)(e)", "198(1)")
def confiscated(debit: Debit) -> Iterator[Ground]:
    """Confiscation, at once or after seizure; it does not reach goods that are missing."""
    if not debit.debt.missing:
        yield from _on_goods(debit, GoodsConfiscated, "e", confiscated)
        for mark, goods in _confiscated_elsewhere(debit):
            yield Ground("e", mark.at, _because(confiscated, (mark.cite,)), goods)


@rule("124(1)(f)", "199")
def abandoned(debit: Debit) -> Iterator[Ground]:
    """Abandonment to the State that had effect."""
    permitted = list(_facts(debit, AbandonmentPermitted))
    if debit.debt.missing or not permitted:
        return
    for ground in _on_goods(debit, GoodsAbandoned, "f", abandoned):
        if permitted[0].at <= ground.at:
            reports = (*permitted[0].cites, *ground.because.reports)
            yield ground._replace(because=_because(abandoned, reports))


@rule("124(1)(h)", "126")
def regularised(debit: Debit) -> Iterator[Ground]:
    """No significant effect on the procedure, no attempted deception, and all formalities done
    since: from the last of these formalities. That there was no significant effect is a decision
    of customs; until it is reported the ground is a candidate.
    """
    walk, debt = debit.walk, debit.debt
    if walk.regularised is None or debt.missing or not debt.article.startswith("79"):
        return
    at, cites = walk.regularised
    accepted = [each for each in debit.about if isinstance(each.act, InsignificanceAccepted)]
    deceived = [each for each in debit.about if isinstance(each.act, DeceptionFound)]
    reports = (*debt.because.reports, *cites)
    for each in accepted:
        if deceived:
            continue
        if _reaches(walk, each.at):
            yield Ground("h", at, _because(regularised, (*reports, each.cite)))
        else:
            words = "in this text of the Code 124(1)(h) does not reach this kind of movement"
            because = _because(regularised, (each.cite,))
            walk.findings.append(Finding("UCC124_1H_NOT_OPEN", None, each.at, None, words, because))
    ended = min((each.at for each in (*accepted, *deceived)), default=None)
    opens = _opens(walk, at)
    if opens and (ended is None or opens < ended) and not accepted:
        words = "124(1)(h) may apply: it needs a decision of customs on the effect of the failure"
        because = _because(regularised, reports)
        walk.findings.append(Finding("UCC124_1H_CANDIDATE", None, opens, ended, words, because))


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


@rule("124(1)(f)", "197")
def destroyed(debit: Debit) -> Iterator[Ground]:
    """Destruction under customs supervision."""
    if not debit.debt.missing:
        yield from _on_goods(debit, GoodsDestroyed, "f", destroyed)


@rule("124(1)(g)", "124(4)")
def lost(debit: Debit) -> Iterator[Ground]:
    """Total destruction or irretrievable loss, as customs accept it; up to the standard rate of
    loss by the nature of the goods without more proof. A loss that nobody accepted yet makes the
    ground a candidate; an attempted deception rules it out.
    """
    walk, debt = debit.walk, debit.debt
    accepted = [each for each in debit.about if isinstance(each.act, LossAccepted)]
    deceived = any(isinstance(each.act, DeceptionFound) for each in debit.about)
    if deceived or not debt.missing:
        return
    for each in accepted:
        told = each.act.quantity if isinstance(each.act, LossAccepted) else None
        goods = None
        if told is not None:
            goods = {line: min(much, told) for line, much in debt.struck.items()}
        yield Ground("g", debt.at, _because(lost, (*debt.because.reports, each.cite)), goods)
    if accepted:
        return
    if goods := _by_nature(debit):
        yield Ground("g", debt.at, _because(lost, debt.because.reports), goods)
    if debt.rule == "goods_lost":
        words = "124(1)(g) may apply: it needs a decision of customs on the cause of the loss"
        because = _because(lost, debt.because.reports)
        walk.findings.append(Finding("UCC124_1G_CANDIDATE", None, debt.at, None, words, because))


def _by_nature(debit: Debit) -> dict[int, Decimal]:
    """What the standard rate of loss covers of a shortage that is put down to nature."""
    walk, debt = debit.walk, debit.debt
    claimed = {
        fact.fact.line
        for fact in walk.case.settled.facts
        if isinstance(fact.fact, ShortageFound)
        and fact.fact.by_nature
        and fact.cites[0] in debt.gave_rise
    }
    goods = {}
    for number, much in debt.struck.items():
        line = walk.own.line(number)
        rate = walk.case.reference.loss_rate(line.code, walk.day(debt.at)) if line else None
        if line and rate and number in claimed:
            goods[number] = min(much, line.quantity * rate.percent / 100)
    return goods


@rule("124(1)(j)", "78(1)")
def preference_cancelled(debit: Debit) -> Iterator[Ground]:
    """The formalities for preferential treatment are cancelled."""
    if debit.debt.article.startswith("78"):
        for each in debit.about:
            if isinstance(each.act, PreferenceCancelled):
                yield Ground("j", each.at, _because(preference_cancelled, (each.cite,)))


@rule("124(1)(k)", "124(6)")
def taken_out_unused(debit: Debit) -> Iterator[Ground]:
    """Customs are satisfied that the goods were neither used nor consumed and were taken out; not
    for a person who attempted deception.
    """
    used = any(isinstance(each.act, UseFound) for each in debit.about)
    deceivers = {each.act.person for each in debit.about if isinstance(each.act, DeceptionFound)}
    if used or not debit.debt.article.startswith("79"):
        return
    for each in debit.about:
        if not isinstance(each.act, ExitProofAccepted):
            continue
        told = each.act.quantity
        goods = None
        if told is not None:
            goods = {line: min(much, told) for line, much in debit.debt.struck.items()}
        because = _because(taken_out_unused, (*debit.debt.because.reports, each.cite))
        if not deceivers:
            yield Ground("k", each.at, because, goods)
        for owed in debit.obligations if deceivers - {None} else ():
            if owed.person not in deceivers:
                yield Ground("k", each.at, because, goods, frees=owed.person)


GROUNDS: Final[tuple[Callable[[Debit], Iterator[Ground]], ...]] = (
    barred,
    paid,
    invalidated,
    confiscated,
    abandoned,
    destroyed,
    lost,
    regularised,
    preference_cancelled,
    taken_out_unused,
)


def _facts(debit: Debit, act: type[OnGoods]) -> Iterator[Standing]:
    return (fact for fact in debit.walk.case.settled.facts if isinstance(fact.fact, act))


def _on_goods(
    debit: Debit, act: type[OnGoods], letter: str, ground: Callable[..., object]
) -> Iterator[Ground]:
    """An act on the movement's own goods extinguishes for what it names."""
    for fact in _facts(debit, act):
        told = fact.fact
        if fact.at < debit.debt.at or not isinstance(told, OnGoods):
            continue
        goods = {
            number: much if told.quantity is None else min(much, told.quantity)
            for number, much in debit.debt.struck.items()
            if told.line in (None, number)
        }
        if goods:
            yield Ground(letter, fact.at, _because(ground, fact.cites), goods)


def _confiscations(debit: Debit) -> Iterator[Mark]:
    """Confiscations of the goods reported here, or on the movement they are drawn from."""
    for fact in _facts(debit, GoodsConfiscated):
        yield Mark(fact.at, fact.by_day, fact.cites[0])
    for mark, _ in _confiscated_elsewhere(debit):
        yield mark


def _confiscated_elsewhere(debit: Debit) -> Iterator[tuple[Mark, dict[int, Decimal]]]:
    """Confiscations on a predecessor before our release, or on a successor that drew the goods."""
    walk, struck = debit.walk, debit.debt.struck
    for goods in walk.case.previous.values():
        mark = goods.confiscated
        if mark and (walk.own.released is None or mark.at < walk.own.released.at):
            hit = {
                number: much
                for number, much in struck.items()
                if (line := walk.own.line(number)) and line.previous in goods.names
            }
            if hit and mark.at >= debit.debt.at:
                yield mark, hit
    for other in walk.case.successors:
        mark = other.confiscated
        if mark and mark.at >= debit.debt.at and confirmed(other, walk.own):
            hit = {}
            for number, ours, _ in drawn_lines(other, walk.own):
                if ours in struck:
                    drawn = drawn_quantity(walk.case, walk.own, other, number)
                    hit[ours] = min(struck[ours], hit.get(ours, NONE) + drawn)
            if hit:
                yield mark, hit


def _because(ground: Callable[..., object], reports: Iterable[str]) -> Because:
    articles: tuple[str, ...] = getattr(ground, "articles", ())
    return Because(ground.__name__, articles, tuple(dict.fromkeys(reports)))
