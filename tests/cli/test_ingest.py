"""Taking reports in from files."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cli.exits import Exit
from projections import journal
from store.sqlite import SqliteLog
from tests.cli.conftest import Run

STORAGE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "p-1",
    "source": "local",
    "type": "temporary-storage.goods-presented.v1",
    "subject": "doc:A1",
    "role": "facility",
    "data": {
        "happened": "2017-03-01T14:00:00+02:00",
        "office": "BG001007",
        "holder": "BG102300200",
        "lines": [{"quantity": "1", "value": "18000", "duty": [{"percent": "10"}]}],
    },
}


def written(path: Path, reports: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(report) + "\n" for report in reports))
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "s.sqlite"


def counts(result: Result) -> dict[tuple[str, str | None], int]:
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert all(row["schema"] == "customs.ingest.v1" for row in rows)
    return {(row["outcome"], row["reason"]): row["count"] for row in rows}


def test_the_same_file_again_gives_duplicates(run: Run, tmp_path: Path, store: Path) -> None:
    file = written(tmp_path / "a.ndjson", [STORAGE])
    first = run("ingest", str(file), "--store", str(store), "--json")
    again = run("ingest", str(file), "--store", str(store), "--json")
    assert (first.exit_code, counts(first)) == (Exit.OK, {("recorded", None): 1})
    assert (again.exit_code, counts(again)) == (Exit.OK, {("duplicate", None): 1})


def test_a_file_is_a_partition_by_its_absolute_path(
    run: Run, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "a.ndjson", [STORAGE, STORAGE | {"id": "p-2"}])
    monkeypatch.chdir(tmp_path)
    run("ingest", "a.ndjson", "--store", str(store))
    run("ingest", str(file), "--store", str(store))
    with SqliteLog(store, create=False) as log:
        assert {each.partition for each in log.outcomes()} == {f"file:{file}"}
        assert log.next_offset(f"file:{file}") == 4


def test_what_cannot_be_taken_is_set_aside_with_its_reason(
    run: Run, tmp_path: Path, store: Path
) -> None:
    wrong = STORAGE | {"id": "p-2", "data": STORAGE["data"] | {"happened": "2017-02-30"}}
    stranger = STORAGE | {"id": "p-3", "source": "stranger"}
    other = STORAGE | {"data": STORAGE["data"] | {"holder": "BG000000000"}}
    file = written(tmp_path / "a.ndjson", [STORAGE, wrong, stranger, other, "no report"])
    result = run("ingest", str(file), "--store", str(store), "--json")
    assert result.exit_code == Exit.SET_ASIDE
    assert counts(result) == {
        ("recorded", None): 1,
        ("quarantined", "id_conflict"): 1,
        ("quarantined", "invalid"): 1,
        ("quarantined", "not_a_report"): 1,
        ("quarantined", "source_unknown"): 1,
    }
    assert "customs quarantine list" in result.stderr


def test_the_quarantine_lists_and_shows_what_was_set_aside(
    run: Run, tmp_path: Path, store: Path
) -> None:
    file = written(tmp_path / "a.ndjson", [STORAGE | {"type": "goods.vanished.v1"}])
    run("ingest", str(file), "--store", str(store))
    listed = run("quarantine", "list", "--store", str(store), "--json")
    (told,) = map(json.loads, listed.stdout.splitlines())
    assert (told["reason"], told["report_id"], told["kind"]) == (
        "unknown_type",
        "p-1",
        "quarantined",
    )
    shown = run("quarantine", "show", str(told["id"]), "--store", str(store))
    assert shown.exit_code == Exit.OK
    assert '"type": "goods.vanished.v1"' in shown.stdout
    assert "no fact has the type" in shown.stdout
    for reason, lines in (("unknown_type", 1), ("invalid", 0)):
        filtered = run("quarantine", "list", "--reason", reason, "--store", str(store), "--json")
        assert len(filtered.stdout.splitlines()) == lines


def test_what_became_of_messages_is_not_looked_up_one_by_one_where_nothing_did(
    run: Run, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "a.ndjson", [STORAGE | {"type": "goods.vanished.v1"}])
    run("ingest", str(file), "--store", str(store))
    monkeypatch.setattr(SqliteLog, "told_again", lambda *_: pytest.fail("one look-up a row"))
    listed = run("quarantine", "list", "--store", str(store))
    assert (listed.exit_code, "unknown_type" in listed.stdout) == (Exit.OK, True)


def test_only_what_was_set_aside_can_be_shown(run: Run, tmp_path: Path, store: Path) -> None:
    file = written(tmp_path / "a.ndjson", [STORAGE])
    run("ingest", str(file), "--store", str(store))
    result = run("quarantine", "show", "1", "--store", str(store))
    assert result.exit_code == Exit.NOT_FOUND
    assert "No message 1 was set aside" in result.stderr


def test_nothing_that_came_reaches_the_terminal_raw(run: Run, tmp_path: Path, store: Path) -> None:
    file = tmp_path / "a.ndjson"
    file.write_bytes(b'{"id": "\x1b[31m\xff"\n')
    run("ingest", str(file), "--store", str(store))
    shown = run("quarantine", "show", "1", "--store", str(store))
    assert "\x1b" not in shown.stdout
    assert r"\x1b[31m\xff" in shown.stdout


def test_a_message_too_deep_to_be_laid_out_is_shown_as_it_came(
    run: Run, store: Path, tmp_path: Path
) -> None:
    deep = "[" * 50_000 + "]" * 50_000
    (tmp_path / "a.ndjson").write_text(deep)
    run("ingest", str(tmp_path / "a.ndjson"), "--store", str(store))
    shown = run("quarantine", "show", "1", "--store", str(store))
    assert shown.exit_code == Exit.OK
    assert shown.stdout.endswith(f"{deep}\n")


def test_a_file_that_ends_too_early_is_told_and_the_others_are_taken(
    run: Run, tmp_path: Path, store: Path
) -> None:
    whole = gzip.compress(b"".join(json.dumps(STORAGE).encode() + b"\n" for _ in range(2000)))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ndjson.gz").write_bytes(whole[:-20])
    written(tmp_path / "in" / "b.ndjson", [STORAGE | {"id": "p-2", "subject": "doc:B2"}])
    result = run("ingest", str(tmp_path / "in"), "--store", str(store), "--json")
    assert result.exit_code == Exit.SET_ASIDE
    assert counts(result)["recorded", None] == 2
    assert "a.ndjson.gz cannot be read to its end" in result.stderr.replace("\n", "")


def test_what_is_only_recorded_is_derived_by_the_next_rebuild(
    run: Run, tmp_path: Path, store: Path
) -> None:
    first = written(tmp_path / "a.ndjson", [STORAGE])
    then = written(tmp_path / "b.ndjson", [STORAGE | {"id": "p-2", "subject": "doc:B2"}])
    run("ingest", str(first), "--store", str(store))
    run("ingest", str(then), "--store", str(store), "--no-project")
    behind = run("show", "B2", "--store", str(store))
    assert behind.exit_code == Exit.NOT_FOUND
    assert "1 record behind the log" in behind.stderr
    assert run("rebuild", "--store", str(store)).exit_code == Exit.OK
    assert run("show", "B2", "--store", str(store)).exit_code == Exit.OK


def test_what_legal_time_brings_is_journalled_up_to_the_day(
    run: Run, tmp_path: Path, store: Path
) -> None:
    file = written(tmp_path / "a.ndjson", [STORAGE])

    def said(day: str) -> set[str]:
        run("ingest", str(file), "--store", str(store), "--as-of", day)
        with SqliteLog(store, create=False) as log, log.connection() as db:
            return {row.verdict for row in journal.entries(db)}

    assert "deadline missed" not in said("2017-05-30")  # the 90th day
    assert said("2017-05-31") >= {"deadline missed", "debt incurred"}


def test_a_day_ends_where_it_ends_first_among_the_offices(
    run: Run, tmp_path: Path, store: Path
) -> None:
    lisbon = STORAGE["data"] | {"office": "PT000040", "happened": "2017-03-01"}
    file = written(
        tmp_path / "a.ndjson",
        [STORAGE, STORAGE | {"id": "p-2", "subject": "doc:B2", "data": lisbon}],
    )
    run("ingest", str(file), "--store", str(store))

    def overdue(*more: str) -> set[str]:
        asked = run("deadlines", "--overdue", "--store", str(store), "--json", *more)
        return {json.loads(line)["movement"] for line in asked.stdout.splitlines()}

    assert overdue("--as-of", "2017-05-30") == set()
    assert overdue("--as-of", "2017-05-31", "--movement", "B2") == {"doc:B2"}
    assert overdue("--as-of", "2017-06-01") == {"doc:A1", "doc:B2"}


def test_a_feed_is_told_who_speaks(run: Run, store: Path) -> None:
    folder = Path(__file__).parents[2] / "examples" / "demo" / "2017-06-07" / "ncts"
    silent = run("ingest", str(folder), "--store", str(store), "--json")
    assert counts(silent) == {("quarantined", "source_unknown"): 3}
    told = run("ingest", str(folder), "--source", "ncts", "--store", str(store), "--json")
    assert counts(told) == {("recorded", None): 3}


def test_a_source_must_be_one_of_the_file(run: Run, tmp_path: Path, store: Path) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text('[sources.port]\nroles = ["facility"]\n')
    file = written(tmp_path / "a.ndjson", [STORAGE])
    told = ("ingest", str(file), "--store", str(store), "--sources", str(sources))
    result = run(*told, "--source", "prt")
    assert result.exit_code == Exit.USAGE
    assert "names no source 'prt': it has port" in result.stderr.replace("\n", " ")
    sources.write_text("[sources.port]\nroles = 3\n")
    broken = run(*told)
    assert broken.exit_code == Exit.USAGE
    assert "roles" in broken.stderr


def test_a_store_cannot_be_made_in_a_folder_that_is_not_there(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "a.ndjson", [STORAGE])
    result = run("ingest", str(file), "--store", str(tmp_path / "no" / "s.sqlite"))
    assert result.exit_code == Exit.UNREACHABLE
    assert "ake it first" in result.stderr


def test_the_same_file_again_sets_nothing_aside_again(
    run: Run, tmp_path: Path, store: Path
) -> None:
    file, other = tmp_path / "a.ndjson", tmp_path / "b.ndjson"
    wrong = json.dumps(STORAGE | {"id": "p-2", "type": "goods.vanished.v1"})
    file.write_text("}\n}\n" + wrong + "\n")
    other.write_text("}\n" + wrong + "\n")
    given = ("--store", str(store), "--json")
    first = run("ingest", str(file), *given)
    # within one file too the same bytes are one message that is set aside
    assert counts(first) == {
        ("duplicate", "malformed"): 1,
        ("quarantined", "malformed"): 1,
        ("quarantined", "unknown_type"): 1,
    }
    again = run("ingest", str(file), *given)
    assert counts(again) == {("duplicate", "malformed"): 2, ("duplicate", "unknown_type"): 1}
    assert again.exit_code == Exit.SET_ASIDE, "it still is set aside"
    assert "customs quarantine list" in again.stderr
    # who sent the malformed bytes of another file is not known
    elsewhere = run("ingest", str(other), *given)
    assert counts(elsewhere) == {("duplicate", "unknown_type"): 1, ("quarantined", "malformed"): 1}
    listed = run("quarantine", "list", *given).stdout.splitlines()
    assert [json.loads(line)["id"] for line in listed] == [1, 3, 7]
    quality = json.loads(run("quality", *given, "--source", "local").stdout)
    assert (quality["set_aside"], quality["open"], quality["duplicates"]) == (1, 1, 2)
    assert [each["messages"] for each in quality["reasons"]] == [1]


def test_a_folder_without_reports_is_said(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for command in ("ingest", "check"):
        result = run(command, str(empty), "--store", str(tmp_path / "s.sqlite"))
        if command == "ingest":
            assert result.exit_code == Exit.SET_ASIDE
        assert "holds no file of messages" in " ".join((result.stdout + result.stderr).split())
