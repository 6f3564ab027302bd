"""Playing story files: what a history is expected to come to, against what is derived."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from cli import lines, paper
from cli.exits import Exit
from cli.options import Json
from stories.compare import Mismatch
from stories.model import Story, load
from stories.play import Row, SetAside, play

SUFFIXES: Final = (".yaml", ".yml")
Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...", exists=True, readable=True,
        help="Story files, or folders of them (docs/stories.md).",
    ),
]  # fmt: skip


def story(file: Files, json: Json = False) -> None:
    """Play story files into a throwaway store, and compare the outcome with what they expect.

    Each line is one point of a story; below one that fails stands what was expected, what was
    derived, from which facts and under which articles.
    """
    stories = [each for path in _files(file) for each in load(path)]
    rows: list[Row] = []
    with paper.progress("Playing") as progress:
        for done, each in enumerate(stories, 1):
            rows += _rows(each)
            progress(done, len(stories))
    for row in rows:
        _print(row, json=json)
    failed = sum(bool(row.mismatches) for row in rows)
    later = sum(len(each.later) for each in stories)
    paper.say(
        f"{len(rows) - failed} of {len(rows)} points hold, in {len(stories)} stories;"
        f" {later} expectations rest on articles that are not modelled yet."
    )
    if failed:
        raise typer.Exit(Exit.CHECK_FAILED)


def _files(told: Sequence[Path]) -> Iterator[Path]:
    for path in told:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES)
        else:
            yield path


def _rows(told: Story) -> list[Row]:
    """The points of a story, played; a report that is not recorded fails all of them."""
    try:
        return play(told)
    except SetAside as refused:
        wrong = Mismatch("reports", "every report recorded", str(refused), (), (), ())
        return [Row(told, point, (wrong,)) for point in told.points]


def _print(row: Row, *, json: bool) -> None:
    if json:
        lines.write(
            "story",
            {
                "story": row.story.title,
                "variant": row.story.variant,
                "point": row.name,
                "holds": not row.mismatches,
                "mismatches": [str(each) for each in row.mismatches],
            },
        )
        return
    console = paper.data()
    verdict = Text("fails  ", style="bold red") if row.mismatches else Text("holds  ", "green")
    console.print(verdict + Text(f"{row.story.name}: {row.name}"))
    for each in row.mismatches:
        console.print(Text(str(each)), soft_wrap=True)
