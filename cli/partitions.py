"""Partitions: up to where each was read, and moving one that stopped."""

import re
from typing import Annotated, Final

import typer

from cli import asking, lines, paper
from cli.exits import Exit, Refused
from cli.options import STORE, Json, Store
from cli.tables import Row, table

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
COLUMNS: Final = ("partition", "next offset")
Partition = Annotated[
    str,
    typer.Argument(metavar="PARTITION", help="Its name, as the incident or the list spells it."),
]
Offset = Annotated[
    int, typer.Argument(metavar="OFFSET", min=0, help="The offset of the next record to read.")
]
_OF_KAFKA: Final = re.compile(r"kafka:[a-zA-Z0-9._-]+\[\d+\]@[a-zA-Z0-9_-]+")


@app.command("list")
def every(*, store: Store = STORE, json: Json = False) -> None:
    """List where messages come from, and the next offset of each: a file, a topic's partition."""
    with asking.opened(store) as log:
        found = log.partitions()
    if json:
        for name, offset in found.items():
            lines.write("partition", {"partition": name, "next": offset})
        return
    rows = [Row((name, f"{offset:,}")) for name, offset in found.items()]
    table(paper.data(), "", COLUMNS, rows, "partitions")


@app.command("move")
def move(partition: Partition, offset: Offset, *, store: Store = STORE) -> None:
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
    with asking.opened(store) as log:
        before = log.next_offset(partition)
        log.move_partition(partition, before, offset)
    paper.say(f"{partition}: moved from {before:,} to {offset:,}.")
