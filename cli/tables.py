"""Tables that lose nothing: a cell that does not fit goes on in the next line.

A row may have a note below it, over the whole width: the id of what the row says, which is to be
copied in one piece. Widths are in terminal cells.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, zip_longest
from typing import Final, NamedTuple

from rich.console import Console
from rich.segment import Segment, Segments
from rich.text import Text

from cli.paper import visible
from cli.words import style_of

GAP: Final = 2
NARROWEST: Final = 10
TOGETHER: Final = 200


class Row(NamedTuple):
    """The cells of a row, and what stands below it."""

    cells: tuple[str, ...]
    below: str = ""


Line = tuple[tuple[str, str], ...]
"""A line of a table: texts, each with its style, which may be none."""


def table(
    console: Console, title: str, columns: Sequence[str], rows: Iterable[Row], right: str = ""
) -> None:
    """Print a table under its title; the columns named in `right`, by commas, are figures."""
    told = list(rows)
    if title and told:
        console.print(Text(title, style="bold"))
    lines = laid_out(console, columns, told, frozenset(right.split(",")))
    while some := list(islice(lines, TOGETHER)):
        console.print(Segments(_segments(console, some)), crop=False)


def _segments(console: Console, lines: Iterable[Line]) -> Iterator[Segment]:
    """Lines as they are written: the terminal takes many times as long to lay out what it is told
    by the line, and there is nothing left to lay out.
    """
    plain = ""
    for line in lines:
        for text, style in line:
            if style and console.color_system:
                yield Segment(visible(plain))
                yield Segment(visible(text), console.get_style(style))
                plain = ""
            else:
                plain += text
        plain += "\n"
    yield Segment(visible(plain))


def laid_out(
    console: Console, columns: Sequence[str], rows: list[Row], right: frozenset[str]
) -> Iterator[Line]:
    """The lines of a table, none of them wider than the console."""
    heads = Row(tuple(column.upper() for column in columns))
    width = console.width  # which asks the terminal
    widths = fitting([heads, *rows], width)
    aligned = [column in right for column in columns]
    yield from _lines(console, heads, widths, aligned, "dim")
    for row in rows:
        yield from _lines(console, row, widths, aligned, "")
        if row.below:
            for part in folded(console, row.below, width - GAP):
                yield (" " * GAP, ""), (part, "cyan")


def fitting(rows: Sequence[Row], room: int) -> list[int]:
    """The width of each column: what it needs, else the last as narrow as its longest word, then
    the widest ones, in the end by breaking words.
    """
    columns = [set(column) for column in zip(*(row.cells for row in rows), strict=True)]
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
    return max((_cells(part) for cell in column for part in parts(cell)), default=0)


def _cells(text: str) -> int:
    """How wide a text is on the terminal."""
    return len(text) if text.isascii() and text.isprintable() else Text(text).cell_len


def _narrow(widths: list[int], place: int, words: list[int], over: int) -> int:
    less = min(max(over, 0), max(widths[place] - max(words[place], NARROWEST), 0))
    widths[place] -= less
    return less


def _lines(
    console: Console, row: Row, widths: Sequence[int], aligned: Sequence[bool], style: str
) -> Iterator[Line]:
    """The lines of a row; `aligned` says which columns stand at the right."""
    styles = [style or style_of(cell) for cell in row.cells]
    cells = [folded(console, cell, width) for cell, width in zip(row.cells, widths, strict=True)]
    for parts in zip_longest(*cells, fillvalue=""):
        line, blank = list[tuple[str, str]](), ""
        for part, width, right, styled in zip(parts, widths, aligned, styles, strict=True):
            room = " " * (width - _cells(part))
            if part:
                line.append((blank + room if right else blank, ""))
                line.append((part, styled))
                blank = " " * GAP if right else room + " " * GAP
            else:
                blank += room + " " * GAP
        yield tuple(line)


def folded(console: Console, told: str, width: int) -> list[str]:
    """A text in lines of this width, without blanks at their ends."""
    if told.isprintable() and _cells(told) <= width:
        return [told.rstrip()]
    if told.isascii() and told.isprintable() and not told.startswith(" ") and width > 0:
        too_long, line = _patterns(width)
        if not too_long.search(told):
            return [part.rstrip() for part in line.findall(told)]
    return [part.plain.rstrip() for part in Text(told).wrap(console, width, overflow="fold")]


@lru_cache
def _patterns(width: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds a word that is longer than a line, and what finds the lines where there is none:
    the terminal's own way to break a text takes ten times as long.
    """
    return re.compile(rf"\S{{{width + 1}}}"), re.compile(rf"\S.{{0,{width - 1}}}(?!\S)")
