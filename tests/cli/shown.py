"""What README.md and docs/tutorial.md show, made from what the command prints.

`.venv/bin/python -m tests.cli.shown` writes both anew; the tests say when that is due.
"""

import io
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

from typer.testing import CliRunner

from cli import demo
from cli.main import app

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
TUTORIAL = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"(?<=^```)(\w+)(?: (\S+))?\n(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ .+$", re.MULTILINE)
WIDTH = "80"


def with_board(text: str, board: str) -> str:
    """A page with this board in its first block of text."""
    return re.sub(r"(?<=```text\n).*?(?=```)", lambda _: board, text, count=1, flags=re.DOTALL)


def with_output(text: str, folder: Path) -> str:
    """A page, its commands run in a folder with the files that it names, with what they print."""
    env = {"COLUMNS": WIDTH}

    def block(found: re.Match[str]) -> str:
        language, name, body = found.groups()
        if name:
            (folder / name).write_text(body)
        if language == "console":
            body = "".join(_printed(command, env) for command in COMMAND.findall(body))
        return f"{language}{f' {name}' if name else ''}\n{body}"

    with chdir(folder):
        return BLOCK.sub(block, text)


def _printed(line: str, env: dict[str, str]) -> str:
    """A command of the page and its output; `export` sets what the commands after it see."""
    verb, *arguments = shlex.split(line.removeprefix("$ "))
    if verb == "export":
        for pair in arguments:
            name, _, value = pair.partition("=")
            env[name] = value
        return f"{line}\n"
    if verb != "customs":
        raise ValueError(f"the page runs {verb}, and only customs can be shown")
    output = CliRunner().invoke(app, arguments, env=env, prog_name="customs").output.rstrip()
    return f"{line}\n{output}\n"


def board() -> str:
    """What the demonstration prints to stdout."""
    with (
        tempfile.TemporaryDirectory() as folder,
        redirect_stdout(io.StringIO()) as stdout,
        redirect_stderr(io.StringIO()),
    ):
        os.environ["COLUMNS"] = WIDTH
        demo.main(Path(folder) / "demo.sqlite")
    return stdout.getvalue()


def commands(text: str) -> Iterator[str]:
    """The commands that a page runs."""
    return (line.removeprefix("$ ") for line in COMMAND.findall(text))


if __name__ == "__main__":
    README.write_text(with_board(README.read_text(), board()))
    with tempfile.TemporaryDirectory() as folder:
        TUTORIAL.write_text(with_output(TUTORIAL.read_text(), Path(folder)))
