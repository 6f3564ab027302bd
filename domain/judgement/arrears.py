"""Interest on arrears between incurrence and notification (Article 114)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from domain.case import ReferenceData
from domain.law.citation import Law, rule
from domain.law.limits import INTEREST_POINTS, INTEREST_THRESHOLD
from domain.timeline import Interest

DAYS_A_YEAR: Final = 365
PERCENT: Final = 100


@rule("114(2)", "114(4)", "112(2)")
def interest_before_notification(
    amount: Decimal | None,
    since: date,
    until: date | None,
    reference: ReferenceData,
    law: Law,
) -> tuple[Interest, tuple[str, ...]]:
    """Interest from the day of incurrence to the day of notification, and the rates' reports.

    The base rate and two points, actual days over 365; nothing is charged below EUR 10, a gate
    that uses the exact figure. Without a base rate there is no figure.
    """
    points = INTEREST_POINTS.on(since, law)
    base = reference.rate(since)
    percent = base.percent + points if base else None
    if until is None or amount is None or percent is None:
        return Interest(since, until, percent, None, charged=False), _cites(base)
    exact = Decimal(0)
    cites: tuple[str, ...] = ()
    day = since
    while day < until:
        rate = reference.rate(day)
        following = [each.first_day for each in reference.rates if each.first_day > day]
        end = min([until, *following])
        if rate:
            exact += amount * (rate.percent + points) * (end - day).days / (PERCENT * DAYS_A_YEAR)
            cites += _cites(rate)
        day = max(end, day + timedelta(days=1))
    charged = exact >= INTEREST_THRESHOLD.on(until, law)
    return Interest(since, until, percent, exact, charged=charged), tuple(dict.fromkeys(cites))


def _cites(rate: object) -> tuple[str, ...]:
    cite = getattr(rate, "cite", None)
    return (cite,) if cite else ()
