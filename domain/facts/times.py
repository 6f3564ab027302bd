"""Days and instants, as reports write them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import (
    BeforeValidator,
    SkipValidation,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
AS_PUBLISHED: Final = "as published"
"""The context of a validation that takes numbers, days and instants as the JSON Schemas spell them,
and in no other way.

What comes in is read so. What a log holds is read without: it was taken in by the rules of its day.
"""


def _known(
    plain: Callable[[str], date | None],
) -> Callable[[object, ValidatorFunctionWrapHandler], object]:
    """What is spelled as nearly all are is known at once; the rest is for the others to judge."""

    def read(value: object, judge: ValidatorFunctionWrapHandler) -> object:
        return (plain(value) if type(value) is str else None) or judge(value)

    return read


def _plain(text: str) -> date | None:
    return _plain_day(text) if len(text) == _DAY else _plain_instant(text)


def _plain_day(text: str) -> date | None:
    if len(text) != _DAY or text[4:8:3] != "--" or not _FIRST <= text < _BEYOND:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _plain_instant(text: str) -> datetime | None:
    """In UTC; `None` of what is no instant, or has a fraction of a second."""
    if len(text) > _LONGEST or text[4:17:3] != "--T::" or not _FIRST <= text < _BEYOND:
        return None
    ahead = _offset(text[_SECONDS:])
    try:
        # in half the time that it takes to read the offset and to convert
        return None if ahead is None else datetime.fromisoformat(f"{text[:_SECONDS]}Z") - ahead
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _offset(text: str) -> timedelta | None:
    if not _OFFSET(text):
        return None
    return datetime.fromisoformat(f"2000-01-01T00:00:00{text}").utcoffset()


def _when(value: object, info: ValidationInfo) -> date | datetime:
    told = _read(value) if isinstance(value, str) else value
    if not isinstance(told, date):
        raise ValueError(_SPELL_IT)  # noqa: TRY004  (pydantic wants ValueError)
    if not FIRST_YEAR <= told.year <= LAST_YEAR:
        message = f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}"
        raise ValueError(message)
    told = _in_utc(told)
    if isinstance(value, str) and info.context == AS_PUBLISHED and not _SPELLED(value):
        raise ValueError(_SPELL_IT)
    return told


def _read(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text) if len(text) <= _DAY else datetime.fromisoformat(text)
    except ValueError as wrong:
        said = str(wrong)  # not where it quotes the text, which may be anything
        message = _SPELL_IT if text in said else f"{said}: {_SPELL_IT}"
        raise ValueError(message) from None


def _in_utc(told: date | datetime) -> date | datetime:
    if not isinstance(told, datetime):
        return told
    if told.tzinfo is None:
        message = "an instant needs its offset, such as +02:00 or Z; else write the day alone"
        raise ValueError(message)
    return told.astimezone(UTC)


def _day(value: object, info: ValidationInfo) -> date:
    told = _when(value, info)
    if isinstance(told, datetime):
        message = "this is a legal day: write it 2017-03-01, without a time"
        raise ValueError(message)  # noqa: TRY004  (as above)
    return told


def _instant(value: object, info: ValidationInfo) -> datetime:
    told = _when(value, info)
    if not isinstance(told, datetime):
        message = "this is an instant: write it 2017-03-01T14:00:00+02:00"
        raise ValueError(message)  # noqa: TRY004  (as above)
    return told


_DAY: Final = len("2017-03-01")
_SECONDS: Final = len("2017-03-01T14:00:00")
_LONGEST: Final = len("2017-03-01T14:00:00+02:00")
_FIRST: Final = f"{FIRST_YEAR}"
_BEYOND: Final = f"{LAST_YEAR + 1}"
_SPELL_IT: Final = "write a day as 2017-03-01, an instant as 2017-03-01T14:00:00+02:00"
_DAY_SPELLED: Final = r"((19|2[01])[0-9]{2}|2200)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_OFFSET_SPELLED: Final = r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
_INSTANT_SPELLED: Final = (
    rf"{_DAY_SPELLED}T([01][0-9]|2[0-3])(:[0-5][0-9]){{2}}(\.[0-9]{{1,6}})?{_OFFSET_SPELLED}"
)
_OFFSET: Final = re.compile(_OFFSET_SPELLED).fullmatch
_SPELLED: Final = re.compile(rf"{_DAY_SPELLED}|{_INSTANT_SPELLED}").fullmatch
_ON: Final[dict[str, Any]] = {"format": "date", "pattern": f"^{_DAY_SPELLED}$"}
_AT: Final[dict[str, Any]] = {"format": "date-time", "pattern": f"^{_INSTANT_SPELLED}$"}

When = Annotated[
    date | datetime,
    SkipValidation,  # what the others return is one of them
    BeforeValidator(_when),
    WrapValidator(_known(_plain)),
    WithJsonSchema({"type": "string", "anyOf": [_ON, _AT]}),
]
"""When something happened: an instant in UTC, or a legal day where no more is known."""
Instant = Annotated[
    datetime,
    SkipValidation,  # as above
    BeforeValidator(_instant),
    WrapValidator(_known(_plain_instant)),
    WithJsonSchema({"type": "string", **_AT}),
]
"""An instant, in UTC."""
Day = Annotated[
    date,
    SkipValidation,  # as above
    BeforeValidator(_day),
    WrapValidator(_known(_plain_day)),
    WithJsonSchema({"type": "string", **_ON}),
]
"""A legal day."""
