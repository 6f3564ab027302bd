"""Interest on arrears: up to the notification, and after the period for payment (Article 114)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from domain.case import ReferenceData
from domain.law.citation import Law, rule
from domain.law.limits import INTEREST_POINTS, INTEREST_THRESHOLD
from domain.timeline import Interest, Rise

DAYS_A_YEAR: Final = 365
PERCENT: Final = 100


class Owed(NamedTuple):
    """What bears interest: an amount, `None` where unknown, and what there is to know of rates."""

    amount: Decimal | None
    reference: ReferenceData
    law: Law


@rule("114(2)", "114(4)", "112(2)")
def interest_before_notification(owed: Owed, since: date, until: date | None) -> Interest:
    """From the day of incurrence to the day of notification, at the rate of each day."""
    return _interest(interest_before_notification, owed, since, until, floating=True)


@rule("114(1)", "114(4)", "112(2)")
def interest_after_due_day(owed: Owed, due: date, until: date | None) -> Interest:
    """From the expiry of the period for payment to the payment, at the rate of the due day."""
    return _interest(interest_after_due_day, owed, due, until, floating=False)


def cites(interest: Interest, reference: ReferenceData) -> tuple[str, ...]:
    """The reports of the rates that an interest uses."""
    rates = (reference.rate(rise.since) for rise in interest.rises)
    return tuple(dict.fromkeys(rate.cite for rate in rates if rate))


def _interest(
    rule_: Callable[..., object], owed: Owed, since: date, until: date | None, *, floating: bool
) -> Interest:
    articles: tuple[str, ...] = getattr(rule_, "articles", ())
    points = INTEREST_POINTS.on(since, owed.law)
    base = owed.reference.rate(since)
    starts = [since]
    if floating:
        changes = (rate.first_day for rate in owed.reference.rates)
        starts += [day for day in changes if day > since and (until is None or day < until)]
    rises = []
    for start in starts:
        rate = owed.reference.rate(start)
        if owed.amount is not None and rate is not None:
            a_day = owed.amount * (rate.percent + points) / (PERCENT * DAYS_A_YEAR)
            rises.append(Rise(start, a_day))
    return Interest(
        articles[0],
        since,
        until,
        base.percent + points if base else None,
        INTEREST_THRESHOLD.on(since, owed.law),
        tuple(rises),
    )
