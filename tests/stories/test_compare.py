"""What is compared, and how a mismatch reads."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from stories.compare import compare, spelled
from stories.direct import judged
from stories.matching import differences, unmatched
from stories.model import load
from stories.view import Item

SOFIA = ZoneInfo("Europe/Sofia")
STORY = """\
story: Ninety days
states: One day too late.
office: BG001007
reports:
  - happened: 2017-03-01
    type: temporary-storage.goods-presented
    movement: storage
    data: {holder: H, lines: [{quantity: 1, value: 18000, duty: 10}]}
expect:
  - as_of: 2017-05-31
"""


def mismatches(folder: Path, expected: str) -> list[str]:
    path = folder / "story.yaml"
    path.write_text(STORY + "".join(f"    {line}\n" for line in expected.splitlines()))
    (story,) = load(path)
    (point,) = story.points
    told = [entry.told() for entry in story.entries]
    said = judged(told, story.known_at(point), story.law_of(point), story.policies_of(point))
    return [str(each) for each in compare(story, point, said)]


def fits(pattern: dict[str, Any], values: dict[str, Any]) -> bool:
    return not differences(pattern, values, SOFIA)


@pytest.mark.parametrize(
    "expected",
    [
        "positions: [{movement: storage, situation: TEMP_STORAGE, overdue: 1}]",
        "debts: [{incurred: 2017-05-31}]",
        "debts: [{incurred: 2017-05-31 00:00, debtors: [H]}]",
        "debts: [{incurred: 2017-05-30T21:00Z}]",
        "deadlines: [{article: 149, state: MISSED}]",
        "totals: {EUR: 1800}",
        "totals: {EUR: 1800.00, BGN: 0}",
        "absent: [guarantees, procedures]",
        "absent: {debts: [{movement: elsewhere}, {debtors: []}]}",
    ],
)
def test_what_was_derived_is_found(tmp_path: Path, expected: str) -> None:
    assert mismatches(tmp_path, expected) == []


@pytest.mark.parametrize(
    "expected",
    [
        "positions: [{movement: storage, situation: TEMP_STORAGE, overdue: 0}]",
        "positions: [{situation: TEMP_STORAGE}, {situation: TEMP_STORAGE}]",
        "positions: [{situation: UNION_PRESUMED}]",
        "debts: [{incurred: 2017-05-31 00:01}]",
        "debts: [{debtors: [H, S]}]",
        "debts: [{debtors: []}]",
        "debts: [{debtors: [{person: H, due: 2017-06-10}]}]",
        "debts: [{extinguished: [a]}]",
        "debts: [{movement: elsewhere}]",
        "totals: {EUR: 1800.01}",
        "totals: {BGN: 1}",
        "absent: [debts]",
        "absent: {positions: [{situation: TEMP_STORAGE}]}",
    ],
)
def test_what_was_not_derived_is_told(tmp_path: Path, expected: str) -> None:
    assert len(mismatches(tmp_path, expected)) == 1


def test_a_list_is_whole_but_for_what_comes_later() -> None:
    grounds = [{"letter": "d"}, {"letter": "e"}]
    assert fits({"extinguished": [{"letter": "e"}, {"letter": "d"}]}, {"extinguished": grounds})
    assert not fits({"extinguished": [{"letter": "d"}]}, {"extinguished": grounds})
    assert fits({"extinguished_later": [{"letter": "d"}]}, {"extinguished_later": grounds})
    assert not fits({"extinguished_later": [{"letter": "b"}]}, {"extinguished_later": grounds})


def test_null_says_that_there_is_none() -> None:
    assert fits({"due": None}, {"due": None})
    assert not fits({"due": None}, {"due": date(2017, 6, 22)})
    assert fits({}, {"due": date(2017, 6, 22)})


def test_a_day_fits_every_instant_of_it() -> None:
    derived = {"at": datetime(2017, 6, 9, 11)}  # noqa: DTZ001  (as the office's clock shows it)
    assert fits({"at": date(2017, 6, 9)}, derived)
    assert not fits({"at": date(2017, 6, 8)}, derived)


def test_a_movement_answers_to_each_of_its_names() -> None:
    assert fits({"movement": "local:desk"}, {"movement": ("mrn:17BG", "local:desk")})


def test_patterns_share_items_as_well_as_they_can() -> None:
    """The first pattern fits both items: it must leave the second one to the other pattern."""
    items = [Item({"a": 1, "b": 1}, ()), Item({"a": 1, "b": 2}, ())]
    assert not unmatched([{"a": 1}, {"b": 1}], items, SOFIA)
    assert unmatched([{"b": 1}, {"b": 1}], items, SOFIA) == [{"b": 1}]


def test_a_mismatch_says_what_differs_why_and_from_which_facts(tmp_path: Path) -> None:
    (text,) = mismatches(
        tmp_path, "debts: [{article: 79(1)(a), amount: 2000, debtors: [{person: S}]}]"
    )
    assert text.startswith("debts\n  expected  {article: 79(1)(a), amount: 2000, debtors: [{person")
    assert "\n  derived   {movement: storage, article: 79(1)(a), incurred: 2017-05-31 00:00" in text
    assert "\n  differs   amount: expected 2000, derived 1800\n" in text
    assert "\n            debtors[0].person: expected S, derived H\n" in text
    assert "\n  because   storage_overrun: 79(1)(a), " in text
    assert "\n  facts     local/storage-1: 2017-03-01 temporary-storage.goods-presented {" in text
    assert text.endswith("(recorded 2017-03-01 21:59 UTC)")


def test_what_is_there_and_must_not_be_is_told_with_its_reason(tmp_path: Path) -> None:
    (text,) = mismatches(tmp_path, "absent: {debts: [{article: 79(1)(a)}]}")
    assert "  expected  none with {article: 79(1)(a)}\n  derived   {movement: storage" in text


def test_where_nothing_was_derived_all_known_facts_are_told(tmp_path: Path) -> None:
    (text,) = mismatches(tmp_path, "guarantees: [{reference: G1}]")
    assert "\n  derived   none\n" in text
    assert "\n  facts     local/storage-1: " in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1800.00"), "1800"),
        (Decimal("0.10"), "0.1"),
        (None, "null"),
        (False, "false"),
        ("local:storage", "storage"),
        ({"a": [1, None]}, "{a: [1, null]}"),
    ],
)
def test_a_value_is_spelled_as_a_story_writes_it(value: object, text: str) -> None:
    assert spelled(value) == text
