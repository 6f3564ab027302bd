"""Days and instants as they are asked for.

A day stands for its end. As-of is legal time: the day ends at midnight of the customs offices
concerned, and where these lie in several time zones, where it ends first, so that no deadline
looks missed on its last day. Known-at is the time of the log, which is UTC.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final, NamedTuple

import typer

from domain.facts.times import FIRST_YEAR, LAST_YEAR
from domain.settle import zone_at

_DAY: Final = len("2017-06-14")


class Moment(NamedTuple):
    """A day or an aware instant, as it was written."""

    told: date | datetime

    def __str__(self) -> str:
        return self.told.isoformat()

    def reached(self, zones: Iterable[tzinfo] = ()) -> datetime:
        """The instant in UTC; of a day its last one, where it ends first among `zones`."""
        if isinstance(self.told, datetime):
            return self.told.astimezone(UTC)
        ends = [datetime.combine(self.told, time.max, zone) for zone in zones]
        return min(ends, default=datetime.combine(self.told, time.max, UTC)).astimezone(UTC)

    def at_offices(self, offices: Iterable[str | None]) -> datetime:
        """The instant of legal time for movements at these offices."""
        return self.reached(zone_at(office) for office in offices)


def moment(text: str) -> Moment:
    """Read a day such as 2017-06-14, or an instant with its offset; raises `BadParameter`."""
    try:
        day = len(text) <= _DAY
        told = date.fromisoformat(text) if day else datetime.fromisoformat(text)
    except ValueError as wrong:
        raise typer.BadParameter(f"{text!r} is no day: {wrong}. {_WRITE}") from None
    if isinstance(told, datetime) and told.tzinfo is None:
        raise typer.BadParameter(f"{text!r} needs its offset. {_WRITE}")
    if not FIRST_YEAR <= told.year <= LAST_YEAR:
        raise typer.BadParameter(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return Moment(told)


def day(text: str) -> date:
    """Read a day; raises `BadParameter`."""
    told = moment(text).told
    if isinstance(told, datetime):
        raise typer.BadParameter(f"{text!r} is an instant: write the day alone, {told:%Y-%m-%d}")
    return told


_WRITE: Final = "Write a day (2017-06-14) or an instant with its offset (2017-06-14T12:00+03:00)"
