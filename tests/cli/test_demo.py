"""The demonstration: what it prints, and that what it suggests works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli import demo
from cli.exits import Exit
from tests.cli import shown
from tests.cli.conftest import Demonstration, Run

ROOT = Path(__file__).parents[2]
SHOW_ANEW = "run .venv/bin/python -m tests.cli.shown, and read what changed"


def test_the_readme_shows_the_board_that_the_demonstration_prints(
    demonstration: Demonstration,
) -> None:
    text = shown.README.read_text()
    assert shown.with_board(text, demonstration.stdout) == text, SHOW_ANEW


def test_the_board_fits_an_80_column_terminal(demonstration: Demonstration) -> None:
    assert max(map(len, demonstration.stdout.splitlines())) <= 80
    assert max(map(len, demonstration.stderr.splitlines())) <= 80


def test_the_deliveries_have_a_repeat_and_what_is_set_aside(demonstration: Demonstration) -> None:
    assert "Taken in on 2017-06-07: 77 recorded.\n" in demonstration.stderr
    assert (
        "Taken in on 2017-06-14: 13 recorded, 1 duplicate, 2 quarantined.\n" in demonstration.stderr
    )


@pytest.mark.parametrize("command", [command for _, command in demo.NEXT])
def test_what_it_suggests_next_works(ask: Run, demonstration: Demonstration, command: str) -> None:
    assert f"  {command}\n" in demonstration.stderr
    result = ask(*command.removeprefix("customs ").split())
    assert result.exit_code == Exit.OK
    assert result.stdout


def test_the_board_of_another_day_is_another(ask: Run, demonstration: Demonstration) -> None:
    assert ask("board").stdout == demonstration.stdout
    assert ask("board", "--as-of", "2017-07-01").stdout != demonstration.stdout


def test_it_runs_as_make_runs_it_and_twice(tmp_path: Path, demonstration: Demonstration) -> None:
    copy = tmp_path / "tree"
    copy.mkdir()
    for name in ("cli", "consumers", "domain", "evidence", "examples", "projections", "schemas"):
        (copy / name).symlink_to(ROOT / name)
    for name in ("store", "stories"):
        (copy / name).symlink_to(ROOT / name)
    env = {**os.environ, "COLUMNS": "80"}
    for _ in range(2):
        result = subprocess.run(
            [sys.executable, "-m", "cli.demo"], cwd=copy, env=env, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert result.returncode == Exit.OK, result.stderr
        assert result.stdout == demonstration.stdout
    assert (copy / "build" / "demo.sqlite").exists()
