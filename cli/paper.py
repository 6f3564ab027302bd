"""Where output goes: data to stdout, words and progress bars to stderr.

Colour is used on a terminal only, and never where NO_COLOR is set.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.segment import Segment
from rich.text import Text

Told = Callable[[int, int], None]
"""Told how much is done of how much."""


def visible(text: str) -> str:
    """A text with what cannot be seen escaped, but for line ends: what a source calls things can
    neither command a terminal nor turn the order of its letters.
    """
    if text.replace("\n", " ").isprintable():
        return text
    return "".join(
        char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text
    )


class Paper(Console):
    """Writes only what can be seen."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """What is written of anything, texts by `visible`."""
        if isinstance(renderable, str):
            renderable = visible(renderable)
        elif (
            isinstance(renderable, Text) and (seen := visible(renderable.plain)) != renderable.plain
        ):
            renderable = Text(seen, renderable.style, justify=renderable.justify)
        return super().render(renderable, options)


class Answer(Paper):
    """Answers on stdout; a reader that has seen enough ends the command without a fault."""

    def on_broken_pipe(self) -> None:
        """Let `cli.boundary` end the command."""
        raise BrokenPipeError


def data() -> Console:
    """Where answers go: stdout."""
    return Answer(file=sys.stdout, highlight=False, markup=False, emoji=False)


def words() -> Console:
    """Where everything else goes: stderr."""
    return Paper(file=sys.stderr, highlight=False, markup=False, emoji=False)


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
