"""Counting periods: Regulation 1182/71, which Article 55(2) of the Code makes applicable.

Days are legal days in the zone of the office where the act is due. A period is counted forward
from the day of an event to its raw last day; suspensions lengthen the raw period; the end is moved
to a working day once, at the very end. Periods in hours and periods counted backwards are not
modelled. A day that falls out of the range of `date` raises `OverflowError`.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from domain.law.calendar import Calendar
from domain.law.citation import rule

ONE_DAY = timedelta(days=1)
SHORTEST = timedelta(days=2)
WORKING_DAYS = 2
"""Article 3(5): a period of two days or more has at least two working days."""
MONTHS = 12


class Deadline(NamedTuple):
    """The last day as it was counted, and as it is after moving to a working day."""

    raw: date
    last_day: date


@rule("55(2)", "1182/71 3(1)")
def days_after(event: date, days: int) -> date:
    """The raw last day of a period of `days`: the day of the event is not counted."""
    return event + timedelta(days=_forward(days))


@rule("55(2)", "1182/71 3(2)(c)")
def months_after(event: date, months: int) -> date:
    """The day with the number of the event's day, or the last day of that month."""
    return _months_later(event, months)


@lru_cache(maxsize=8_192)
def _months_later(event: date, months: int) -> date:
    years, month = divmod(event.month - 1 + _forward(months), MONTHS)
    year = event.year + years
    if year > MAXYEAR:
        raise OverflowError(f"{months} months after {event} lie beyond the year {MAXYEAR}")
    return date(year, month + 1, min(event.day, monthrange(year, month + 1)[1]))


@rule("55(2)", "1182/71 3(2)(c)")
def years_after(event: date, years: int) -> date:
    """The same day of the same month, or 28 February for a 29th that does not exist."""
    return months_after(event, MONTHS * years)


@rule("55(2)", "1182/71 3(4)")
def rolled(day: date, calendar: Calendar) -> date:
    """The day itself, or the first working day after a Saturday, Sunday or public holiday."""
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return day


@rule("55(2)", "1182/71 3(4)", "1182/71 3(5)")
def deadline(raw: date, calendar: Calendar, event: date | None = None) -> Deadline:
    """The last day of a period that ends on `raw` by count.

    With the day of its `event`, a period of two days or more has at least two working days; only
    very short periods notice.
    """
    last_day = rolled(raw, calendar)
    if event is not None and raw - event >= SHORTEST:
        while _too_few_working_days(event + ONE_DAY, last_day, calendar):
            last_day = rolled(last_day + ONE_DAY, calendar)
    return Deadline(raw, last_day)


def suspended(
    raw: date,
    spans: Iterable[tuple[date, date]],
    calendar: Calendar,
    event: date | None = None,
) -> date:
    """The raw last day after suspensions, each given by its first and its last suspended day.

    A day suspended twice counts once. A span that begins after the period has run out, by its last
    day as `deadline` has it, adds nothing; no period ends before a span that it was open for. A
    span must not begin before the period does: cut it there first.
    """
    counted_to = date.min
    for first, last in sorted(spans):
        if first > deadline(raw, calendar, event).last_day:
            break
        begin = max(first, counted_to + ONE_DAY)
        if begin <= last:
            raw = max(raw + (last - begin + ONE_DAY), last)
            counted_to = last
    return raw


def working_days_between(first: date, last: date, calendar: Calendar) -> int:
    """How many working days lie between two days, both included; none if `last` is before."""
    return sum(1 for _ in _working_days(first, last, calendar))


@lru_cache(maxsize=8_192)
def missed_at(last_day: date, zone: tzinfo) -> datetime:
    """The instant, in UTC, at which a missed deadline takes effect: 00:00 of the day after."""
    return start_of(last_day + ONE_DAY, zone)


@lru_cache(maxsize=8_192)
def start_of(day: date, zone: tzinfo) -> datetime:
    """The first instant of a legal day, in UTC; where the clocks skip 00:00, the first after it."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


@lru_cache(maxsize=8_192)
def day_of(instant: datetime, zone: tzinfo) -> date:
    """The legal day on which an instant falls; raises `ValueError` for one without offset."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no offset, so it falls on no certain day: give it one")
    return instant.astimezone(zone).date()


def _forward(count: int) -> int:
    if count < 0:
        raise ValueError(f"a period of {count}: only periods counted forward are modelled")
    return count


def _too_few_working_days(first: date, last: date, calendar: Calendar) -> bool:
    return len(list(islice(_working_days(first, last, calendar), WORKING_DAYS))) < WORKING_DAYS


def _working_days(first: date, last: date, calendar: Calendar) -> Iterator[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return filter(calendar.is_working_day, days)
