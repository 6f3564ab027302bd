"""Days and instants as reports write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.facts.times import AS_PUBLISHED, Day, Instant, When

MOMENT: TypeAdapter[date | datetime] = TypeAdapter(When)
ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31), timezones=ZONES))  # noqa: DTZ001
def test_an_instant_is_kept_to_the_microsecond_in_utc(told: datetime) -> None:
    for kind in (MOMENT, TypeAdapter(Instant)):
        found = kind.validate_python(told.isoformat(), context=AS_PUBLISHED)
        assert isinstance(found, datetime)
        assert (found, found.tzinfo) == (told, UTC)


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_day_stays_the_day_that_was_written(told: date) -> None:
    for kind in (MOMENT, TypeAdapter(Day)):
        assert kind.validate_python(told.isoformat(), context=AS_PUBLISHED) == told


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2017-W10-1", date(2017, 3, 6)),
        ("20170306", date(2017, 3, 6)),
        ("2017-03-06 10Z", datetime(2017, 3, 6, 10, tzinfo=UTC)),
        ("2017-03-06T10:00:00.1234567Z", datetime(2017, 3, 6, 10, 0, 0, 123456, UTC)),
        ("2017-03-06T10:00:00+01:75", datetime(2017, 3, 6, 7, 45, tzinfo=UTC)),
    ],
)
def test_another_spelling_is_read_from_a_log_and_not_taken_in(text: str, means: date) -> None:
    assert MOMENT.validate_python(text) == means
    with pytest.raises(ValidationError, match="write a day as 2017-03-01, an instant as"):
        MOMENT.validate_python(text, context=AS_PUBLISHED)
