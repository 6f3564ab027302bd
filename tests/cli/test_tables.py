"""A table loses nothing, however narrow the terminal."""

import io
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from cli.tables import GAP, Row, fitting, folded, table

LETTERS = "abcXYZ0189-/#().:абвЖЩЯ"
CELLS = st.text(LETTERS, max_size=40)
SENTENCES = st.lists(CELLS, max_size=6).map(" ".join)
COLUMNS = ("when", "what", "who", "where")


def drawn(rows: list[Row], width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    table(console, "", COLUMNS, rows)
    output = console.file
    assert isinstance(output, io.StringIO)
    return output.getvalue().splitlines()


def bare(text: str) -> str:
    return "".join(text.split())


@given(cells=st.tuples(SENTENCES, SENTENCES, SENTENCES, SENTENCES), width=st.integers(60, 200))
def test_every_cell_can_be_read_whole_from_its_column(
    cells: tuple[str, str, str, str], width: int
) -> None:
    head, *lines = drawn([Row(cells)], width)
    assert all(len(line) <= width for line in (head, *lines))
    widths = fitting([Row(tuple(name.upper() for name in COLUMNS)), Row(cells)], width)
    starts = [0]
    for taken in widths:
        starts.append(starts[-1] + taken + GAP)
    for cell, (start, end) in zip(cells, pairwise(starts), strict=True):
        column = [line[start:end] for line in lines]
        assert bare("".join(column)) == bare(cell)


@given(below=SENTENCES)
def test_what_stands_below_a_row_is_whole(below: str) -> None:
    lines = drawn([Row(("a", "b", "c", "d"), below)], 80)
    assert all(len(line) <= 80 for line in lines)
    assert bare("".join(lines[2:])) == bare(below)


def test_an_id_of_a_line_stands_in_one_piece() -> None:
    name = "mrn:17BG00200504511227#debt/transit_not_ended/ncts/b086ab02040616"
    assert f"  {name}" in drawn([Row(("a", "b", "c", "d"), name)], 80)


def test_the_last_column_gives_way_first_and_no_word_breaks_while_it_can() -> None:
    rows = [Row(("2017-06-14 10:00", "79(1)(a)", "BG102300200", "word " * 20))]
    assert fitting(rows, 80)[:3] == [16, 8, 11]


def test_figures_stand_at_the_right_of_their_column() -> None:
    console = Console(file=io.StringIO(), width=80, color_system=None)
    rows = [Row(("4,200.00 EUR", "x")), Row(("0.50 EUR", "y"))]
    table(console, "", ("amount", "of"), rows, "amount")
    output = console.file
    assert isinstance(output, io.StringIO)
    assert output.getvalue() == "      AMOUNT  OF\n4,200.00 EUR  x\n    0.50 EUR  y\n"


@given(told=SENTENCES | st.text(LETTERS + " \t\n漢", max_size=60), width=st.integers(1, 60))
def test_a_text_is_broken_as_the_terminal_breaks_it(told: str, width: int) -> None:
    console = Console()
    slow = Text(told).wrap(console, width, overflow="fold")
    assert folded(console, told, width) == [part.plain.rstrip() for part in slow]


def test_many_rows_are_laid_out_without_asking_the_terminal_of_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def size(_: object) -> tuple[int, int]:
        asked.append(None)
        return 80, 25

    monkeypatch.setattr(Text, "wrap", lambda *_, **__: pytest.fail("this takes too long"))
    console = Console(file=io.StringIO(), color_system=None)
    monkeypatch.setattr(Console, "width", property(lambda each: size(each)[0]))
    table(console, "", ("id", "what"), [Row(("1", "x"), "a detail of words " * 9)] * 1000)
    assert len(asked) < 50
    assert isinstance(console.file, io.StringIO)
    assert len(console.file.getvalue().splitlines()) == 4 * 1000 + 1


def test_colours_change_nothing_but_colours() -> None:
    rows = [Row(("2017-06-14", "OVERDUE", "wörter " * 9, "1"), "an id\u202e of it " * 9)] * 3
    file = io.StringIO()
    console = Console(file=file, width=80, force_terminal=True, color_system="standard")
    table(console, "", COLUMNS, rows, "where")
    coloured = file.getvalue()
    assert "\x1b[36m" in coloured
    plain = io.StringIO()
    table(Console(file=plain, width=80, color_system=None), "", COLUMNS, rows, "where")
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain.getvalue()
    assert "\u202e" not in coloured
