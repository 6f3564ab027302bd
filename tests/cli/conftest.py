"""The command as a test calls it, and the demonstration's store to ask."""

import io
import shutil
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest
import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.testing import CliRunner, Result

from cli import demo
from cli.main import app

Run = Callable[..., Result]
WIDTH = "80"


def commands() -> dict[str, TyperCommand | TyperGroup]:
    """The commands of `customs` by name, those of a group as `<group> <name>`."""
    found: dict[str, TyperCommand | TyperGroup] = {}
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    for name, each in root.commands.items():
        inner = each.commands if isinstance(each, TyperGroup) else {}
        told = {f"{name} {verb}": command for verb, command in inner.items()} or {name: each}
        for verb, command in told.items():
            assert isinstance(command, TyperCommand | TyperGroup)
            found[verb] = command
    return found


def options(command: TyperCommand | TyperGroup) -> dict[str, TyperOption]:
    """The options of a command by the names that they are given by."""
    return {
        name: each
        for each in command.params
        if isinstance(each, TyperOption)
        for name in each.opts
        if name != "--help"
    }


class Demonstration(NamedTuple):
    """The store of the demonstration, and what it printed."""

    store: Path
    stdout: str
    stderr: str


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    store = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    with (
        pytest.MonkeyPatch.context() as patched,
        redirect_stdout(io.StringIO()) as stdout,
        redirect_stderr(io.StringIO()) as stderr,
    ):
        patched.setenv("COLUMNS", WIDTH)
        demo.main(store)
    return Demonstration(store, stdout.getvalue(), stderr.getvalue())


@pytest.fixture
def run() -> Run:
    """Run `customs` in an 80-column terminal without colours; more environment by name."""

    def called(*arguments: str, env: Mapping[str, str] | None = None) -> Result:
        told = {"COLUMNS": WIDTH, "CUSTOMS_TODAY": "2017-06-14", **(env or {})}
        return CliRunner().invoke(app, arguments, env=told, prog_name="customs")

    return called


@pytest.fixture
def ask(run: Run, demonstration: Demonstration) -> Run:
    """Ask the store of the demonstration."""

    def asked(*arguments: str) -> Result:
        return run(*arguments, env={"CUSTOMS_STORE": str(demonstration.store)})

    return asked


@pytest.fixture
def copied(demonstration: Demonstration, tmp_path: Path) -> Path:
    """A copy of the demonstration's store, to be written to."""
    return Path(shutil.copy(demonstration.store, tmp_path / "copied.sqlite"))
