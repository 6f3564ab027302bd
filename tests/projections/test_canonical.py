from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from domain.because import Because
from domain.situation import Situation
from domain.timeline import Deadline, Part
from projections.canonical import canonical, decoded, exact, instant, since

DEADLINE = Deadline(
    line=1,
    article="149",
    duty="leave_storage",
    person="BG1",
    start=datetime(2017, 3, 1, 10, tzinfo=UTC),
    raw_last_day=date(2017, 5, 30),
    last_day=date(2017, 5, 30),
    ends_at=datetime(2017, 5, 30, 21, tzinfo=UTC),
    stopped=None,
    moved=False,
    because=Because("leave_storage", ("149",), ("local/1",)),
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1800.00", "1800"),
        ("1E+3", "1000"),
        ("-0.0", "0"),
        ("0.10", "0.1"),
        ("12345678901234567890.123456789012", "12345678901234567890.123456789012"),
    ],
)
def test_equal_numbers_are_spelled_alike_and_none_is_rounded(number: str, text: str) -> None:
    assert exact(Decimal(number)) == text


def test_instants_sort_as_time_does() -> None:
    start = datetime(2017, 3, 1, 10, tzinfo=timezone(timedelta(hours=2)))
    moments = [start, start + timedelta(microseconds=1), start + timedelta(seconds=1)]

    assert sorted(map(instant, moments)) == list(map(instant, moments))
    assert instant(start) == "2017-03-01T08:00:00.000000Z"
    assert since(instant(start)) == start


def test_what_is_spelled_reads_back_equal() -> None:
    assert decoded(Deadline, canonical(DEADLINE)) == DEADLINE


def test_keys_are_sorted_and_records_are_objects() -> None:
    part = Part(Situation.TEMP_STORAGE, None, None, Decimal("1.50"))

    assert canonical(part) == (
        '{"drawn_by":null,"holder":null,"quantity":"1.5","situation":"TEMP_STORAGE"}'
    )


def test_a_type_without_a_spelling_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        canonical(object())
