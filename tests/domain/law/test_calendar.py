from datetime import date

import pytest

from domain.law.calendar import (
    ZONES,
    Calendar,
    Override,
    UnknownCountry,
    calendar_of,
    country_of,
    zone_of,
)

MEMBER_STATES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


def test_all_member_states_and_northern_ireland_and_the_united_kingdom_are_known() -> None:
    assert sorted(ZONES) == sorted([*MEMBER_STATES.split(), "GB", "XI"])


@pytest.mark.parametrize("country", sorted(ZONES))
def test_every_country_has_a_zone_and_holidays_from_the_code_to_2100(country: str) -> None:
    assert zone_of(country) is not None
    calendar = calendar_of(country)
    for year in range(2016, 2101):
        christmas = date(year, 12, 25)
        assert not calendar.is_working_day(christmas)
        assert calendar.is_holiday(christmas) or christmas.weekday() >= 5


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("BG", date(2017, 3, 3)),
        ("BG", date(2018, 3, 5)),  # the Monday after a holiday on a Saturday
        ("BG", date(2018, 4, 9)),  # Orthodox Easter
        ("GR", date(2018, 4, 9)),
        ("DE", date(2018, 4, 2)),  # Western Easter
        ("NL", date(2018, 4, 27)),
        ("PL", date(2018, 5, 3)),
        ("ECB", date(2018, 3, 30)),
        ("ECB", date(2018, 5, 1)),
        ("GB", date(2018, 8, 27)),
        ("XI", date(2018, 7, 12)),
    ],
)
def test_a_public_holiday_is_no_working_day(country: str, day: date) -> None:
    assert calendar_of(country).is_holiday(day)
    assert not calendar_of(country).is_working_day(day)


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("BG", date(2017, 3, 2)),
        ("BG", date(2018, 4, 2)),  # a holiday elsewhere
        ("ECB", date(2018, 5, 10)),  # TARGET is open on Ascension Day
        ("DE", date(2018, 1, 6)),  # a holiday of three Länder only
    ],
)
def test_a_day_that_is_no_holiday_of_the_whole_state(country: str, day: date) -> None:
    assert not calendar_of(country).is_holiday(day)


def test_weekends_are_no_working_days_and_no_holidays() -> None:
    saturday, sunday, monday = date(2017, 3, 11), date(2017, 3, 12), date(2017, 3, 13)
    calendar = calendar_of("BG")
    assert not calendar.is_working_day(saturday)
    assert not calendar.is_working_day(sunday)
    assert not calendar.is_holiday(sunday)
    assert calendar.is_working_day(monday)


def test_an_override_adds_a_holiday_and_takes_one_away() -> None:
    decreed, cancelled = date(2017, 3, 13), date(2017, 3, 3)
    calendar = calendar_of("BG", (Override(decreed, holiday=True), Override(cancelled, False)))
    assert not calendar.is_working_day(decreed)
    assert calendar.is_working_day(cancelled)
    assert calendar_of("BG").is_working_day(decreed)
    assert not calendar_of("BG").is_working_day(cancelled)


def test_an_override_makes_no_weekend_a_working_day() -> None:
    saturday = date(2017, 3, 11)
    assert not calendar_of("BG", (Override(saturday, False),)).is_working_day(saturday)


def test_of_two_overrides_of_one_day_the_first_counts() -> None:
    day = date(2017, 3, 13)
    calendar = calendar_of("BG", (Override(day, True), Override(day, False)))
    assert calendar.is_holiday(day)


def test_calendars_are_equal_by_value() -> None:
    overrides = (Override(date(2017, 3, 13), True),)
    assert calendar_of("BG") == Calendar("BG")
    assert hash(calendar_of("BG", overrides)) == hash(Calendar("BG", overrides))
    assert calendar_of("BG") != calendar_of("BG", overrides)


@pytest.mark.parametrize("country", ["US", "", "bg", "EL"])
def test_an_unknown_country_is_refused_and_has_no_zone(country: str) -> None:
    with pytest.raises(UnknownCountry, match="two letters"):
        calendar_of(country)
    assert zone_of(country) is None


def test_the_central_bank_has_a_calendar_but_no_zone() -> None:
    assert zone_of("ECB") is None


@pytest.mark.parametrize(("office", "country"), [("BG001000", "BG"), ("xi000142", "XI"), ("", "")])
def test_the_country_of_an_office_is_the_beginning_of_its_number(office: str, country: str) -> None:
    assert country_of(office) == country
