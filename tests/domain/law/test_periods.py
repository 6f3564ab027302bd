from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.law.calendar import ZONES, Calendar, Override, calendar_of
from domain.law.periods import (
    Deadline,
    day_of,
    days_after,
    deadline,
    missed_at,
    months_after,
    rolled,
    start_of,
    suspended,
    working_days_between,
    years_after,
)

BG = calendar_of("BG")
SOFIA = ZoneInfo("Europe/Sofia")
AZORES = ZoneInfo("Atlantic/Azores")

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
calendars = st.sampled_from([*sorted(ZONES), "ECB"]).map(calendar_of)
spans = st.lists(
    st.tuples(st.dates(date(2017, 1, 1), date(2018, 12, 31)), st.integers(0, 60)).map(
        lambda span: (span[0], span[0] + timedelta(days=span[1]))
    ),
    max_size=6,
)


def days_of(span: tuple[date, date]) -> list[date]:
    first, last = span
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_the_day_of_the_event_is_not_counted() -> None:
    assert days_after(date(2017, 3, 1), 1) == date(2017, 3, 2)


def test_ninety_days_from_the_first_of_march_end_on_the_thirtieth_of_may() -> None:
    assert days_after(date(2017, 3, 1), 90) == date(2017, 5, 30)


def test_a_period_of_days_counts_a_leap_day() -> None:
    assert days_after(date(2020, 2, 28), 2) == date(2020, 3, 1)
    assert days_after(date(2021, 2, 28), 2) == date(2021, 3, 2)


@pytest.mark.parametrize(
    ("event", "months", "last_day"),
    [
        (date(2017, 3, 15), 1, date(2017, 4, 15)),
        (date(2017, 1, 31), 1, date(2017, 2, 28)),
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2017, 11, 30), 3, date(2018, 2, 28)),
        (date(2017, 12, 31), 24, date(2019, 12, 31)),
        (date(2017, 2, 28), 1, date(2017, 3, 28)),
        (date(2017, 12, 1), 0, date(2017, 12, 1)),
    ],
)
def test_a_period_of_months_ends_on_the_number_of_the_day_of_the_event(
    event: date, months: int, last_day: date
) -> None:
    assert months_after(event, months) == last_day


@pytest.mark.parametrize(
    ("event", "last_day"),
    [
        (date(2017, 3, 1), date(2020, 3, 1)),
        (date(2020, 2, 29), date(2023, 2, 28)),
        (date(2017, 2, 28), date(2020, 2, 28)),
    ],
)
def test_three_years_end_on_the_same_day_of_the_same_month(event: date, last_day: date) -> None:
    assert years_after(event, 3) == last_day


def test_four_years_after_a_leap_day_there_is_one_again() -> None:
    assert years_after(date(2016, 2, 29), 4) == date(2020, 2, 29)


def test_a_period_counted_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="counted forward"):
        days_after(date(2017, 3, 1), -1)
    with pytest.raises(ValueError, match="counted forward"):
        years_after(date(2017, 3, 1), -1)


def test_a_period_beyond_the_calendar_is_refused_in_one_way() -> None:
    with pytest.raises(OverflowError):
        days_after(date(9999, 12, 1), 31)
    with pytest.raises(OverflowError):
        years_after(date(9999, 12, 1), 1)


@pytest.mark.parametrize(
    ("day", "last_day"),
    [
        (date(2017, 3, 17), date(2017, 3, 17)),  # a Friday
        (date(2017, 3, 18), date(2017, 3, 20)),  # a Saturday
        (date(2017, 3, 19), date(2017, 3, 20)),  # a Sunday
        (date(2017, 3, 20), date(2017, 3, 20)),  # a Monday
        (date(2017, 5, 24), date(2017, 5, 25)),  # a holiday in the week
        (date(2018, 3, 3), date(2018, 3, 6)),  # a holiday on a Saturday, kept on the Monday
        (date(2018, 4, 6), date(2018, 4, 10)),  # Good Friday to Easter Monday
        (date(2017, 12, 31), date(2018, 1, 2)),  # into the next year
        (date(2020, 2, 29), date(2020, 3, 2)),  # a leap day on a Saturday
    ],
)
def test_a_last_day_off_moves_to_the_next_working_day(day: date, last_day: date) -> None:
    assert rolled(day, BG) == last_day


def test_a_last_day_is_off_only_where_the_act_is_due() -> None:
    liberation_day = date(2017, 3, 3)
    assert rolled(liberation_day, BG) == date(2017, 3, 6)
    assert rolled(liberation_day, calendar_of("RO")) == liberation_day


def test_a_deadline_keeps_the_day_that_was_counted() -> None:
    assert deadline(date(2017, 3, 18), BG) == Deadline(date(2017, 3, 18), date(2017, 3, 20))
    assert deadline(date(2017, 3, 17), BG) == Deadline(date(2017, 3, 17), date(2017, 3, 17))


@pytest.mark.parametrize(
    ("event", "length", "last_day"),
    [
        (date(2017, 3, 17), 1, date(2017, 3, 20)),  # one day: 3(5) does not speak
        (date(2017, 3, 17), 2, date(2017, 3, 21)),  # Sunday; Monday alone is not enough
        (date(2017, 3, 16), 2, date(2017, 3, 20)),  # Friday and Monday
        (date(2017, 3, 15), 2, date(2017, 3, 17)),  # Thursday and Friday
        (date(2018, 4, 5), 4, date(2018, 4, 11)),  # from Good Friday to Easter Monday
    ],
)
def test_a_period_of_two_days_has_two_working_days(
    event: date, length: int, last_day: date
) -> None:
    assert deadline(days_after(event, length), BG, event).last_day == last_day


def test_working_days_between_counts_both_ends() -> None:
    assert working_days_between(date(2017, 3, 1), date(2017, 3, 7), BG) == 4
    assert working_days_between(date(2017, 3, 1), date(2017, 3, 1), BG) == 1
    assert working_days_between(date(2017, 3, 4), date(2017, 3, 5), BG) == 0
    assert working_days_between(date(2017, 3, 2), date(2017, 3, 1), BG) == 0


def test_a_suspension_adds_its_days_with_the_first_and_the_last() -> None:
    one_week = (date(2017, 3, 10), date(2017, 3, 16))
    assert suspended(date(2017, 3, 20), [one_week], BG) == date(2017, 3, 27)
    assert suspended(date(2017, 3, 20), [(date(2017, 3, 10), date(2017, 3, 10))], BG) == date(
        2017, 3, 21
    )


def test_days_suspended_twice_count_once() -> None:
    overlapping = [
        (date(2017, 3, 12), date(2017, 3, 18)),
        (date(2017, 3, 10), date(2017, 3, 14)),
        (date(2017, 3, 13), date(2017, 3, 13)),
    ]
    assert suspended(date(2017, 3, 20), overlapping, BG) == date(2017, 3, 29)


def test_a_suspension_on_the_last_day_is_in_time_and_on_the_next_too_late() -> None:
    last_day = date(2017, 3, 20)
    assert suspended(last_day, [(last_day, date(2017, 3, 24))], BG) == date(2017, 3, 25)
    assert suspended(last_day, [(date(2017, 3, 21), date(2017, 3, 24))], BG) == last_day


def test_a_suspension_can_keep_a_period_open_for_the_next_one() -> None:
    first = (date(2017, 3, 19), date(2017, 3, 23))
    second = (date(2017, 3, 25), date(2017, 3, 25))
    assert suspended(date(2017, 3, 20), [second, first], BG) == date(2017, 3, 26)


def test_a_period_does_not_end_before_a_suspension_that_found_it_open() -> None:
    saturday, monday = date(2017, 3, 18), date(2017, 3, 20)
    assert suspended(saturday, [(monday, date(2017, 3, 24))], BG) == date(2017, 3, 24)


def test_a_short_period_is_open_for_a_suspension_on_its_second_working_day() -> None:
    """Two days after Friday is Sunday; Monday and Tuesday are working days."""
    friday, sunday, tuesday = date(2017, 3, 17), date(2017, 3, 19), date(2017, 3, 21)
    span = (tuesday, date(2017, 3, 24))
    assert suspended(sunday, [span], BG) == sunday
    assert suspended(sunday, [span], BG, friday) == date(2017, 3, 24)


def test_a_suspended_period_moves_to_a_working_day_once() -> None:
    saturday, one_day = date(2017, 3, 18), (date(2017, 3, 15), date(2017, 3, 15))
    assert deadline(suspended(saturday, [one_day], BG), BG) == Deadline(
        date(2017, 3, 19), date(2017, 3, 20)
    )


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2017, 3, 25), datetime(2017, 3, 24, 22, tzinfo=UTC)),
        (date(2017, 3, 26), datetime(2017, 3, 25, 22, tzinfo=UTC)),  # 23 hours long
        (date(2017, 3, 27), datetime(2017, 3, 26, 21, tzinfo=UTC)),
        (date(2017, 10, 29), datetime(2017, 10, 28, 21, tzinfo=UTC)),  # 25 hours long
        (date(2017, 10, 30), datetime(2017, 10, 29, 22, tzinfo=UTC)),
    ],
)
def test_a_day_in_sofia_begins_at_its_own_midnight(day: date, start: datetime) -> None:
    assert start_of(day, SOFIA) == start
    assert start_of(day, SOFIA).tzinfo is UTC
    assert missed_at(day - timedelta(days=1), SOFIA) == start


def test_a_day_whose_midnight_the_clocks_skip_begins_with_its_first_instant() -> None:
    start = start_of(date(2017, 3, 26), AZORES)
    assert start == datetime(2017, 3, 26, 1, tzinfo=UTC)
    assert day_of(start, AZORES) == date(2017, 3, 26)
    assert day_of(start - timedelta(microseconds=1), AZORES) == date(2017, 3, 25)


def test_the_last_instant_of_the_last_day_is_in_time() -> None:
    late = missed_at(date(2017, 5, 30), SOFIA)
    assert late == datetime(2017, 5, 30, 21, tzinfo=UTC)
    assert day_of(late - timedelta(microseconds=1), SOFIA) == date(2017, 5, 30)
    assert day_of(late, SOFIA) == date(2017, 5, 31)


def test_an_instant_falls_on_the_day_of_the_office_not_of_the_reporter() -> None:
    evening_in_new_york = datetime(2017, 5, 30, 18, tzinfo=timezone(timedelta(hours=-4)))
    assert day_of(evening_in_new_york, SOFIA) == date(2017, 5, 31)


def test_an_instant_without_offset_falls_on_no_certain_day() -> None:
    with pytest.raises(ValueError, match="no offset"):
        day_of(datetime(2017, 5, 30, 18), SOFIA)  # noqa: DTZ001  (what the function refuses)


@given(days, calendars)
def test_a_rolled_day_is_the_first_working_day_from_then_on(day: date, calendar: Calendar) -> None:
    last_day = rolled(day, calendar)
    assert calendar.is_working_day(last_day)
    assert working_days_between(day, last_day, calendar) == 1
    assert rolled(last_day, calendar) == last_day


@given(days, st.integers(2, 30), calendars)
def test_every_period_of_two_days_or_more_has_two_working_days(
    event: date, length: int, calendar: Calendar
) -> None:
    last_day = deadline(days_after(event, length), calendar, event).last_day
    assert working_days_between(days_after(event, 1), last_day, calendar) >= 2
    assert calendar.is_working_day(last_day)


@given(days, st.integers(0, 600), st.integers(0, 600))
def test_a_longer_period_never_ends_sooner(event: date, months: int, more: int) -> None:
    assert months_after(event, months) <= months_after(event, months + more)


@given(st.dates(date(2017, 1, 1), date(2018, 12, 31)), spans)
def test_a_suspended_period_is_longer_by_each_day_of_the_suspensions_that_found_it_open(
    raw: date, suspensions: list[tuple[date, date]]
) -> None:
    last_day = raw
    for _ in range(len(suspensions) + 1):  # each may keep it open for one more
        found_open = [span for span in suspensions if span[0] <= rolled(last_day, BG)]
        longer = len({day for span in found_open for day in days_of(span)})
        last_day = max([raw + timedelta(days=longer), *(last for _, last in found_open)])
    assert suspended(raw, suspensions, BG) == last_day


@given(days, st.sampled_from(sorted(set(ZONES.values()))).map(ZoneInfo))
def test_a_day_begins_where_the_day_before_it_ends(day: date, zone: ZoneInfo) -> None:
    start = start_of(day, zone)
    assert day_of(start, zone) == day
    assert day_of(start - timedelta(microseconds=1), zone) == day - timedelta(days=1)


def test_an_override_counts_for_the_last_day() -> None:
    decreed = calendar_of("BG", (Override(date(2017, 3, 20), holiday=True),))
    assert rolled(date(2017, 3, 18), decreed) == date(2017, 3, 21)
