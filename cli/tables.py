"""Tables that lose nothing: a cell that does not fit goes on in the next line.

A row may have a note below it, over the whole width: the id of what the row says, which is to be
copied in one piece. Widths are in terminal cells.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, zip_longest
from typing import Final, NamedTuple

from rich.console import Console
from rich.text import Text

from cli.words import style_of

GAP: Final = 2
NARROWEST: Final = 10
TOGETHER: Final = 200


class Row(NamedTuple):
    """The cells of a row, and what stands below it."""

    cells: tuple[str, ...]
    below: str = ""


def table(
    console: Console, title: str, columns: Sequence[str], rows: Iterable[Row], right: str = ""
) -> None:
    """Print a table under its title; the columns named in `right`, by commas, are figures."""
    told = list(rows)
    if title and told:
        console.print(Text(title, style="bold"))
    lines = laid_out(console, columns, told, frozenset(right.split(",")))
    while some := list(islice(lines, TOGETHER)):
        console.print(Text("\n").join(some), no_wrap=True, overflow="ignore", crop=False)


def laid_out(
    console: Console, columns: Sequence[str], rows: list[Row], right: frozenset[str]
) -> Iterator[Text]:
    """The lines of a table, none of them wider than the console."""
    heads = Row(tuple(column.upper() for column in columns))
    widths = fitting([heads, *rows], console.width)
    aligned = ["right" if column in right else "left" for column in columns]
    yield from _lines(console, heads, widths, aligned, "dim")
    for row in rows:
        yield from _lines(console, row, widths, aligned, "")
        if row.below:
            for part in _folded(console, row.below, console.width - GAP, "cyan"):
                yield Text(" " * GAP) + part


def fitting(rows: Sequence[Row], room: int) -> list[int]:
    """The width of each column: what it needs, else the last as narrow as its longest word, then
    the widest ones, in the end by breaking words.
    """
    columns = list(zip(*(row.cells for row in rows), strict=True))
    widths = [_widest(column, str.splitlines) for column in columns]
    words = [_widest(column, str.split) for column in columns]
    over = sum(widths) - (room - GAP * (len(widths) - 1))
    over -= _narrow(widths, len(widths) - 1, words, over)
    while over > 0:
        slack = [width - word for width, word in zip(widths, words, strict=True)]
        if max(slack) > 0:
            place = slack.index(max(slack))
        elif max(widths) > NARROWEST:
            place = widths.index(max(widths))
        else:
            break
        widths[place] -= 1
        over -= 1
    return widths


def _widest(column: Iterable[str], parts: Callable[[str], list[str]]) -> int:
    return max((Text(part).cell_len for cell in column for part in parts(cell)), default=0)


def _narrow(widths: list[int], place: int, words: list[int], over: int) -> int:
    less = min(max(over, 0), max(widths[place] - max(words[place], NARROWEST), 0))
    widths[place] -= less
    return less


def _lines(
    console: Console, row: Row, widths: Sequence[int], aligned: Sequence[str], style: str
) -> Iterator[Text]:
    cells = [
        _folded(console, cell, width, style or style_of(cell))
        for cell, width in zip(row.cells, widths, strict=True)
    ]
    for parts in zip_longest(*cells):
        line = Text()
        for place, (part, width) in enumerate(zip(parts, widths, strict=True)):
            shown = part or Text()
            blank = " " * (width - shown.cell_len)
            line.append_text(Text(" " * GAP if place else ""))
            line.append_text(Text(blank) + shown if aligned[place] == "right" else shown + blank)
        line.rstrip()
        yield line


def _folded(console: Console, told: str, width: int, style: str) -> list[Text]:
    """A text in lines of this width, without blanks at their ends."""
    text = Text(told, style=style)
    fits = told.isprintable() and text.cell_len <= width
    parts = [text] if fits else list(text.wrap(console, width, overflow="fold"))
    for part in parts:
        part.rstrip()
    return parts
