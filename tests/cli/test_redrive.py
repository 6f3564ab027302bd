"""What was set aside, taken in again from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.exits import Exit
from store.sqlite import SqliteLog
from tests.cli.conftest import Run
from tests.cli.test_ingest import STORAGE, written
from tests.store.making import dump


@pytest.fixture
def store(run: Run, tmp_path: Path) -> Path:
    """A store with a report of a source that was not known, one that is wrong, and a good one."""
    path = tmp_path / "s.sqlite"
    late = STORAGE | {"id": "p-2", "source": "ruse", "subject": "doc:RUSE"}
    wrong = STORAGE | {"id": "p-3", "subject": "doc:WRONG", "type": "goods.vanished.v1"}
    file = written(tmp_path / "a.ndjson", [late, wrong, STORAGE])
    assert run("ingest", str(file), "--store", str(path)).exit_code == Exit.SET_ASIDE
    return path


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    file = tmp_path / "sources.toml"
    file.write_text('[sources.local]\nroles = ["facility"]\n[sources.ruse]\nroles = ["facility"]\n')
    return file


@pytest.fixture
def redrive(run: Run, store: Path, sources: Path) -> Run:
    def called(*arguments: str) -> Any:  # noqa: ANN401  (a result)
        told = ("--store", str(store), "--sources", str(sources))
        return run("quarantine", "redrive", *arguments, *told)

    return called


def became(text: str) -> dict[int, tuple[str, str | None, bool]]:
    rows = [json.loads(line) for line in text.splitlines()]
    assert {row["schema"] for row in rows} <= {"customs.redrive.v1"}
    return {row["id"]: (row["becomes"], row["reason"], row["done"]) for row in rows}


def test_it_says_first_what_would_happen_and_changes_nothing(redrive: Run, store: Path) -> None:
    before = dump(store)
    result = redrive("--json")
    assert became(result.stdout) == {
        1: ("recorded", None, False),
        2: ("quarantined", "unknown_type", False),
    }
    assert result.exit_code == Exit.SET_ASIDE
    words = redrive("1").stderr
    assert "Nothing was changed. 1 message would go through: add --go" in " ".join(words.split())
    assert dump(store) == before


def test_with_go_it_is_done_and_what_follows_is_derived(
    redrive: Run, run: Run, store: Path
) -> None:
    assert run("show", "RUSE", "--store", str(store)).exit_code == Exit.NOT_FOUND
    result = redrive("--go", "--json")
    assert became(result.stdout)[1] == ("recorded", None, True)
    shown = run("show", "RUSE", "--store", str(store))
    assert shown.exit_code == Exit.OK
    assert shown.stdout.startswith("doc:RUSE\n")
    with SqliteLog(store, create=False) as log:
        (outcome,) = log.outcomes(partition="redrive")
        assert outcome.redrives == 1


def test_to_redrive_twice_changes_nothing_more(redrive: Run, store: Path) -> None:
    redrive("--go")
    before = dump(store)
    again = redrive("1", "--go")
    assert (again.exit_code, again.stdout) == (Exit.OK, "Redriven: none\n")
    assert redrive("--go").exit_code == Exit.SET_ASIDE
    assert dump(store) == before


def test_what_went_through_is_listed_with_all_only(redrive: Run, run: Run, store: Path) -> None:
    redrive("--go")

    def listed(*more: str) -> list[tuple[int, int | None, str | None]]:
        told = run("quarantine", "list", "--store", str(store), "--json", *more)
        rows = [json.loads(line) for line in told.stdout.splitlines()]
        return [(row["id"], row["redriven"], row["became"]) for row in rows]

    assert listed() == [(2, None, None)]
    assert listed("--all") == [(1, 4, "recorded"), (2, None, None)]
    text = run("quarantine", "list", "--all", "--store", str(store)).stdout
    assert "Redriven since: recorded, as message 4." in text
    assert "Redriven since" in run("quarantine", "show", "1", "--store", str(store)).stdout


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["2"], {2}),
        (["--reason", "source_unknown"], {1}),
        (["--movement", "doc:RUSE"], {1}),
        (["--movement", "WRONG"], {2}),
        (["--movement", "A1"], set()),
    ],
)
def test_messages_are_chosen(redrive: Run, arguments: list[str], ids: set[int]) -> None:
    assert became(redrive("--json", *arguments).stdout).keys() == ids


def test_only_what_was_set_aside_can_be_redriven(redrive: Run) -> None:
    result = redrive("3")
    assert result.exit_code == Exit.NOT_FOUND
    assert "No message 3 was set aside" in result.stderr


def test_what_was_sent_again_meanwhile_is_a_duplicate(
    redrive: Run, run: Run, store: Path, sources: Path, tmp_path: Path
) -> None:
    told = ("--store", str(store), "--sources", str(sources))
    run("ingest", str(tmp_path / "a.ndjson"), *told)
    result = redrive("1", "--go", "--json")
    assert became(result.stdout) == {1: ("duplicate", None, True)}
    assert result.exit_code == Exit.OK
