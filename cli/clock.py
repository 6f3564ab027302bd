"""The only clock of the product: everything below `cli` is given its day and its instant."""

import os
from datetime import UTC, date, datetime, time
from typing import Final

from cli.exits import Exit, Refused
from domain.facts.times import FIRST_YEAR, LAST_YEAR

PIN: Final = "CUSTOMS_TODAY"
"""The environment variable that pins the clock to a day, such as 2017-06-14."""


def now() -> datetime:
    """The instant at which a report is recorded: this one, or the end of the pinned day, in UTC."""
    day = pinned()
    return datetime.combine(day, time.max, UTC) if day else datetime.now(UTC)


def today() -> date:
    """The legal day that a question is about where it names none."""
    return pinned() or datetime.now().astimezone().date()


def pinned() -> date | None:
    """The day that the clock is pinned to, where it is."""
    told = os.environ.get(PIN)
    if not told:
        return None
    try:
        day = date.fromisoformat(told)
    except ValueError:
        raise Refused(f"{PIN}={told}: write a day, such as 2017-06-14", Exit.USAGE) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        words = f"{PIN}={told}: the year must lie between {FIRST_YEAR} and {LAST_YEAR}"
        raise Refused(words, Exit.USAGE)
    return day
