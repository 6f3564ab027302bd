"""What each debtor owes: notified when, due when, until when it can be claimed, with which interest
(Articles 84, 102, 103, 108, 114).
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from domain.because import Because
from domain.customs_debt import Debt, Interest, Obligation
from domain.facts.debt import CriminalActFound, DebtNotified
from domain.facts.declaration import GoodsReleased
from domain.judgement import arrears
from domain.judgement.arrears import (
    Owed,
    interest_after_due_day,
    interest_before_notification,
)
from domain.judgement.matching import Acts
from domain.judgement.suspension import Suspended, payment_suspended
from domain.law.citation import rule
from domain.law.limits import LIMITATION_YEARS
from domain.law.periods import days_after, deadline, missed_at, rolled, years_after
from domain.movements.account import NONE
from domain.movements.incurred import Incurred, Owing
from domain.movements.walk import Walk
from domain.settle import Standing


def owes(walk: Walk, debt: Incurred, owing: Owing, about: Acts) -> Obligation:
    """What one person owes by the acts about the debt, before its extinguishment is known."""
    told_to = notification(walk, debt, owing.person, about)
    on = walk.day(told_to.at) if told_to else None
    raw_due = payment_ends(walk, on) if on else None
    pending = payment_suspended(walk, debt, on, raw_due) if on and raw_due else None
    raw_limitation, criminal = limitation(walk, debt, about)
    reports = (
        *debt.because.reports,
        *((owing.cite,) if owing.cite else ()),
        *(told_to.cites if told_to else ()),
        *(pending.cites if pending else ()),
        *criminal,
        *walk.case.reference.calendar_cites,
    )
    payment = ("108(1)", *(payment_suspended.articles if pending else ())) if raw_due else ()
    articles = (owing.article, "84", "103(2)" if criminal else "103(1)", *payment)
    obligation = Obligation(
        person=owing.person,
        role=owing.article,
        notified=told_to.at if told_to else None,
        due=None,
        raw_due=None,
        suspended=payment_suspended.articles[0] if pending else None,
        limitation=rolled(raw_limitation, walk.calendar),
        raw_limitation=raw_limitation,
        interest=(),
        because=Because(notification.__name__, articles, tuple(dict.fromkeys(reports))),
    )
    return _due(walk, obligation, raw_due) if raw_due and not pending else obligation


def _due(walk: Walk, owing: Obligation, raw: date) -> Obligation:
    notified = walk.day(owing.notified) if owing.notified else None
    due = deadline(raw, walk.calendar, notified).last_day
    return owing._replace(due=due, raw_due=raw, suspended=None)


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
        for fact, release in walk.acts(GoodsReleased):
            if release.as_declared:
                yield fact


@rule("108(1)")
def payment_ends(walk: Walk, notified: date) -> date:
    """The raw last day of the period for payment that customs set."""
    return days_after(notified, walk.policies.payment_days)


@rule("103(1)", "103(2)")
def limitation(walk: Walk, debt: Incurred, about: Acts) -> tuple[date, tuple[str, ...]]:
    """The raw last day on which a debtor can be notified: three years, or the national period
    where the act was liable to criminal proceedings, with the reports that say so.
    """
    incurred = walk.day(debt.at)
    years = LIMITATION_YEARS.on(incurred, walk.law)
    national = {
        each.cite: each.act.years for each in about if isinstance(each.act, CriminalActFound)
    }
    return years_after(incurred, max([years, *national.values()])), tuple(national)


def finish(walk: Walk, debt: Incurred, whole: Debt, owing: Obligation) -> Obligation:
    """The obligation with what follows from the extinguishment of the debt: the period for
    payment of what is left runs on, and interest grows on what is left.
    """
    owing = _resumed(walk, debt, whole, owing)
    interest = (*_before(walk, whole, owing), *_after(walk, whole, owing))
    owed = _owed(walk, whole, owing)
    rates = [cite for one in interest for cite in arrears.cites(one, owed)]
    reports = tuple(dict.fromkeys((*owing.because.reports, *rates)))
    return owing._replace(interest=interest, because=owing.because._replace(reports=reports))


def _resumed(walk: Walk, debt: Incurred, whole: Debt, owing: Obligation) -> Obligation:
    """What the decisions on the goods leave of the debt is due when the period, without the days
    of its suspension, is over. Where nothing was owed any more, there was nothing to suspend.
    """
    if owing.suspended is None or owing.notified is None:
        return owing
    notified = walk.day(owing.notified)
    ends = payment_ends(walk, notified)
    pending = payment_suspended(walk, debt, notified, ends)
    if pending and whole.owed_by(owing.person, pending.begun) == NONE:
        return _due(walk, _without(owing, pending, debt), ends)
    if pending is None or pending.raw_due is None or pending.decided is None:
        return owing
    if whole.owed_by(owing.person, pending.decided) == NONE:
        return owing
    return _due(walk, owing, pending.raw_due)


def _without(owing: Obligation, pending: Suspended, debt: Incurred) -> Obligation:
    """The obligation without what said that its period was suspended."""
    why = owing.because
    said = set(pending.cites) - set(debt.because.reports)
    articles = tuple(each for each in why.articles if each not in payment_suspended.articles)
    reports = tuple(each for each in why.reports if each not in said)
    return owing._replace(because=why._replace(articles=articles, reports=reports))


def _owed(walk: Walk, whole: Debt, owing: Obligation) -> Owed:
    return Owed(whole.amount, walk.case.reference, walk.law, owing.due, whole.currency)


def _before(walk: Walk, whole: Debt, owing: Obligation) -> Iterator[Interest]:
    """Interest up to the notification, under Articles 79 and 82 alone."""
    if whole.article.startswith(("79", "82")):
        until = walk.day(owing.notified) if owing.notified else None
        for part in _parts(walk, whole, owing, whole.incurred_on, until):
            yield interest_before_notification(part.owed, part.since, part.until)


def _after(walk: Walk, whole: Debt, owing: Obligation) -> Iterator[Interest]:
    """Interest after the due day."""
    if owing.due:
        for part in _parts(walk, whole, owing, owing.due, None):
            yield interest_after_due_day(part.owed, part.since, part.until)


class _Part(NamedTuple):
    """What is owed from the end of a day to the end of another."""

    owed: Owed
    since: date
    until: date | None


def _parts(
    walk: Walk, whole: Debt, owing: Obligation, since: date, until: date | None
) -> Iterator[_Part]:
    """What one person owes over a span of days, anew from each day on which a part ended."""
    ended = {walk.day(each.at) for each in whole.extinguished if each.frees in (None, owing.person)}
    days = [since, *sorted(day for day in ended if since < day and (until is None or day < until))]
    for start, end in zip(days, [*days[1:], until], strict=True):
        left = whole.owed_by(owing.person, missed_at(start, walk.zone))
        if left is None or left:
            yield _Part(_owed(walk, whole, owing)._replace(amount=left), start, end)
