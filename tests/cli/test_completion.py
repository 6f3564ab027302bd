"""The shell completes commands, options, provisions and codes; references it does not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import commands

ROOT = Path(__file__).parents[2]
CITED = frozenset({"article", "code"})
CUSTOMS = Path(sys.executable).with_name("customs")


def in_bash(script: str, **env: str) -> str:
    bash = shutil.which("bash")
    assert bash
    told = {**os.environ, "PATH": f"{CUSTOMS.parent}:{os.environ['PATH']}", **env}
    # two commands, so that bash stays and is found to be the shell that asks
    result = subprocess.run(
        [bash, "-c", f"{script}; true"], env=told, capture_output=True, text=True, check=True
    )
    return result.stdout


def test_a_script_for_bash_is_printed() -> None:
    script = in_bash("customs --show-completion")
    assert "_customs_completion()" in script
    assert "complete -o default -F _customs_completion customs" in script


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("customs quaran", {"quarantine"}),
        ("customs quarantine ", {"list", "show", "redrive"}),
        ("customs debts --article 104", {"104", "104(1)"}),
        ("customs findings --code NOT_", {"NOT_ENTITLED", "NOT_JUDGED"}),
    ],
)
def test_the_script_completes_commands_and_what_can_be_cited(typed: str, offered: set[str]) -> None:
    words = len(typed.split(" ")) - 1
    asked = {"_CUSTOMS_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(words)}
    assert set(in_bash("customs", **asked).split()) == offered


def test_references_are_not_completed_and_that_is_said() -> None:
    for command in commands().values():
        for each in command.params:
            completed = getattr(each, "_custom_shell_complete", None) is not None
            assert completed == (each.name in CITED), each.name
    assert "it does not complete references" in (ROOT / "docs" / "cli.md").read_text()
