"""How the command ends: a code for each end, words on stderr, and never a traceback."""

import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cli.exits import MEANING, Exit
from projections import queries
from store.sqlite import SqliteLog
from tests.cli.conftest import Demonstration, Run

NATIVE = {
    "specversion": "1.0",
    "id": "1",
    "source": "local",
    "type": "temporary-storage.goods-presented.v1",
    "subject": "doc:A1",
    "role": "facility",
    "data": {"happened": "2017-03-01", "office": "BG001007", "holder": "H", "lines": []},
}


def customs(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        env={**os.environ, "COLUMNS": "80", "CUSTOMS_TODAY": "2017-06-14", **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_exit_code_has_a_meaning() -> None:
    assert list(MEANING) == list(Exit)


def test_data_goes_to_stdout_and_words_to_stderr(
    tmp_path: Path, demonstration: Demonstration
) -> None:
    asked = customs("debts", "--json", CUSTOMS_STORE=str(demonstration.store))
    assert (asked.returncode, asked.stderr) == (Exit.OK, "")
    assert all(
        json.loads(line)["schema"] == "customs.debt.v1" for line in asked.stdout.splitlines()
    )
    missing = customs("debts", CUSTOMS_STORE=str(tmp_path / "none.sqlite"))
    assert (missing.returncode, missing.stdout) == (Exit.UNREACHABLE, "")
    assert "There is no log at" in missing.stderr


def test_nothing_is_coloured_and_no_bar_drawn_where_nobody_watches(
    demonstration: Demonstration,
) -> None:
    judged_again = ("board", "--known-at", "2017-06-07", "--as-of", "2017-06-07")
    asked = customs(*judged_again, CUSTOMS_STORE=str(demonstration.store))
    assert asked.returncode == Exit.OK
    assert "\x1b" not in asked.stdout + asked.stderr
    assert asked.stderr == ""


def test_no_color_is_honoured_on_a_terminal(demonstration: Demonstration) -> None:
    store = {"CUSTOMS_STORE": str(demonstration.store), "FORCE_COLOR": "1"}
    assert "\x1b[1;31mOVERDUE" in customs("procedures", **store).stdout
    assert "31m" not in customs("procedures", **store, NO_COLOR="1").stdout


def test_a_progress_bar_is_drawn_where_somebody_watches(demonstration: Demonstration) -> None:
    watched, terminal = pty.openpty()
    asked = subprocess.run(
        [sys.executable, "-m", "cli", "board", "--known-at", "2017-06-07", "--json"],
        env={**os.environ, "CUSTOMS_STORE": str(demonstration.store), "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=terminal,
        check=True,
    )
    os.close(terminal)
    drawn = os.read(watched, 65536).decode()
    os.close(watched)
    assert "Judging again" in drawn
    assert json.loads(asked.stdout)["schema"] == "customs.board.v1"


def test_a_store_that_cannot_be_written_is_told_of(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        message = "database or disk is full"
        raise sqlite3.OperationalError(message)

    monkeypatch.setattr(SqliteLog, "append", full)
    file = tmp_path / "a.json"
    file.write_text(json.dumps(NATIVE))
    result = run("ingest", str(file), "--store", str(tmp_path / "s.sqlite"))
    assert result.exit_code == Exit.UNREACHABLE
    assert "disk is full" in result.stderr


def test_an_interrupted_command_ends_with_130(tmp_path: Path) -> None:
    pipe = tmp_path / "reports.ndjson"
    os.mkfifo(pipe)
    command = [
        sys.executable,
        "-m",
        "cli",
        "ingest",
        str(pipe),
        "--store",
        str(tmp_path / "s.sqlite"),
    ]
    # where the tests run in the background they ignore the signal, and so would the command
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    with running:
        with pipe.open("w"):  # opens when the command has opened it
            running.send_signal(signal.SIGINT)
        # a signal that comes just before the command reads is heard when the pipe ends
        _, words = running.communicate(timeout=30)
    assert running.returncode == Exit.INTERRUPTED
    assert "Traceback" not in words


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["debts", "--as-of", "yesterday"], "is no day"),
        (["debts", "--known-at", "2017-06-14T10:00"], "needs its offset"),
        (["debts", "--law", "2015-01-01"], "the Code applies from 2016-05-01"),
        (["debts", "--policy", "placed_by"], "write name=value"),
        (["debts", "--policy", "mood=GOOD"], "no policy 'mood'"),
        (["debts", "--policy", "placed_by=MAYBE"], "cannot be 'MAYBE'"),
        (["deadlines", "--within", "-1"], "greater than or equal to 0"),
        (["deadlines", "--within", "99999999999"], "less than or equal to 99999"),
        (["show", "\udcff"], "is no text in UTF-8"),
        (["quality", "--late", f"{2**63}"], "less than or equal to 99999"),
        (["quarantine", "show", f"{2**63}"], "less than or equal to"),
        (["quarantine", "redrive", f"{2**63}"], "less than or equal to"),
        (["partitions", "move", "x", f"{2**63}", "--why", "y"], "less than or equal to"),
        (["debts", "--colour"], "No such option"),
        (["bets"], "Did you mean"),
        (["ingest", "no-such-file.json"], "does not exist"),
        (["story", "no-such-story.yaml"], "does not exist"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_to_write(
    ask: Run, arguments: list[str], says: str
) -> None:
    result = ask(*arguments)
    assert result.exit_code == Exit.USAGE
    assert result.stdout == ""
    assert says in " ".join(result.stderr.replace("│", "").split())


@pytest.mark.parametrize("pin", ["soon", "9999-12-31", "0001-01-01"])
def test_a_pin_that_no_report_could_have_is_refused(
    run: Run, demonstration: Demonstration, pin: str
) -> None:
    result = run("debts", env={"CUSTOMS_STORE": str(demonstration.store), "CUSTOMS_TODAY": pin})
    assert result.exit_code == Exit.USAGE
    assert f"CUSTOMS_TODAY={pin}: " in result.stderr


def test_a_damaged_store_is_no_fault_of_the_program(run: Run, copied: Path) -> None:
    with closing(sqlite3.connect(copied)) as db:
        (size,) = db.execute("PRAGMA page_size").fetchone()
        (page,) = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'positions'"
        ).fetchone()
    with copied.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)
    result = run("board", "--store", str(copied))
    assert result.exit_code == Exit.UNREACHABLE
    assert "customs doctor --full" in " ".join(result.stderr.split())


def test_a_file_that_is_no_log_is_refused(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "notes.txt"
    store.write_text("not a database, but long enough to be looked at as one")
    result = run("debts", "--store", str(store))
    assert result.exit_code == Exit.UNREACHABLE
    assert str(store) in result.stderr


def test_a_log_of_a_newer_format_is_refused(run: Run, copied: Path) -> None:
    with sqlite3.connect(copied) as db:
        db.execute("UPDATE meta SET value = '99' WHERE name = 'log_format'")
    db.close()
    result = run("debts", "--store", str(copied))
    assert result.exit_code == Exit.UNREACHABLE
    assert "format 99" in result.stderr


def test_read_models_of_other_rules_are_judged_again_to_ask_and_refused_to_continue(
    run: Run, copied: Path, tmp_path: Path
) -> None:
    with sqlite3.connect(copied) as db:
        db.execute("UPDATE projection SET rules = '0.0.1'")
    db.close()
    assert run("debts", "--store", str(copied)).exit_code == Exit.OK
    more = tmp_path / "more.json"
    more.write_text(json.dumps(NATIVE))
    result = run("ingest", str(more), "--store", str(copied))
    assert result.exit_code == Exit.UNREACHABLE
    assert "rebuild" in result.stderr
    assert run("rebuild", "--store", str(copied)).exit_code == Exit.OK


def test_a_busy_store_is_told_of(run: Run, copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = sqlite3.connect(copied, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    monkeypatch.setitem(SqliteLog.__init__.__kwdefaults__ or {}, "busy_timeout", 0.1)
    try:
        result = run("rebuild", "--store", str(copied))
    finally:
        db.close()
    assert result.exit_code == Exit.UNREACHABLE
    assert "try again" in result.stderr


def test_a_fault_of_ours_is_one_line_and_debug_shows_where(
    ask: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        message = "unheard of"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(queries, "totals", broken)
    result = ask("debts")
    assert result.exit_code == Exit.FAULT
    assert "ZeroDivisionError: unheard of" in result.stderr
    assert "customs --debug" in result.stderr
    assert "Traceback" not in result.stderr
    debugged = ask("--debug", "debts")
    assert debugged.exit_code == Exit.FAULT
    assert "Traceback" in debugged.stderr


def test_a_story_that_fails_ends_with_3(run: Run, tmp_path: Path) -> None:
    story = tmp_path / "wrong.yaml"
    story.write_text(
        "story: Wrong\nstates: Nothing.\noffice: BG001007\n"
        "reports:\n"
        "  - {happened: 2017-03-01, type: temporary-storage.goods-presented, movement: storage,\n"
        "     data: {holder: H, lines: [{quantity: 1, value: 100, duty: 10}]}}\n"
        "expect:\n  - {as_of: 2017-03-02, debts: [{article: 79(1)(a)}]}\n"
    )
    result = run("story", str(story))
    assert result.exit_code == Exit.CHECK_FAILED
    assert "fails  Wrong: as of 2017-03-02" in result.stdout
    assert "expected" in result.stdout
    assert "0 of 1 points hold" in result.stderr


def test_a_story_that_cannot_be_read_ends_with_2_and_its_line(run: Run, tmp_path: Path) -> None:
    story = tmp_path / "broken.yaml"
    story.write_text("story: Broken\nstates: Nothing.\nexpct: []\n")
    result = run("story", str(story))
    assert result.exit_code == Exit.USAGE
    assert "broken.yaml:3" in result.stderr.replace("\n", "")


def test_a_rebuild_that_differs_ends_with_3_and_shows_the_rows(run: Run, copied: Path) -> None:
    with sqlite3.connect(copied) as db:
        db.execute("UPDATE positions SET quantity = '1' WHERE movement = 'doc:ZIMUBOJ900417'")
    db.close()
    result = run("rebuild", "--store", str(copied))
    assert result.exit_code == Exit.CHECK_FAILED
    assert "positions doc:ZIMUBOJ900417" in result.stdout
    assert run("rebuild", "--store", str(copied)).exit_code == Exit.OK


def test_a_rebuild_under_another_law_may_differ(run: Run, copied: Path) -> None:
    told = ("rebuild", "--store", str(copied), "--law", "2019-04-14", "--policy", "rounding=CENT")
    assert run(*told).exit_code == Exit.OK
    again = run("explain", "ZIMUBOJ900417#debt", "--store", str(copied), "--json")
    said = json.loads(again.stdout)
    assert (said["law"], said["policies"]["rounding"]) == ("2019-04-14", "CENT")


def test_closed_pipes_are_no_fault(demonstration: Demonstration) -> None:
    shell = f"{sys.executable} -m cli deadlines --all --json | head -n 1"
    env = {**os.environ, "CUSTOMS_STORE": str(demonstration.store)}
    result = subprocess.run(shell, shell=True, env=env, capture_output=True, text=True, check=True)  # noqa: S602
    assert json.loads(result.stdout)["schema"] == "customs.deadline.v1"
    assert "Traceback" not in result.stderr


def test_a_reader_that_has_seen_enough_is_no_fault(demonstration: Demonstration) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cli", "board"],
        env={
            **os.environ,
            "CUSTOMS_TODAY": "2017-06-14",
            "CUSTOMS_STORE": str(demonstration.store),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stdout
        assert command.stderr
        command.stdout.close()
        words = command.stderr.read()
    assert (command.returncode, words) == (Exit.OK, "")
