"""Whether everything is in order, and what to do where it is not."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from cli.exits import Exit
from tests.cli.conftest import Run
from tests.cli.test_ingest import STORAGE, written

AREAS = ["store", "log", "clock", "read models", "calendar", "reference data", "feeds"]

RATE = STORAGE | {
    "id": "i-1",
    "type": "reference.interest-rate-set.v1",
    "subject": "interest:EUR",
    "role": "operator",
    "data": {"happened": "2016-01-01", "first_day": "2016-01-01", "percent": "0"},
}


def told(result: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["schema"] for row in rows} == {"customs.doctor.v1"}
    assert all(row["to_do"] or row["state"] == "ok" for row in rows)
    return rows


@pytest.fixture
def doctor(run: Run, tmp_path: Path) -> Run:
    """What the doctor says of a store of some reports, at the end of a day."""

    def called(*arguments: str, reports: list[object] | None = None, **env: str) -> Any:  # noqa: ANN401
        store = ("--store", str(tmp_path / "s.sqlite"))
        if reports is not None:
            file = written(tmp_path / "a.ndjson", reports)
            run("ingest", str(file), *store, *arguments, env={"CUSTOMS_TODAY": "2017-03-02"})
            arguments = ()
        return run("doctor", "--json", *store, *arguments, env=env)

    return called


def said(result: Any, area: str) -> list[tuple[str, str]]:  # noqa: ANN401
    return [(row["state"], row["what"]) for row in told(result) if row["area"] == area]


def test_each_area_is_looked_at_in_turn(ask: Run) -> None:
    result = ask("doctor", "--json")
    assert result.exit_code == Exit.OK
    assert list(dict.fromkeys(row["area"] for row in told(result))) == AREAS


def test_a_table_says_state_and_what_to_do(ask: Run) -> None:
    text = ask("doctor").stdout
    assert max(map(len, text.splitlines())) <= 80
    assert "read models     ok     judged under the law of 2016-12-24" in text
    assert "\n  Look at them with customs quarantine list --source port-varna.\n" in text


def test_a_sound_store_is_ok_all_over(doctor: Run) -> None:
    rows = told(doctor(reports=[STORAGE, RATE], CUSTOMS_TODAY=""))
    assert {row["state"] for row in rows} == {"ok"}
    assert [row["area"] for row in rows] == AREAS


def test_an_empty_store_is_ok(doctor: Run) -> None:
    rows = told(doctor(reports=[], CUSTOMS_TODAY=""))
    assert [(row["area"], row["state"]) for row in rows] == [(each, "ok") for each in AREAS[:-1]]


def test_a_store_that_is_missing_or_no_log_fails(run: Run, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("not a database, but long enough to be looked at as one")
    for store in (tmp_path / "none.sqlite", notes):
        result = run("doctor", "--json", "--store", str(store))
        (row,) = told(result)
        assert (result.exit_code, row["area"], row["state"]) == (
            Exit.CHECK_FAILED,
            "store",
            "fail",
        )


def changed(store: Path, *statements: str) -> None:
    with sqlite3.connect(store) as db:
        for statement in statements:
            db.execute(statement)
    db.close()


def test_another_format_fails(run: Run, copied: Path) -> None:
    changed(copied, "UPDATE meta SET value = '99' WHERE name = 'log_format'")
    (row,) = told(run("doctor", "--json", "--store", str(copied)))
    assert "format 99" in row["what"]


@pytest.mark.parametrize("more", [[], ["--full"]])
def test_a_record_that_was_changed_fails(run: Run, copied: Path, more: list[str]) -> None:
    changed(
        copied,
        "DROP TRIGGER stored_events_take_no_update",
        "UPDATE stored_events SET state = x'7b7d' WHERE rowid = 40",
    )
    result = run("doctor", "--json", "--store", str(copied), *more)
    assert result.exit_code == Exit.CHECK_FAILED
    ((state, what),) = said(result, "log")
    assert state == "fail"
    assert "index 40" in what
    assert "the leaf does not match" in what


def test_what_only_a_look_at_everything_finds_is_found_with_full(run: Run, copied: Path) -> None:
    changed(copied, "DELETE FROM reports WHERE outcome = 3")
    assert said(run("doctor", "--json", "--store", str(copied)), "log")[0][0] == "ok"
    result = run("doctor", "--json", "--full", "--store", str(copied))
    assert said(result, "log")[0][0] == "fail"
    assert result.exit_code == Exit.CHECK_FAILED


def test_a_log_written_ahead_of_the_clock_fails(doctor: Run) -> None:
    result = doctor(reports=[STORAGE], CUSTOMS_TODAY="2017-03-01")
    assert result.exit_code == Exit.CHECK_FAILED
    assert said(result, "clock")[0][0] == "fail"


def test_a_pinned_clock_is_a_warning(doctor: Run) -> None:
    result = doctor(reports=[STORAGE])
    assert result.exit_code == Exit.OK
    assert said(result, "clock")[0][0] == "warn"
    assert said(doctor(CUSTOMS_TODAY=""), "clock")[0][0] == "ok"


def test_read_models_behind_the_log_are_a_warning(doctor: Run) -> None:
    doctor(reports=[STORAGE])
    more = STORAGE | {"id": "p-2", "subject": "doc:B2"}
    ((state, what),) = said(doctor("--no-project", reports=[more]), "read models")
    assert state == "warn"
    assert "1 of 2 records are not read yet" in what


def test_a_log_of_which_nothing_is_derived_is_a_warning(doctor: Run) -> None:
    found = said(doctor("--no-project", reports=[STORAGE]), "read models")
    assert found == [("warn", "nothing is derived from the log yet")]


def test_movements_that_wait_are_a_warning(run: Run, copied: Path) -> None:
    changed(copied, "INSERT INTO queue VALUES ('doc:X', 0, 0)")
    found = said(run("doctor", "--json", "--store", str(copied)), "read models")
    assert "1 movements wait to be judged" in found[0][1]


def test_read_models_of_another_release_fail(run: Run, copied: Path) -> None:
    changed(copied, "UPDATE projection SET rules = '0.0.1'")
    result = run("doctor", "--json", "--store", str(copied))
    assert result.exit_code == Exit.CHECK_FAILED
    assert "by release 0.0.1" in said(result, "read models")[0][1]


def test_an_office_of_no_known_country_is_a_warning(doctor: Run) -> None:
    there = STORAGE | {"data": STORAGE["data"] | {"office": "ZZ001007"}}
    found = said(doctor(reports=[there, STORAGE | {"id": "p-2", "subject": "doc:B2"}]), "calendar")
    assert [state for state, _ in found] == ["warn", "ok"]
    assert "no calendar is known of ZZ" in found[0][1]
    assert found[1][1].startswith("BG, 2017 to ")


def test_years_without_known_holidays_are_a_warning(doctor: Run) -> None:
    late = STORAGE | {"data": STORAGE["data"] | {"happened": "2101-03-01"}}
    found = said(doctor(reports=[late]), "calendar")
    assert found[0][0] == "warn"
    assert "no public holiday of BG is known in 2101" in found[0][1]


def test_an_office_alone_needs_no_year_of_its_calendar(doctor: Run) -> None:
    received = {"happened": "2017-03-01", "office": "BG001007", "holder": "BG1"}
    only = STORAGE | {"type": "temporary-storage.goods-received.v1", "data": received}
    found = said(doctor(reports=[only]), "calendar")
    assert found == [("ok", "BG, of which no day is counted yet")]


def lodged(**data: object) -> dict[str, Any]:
    line = {"quantity": "10", "value": "1000", "code": "84137021"}
    return STORAGE | {
        "id": "l-1",
        "type": "declaration.lodged.v1",
        "subject": "local:l",
        "role": "declarant",
        "data": {
            "happened": "2017-03-01",
            "office": "BG001007",
            "procedure": "inward-processing",
            "declarant": "BG1",
            "lines": [line],
            **data,
        },
    }


def test_codes_without_measure_are_a_warning(doctor: Run) -> None:
    ((state, what),) = said(doctor(reports=[lodged()]), "reference data")
    assert (state, what) == (
        "warn",
        "goods are declared under codes without duty measure: 84137021",
    )
    measure = {
        "id": "m-1",
        "type": "reference.duty-measure-set.v1",
        "subject": "measure:84137021",
        "role": "operator",
        "data": {"happened": "2016-01-01", "first_day": "2016-01-01", "duty": [{"percent": "4"}]},
    }
    found = said(doctor(reports=[STORAGE | measure, RATE]), "reference data")
    assert found[0][0] == "ok"


def test_an_authorisation_that_was_never_granted_is_a_warning(doctor: Run) -> None:
    line = {"quantity": "10", "value": "1000", "duty": [{"percent": "4"}]}
    named = lodged(authorisation="auth:BG-IP-1", lines=[line])
    ((state, what),) = said(doctor(reports=[named]), "reference data")
    assert (state, what) == (
        "warn",
        "authorisations are named and were never granted: auth:BG-IP-1",
    )


def test_debts_without_an_interest_rate_are_a_warning(doctor: Run) -> None:
    arrived = STORAGE | {"data": STORAGE["data"] | {"happened": "2016-11-01"}}
    found = said(doctor(reports=[arrived]), "reference data")
    assert found == [("warn", "debts arise in EUR, and no interest rate of it is known")]
    late = {"happened": "2018-01-01", "first_day": "2018-01-01", "percent": "0"}
    found = said(doctor(reports=[RATE | {"data": late}]), "reference data")
    assert found == [("warn", "1 debts bear interest from a day on of which no rate is known")]
    found = said(doctor(reports=[RATE | {"id": "i-2"}]), "reference data")
    assert found[0][0] == "ok"


def test_a_source_whose_messages_are_set_aside_is_a_warning(doctor: Run) -> None:
    wrong = STORAGE | {"id": "p-2", "type": "goods.vanished.v1"}
    found = said(doctor(reports=[STORAGE, wrong]), "feeds")
    assert found == [
        (
            "warn",
            "local: last heard of at 2017-03-02 23:59Z, 1 of its messages are set aside",
        )
    ]


def test_a_source_that_tells_late_is_a_warning(doctor: Run) -> None:
    late = STORAGE | {"data": STORAGE["data"] | {"happened": "2017-02-01"}}
    ((state, what),) = said(doctor(reports=[late]), "feeds")
    assert state == "warn"
    assert "half of its latest facts came 29 days late or later" in what
