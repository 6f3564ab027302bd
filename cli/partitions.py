"""Partitions: up to where each was read, moving one that stopped, and who had which moved."""

import re
from getpass import getuser
from typing import Annotated, Final, TypeAlias

import typer

from cli import asking, clock, lines, paper, words
from cli.exits import Exit, Refused
from cli.options import LARGEST, STORE, Json, Store
from cli.tables import Row, table
from schemas.rows import Partition
from store.records import Move

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
COLUMNS: Final = ("partition", "next offset")
MOVES: Final = ("at", "from", "to", "by")
Name = Annotated[
    str,
    typer.Argument(metavar="PARTITION", help="Its name, as the incident or the list spells it."),
]
Offset = Annotated[
    int,
    typer.Argument(
        metavar="OFFSET", min=0, max=LARGEST, help="The offset of the next record to read."
    ),
]
Why: TypeAlias = Annotated[
    str,
    typer.Option(metavar="TEXT", help="Why that is right: it is kept for whoever asks later."),
]
By: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Who decided it.", show_default="the user of this machine"),
]
_OF_KAFKA: Final = re.compile(r"kafka:[a-zA-Z0-9._-]+\[\d+\]@[a-zA-Z0-9_-]+")


@app.command("list")
def every(*, store: Store = STORE, json: Json = False) -> None:
    """List where messages come from, and the next offset of each: a file, a topic's partition."""
    with asking.opened(store) as log:
        found = log.partitions()
    if json:
        for name, offset in found.items():
            lines.write("partition", Partition(name, offset))
        return
    rows = [Row((name, f"{offset:,}")) for name, offset in found.items()]
    table(paper.data(), "", COLUMNS, rows, "partitions")


@app.command("move")
def move(partition: Name, offset: Offset, *, why: Why, by: By = None, store: Store = STORE) -> None:
    """Have a partition of Kafka read on from another offset, after an incident.

    Forward passes over records, which are never recorded then; back reads some again, which count
    as duplicates. For a topic that was made again, it says that the new one is to be read.
    """
    if not _OF_KAFKA.fullmatch(partition):
        raise Refused(
            f"{partition} is no partition of Kafka: copy its name from the incident, or from"
            " customs partitions list.",
            Exit.USAGE,
        )
    if not why.strip():
        raise Refused("Say why the partition is to be moved: --why 'TEXT'.", Exit.USAGE)
    with asking.opened(store) as log:
        before = log.next_offset(partition)
        move = Move(partition, before, offset, clock.now(), by or getuser(), why)
        log.move_partition(move)
    paper.say(f"{partition}: moved from {before:,} to {offset:,}.")


@app.command("moves")
def moves(*, store: Store = STORE, json: Json = False) -> None:
    """List where each partition of Kafka started, and who had which moved, when and why."""
    with asking.opened(store) as log:
        found = log.moves()
    if json:
        for each in found:
            lines.write("move", each)
        return
    table(paper.data(), "", MOVES, map(_row, found), "from,to")


def _row(told: Move) -> Row:
    """A move as a table shows it: a partition that starts was nowhere, and nobody decided it."""
    was = words.NEVER if told.was is None else f"{told.was:,}"
    cells = (f"{told.at:%Y-%m-%d %H:%M}", was, f"{told.now:,}", told.by or words.NEVER)
    return Row(cells, f"{told.partition}: {told.why}" if told.why else told.partition)
