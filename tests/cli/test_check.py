"""Checking reports from the command line: what they would change, and what speaks against them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.exits import Exit
from tests.cli.conftest import Demonstration, Run
from tests.cli.test_answers import BANANAS, COFFEE
from tests.cli.test_ingest import STORAGE, written


def report(name: str, kind: str, subject: str, happened: str, **data: object) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": name,
        "source": "local",
        "type": f"{kind}.v1",
        "subject": subject,
        "role": "customs",
        "data": {"happened": happened, "office": "BG003001", **data},
    }


def withdrawal(quantity: str) -> list[dict[str, Any]]:
    """Coffee is declared for free circulation, out of the 3 700 kg that are left of it."""
    line = {"quantity": quantity, "unit": "KGM", "value": "0", "previous": COFFEE, "duty": []}
    lodged = report(
        "w-1", "declaration.lodged", "local:w", "2017-06-13T10:00:00+03:00",
        procedure="free-circulation", declarant="BG201700333", lines=[line],
    )  # fmt: skip
    return [
        lodged,
        report("w-2", "declaration.accepted", "local:w", "2017-06-13T11:00:00+03:00"),
    ]


@pytest.fixture
def check(ask: Run, tmp_path: Path) -> Run:
    """Check reports against the demonstration's store."""

    def called(reports: list[object], *arguments: str) -> Any:  # noqa: ANN401  (a result)
        file = written(tmp_path / "reports.ndjson", reports)
        return ask("check", str(file), *arguments)

    return called


def told(result: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["schema"] for row in rows} == {"customs.check.v1"}
    return rows


def test_what_a_report_would_change_is_said_with_the_article(check: Run) -> None:
    arrived = report("a-1", "transit.goods-arrived", BANANAS, "2017-06-13T10:00:00+03:00")
    result = check([arrived])
    assert result.exit_code == Exit.OK
    lines = result.stdout.splitlines()
    assert lines[:3] == [
        f"local/a-1 tells transit.goods-arrived.v1 of {BANANAS}",
        "would be recorded",
        BANANAS,
    ]
    text = " ".join(result.stdout.split())
    assert "+ 2017-06-13 10:00 233(2) line 1: 18,240 KGM, TRANSIT_ENDED" in text
    assert "~ 2017-06-02 233(1)(a) by 2017-06-08 BG103900555: present the goods" in text
    assert "now stopped 2017-06-13 10:00" in text
    assert max(map(len, lines)) <= 80


def test_too_much_out_of_a_warehouse_speaks_against_it(check: Run) -> None:
    assert check([*withdrawal("3700")]).exit_code == Exit.OK
    result = check([*withdrawal("9000")])
    assert result.exit_code == Exit.CHECK_FAILED
    text = " ".join(result.stdout.split())
    assert "would be recorded; what is marked ! speaks against it" in text
    assert "+! 2017-06-13 11:00 215(1) UCC215_OVER_DISCHARGE: line 1: local:w draws 9000" in text
    assert f"{COFFEE} SINCE" in text


def test_nothing_is_recorded(run: Run, demonstration: Demonstration, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    store = Path(shutil.copy(demonstration.store, folder / "s.sqlite"))
    before = store.read_bytes()
    file = written(tmp_path / "a.ndjson", withdrawal("5000"))
    assert run("check", str(file), "--store", str(store)).exit_code == Exit.CHECK_FAILED
    assert store.read_bytes() == before
    assert all(path.stat().st_size == 0 for path in folder.glob("s.sqlite-wal"))


def test_a_check_in_json_names_outcome_changes_and_what_speaks_against_it(check: Run) -> None:
    lodged, accepted = told(check(withdrawal("9000"), "--json"))
    assert lodged["against"] == []
    assert (accepted["outcome"], accepted["reason"]) == ("recorded", None)
    assert accepted["tells"] == [{"type": "declaration.accepted.v1", "stream": "local:w"}]
    (objection,) = accepted["against"]
    assert objection.startswith(f"{COFFEE}#finding/UCC215_OVER_DISCHARGE/1/")
    (change,) = (each for each in accepted["changes"] if each["id"] == objection)
    assert (change["effect"], change["kind"], change["was"]) == ("added", "finding", None)
    assert change["now"]["because"]["articles"] == ["215(1)"]


def test_what_would_be_set_aside_is_told_with_its_reason(check: Run) -> None:
    wrong = STORAGE | {"id": "x", "type": "goods.vanished.v1"}
    result = check([STORAGE, wrong, "no report"])
    assert result.exit_code == Exit.SET_ASIDE
    text = " ".join(result.stdout.split())
    assert "would be set aside, unknown_type: no fact has the type 'goods.vanished.v1'" in text
    assert "would be set aside, not_a_report" in text
    assert [row["reason"] for row in told(check([STORAGE, wrong], "--json"))] == [
        None,
        "unknown_type",
    ]


def test_what_is_set_aside_counts_for_more_than_what_speaks_against_another(check: Run) -> None:
    assert check([*withdrawal("3701"), "no report"]).exit_code == Exit.SET_ASIDE


def test_a_report_told_before_would_change_nothing(check: Run) -> None:
    first, again = told(check([STORAGE, STORAGE], "--json"))
    assert (first["outcome"], again["outcome"]) == ("recorded", "duplicate")
    assert again["changes"] == []
    assert "was told before: nothing would change" in check([STORAGE, STORAGE]).stdout


def measure(code: str, percent: str) -> dict[str, Any]:
    return report(
        f"m-{code}", "reference.duty-measure-set", f"measure:{code}", "2017-01-02",
        first_day="2017-01-02", duty=[{"percent": percent}],
    ) | {"role": "operator"}  # fmt: skip


def test_of_reference_data_it_is_said_what_changes_where_it_counts(check: Run) -> None:
    result = check([measure("64039996", "20")])
    assert result.exit_code == Exit.OK
    (row,) = told(check([measure("64039996", "20")], "--json"))
    debts = [each for each in row["changes"] if each["kind"] == "debt"]
    assert debts
    assert all(each["now"]["amount"] != each["was"]["amount"] for each in debts)
    assert debts[0]["movement"] in result.stdout
    nobody = check([measure("01012100", "20")])
    assert "would be recorded; nothing would change" in nobody.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], Exit.CHECK_FAILED),  # presented in March, and as of June nothing ended storage
        (["--as-of", "2017-05-30"], Exit.OK),
        (["--as-of", "2017-05-31"], Exit.CHECK_FAILED),
    ],
)
def test_what_speaks_against_a_report_begins_by_the_day_that_is_looked_at(
    check: Run, arguments: list[str], code: Exit
) -> None:
    assert check([STORAGE], *arguments).exit_code == code


def test_of_what_lies_ahead_the_day_on_which_it_happens_is_looked_at(check: Run) -> None:
    lodged, accepted = withdrawal("3701")
    later = [
        each | {"data": each["data"] | {"happened": "2017-07-01"}} for each in (lodged, accepted)
    ]
    assert check(later).exit_code == Exit.CHECK_FAILED
    assert check(later, "--as-of", "2017-06-30").exit_code == Exit.OK


def test_a_report_is_checked_under_the_law_and_the_policies_asked_for(check: Run) -> None:
    data = STORAGE["data"] | {"happened": "2019-04-20T10:00:00+03:00", "lacking": ["entry-summary"]}
    lacking = STORAGE | {"data": data}
    plain = told(check([lacking], "--json", "--as-of", "2019-04-20"))[0]
    strict = told(
        check([lacking], "--json", "--as-of", "2019-04-20", "--policy", "missing_formality=DEBT")
    )[0]
    kinds = [{each["kind"] for each in row["changes"] if each["since"] < "2019-05"} for row in
             (plain, strict)]  # fmt: skip
    assert "debt" not in kinds[0]
    assert "debt" in kinds[1]


def test_a_file_that_ends_too_early_is_told(ask: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("[" + json.dumps(STORAGE) + ",")
    result = ask("check", str(file), "--as-of", "2017-03-02")
    assert result.exit_code == Exit.SET_ASIDE
    assert "would be recorded" in result.stdout
    assert "cannot be read to its end" in " ".join(result.stderr.split())
