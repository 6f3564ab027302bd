"""What a day means when it is asked for."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import typer

from cli.moments import Moment, day, moment

SOFIA, LISBON, BERLIN = "BG002005", "PT000040", "DE004851"
LAST = time(23, 59, 59, 999_999)


def test_a_day_ends_at_midnight_of_the_office() -> None:
    ends = datetime(2017, 6, 14, 20, 59, 59, 999_999, tzinfo=UTC)
    assert moment("2017-06-14").at_offices([SOFIA]) == ends


def test_of_offices_in_several_zones_the_day_ends_where_it_ends_first() -> None:
    assert moment("2017-06-14").at_offices([LISBON, SOFIA, BERLIN]) == moment(
        "2017-06-14"
    ).at_offices([SOFIA])


def test_a_day_on_which_clocks_change_ends_at_its_own_midnight() -> None:
    ends = datetime.combine(date(2017, 3, 26), LAST, ZoneInfo("Europe/Sofia"))
    assert moment("2017-03-26").at_offices([SOFIA]) == ends


@pytest.mark.parametrize("offices", [[], [None], ["ZZ000000"]])
def test_without_a_known_office_a_day_ends_in_utc(offices: list[str | None]) -> None:
    ends = datetime.combine(date(2017, 6, 14), LAST, UTC)
    assert moment("2017-06-14").at_offices(offices) == ends


def test_an_instant_is_itself_at_every_office() -> None:
    told = moment("2017-06-14T12:00:00+03:00")
    assert told.at_offices([LISBON]) == datetime(2017, 6, 14, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("14.06.2017", "is no day"),
        ("2017-02-30", "day is out of range"),
        ("2017-06-14T12:00:00", "needs its offset"),
        ("0017-06-14", "between 1900 and 2200"),
        ("", "is no day"),
    ],
)
def test_what_is_no_moment_is_refused_with_what_to_write(text: str, says: str) -> None:
    with pytest.raises(typer.BadParameter, match=says):
        moment(text)


def test_where_a_day_is_asked_an_instant_is_refused() -> None:
    assert day("2019-04-14") == date(2019, 4, 14)
    with pytest.raises(typer.BadParameter, match="write the day alone, 2019-04-14"):
        day("2019-04-14T00:00:00Z")


def test_a_moment_is_spelled_as_it_was_asked() -> None:
    assert str(Moment(date(2017, 6, 14))) == "2017-06-14"
