"""The help is the table of contents of the product."""

import re

import pytest

from cli.exits import MEANING, Exit
from tests.cli.conftest import Run, commands, options

PANELS = {
    "Take in": ["ingest", "check"],
    "Ask": [
        *("board", "show", "history", "debts", "deadlines", "procedures", "findings"),
        "verdicts",
    ],
    "Explain": ["explain", "story"],
    "Look after": ["doctor", "quality", "rebuild", "quarantine"],
    "Operate": ["migrate", "topics", "republish", "erase", "erasures", "partitions", "run"],
}


def test_the_help_lists_every_command_under_its_panel(run: Run) -> None:
    text = run("--help").stdout
    found = re.findall(r"─ ([A-Z][a-z ]+) ─|^│ ([a-z]+) {2,}\S", text, re.MULTILINE)
    contents: dict[str, list[str]] = {}
    for panel, command in found:
        if panel:
            contents[panel] = []
        else:
            contents[list(contents)[-1]].append(command)
    contents.pop("Options")
    assert contents == PANELS
    said = {name for names in PANELS.values() for name in names}
    assert said == {name.partition(" ")[0] for name in commands()}


def test_the_help_ends_with_every_exit_code(run: Run) -> None:
    text = run("--help").stdout
    epilogue = text[text.index("Exit codes") :]
    for code in Exit:
        assert re.search(rf"^ +{code.value}  {re.escape(MEANING[code])} *$", epilogue, re.MULTILINE)


def test_customs_alone_shows_the_help(run: Run) -> None:
    assert run().output.strip() == run("--help").stdout.strip()


@pytest.mark.parametrize("command", ["", *commands()])
def test_no_line_of_the_help_is_wider_than_the_terminal(run: Run, command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.exit_code == Exit.OK
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize("command", commands())
def test_every_option_says_what_it_does_and_its_default(command: str) -> None:
    for name, option in options(commands()[command]).items():
        assert option.help, name
        assert option.show_default, name


def test_the_release_is_told(run: Run) -> None:
    result = run("--version")
    assert re.fullmatch(r"customs \d+\.\d+\.\d+\n", result.stdout)
