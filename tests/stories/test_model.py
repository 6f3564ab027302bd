"""From the short spelling to native reports; variants; errors that say where and what."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from stories.document import StoryError
from stories.model import Story, load
from stories.telling import Entry

HEAD = """\
story: A test
states: It must be read.
office: BG001007
"""
STORED = """\
reports:
  - happened: 2017-03-01 14:00
    type: temporary-storage.goods-presented
    movement: storage
    data: {holder: H, lines: [{quantity: 1, value: 18000, duty: 10, code: 870321}]}
"""
EXPECT = """\
expect:
  - {as_of: 2017-03-01, absent: [debts]}
"""
INDENTED = EXPECT.replace("\n", "\n    ", 1)
AGAIN = STORED.removeprefix("reports:\n").replace("- happened", "- id: storage-1\n    happened")


def told(folder: Path, text: str) -> list[Story]:
    path = folder / "story.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def one(folder: Path, text: str) -> Story:
    (story,) = told(folder, text)
    return story


def entries(story: Story) -> dict[str, Entry]:
    return {entry.cite: entry for entry in story.entries}


def wrong(folder: Path, text: str) -> str:
    with pytest.raises(StoryError) as error:
        told(folder, text)
    return str(error.value).replace(str(folder), "")


def test_an_instant_is_local_to_the_office(tmp_path: Path) -> None:
    (entry,) = one(tmp_path, HEAD + STORED + EXPECT).entries
    assert entry.fact.happened == datetime(2017, 3, 1, 12, tzinfo=UTC)
    assert entry.recorded == datetime(2017, 3, 1, 12, tzinfo=UTC)


def test_a_day_is_recorded_before_it_is_over(tmp_path: Path) -> None:
    story = one(tmp_path, HEAD + STORED.replace(" 14:00", "") + EXPECT)
    assert story.entries[0].recorded <= story.known_at(story.points[0])
    assert story.known_at(story.points[0]) == datetime(2017, 3, 1, 21, 59, 59, 999999, tzinfo=UTC)


def test_a_report_is_spelled_out(tmp_path: Path) -> None:
    (entry,) = one(tmp_path, HEAD + STORED + EXPECT).entries
    assert entry.report.type == "temporary-storage.goods-presented.v1"
    assert entry.report.subject == "local:storage"
    assert entry.cite == "local/storage-1"
    assert entry.fact.office == "BG001007"
    (line,) = entry.report.data.lines
    assert line.duty[0].percent == Decimal(10)
    assert line.code == "870321"


def test_names_inside_the_data_are_spelled_out(tmp_path: Path) -> None:
    text = """\
      - happened: 2017-03-02
        type: declaration.lodged
        movement: mrn:17BG00100700000012
        data:
          procedure: customs-warehousing
          declarant: D
          authorisation: CW1
          guarantee: G1
          same_as: desk
          lines: [{quantity: 1, previous: storage}]
      - id: theft
        happened: 2017-03-03
        type: goods.removed
        movement: storage
        source: terminal
        data: {drawn_by: mrn:17BG00100700000012}
      - happened: 2017-03-03
        type: debt.notified
        movement: storage
        data: {debtor: H, gave_rise: theft}
    """
    found = entries(one(tmp_path, HEAD + STORED + _in_reports(text) + EXPECT))
    lodged = found["local/mrn:17BG00100700000012-1"].report.data
    assert lodged.authorisation == "auth:CW1"
    assert lodged.guarantee == "grn:G1"
    assert lodged.same_as == "local:desk"
    assert lodged.lines[0].previous == "local:storage"
    assert found["terminal/theft"].report.data.drawn_by == "mrn:17BG00100700000012"
    assert found["local/storage-3"].report.data.gave_rise == "terminal/theft"


def _in_reports(text: str) -> str:
    """More members of the list of reports."""
    return "".join(f"  {line}\n" for line in dedent(text).splitlines())


def test_the_head_becomes_reference_data_known_from_the_start(tmp_path: Path) -> None:
    head = """\
    calendar: {BG: {added: [2017-06-02]}}
    measures: {BOXES: {2016-05-01: 10, 2017-09-01: {per_unit: 2}}}
    interest: {2016-03-16: 0}
    authorisations: {CW1: {holder: W, procedure: customs-warehousing}}
    guarantees: {G1: {holder: D, amount: 100}}
    """
    story = one(tmp_path, HEAD + dedent(head) + STORED + EXPECT)
    found = entries(story)
    assert list(found)[:-1] == [
        "local/calendar:BG-1",
        "local/measure:BOXES-1",
        "local/measure:BOXES-2",
        "local/interest:EUR-1",
        "local/auth:CW1-1",
        "local/grn:G1-1",
    ]
    assert found["local/measure:BOXES-2"].report.data.duty[0].per_unit == Decimal(2)
    assert {entry.fact.office for entry in story.entries[:-1]} == {None}
    assert {entry.recorded for entry in story.entries[:-1]} == {datetime(2016, 5, 1, tzinfo=UTC)}


def test_a_variant_replaces_drops_and_adds(tmp_path: Path) -> None:
    text = """\
    variants:
      other:
        office: BE000001
        replace:
          storage-1: {happened: 2017-03-06, data: {holder: S}}
        drop: [storage-2]
        reports:
          - {happened: 2017-03-08, type: goods.removed, movement: storage}
        expect:
          - {as_of: 2017-03-08, absent: [guarantees]}
    """
    removal = "  - {happened: 2017-03-07, type: goods.removed, movement: storage}\n"
    base, other = told(tmp_path, HEAD + STORED + removal + EXPECT + dedent(text))
    assert base.name == "A test"
    assert [entry.report.id for entry in base.entries] == ["storage-1", "storage-2"]
    assert other.name == "A test (other)"
    assert [entry.report.id for entry in other.entries] == ["storage-1", "storage-3"]
    presented = other.entries[0].report.data
    assert presented.holder == "S"
    assert presented.office == "BE000001"
    assert presented.lines[0].quantity == 1


def test_variants_alone_need_no_expectations_of_the_story(tmp_path: Path) -> None:
    text = "variants:\n  one:\n    expect: [{as_of: 2017-03-01, absent: [debts]}]\n"
    assert [story.variant for story in told(tmp_path, HEAD + STORED + text)] == ["one"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            HEAD + STORED.replace("holder: H, ", "") + EXPECT,
            "/story.yaml:8: reports[0].data: `holder` is missing",
        ),
        (
            HEAD + STORED.replace("quantity: 1", "quantity: -1") + EXPECT,
            "/story.yaml:8: reports[0].data.lines[0].quantity: Input should be greater than or",
        ),
        (
            HEAD + STORED.replace("goods-presented", "goods-presentd") + EXPECT,
            "/story.yaml:6: reports[0].type: there is no fact 'temporary-storage.goods-presentd'",
        ),
        (
            HEAD + STORED.replace("holder", "keeper") + EXPECT,
            "reports[0].data.keeper: there is no key `keeper` here",
        ),
        (
            HEAD + STORED.replace("2017-03-01 14:00", "1 March") + EXPECT,
            "/story.yaml:5: reports[0].happened: '1 March': write a day as 2017-03-01",
        ),
        (
            HEAD + STORED + EXPECT.replace("absent", "absnt"),
            "/story.yaml:10: expect[0].absnt: there is no key `absnt` here",
        ),
        (
            HEAD + STORED + "expect:\n  - {as_of: 2017-03-01}\n",
            "/story.yaml:10: expect[0]: the point expects nothing: add at least one of positions",
        ),
        (
            HEAD + STORED + "expect:\n  - {as_of: 2017-03-01, positions: [{situation: SUNK}]}\n",
            "/story.yaml:10: expect[0].positions[0].situation: Input should be 'AWAITED'",
        ),
        (
            HEAD + "policies: {placed_by: LODGING}\n" + STORED + EXPECT,
            "/story.yaml:4: policies: policy placed_by cannot be 'LODGING'",
        ),
        (
            HEAD + STORED + "variants: {x: {drop: [storage-9], expect: []}}\n",
            "/story.yaml:9: variants.x: the variant expects nothing: add `expect` or `check`",
        ),
        (
            HEAD + STORED + "variants:\n  x:\n    drop: [storage-9]\n    " + INDENTED,
            "/story.yaml:11: variants.x.drop: no report 'storage-9': there are storage-1",
        ),
        (
            HEAD + "authorisations:\n  CW1: {holder: W}\n" + STORED + EXPECT,
            "/story.yaml:5: authorisations.CW1: `procedure` is missing",
        ),
        (
            HEAD + STORED + AGAIN + EXPECT,
            "reports[1].id: two reports have the id local/storage-1",
        ),
        (HEAD + STORED, "the story expects nothing: add `expect`, `check` or `variants`"),
    ],
)  # fmt: skip
def test_an_error_says_where_and_what(tmp_path: Path, text: str, message: str) -> None:
    assert message in wrong(tmp_path, text)


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    text = STORED.replace("holder: H, ", "").replace("quantity: 1", "quantity: many")
    assert len(wrong(tmp_path, HEAD + text + EXPECT).splitlines()) == 2


@pytest.mark.parametrize("told_at", ["0001-01-01", "0001-01-01 00:00", "9999-12-31 23:59"])
@pytest.mark.parametrize("place", ["happened", "recorded", "as_of"])
def test_a_year_that_no_report_can_have_is_an_error(
    tmp_path: Path, place: str, told_at: str
) -> None:
    text = HEAD + STORED + EXPECT
    if place == "recorded":
        text = text.replace("- happened: ", f"- recorded: {told_at}\n    happened: ", 1)
    else:
        text = re.sub(rf"{place}: [0-9: -]+[0-9]", f"{place}: {told_at}", text, count=1)
    with pytest.raises(StoryError, match="the year must lie between 1900 and 2200"):
        told(tmp_path, text)


SPRING = "2017-03-26 03:30"
"""The clock of Sofia went from 3 to 4 then."""
SKIPPED = (
    "the clock at the office skips 2017-03-26 03:30, as it goes forward: write 02:30 or 04:30, or"
    " the offset behind it, as in 2017-03-26 03:30+02:00"
)
DEBT = "expect:\n  - {as_of: 2017-05-01, debts: [{incurred: 2017-03-01 14:00}]}\n"
LODGED = "{happened: 2017-03-01 14:00, type: goods.removed, movement: storage}"
CHECK = f"check:\n  - report: {LODGED}\n    known_at: 2017-03-01\n    nothing: true\n"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (STORED.replace("2017-03-01 14:00", SPRING) + EXPECT, "5: reports[0].happened"),
        (
            STORED.replace("  - h", f"  - recorded: {SPRING}\n    h") + EXPECT,
            "5: reports[0].recorded",
        ),
        (STORED + EXPECT.replace("2017-03-01", SPRING), "10: expect[0].as_of"),
        (STORED + DEBT.replace("2017-03-01 14:00", SPRING), "10: expect[0].debts[0].incurred"),
        (STORED + CHECK.replace("2017-03-01 14:00", SPRING), "10: check[0].report.happened"),
        (STORED + CHECK.replace("_at: 2017-03-01", f"_at: {SPRING}"), "11: check[0].known_at"),
    ],
)
def test_an_hour_that_the_clock_skips_is_an_error(tmp_path: Path, text: str, where: str) -> None:
    assert wrong(tmp_path, HEAD + text) == f"/story.yaml:{where}: {SKIPPED}"


@pytest.mark.parametrize(
    ("told_at", "means"),
    [
        ("2017-03-26 02:59", "2017-03-26T00:59"),
        ("2017-03-26 04:00", "2017-03-26T01:00"),
        ("2017-03-26 03:30+02:00", "2017-03-26T01:30"),
        ("2017-10-29 03:30", "2017-10-29T00:30"),
        ("2017-10-29 03:30+02:00", "2017-10-29T01:30"),
    ],
)
def test_any_other_hour_is_read_as_the_clock_shows_it(
    tmp_path: Path, told_at: str, means: str
) -> None:
    (entry,) = one(tmp_path, HEAD + STORED.replace("2017-03-01 14:00", told_at) + EXPECT).entries
    assert entry.fact.happened == datetime.fromisoformat(f"{means}Z")


def test_what_the_clock_skips_depends_on_the_office_of_the_report(tmp_path: Path) -> None:
    text = STORED.replace("2017-03-01 14:00", SPRING)
    text = text.replace("movement: storage", "movement: storage\n    office: DE001234")
    assert one(tmp_path, HEAD + text + EXPECT).entries
    berlin = text.replace("03:30", "02:30")
    assert "skips 2017-03-26 02:30" in wrong(tmp_path, HEAD + berlin + EXPECT)


VARIANTS = """\
variants:
  changed:
    replace: {storage-1: {happened: 2017-03-02}}
    expect: [{as_of: 2017-03-01, absent: [debts]}]
  changed again:
    replace: {storage-1: {data: {lines: [{quantity: 2, value: 18000, duty: 10}]}}}
    expect: [{as_of: 2017-03-01, absent: [debts]}]
  as it is:
    expect: [{as_of: 2017-03-01, absent: [debts]}]
"""


@pytest.mark.parametrize("own", [EXPECT, ""])
@pytest.mark.parametrize(
    ("text", "where"),
    [
        (HEAD + STORED.replace("holder: H", "holder: H, colour: red"), ":8: reports[0].data.col"),
        (HEAD + STORED.replace("holder: H, ", ""), ":8: reports[0].data: `holder` is missing"),
        (HEAD + STORED.replace("goods-presented", "goods-presentd"), ":6: reports[0].type"),
        (HEAD + STORED + AGAIN, ":9: reports[1].id: two reports have"),
        (HEAD + "policies: {colour: red}\n" + STORED, ":4: policies: no policy"),
    ],
)
def test_what_is_wrong_once_is_told_once(tmp_path: Path, own: str, text: str, where: str) -> None:
    (line,) = wrong(tmp_path, text + own + VARIANTS).splitlines()
    assert line.startswith(f"/story.yaml{where}")


def test_what_is_wrong_in_a_variant_is_told_there(tmp_path: Path) -> None:
    variants = VARIANTS.replace("happened: 2017-03-02", "data: {colour: red}")
    variants = variants.replace("    expect", "    policies: {colour: red}\n    expect", 1)
    first, second = sorted(wrong(tmp_path, HEAD + STORED + EXPECT + variants).splitlines())
    assert "variants.changed.replace.storage-1.data.colour: there is no key" in first
    assert "variants.changed.policies: no policy" in second


def test_what_a_variant_has_wrong_as_well_is_told_of_both(tmp_path: Path) -> None:
    text = HEAD + STORED.replace("holder: H", "holder: H, colour: red") + EXPECT
    variants = VARIANTS.replace("happened: 2017-03-02", "data: {colour: blue}")
    assert len(wrong(tmp_path, text + variants).splitlines()) == 2


def test_a_wrong_hour_of_the_story_is_told_once_too(tmp_path: Path) -> None:
    variants = VARIANTS.replace("{happened: 2017-03-02}", "{role: holder}")
    text = HEAD + STORED.replace("2017-03-01 14:00", SPRING) + EXPECT + variants
    assert wrong(tmp_path, text) == f"/story.yaml:5: reports[0].happened: {SKIPPED}"
