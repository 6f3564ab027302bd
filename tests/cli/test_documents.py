"""What the documents say of the command is true."""

import re
import shlex
from pathlib import Path

import pytest

from cli.exits import MEANING, Exit
from domain.policies import Policies
from tests.cli.conftest import Run, commands, options

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "cli.md").read_text()
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text()
OURS = ("README.md", "docs/cli.md", "docs/tutorial.md")
VERBS = commands()
SHARED = {"--store", "--as-of", "--known-at", "--law", "--policy", "--json"}


@pytest.mark.parametrize("verb", VERBS)
def test_the_reference_names_every_command_with_all_its_options(verb: str) -> None:
    (row,) = re.findall(rf"^\| `{verb}(?: [A-Z.]+)?` \|([^|]*)\|", REFERENCE, re.MULTILINE)
    said = set(re.findall(r"--[a-z-]+", row)) | (SHARED if "those above" in row else set())
    assert said == options(VERBS[verb]).keys()


def test_the_reference_names_every_shared_option_and_those_of_customs_itself() -> None:
    for name in SHARED:
        assert re.search(rf"^\| `{name}[ `]", REFERENCE, re.MULTILINE), name
    for name in ("--debug", "--version", "--install-completion", "--show-completion", "--help"):
        assert f"`{name}`" in REFERENCE


def test_the_reference_names_every_exit_code() -> None:
    for code, words in MEANING.items():
        assert f"| {code.value} | {words} |" in REFERENCE


def test_the_reference_names_every_policy_with_its_default() -> None:
    for name, value in Policies().spelled().items():
        assert f"| `{name}` | `{value}` |" in REFERENCE


@pytest.mark.parametrize("document", OURS)
def test_links_lead_somewhere(document: str) -> None:
    page = ROOT / document
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text())
    assert links or document == "docs/tutorial.md"
    for link in links:
        assert link.startswith("https://") or (page.parent / link).exists(), link


def test_the_tutorial_does_what_it_shows(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    env: dict[str, str] = {}
    commands = 0
    for kind, name, block in re.findall(r"```(\w+)(?: (\S+))?\n(.*?)```", TUTORIAL, re.DOTALL):
        if name:
            (tmp_path / name).write_text(block)
        if kind != "console":
            continue
        for command, shown in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            verb, *arguments = shlex.split(command)
            if verb == "export":
                env |= dict(pair.split("=", 1) for pair in arguments)
                continue
            assert verb == "customs"
            result = run(*arguments, env=env)
            commands += 1
            assert result.output.rstrip() == shown.rstrip(), command
    assert commands > 5


def test_the_example_stories_hold(run: Run) -> None:
    result = run("story", str(ROOT / "examples"))
    assert result.exit_code == Exit.OK, result.stdout
    assert "fails" not in result.stdout
