"""The demonstration in its deployed form."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli import demo

ROOT = Path(__file__).parents[2]


def test_the_deployed_form_shows_the_board_of_the_embedded_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = subprocess.run(
        [sys.executable, "-m", "tests.deployed.demo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    demo.main(tmp_path / "demo.sqlite")
    board = capsys.readouterr().out
    assert "Debts open" in board
    assert board in done.stdout
    assert done.stdout.count("  fact     ") >= 90
    assert done.stdout.count("  verdict  debt incurred") >= 8
