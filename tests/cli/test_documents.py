"""What the documents say of the command is true."""

import re
from pathlib import Path

import pytest

from cli.exits import MEANING, Exit
from domain.policies import Policies
from projections.foreseen import HARMLESS
from tests.cli import shown
from tests.cli.conftest import Run, commands, options

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "cli.md").read_text()
SHOW_ANEW = "run .venv/bin/python -m tests.cli.shown, and read what changed"
OURS = ("README.md", "docs/cli.md", "docs/tutorial.md")
VERBS = commands()
SHARED = {"--store", "--as-of", "--known-at", "--law", "--policy", "--json"}


@pytest.mark.parametrize("verb", VERBS)
def test_the_reference_names_every_command_with_all_its_options(verb: str) -> None:
    (row,) = re.findall(rf"^\| `{verb}(?: [A-Z.]+)*` \|([^|]*)\|", REFERENCE, re.MULTILINE)
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


def test_the_reference_names_every_finding_that_speaks_against_nothing() -> None:
    start = REFERENCE.index("Findings that say nothing of the kind")
    paragraph = REFERENCE[start : REFERENCE.index("\n", start)]
    assert set(re.findall(r"`([A-Z0-9_]+)`", paragraph)) == HARMLESS


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


def test_the_tutorial_does_what_it_shows(tmp_path: Path) -> None:
    text = shown.TUTORIAL.read_text()
    assert sum(line.startswith("customs ") for line in shown.commands(text)) > 5
    assert shown.with_output(text, tmp_path) == text, SHOW_ANEW


def test_the_example_stories_hold(run: Run) -> None:
    result = run("story", str(ROOT / "examples"))
    assert result.exit_code == Exit.OK, result.stdout
    assert "fails" not in result.stdout
