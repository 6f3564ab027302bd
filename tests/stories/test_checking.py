"""What a check expects against what its report would change."""

from pathlib import Path

import pytest

from stories.document import StoryError
from stories.model import load
from stories.play import Row, SetAside, play

STORY = """\
story: A test
states: It must be checked.
office: BG001007
reports:
  - happened: 2017-03-01
    type: temporary-storage.goods-presented
    movement: storage
    data: {holder: H, lines: [{quantity: 1, value: 18000, duty: 10}]}
"""
REMOVED = "check: [{report: {happened: 2017-04-10, type: goods.removed, movement: storage}, "
EMAILED = "check: [{report: {happened: 2017-05-03, type: goods.abandoned, movement: storage}, "


def rows(folder: Path, check: str) -> list[Row]:
    path = folder / "story.yaml"
    path.write_text(STORY + check, encoding="utf-8")
    (story,) = load(path)
    return play(story)


def mismatches(folder: Path, check: str) -> list[str]:
    (row,) = rows(folder, check)
    return [str(each) for each in row.mismatches]


@pytest.mark.parametrize(
    "check",
    [
        REMOVED + "changes: {positions: [{movement: storage, situation: IRREGULAR}]}}]",
        REMOVED + "changes: {debts: [{incurred: 2017-04-10, debtors: [H]}]}}]",
        REMOVED + "as_of: 2017-06-01, changes: {deadlines: [{article: 149, state: MET}]}}]",
        EMAILED + "finds: [{code: ABANDON_NO_PERMISSION}], nothing: true}]",
        EMAILED + "finds: [{movement: storage}]}]",
    ],
)
def test_what_a_report_would_change_is_found(tmp_path: Path, check: str) -> None:
    assert mismatches(tmp_path, check) == []


@pytest.mark.parametrize(
    "check",
    [
        REMOVED + "changes: {positions: [{situation: TEMP_STORAGE}]}}]",
        REMOVED + "as_of: 2017-04-09, changes: {positions: [{situation: IRREGULAR}]}}]",
        REMOVED + "changes: {debts: [{debtors: [S]}]}}]",
        REMOVED + "finds: [{code: ABANDON_NO_PERMISSION}]}]",
        EMAILED + "nothing: true}]",
        EMAILED + "finds: [{code: ABANDON_NO_PERMISSION, line: 1}]}]",
        EMAILED + "changes: {positions: [{situation: TEMP_STORAGE}]}}]",
    ],
)
def test_what_a_report_would_not_change_is_told(tmp_path: Path, check: str) -> None:
    assert len(mismatches(tmp_path, check)) == 1


def test_nothing_means_at_any_time(tmp_path: Path) -> None:
    texts = mismatches(tmp_path, REMOVED + "as_of: 2017-04-01, nothing: true}]")
    assert len(texts) > 2
    assert any("  derived   added: position {movement: storage" in text for text in texts)
    assert any("  derived   removed: debt {movement: storage" in text for text in texts)
    assert any("\n  because   removed_from_storage: 79(1)(a), " in text for text in texts)


def test_a_mismatch_names_the_checked_report_among_the_facts(tmp_path: Path) -> None:
    (text,) = mismatches(tmp_path, REMOVED + "changes: {debts: [{amount: 2000}]}}]")
    assert "\n  differs   amount: expected 2000, derived 1800\n" in text
    assert "local/check-1: 2017-04-10 goods.removed (recorded 2017-04-10 20:59 UTC)" in text


def test_a_check_records_nothing(tmp_path: Path) -> None:
    check = REMOVED + "changes: {debts: [{}]}}]\n"
    point, checked = rows(tmp_path, check + "expect: [{as_of: 2017-05-01, absent: [debts]}]")
    assert not point.mismatches
    assert not checked.mismatches


def test_a_check_knows_what_was_recorded_by_its_moment(tmp_path: Path) -> None:
    told = "  - {happened: 2017-04-09, type: goods.abandonment-permitted, movement: storage}\n"
    refused = EMAILED + "known_at: 2017-04-08, finds: [{code: ABANDON_NO_PERMISSION}]}]"
    allowed = EMAILED + "changes: {positions: [{situation: DEEMED_WAREHOUSE}]}}]"
    assert mismatches(tmp_path, told + refused) == []
    assert mismatches(tmp_path, told + allowed) == []


def test_a_row_says_what_is_checked(tmp_path: Path) -> None:
    check = REMOVED + "known_at: 2017-04-01, policies: {placed_by: RELEASE}, nothing: true}]"
    (row,) = rows(tmp_path, check)
    assert row.name == (
        "check goods.removed of storage, as of 2017-04-10, known at 2017-04-01, placed_by RELEASE"
    )


def test_a_report_that_the_intake_would_not_take_is_set_aside(tmp_path: Path) -> None:
    check = "check: [{report: {happened: 2017-04-10, type: goods.seized, movement: storage, "
    with pytest.raises(SetAside, match=r"local/check-1 was not recorded"):
        rows(tmp_path, check + "role: carrier}, nothing: true}]")


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (REMOVED + "as_of: 2017-04-10}]", "check[0]: the check expects nothing: add `finds`, "),
        (REMOVED + "nothing: false}]", "check[0].nothing: Input should be True"),
        (REMOVED + "policies: {placed_by: X}, nothing: true}]", "check[0].policies: policy placed"),
        (
            REMOVED.replace("goods.removed", "goods.gone") + "nothing: true}]",
            "no fact 'goods.gone'",
        ),
        (REMOVED.replace("2017-04-10", "soon") + "nothing: true}]", "check[0].report.happened: "),
    ],
)
def test_an_error_says_where_and_what(tmp_path: Path, check: str, message: str) -> None:
    with pytest.raises(StoryError) as wrong:
        rows(tmp_path, check)
    assert message in str(wrong.value)
