"""Interest on arrears: up to the notification, and after the period for payment (Article 114)."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from domain.because import Because
from domain.case import Rate, ReferenceData
from domain.customs_debt import Debt, Interest, Rise
from domain.law.citation import Law, rule
from domain.law.limits import EURO, INTEREST_POINTS, INTEREST_THRESHOLD
from domain.law.periods import missed_at
from domain.movements.walk import Walk
from domain.timeline import Finding

DAYS_A_YEAR: Final = 365
PERCENT: Final = 100
NOTHING: Final = Decimal(0)


class Owed(NamedTuple):
    """What bears interest: an amount, `None` where unknown, and what there is to know of rates.

    `due` is the last day of the period for payment: the rate is that of the first day of its
    month (Article 114(1)).
    """

    amount: Decimal | None
    reference: ReferenceData
    law: Law
    due: date | None = None
    currency: str = EURO

    def rate(self, day: date) -> Rate | None:
        """The base rate that counts: that of the due day's month or, while none is known, of
        `day`.
        """
        return self.reference.rate(self.due.replace(day=1) if self.due else day)


@rule("114(2)", "114(1)", "114(4)", "112(2)")
def interest_before_notification(owed: Owed, since: date, until: date | None) -> Interest:
    """From the day of incurrence to the day of notification. Before that the due day is not
    known, and the rate of each day stands in.
    """
    return _interest(interest_before_notification, owed, since, until)


@rule("114(1)", "114(4)", "112(2)")
def interest_after_due_day(owed: Owed, since: date, until: date | None) -> Interest:
    """From the expiry of the period for payment to the payment, or from one part payment on."""
    return _interest(interest_after_due_day, owed, since, until)


def cites(interest: Interest, owed: Owed) -> tuple[str, ...]:
    """The reports of the rates that an interest uses."""
    rates = (owed.rate(rise.since) for rise in interest.rises)
    return tuple(dict.fromkeys(rate.cite for rate in rates if rate))


def not_compared(walk: Walk, debt: Debt) -> Iterator[Finding]:
    """Interest of which nobody knows whether it is less than the amount that is not charged."""
    owed = [one for each in debt.obligations for one in each.interest if one.rises]
    if owed and debt.currency != EURO:
        first = min(one.since for one in owed)
        least = INTEREST_THRESHOLD.on(first, walk.law)
        words = (
            f"whether the interest in {debt.currency} reaches {least:f} {EURO} is not known, so it"
            " is charged whatever its amount"
        )
        because = Because(not_compared.__name__, ("114(4)",), debt.because.reports)
        since = missed_at(first, walk.zone)
        yield Finding("AMOUNT_NOT_COMPARED", None, since, None, words, because)


def _interest(
    rule_: Callable[..., object], owed: Owed, since: date, until: date | None
) -> Interest:
    articles: tuple[str, ...] = getattr(rule_, "articles", ())
    points = INTEREST_POINTS.on(since, owed.law)
    base = owed.rate(since)
    starts = [since]
    if owed.due is None:
        changes = (rate.first_day for rate in owed.reference.rates)
        starts += [day for day in changes if day > since and (until is None or day < until)]
    rises = []
    for start in starts:
        rate = owed.rate(start)
        if owed.amount is not None and rate is not None:
            a_day = owed.amount * (rate.percent + points) / (PERCENT * DAYS_A_YEAR)
            rises.append(Rise(start, a_day))
    return Interest(
        articles[0],
        since,
        until,
        base.percent + points if base else None,
        INTEREST_THRESHOLD.on(since, owed.law) if owed.currency == EURO else NOTHING,
        tuple(rises),
    )
