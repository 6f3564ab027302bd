"""The journal from the command line: what was said, when, and under what."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.exits import Exit
from projections.agenda import Verdict
from tests.cli.conftest import Run
from tests.cli.test_ingest import STORAGE, written

PUMPS = "mrn:17BG00580404512074"


def told(ask: Run, *arguments: str) -> list[dict[str, Any]]:
    result = ask("verdicts", "--json", *arguments)
    assert result.exit_code == Exit.OK, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["schema"] for row in rows} <= {"customs.verdict.v1"}
    return rows


def test_the_journal_is_told_from_its_first_entry_to_its_last(ask: Run) -> None:
    rows = told(ask)
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["law"] for row in rows} == {"2016-12-24"}
    assert all(row["rules"] and row["policies"]["payment_days"] == "10" for row in rows)


def test_what_was_said_and_taken_back_a_week_later_stands_in_it_twice(ask: Run) -> None:
    said, back = told(ask, "--movement", "17BG00580404512074", "--kind", "debt")
    assert (said["movement"], said["verdict"], said["was"]) == (PUMPS, "debt incurred", None)
    assert back["was"] == said["now"]
    assert back["now"] is None
    assert said["recorded_at"] < back["recorded_at"]
    text = " ".join(ask("verdicts", "--movement", PUMPS, "--kind", "debt").stdout.split())
    assert "2017-06-07 23:59Z 2017-06-07 01:00 debt incurred 79(1)(a), unknown: BG103900555" in text
    assert "2017-06-14 23:59Z 2017-06-07 01:00 debt incurred no longer: 79(1)(a)" in text


def test_a_table_says_under_which_law_policies_and_rules(ask: Run) -> None:
    lines = ask("verdicts").stdout.splitlines()
    assert lines[0].startswith("Said under the text of 2016-12-24, release ")
    assert lines[0].endswith("every policy in its default")
    assert sum(line.startswith("Said under") for line in lines) == 1
    assert max(map(len, lines)) <= 80


def test_after_a_rebuild_under_another_law_entries_are_apart(
    run: Run, copied: Path, tmp_path: Path
) -> None:
    store = ("--store", str(copied))
    told = ("--law", "2019-04-14", "--policy", "rounding=CENT")
    assert run("rebuild", *store, *told).exit_code == Exit.OK
    file = written(tmp_path / "a.ndjson", [STORAGE])
    assert run("ingest", str(file), *store).exit_code == Exit.OK
    lines = run("verdicts", *store).stdout.splitlines()
    first, then = (line for line in lines if line.startswith("Said under"))
    assert "2016-12-24" in first
    assert "2019-04-14" in then
    assert "rounding=CENT" in then


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        (["--until", "2017-06-07"], "first"),
        (["--until", "2017-06-13"], "first"),
        (["--since", "2017-06-08"], "second"),
        (["--since", "2017-06-14", "--until", "2017-06-14"], "second"),
        (["--since", "2017-06-14T23:59:59.999999Z"], "second"),
        (["--since", "2017-06-15"], "none"),
    ],
)
def test_since_and_until_are_about_when_it_was_said(
    ask: Run, arguments: list[str], numbers: str
) -> None:
    rows = told(ask)
    week = "2017-06-07T23:59:59.999999Z"
    deliveries = {
        "first": [row["number"] for row in rows if row["recorded_at"] == week],
        "second": [row["number"] for row in rows if row["recorded_at"] != week],
        "none": [],
    }
    assert [row["number"] for row in told(ask, *arguments)] == deliveries[numbers]


def test_what_legal_time_brought_was_said_when_it_did(run: Run, tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "s.sqlite"))
    file = written(tmp_path / "a.ndjson", [STORAGE])
    march = {"CUSTOMS_TODAY": "2017-03-02"}
    run("ingest", str(file), *store, env=march)
    run("ingest", str(file), *store, env={"CUSTOMS_TODAY": "2017-05-31"})

    def said(*arguments: str) -> list[str]:
        rows = run("verdicts", *store, "--json", *arguments).stdout.splitlines()
        return [json.loads(row)["verdict"] for row in rows]

    # the 90th day after 1 March is 30 May, and it ends at 21:00 in UTC
    assert said("--since", "2017-05-01") == ["deadline missed", "debt incurred"]
    assert said("--since", "2017-05-31") == []
    assert "debt incurred" not in said("--until", "2017-05-30T20:59:59Z")


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("deadline missed", {Verdict.DEADLINE_MISSED}),
        ("Deadline-Missed", {Verdict.DEADLINE_MISSED}),
        ("procedure", {Verdict.PROCEDURE_DISCHARGED}),
        ("debt", {Verdict.DEBT_INCURRED, Verdict.DEBT_EXTINGUISHED}),
    ],
)
def test_a_kind_is_named_by_how_it_begins(ask: Run, words: str, kinds: set[Verdict]) -> None:
    assert {row["verdict"] for row in told(ask, "--kind", words)} == kinds


def test_a_kind_that_is_none_is_refused_with_all_that_are(ask: Run) -> None:
    result = ask("verdicts", "--kind", "rumour")
    assert result.exit_code == Exit.USAGE
    assert "debt re-dated" in " ".join(result.stderr.replace("│", "").split())


def test_where_nothing_is_derived_yet_nothing_was_said(run: Run, tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "s.sqlite"))
    file = written(tmp_path / "a.ndjson", [STORAGE])
    run("ingest", str(file), *store, "--no-project")
    assert run("verdicts", *store).stdout == "Verdicts: none\n"
    assert run("verdicts", *store, "--json").stdout == ""


def test_a_debt_that_is_re_dated_is_said_with_both_instants(run: Run, tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "s.sqlite"))
    holiday = STORAGE | {
        "id": "h-1",
        "type": "reference.calendar-set.v1",
        "subject": "calendar:BG",
        "role": "operator",
        "data": {"happened": "2017-01-01", "added": ["2017-05-30"]},
    }
    for number, report in enumerate((STORAGE, holiday)):
        file = written(tmp_path / f"{number}.ndjson", [report])
        run("ingest", str(file), *store, env={"CUSTOMS_TODAY": "2017-06-02"})
    text = " ".join(run("verdicts", *store, "--kind", "debt-re-dated").stdout.split())
    assert (
        "now 79(1)(a), 1,800.00 EUR since 2017-06-01: BG102300200;"
        " was 79(1)(a), 1,800.00 EUR since 2017-05-31: BG102300200"
    ) in text
