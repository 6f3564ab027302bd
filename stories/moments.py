"""Days and local times, as a story writes them."""

from datetime import UTC, date, datetime, time, tzinfo
from typing import Annotated, Final

from pydantic import BeforeValidator, WithJsonSchema

from domain.facts.times import FIRST_YEAR, LAST_YEAR

_DAY: Final = len("2017-03-01")
_PATTERN: Final = r"^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$"
_TOLD_AT: Final = time(23, 59)
"""When a report reaches the log that tells a day only: at its end, before the end of the day."""


def _moment(value: object) -> date | datetime:
    told = value if isinstance(value, date) else _read(str(value))
    if not FIRST_YEAR <= told.year <= LAST_YEAR:
        message = f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}"
        raise ValueError(message)
    return told


def _read(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text) if len(text) <= _DAY else datetime.fromisoformat(text)
    except ValueError as wrong:
        message = f"{text!r}: write a day as 2017-03-01, an instant as 2017-03-01 14:00"
        raise ValueError(message) from wrong


Moment = Annotated[
    date | datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": _PATTERN}),
]
"""A legal day, or an instant at the office; with an offset (`+02:00`, `Z`) an instant anywhere."""


def happened(told: date | datetime, zone: tzinfo) -> date | datetime:
    """What a report tells: a day stays a day, an instant gets the zone of the office."""
    return instant(told, zone) if isinstance(told, datetime) else told


def recorded(told: date | datetime, zone: tzinfo) -> datetime:
    """When the log hears of it, in UTC: at the instant itself, or at the end of the day."""
    if isinstance(told, datetime):
        return instant(told, zone)
    return datetime.combine(told, _TOLD_AT, zone).astimezone(UTC)


def reached(told: date | datetime, zone: tzinfo) -> datetime:
    """The instant from which a reader looks, in UTC: that of a day is its last."""
    if isinstance(told, datetime):
        return instant(told, zone)
    return datetime.combine(told, time.max, zone).astimezone(UTC)


def instant(told: datetime, zone: tzinfo) -> datetime:
    """An instant in UTC; without an offset it is local, the first of two that the clock shows."""
    return (told if told.tzinfo else told.replace(tzinfo=zone)).astimezone(UTC)


def skipped(told: object, zone: tzinfo) -> str | None:
    """What is wrong with a local time that the clock at the office never shows, as it goes forward
    past it; `None` for any other.
    """
    if not isinstance(told, datetime) or told.tzinfo:
        return None
    after = local(instant(told, zone), zone)
    if after == told:
        return None
    before = local(instant(told.replace(fold=1), zone), zone)
    offset = told.replace(tzinfo=zone).isoformat(" ", "minutes")
    return (
        f"the clock at the office skips {told:%Y-%m-%d %H:%M}, as it goes forward: write"
        f" {before:%H:%M} or {after:%H:%M}, or the offset behind it, as in {offset}"
    )


def local(told: datetime, zone: tzinfo) -> datetime:
    """An instant as the clock at the office shows it, without an offset."""
    return told.astimezone(zone).replace(tzinfo=None)
