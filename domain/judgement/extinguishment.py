"""How a debt is extinguished (Article 124). A new ground is one function here, and its name in
`GROUNDS`. Grounds apply in the order of legal time to what is left.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from domain.facts.debt import (
    AboutDebt,
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
    GoodsAbandoned,
    GoodsDestroyed,
    OnGoods,
)
from domain.facts.inventory import ShortageFound
from domain.judgement.coinciding import confiscations
from domain.judgement.duty import plain
from domain.judgement.matching import About
from domain.law.citation import NotInForce, rule
from domain.law.limits import INSIGNIFICANT_FAILURE
from domain.law.periods import missed_at, start_of
from domain.movements.account import NONE
from domain.movements.disposal import abandonment_permitted
from domain.movements.walk import Incurred, Walk
from domain.outline import Mark
from domain.settle import Standing
from domain.timeline import Because, Extinguished, Finding, Obligation, Struck


class Ground(NamedTuple):
    """A ground that applies: for all (`None`) or so much of a line, or for an amount.

    `act` is the report of a confiscation, on which two grounds may rest for the same goods.
    """

    letter: str
    at: datetime
    because: Because
    goods: dict[int, Decimal] | None = None
    amount: Decimal | None = None
    frees: str | None = None
    act: str | None = None


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
    paid_so_far = NONE
    confiscated_by: set[str] = set()
    for ground in grounds:
        _repayable(debit, ground, left, paid_so_far)
        if left == NONE and (ground.at != at or ground.letter == "b"):
            continue
        amount = NONE if ground.act in confiscated_by else _share(debit, ground)
        if left is not None and amount is not None:
            amount = min(amount, left)
        quantity = plain(sum(ground.goods.values(), NONE)) if ground.goods is not None else None
        yield Extinguished(ground.letter, ground.at, amount, quantity, ground.frees, ground.because)
        at = ground.at
        confiscated_by |= {ground.act} if ground.act else set()
        paid_so_far += (amount or NONE) if ground.letter == "b" else NONE
        if ground.frees is None:
            left = _left(debit, ground, left, amount)


def _left(
    debit: Debit, ground: Ground, left: Decimal | None, amount: Decimal | None
) -> Decimal | None:
    if amount is None:
        return None if _in_part(debit, ground) else NONE
    return None if left is None else left - amount


def _in_part(debit: Debit, ground: Ground) -> bool:
    """Whether a ground is about some of the goods only."""
    goods = ground.goods
    return goods is not None and any(
        goods.get(each.line, NONE) < each.quantity for each in debit.struck
    )


def _share(debit: Debit, ground: Ground) -> Decimal | None:
    """The money of a ground: as told, or the part that falls on its goods; `None`: unknown."""
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


def _repayable(debit: Debit, ground: Ground, left: Decimal | None, paid: Decimal) -> None:
    """What was paid and is not owed, or not any more, is repaid."""
    if ground.letter == "d" and paid:
        words = "the duty was paid on a declaration that is invalidated: it is to be repaid"
    elif ground.letter == "b" and left is not None and (ground.amount or NONE) > left:
        words = "more is paid than is still owed: it is to be repaid"
    else:
        return
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
    """Payment, for what was paid, whoever paid it; in advance, from the incurrence."""
    for each in debit.about:
        if isinstance(each.act, DebtPaid):
            at = max(each.at, debit.debt.at)
            yield Ground("b", at, _because(paid, (each.cite,)), amount=each.act.amount)


@rule("124(1)(d)", "174(1)", "198(2)")
def invalidated(debit: Debit) -> Iterator[Ground]:
    """The declaration that gave rise to the debt is invalidated, as customs must for goods that
    are confiscated.
    """
    walk = debit.walk
    if not debit.debt.article.startswith("77"):
        return
    if ended := _invalidation(walk):
        yield Ground("d", ended.at, _because(invalidated, (ended.cite,)))
    for each in confiscations(walk, debit.debt):
        if each.falls:
            because = _because(invalidated, (each.cite,))
            yield Ground("d", each.at, because, each.goods, act=each.cite)


def _invalidation(walk: Walk) -> Mark | None:
    """The invalidation that has effect: before release, or after it on a ground."""
    accepted, released = walk.own.accepted, walk.own.released
    for fact in walk.case.settled.facts:
        if isinstance(fact.fact, DeclarationInvalidated) and accepted and fact.at >= accepted.at:
            before = released is None or fact.at < released.at
            if before or fact.fact.ground:
                return Mark(fact.at, fact.by_day, fact.cites[0])
    return None


@rule("124(1)(e)", "198(1)")
def confiscated(debit: Debit) -> Iterator[Ground]:
    """Confiscation, at once or after seizure; it does not reach goods that are missing."""
    if not debit.debt.missing:
        for each in confiscations(debit.walk, debit.debt):
            because = _because(confiscated, (each.cite,))
            yield Ground("e", each.at, because, each.goods, act=each.cite)


@rule("124(1)(f)", "199")
def abandoned(debit: Debit) -> Iterator[Ground]:
    """Abandonment to the State that had effect."""
    for fact in _facts(debit, GoodsAbandoned):
        permission = abandonment_permitted(debit.walk, fact.fact, fact.at)
        goods = _goods(debit, fact)
        if permission and goods and not debit.debt.missing:
            because = _because(abandoned, (*permission.cites, *fact.cites))
            yield Ground("f", fact.at, because, goods)


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
            because = _because(regularised, (*reports, each.cite))
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
    because = _because(regularised, reports)
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
    nature, rates = _by_nature(debit)
    for each in accepted:
        told = each.act.quantity if isinstance(each.act, LossAccepted) else None
        goods = None
        if told is not None:
            goods = {
                line: max(min(much, told), nature.get(line, NONE))
                for line, much in debt.struck.items()
            }
        reports = (*debt.because.reports, each.cite, *rates)
        yield Ground("g", debt.at, _because(lost, reports), goods)
    if accepted:
        return
    if nature:
        yield Ground("g", debt.at, _because(lost, (*debt.because.reports, *rates)), nature)
    if debt.rule == "goods_lost":
        words = "124(1)(g) may apply: it needs a decision of customs on the cause of the loss"
        because = _because(lost, debt.because.reports)
        walk.findings.append(Finding("UCC124_1G_CANDIDATE", None, debt.at, None, words, because))


def _by_nature(debit: Debit) -> tuple[dict[int, Decimal], tuple[str, ...]]:
    """What the standard rate of loss covers of a shortage that is put down to nature, and the
    reports of the rates.
    """
    walk, debt = debit.walk, debit.debt
    claimed = {
        fact.fact.line
        for fact in walk.case.settled.facts
        if isinstance(fact.fact, ShortageFound)
        and fact.fact.by_nature
        and fact.cites[0] in debt.gave_rise
    }
    goods: dict[int, Decimal] = {}
    cites: list[str] = []
    for number, much in debt.struck.items():
        line = walk.own.line(number)
        rate = walk.case.reference.loss_rate(line.code, walk.day(debt.at)) if line else None
        if line and rate and number in claimed:
            goods[number] = min(much, line.quantity * rate.percent / 100)
            cites.append(rate.cite)
    return goods, tuple(cites)


@rule("124(1)(j)", "78(1)")
def preference_cancelled(debit: Debit) -> Iterator[Ground]:
    """The formalities for preferential treatment are cancelled."""
    if debit.debt.article.startswith("78"):
        for each in debit.about:
            if isinstance(each.act, PreferenceCancelled):
                yield Ground("j", each.at, _because(preference_cancelled, (each.cite,)))


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
        told = each.act.quantity
        goods = None
        if told is not None:
            goods = {line: min(much, told) for line, much in debit.debt.struck.items()}
        left, cites = _exit(debit, each.act, goods) or (each.at, ())
        at = max(debit.debt.at, min(left, each.at))
        because = _because(taken_out_unused, (*debit.debt.because.reports, each.cite, *cites))
        if not deceivers:
            yield Ground("k", at, because, goods)
        for owed in debit.obligations if deceivers - {None} else ():
            if owed.person not in deceivers:
                yield Ground("k", at, because, goods, frees=owed.person)


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
        if goods := _goods(debit, fact):
            yield Ground(letter, fact.at, _because(ground, fact.cites), goods)


def _goods(debit: Debit, fact: Standing) -> dict[int, Decimal]:
    """What of the goods of a debt an act since is about."""
    told = fact.fact
    if fact.at < debit.debt.at or not isinstance(told, OnGoods):
        return {}
    return {
        number: much if told.quantity is None else min(much, told.quantity)
        for number, much in debit.debt.struck.items()
        if told.line in (None, number)
    }


def _because(ground: Callable[..., object], reports: Iterable[str]) -> Because:
    articles: tuple[str, ...] = getattr(ground, "articles", ())
    return Because(ground.__name__, articles, tuple(dict.fromkeys(reports)))
