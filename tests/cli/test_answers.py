"""What the demonstration's store answers, by our own reading of the law.

The days: 2017-06-14 is a Wednesday; 18 June 2017 is a Sunday.
"""

import json
from decimal import Decimal
from typing import Any

import pytest
from typer.testing import Result

from cli.exits import Exit
from tests.cli.conftest import Run

FOOTWEAR, T_SHIRTS = "doc:HLCUVAR170320118", "doc:ZIMUBOJ900417"
TELEVISIONS, VIDEO_IMPORT = "doc:MAEU584127730", "mrn:17BG00200500203113"
BANANAS, PUMPS = "mrn:17BG00200504511227", "mrn:17BG00580404512074"
COFFEE, COFFEE_IMPORT = "mrn:17BG00300100051200", "mrn:17BG00300100052074"
COPPER, DENIM = "mrn:17BG00300100010025", "mrn:17BG00300100011070"
GARMENTS, TYRE_IMPORT = "mrn:17BG00580400220181", "mrn:17BG00580400314028"
CIGARETTES = "local:sv-2017-0031"


def told(result: Result, schema: str) -> list[dict[str, Any]]:
    """The rows of an answer in JSON."""
    assert result.exit_code == Exit.OK, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["schema"] for row in rows} <= {f"customs.{schema}.v1"}
    return rows


def test_the_debts_are_those_of_the_code(ask: Run) -> None:
    rows = told(ask("debts", "--json"), "debt")
    said = {
        (row["movement"], row["debtor"]): (
            row["article"],
            row["incurred_on"],
            row["amount"],
            row["open"],
            row["due"],
            [each["letter"] for each in row["extinguished"]],
        )
        for row in rows
    }
    assert said == {
        # 12 % of 26 500; the 90th day after 10 March is 8 June; notified on 12 June
        (T_SHIRTS, "BG102300200"): ("79(1)(a)", "2017-06-09", "3180", "3180", "2017-06-22", []),
        # 14 % of 30 000; released, and so notified, on Friday 9 June
        (VIDEO_IMPORT, "BG201700111"): ("77(1)(a)", "2017-06-08", "4200", "4200", "2017-06-19", []),
        # the limit was 8 June; nobody knows the value
        (BANANAS, "BG103900555"): ("79(1)(a)", "2017-06-09", None, None, None, []),
        # 7.5 % of 60 000 for 10 000 kg, 800 of them missing; a public warehouse: both owe it
        (COFFEE, "BG115500600"): ("79(1)(a)", "2017-06-07", "360", "360", "2017-06-23", []),
        (COFFEE, "BG201700333"): ("79(1)(a)", "2017-06-07", "360", "360", "2017-06-23", []),
        # 57.6 % of 5 000; confiscated on 12 June
        (CIGARETTES, "BG999800001"): ("79(1)(a)", "2017-06-03", "2880", "0", None, ["e"]),
        # 8 % of 40 000; six days late, regularised, and accepted as insignificant
        (DENIM, "BG104900100"): ("79(1)(a)", "2017-06-01", "3200", "0", None, ["h"]),
        # 7.5 % of 18 000, and 4 % of 35 000 owed by the representative as well; both paid
        (COFFEE_IMPORT, "BG201700333"): (
            "77(1)(a)",
            "2017-05-22",
            "1350",
            "0",
            "2017-06-01",
            ["b"],
        ),
        (TYRE_IMPORT, "BG131567890"): ("77(1)(a)", "2017-05-17", "1400", "0", "2017-05-29", ["b"]),
        (TYRE_IMPORT, "BG201700222"): ("77(1)(a)", "2017-05-17", "1400", "0", "2017-05-29", ["b"]),
    }


def test_the_total_counts_a_joint_debt_once_and_the_unknown_beside_it(ask: Run) -> None:
    owed = Decimal(3180) + 4200 + 360
    assert f"Open: {owed:,}.00 EUR, and 1 debt of unknown amount" in ask("debts").stdout


@pytest.mark.parametrize(
    ("filters", "movements"),
    [
        (["--article", "77"], {VIDEO_IMPORT, COFFEE_IMPORT, TYRE_IMPORT}),
        (["--article", "79(1)(a)", "--open"], {T_SHIRTS, BANANAS, COFFEE}),
        (["--article", "79"], {T_SHIRTS, BANANAS, COFFEE, DENIM, CIGARETTES}),
        (["--article", "78"], set()),
        (["--open"], {T_SHIRTS, VIDEO_IMPORT, BANANAS, COFFEE}),
        (["--person", "BG201700333"], {COFFEE, COFFEE_IMPORT}),
        (["--movement", "17BG00300100051200"], {COFFEE}),
        (["--movement", T_SHIRTS, "--movement", "sv-2017-0031"], {T_SHIRTS, CIGARETTES}),
        (["--overdue"], set()),
        (["--overdue", "--as-of", "2017-06-20"], {VIDEO_IMPORT}),
        (["--overdue", "--as-of", "2017-06-19"], set()),
    ],
)
def test_debts_are_filtered(ask: Run, filters: list[str], movements: set[str]) -> None:
    assert {row["movement"] for row in told(ask("debts", "--json", *filters), "debt")} == movements


@pytest.mark.parametrize(
    ("filters", "clocks"),
    [
        (["--overdue"], {(T_SHIRTS, "149"), (BANANAS, "233(1)(a)")}),
        (
            ["--within", "7"],
            {
                (COPPER, "215(4)"),
                (FOOTWEAR, "149"),
                (VIDEO_IMPORT, "108(1)"),
                (GARMENTS, "259(3)"),
            },
        ),
        (["--within", "7", "--article", "149"], {(FOOTWEAR, "149")}),
        (["--person", "BG107700400"], {(GARMENTS, "259(3)")}),
    ],
)
def test_deadlines_are_filtered(ask: Run, filters: list[str], clocks: set[tuple[str, str]]) -> None:
    rows = told(ask("deadlines", "--json", *filters), "deadline")
    assert {(row["movement"], row["article"]) for row in rows} == clocks


def test_a_90th_day_on_a_sunday_is_shown_as_counted_and_as_rolled(ask: Run) -> None:
    (row,) = told(ask("deadlines", "--movement", FOOTWEAR, "--json"), "deadline")
    assert (row["raw_last_day"], row["last_day"]) == ("2017-06-18", "2017-06-19")
    text = ask("deadlines", "--movement", FOOTWEAR).stdout
    assert "2017-06-19  RUNNING  149" in text
    assert "(counted: 2017-06-18)" in " ".join(text.split())


def test_on_the_last_day_nothing_is_missed_and_on_the_next_it_is(ask: Run) -> None:
    def state(day: str) -> str:
        asked = ask("deadlines", "--movement", FOOTWEAR, "--all", "--as-of", day, "--json")
        (row,) = [each for each in told(asked, "deadline") if each["article"] == "149"]
        return str(row["state"])

    assert (state("2017-06-19"), state("2017-06-20")) == ("RUNNING", "MISSED")


def test_procedures_say_how_much_is_open(ask: Run) -> None:
    rows = told(ask("procedures", "--open", "--json"), "procedure")
    said = {row["movement"]: (row["state"], row["open"], row["discharged"]) for row in rows}
    assert said == {
        BANANAS: ("OVERDUE", "18240", "0"),
        PUMPS: ("ENDED", "3150", "0"),  # ended at Hamburg, not discharged at Sofia yet
        COFFEE: ("PARTLY_DISCHARGED", "3700", "5500"),
        COPPER: ("PARTLY_DISCHARGED", "8000", "12000"),  # 10 800 kg of wire out of 12 000 kg
        GARMENTS: ("OPEN", "1500", "0"),
    }
    (late,) = told(ask("procedures", "--overdue", "--json"), "procedure")
    assert late["movement"] == BANANAS


def test_findings_are_filtered_by_code_and_article(ask: Run) -> None:
    (measures,) = told(ask("findings", "--code", "UCC147_4_MEASURES_DUE", "--json"), "finding")
    assert measures["movement"] == T_SHIRTS
    assert told(ask("findings", "--article", "147", "--json"), "finding") == [measures]


def test_a_list_without_rows_says_so(ask: Run) -> None:
    result = ask("findings", "--code", "NO_SUCH_LINE")
    assert (result.exit_code, result.stdout) == (Exit.OK, "Findings as of 2017-06-14: none\n")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("debts", "--article", "97"), "no rule or finding cites 97"),
        (("debts", "--article", "97"), "did you mean 197 or 98"),
        (("findings", "--article", "7"), "no rule or finding cites 7"),
        (("deadlines", "--article", "149(9)"), "did you mean 149"),
        (("debts", "--article", "79(1)a"), "no provision: write 79(1)(a)"),
        (("debts", "--article", "79(1)a"), "did you mean 79 or 79(1) or"),
        (("findings", "--code", "not_judge"), "did you mean NOT_JUDGED"),
        (("findings", "--code", "%"), "no finding has the code %; known are ABANDON_NO_PERMISSION"),
    ],
)
def test_what_nothing_can_cite_is_no_question(
    ask: Run, command: tuple[str, ...], words: str
) -> None:
    result = ask(*command)
    assert (result.exit_code, result.stdout) == (Exit.USAGE, "")
    assert words in " ".join(result.stderr.replace("│", "").split())


def test_a_week_before_the_arrival_at_hamburg_was_not_known(ask: Run) -> None:
    before = ask("debts", "--known-at", "2017-06-07", "--as-of", "2017-06-07", "--json")
    assert PUMPS in {row["movement"] for row in told(before, "debt")}
    assert PUMPS not in {row["movement"] for row in told(ask("debts", "--json"), "debt")}


def test_the_text_of_2019_can_be_asked_for(ask: Run) -> None:
    later = ("findings", "--as-of", "2019-04-14", "--code", "UCC124_1H_CANDIDATE", "--json")
    assert told(ask(*later), "finding") == []
    known = ask(*later, "--law", "2019-04-14")
    assert (known.exit_code, known.stderr) == (Exit.OK, "")
    unknown = ask(*later, "--law", "2019-04-15")
    assert unknown.exit_code == Exit.OK
    assert "The last act that this release knows is Regulation (EU) 2019/474" in unknown.stderr


def test_a_policy_can_be_asked_for(ask: Run) -> None:
    asked = ask("debts", "--movement", TELEVISIONS, "--policy", "placed_by=RELEASE", "--json")
    assert told(asked, "debt") == []
    due = ask("debts", "--movement", VIDEO_IMPORT, "--policy", "payment_days=5", "--json")
    assert [row["due"] for row in told(due, "debt")] == ["2017-06-14"]


def test_amounts_quantities_and_instants_are_written_exactly(ask: Run) -> None:
    row = told(ask("debts", "--movement", COFFEE, "--json"), "debt")[0]
    assert row["struck"] == [{"line": 1, "quantity": "800", "amount": "360"}]
    assert row["incurred"] == "2017-06-07T12:30:00.000000Z"
    assert row["as_of"] == "2017-06-14T20:59:59.999999Z"
