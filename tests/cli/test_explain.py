"""Why something is said."""

import json
from pathlib import Path

import pytest

from cli.exits import Exit
from domain.law.citation import RULES
from tests.cli.conftest import Run
from tests.cli.test_ingest import STORAGE, written

DENIM = "mrn:17BG00300100011070#debt"


def test_a_debt_is_explained_by_rule_articles_steps_and_reports(ask: Run) -> None:
    result = ask("explain", DENIM)
    assert result.exit_code == Exit.OK
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{DENIM}/processing_not_discharged/customs-bg/")
    assert lines[1] == "debt from 2017-06-01 to 2017-06-06 19:45"
    assert "  - 8 % of the customs value of 40000 EUR for 8000 MTR, here 8000 = 3200" in lines
    assert (
        "processing_not_discharged: Articles 79(1)(a), 79(2)(a), 79(3)(a), 215(4), 257(1)" in lines
    )
    assert "regularised: Articles 124(1)(h), 126" in lines
    assert any(line.startswith("2017-06-12        2017-06-14 23:59Z  debt.insig") for line in lines)
    text = " ".join(result.stdout.split())
    for name in ("processing_not_discharged", "regularised"):
        assert " ".join(RULES[name].doc.split()) in text
    assert "the text of 2016-12-24" in text
    assert "every policy in its default" in text
    assert max(map(len, lines)) <= 80


def test_the_ids_that_lists_print_explain(ask: Run) -> None:
    for command in ("debts", "deadlines --all", "procedures", "findings"):
        rows = [json.loads(line) for line in ask(*command.split(), "--json").stdout.splitlines()]
        printed = [
            line.strip().strip("'")
            for line in ask(*command.split()).stdout.splitlines()
            if "#" in line
        ]
        assert len(printed) == len({row["id"] for row in rows})
        for short in printed:
            found = json.loads(ask("explain", short, "--json").stdout)
            assert found["id"] in {row["id"] for row in rows}
            assert found["id"].startswith(short)


def test_an_explanation_in_json_has_rules_and_cited_reports(ask: Run) -> None:
    told = json.loads(ask("explain", DENIM, "--json").stdout)
    assert told["schema"] == "customs.explanation.v1"
    assert told["said"]["amount"] == "3200"
    assert told["because"][0]["rule"] == "processing_not_discharged"
    cited = {report for because in told["because"] for report in because["reports"]}
    assert cited <= {report["cite"] for report in told["reports"]}


@pytest.mark.parametrize("kind", ["position", "deadline/149", "finding", "debt"])
def test_everything_that_is_said_of_a_movement_can_be_explained(ask: Run, kind: str) -> None:
    result = ask("explain", f"ZIMUBOJ900417#{kind}")
    assert result.exit_code == Exit.OK
    assert result.stdout.startswith(f"doc:ZIMUBOJ900417#{kind}/")


def test_an_explanation_names_the_policies_that_were_set(ask: Run) -> None:
    text = ask("explain", DENIM, "--policy", "rounding=CENT").stdout
    assert "rounding=CENT, every other policy in its default" in " ".join(text.split())


def test_an_id_that_fits_several_statements_is_refused_with_all_of_them(ask: Run) -> None:
    result = ask("explain", "17BG00300100051200#deadline/108(1)")
    assert result.exit_code == Exit.USAGE
    assert "fits 2 statements" in result.stderr
    assert "'mrn:17BG00300100051200#deadline/108(1)/all/BG201700333'" in result.stderr


@pytest.mark.parametrize(
    "name", ["ZIMUBOJ900417", "ZIMUBOJ900417#", "ZIMUBOJ900417#debt/of-honour"]
)
def test_an_id_of_nothing_is_not_found(ask: Run, name: str) -> None:
    result = ask("explain", name)
    assert result.exit_code == Exit.NOT_FOUND
    assert "Nothing has the id" in result.stderr or "nothing has the id" in result.stderr


def test_an_id_of_a_movement_whose_own_name_holds_the_mark_is_explained(
    run: Run, tmp_path: Path
) -> None:
    store = str(tmp_path / "s.sqlite")
    file = written(
        tmp_path / "a.ndjson",
        [
            STORAGE | {"id": "p-1", "subject": "doc:A#1"},
            STORAGE | {"id": "p-2", "subject": "doc:A"},
            STORAGE | {"id": "p-3", "subject": "doc:B#1"},
        ],
    )
    assert run("ingest", str(file), "--store", store).exit_code == Exit.OK
    for movement in ("doc:A#1", "doc:A", "doc:B#1"):
        listed = run("deadlines", "--movement", movement, "--all", "--store", store).stdout
        for typed in (line.strip(" '") for line in listed.splitlines() if f"{movement}#" in line):
            told = json.loads(run("explain", typed, "--json", "--store", store).stdout)
            assert told["movement"] == movement
            assert told["id"].startswith(typed)
    nothing = run("explain", "doc:B#1", "--store", store)
    assert nothing.exit_code == Exit.NOT_FOUND
    assert "Nothing has the id doc:B#1." in nothing.stderr
