"""Where output goes: data to stdout, words and progress bars to stderr.

Colour is used on a terminal only, and never where NO_COLOR is set.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Told = Callable[[int, int], None]
"""Told how much is done of how much."""


class Answer(Console):
    """Answers on stdout; a reader that has seen enough ends the command without a fault."""

    def on_broken_pipe(self) -> None:
        """Let `cli.boundary` end the command."""
        raise BrokenPipeError


def data() -> Console:
    """Where answers go: stdout."""
    return Answer(file=sys.stdout, highlight=False, markup=False, emoji=False)


def words() -> Console:
    """Where everything else goes: stderr."""
    return Console(file=sys.stderr, highlight=False, markup=False, emoji=False)


def say(text: str, style: str = "") -> None:
    """Say something beside the answer."""
    words().print(text, style=style)


@contextmanager
def progress(task: str) -> Iterator[Told]:
    """A progress bar on long work, where somebody watches."""
    console = words()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bar:
        number = bar.add_task(task, total=None)
        yield lambda done, total: bar.update(number, completed=done, total=total)
