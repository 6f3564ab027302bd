"""Partitions: up to where each was read, moving one that stopped, and who had which moved."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Annotated, Final, TypeAlias

import typer

from cli import asking, clock, erasures, lines, paper, words
from cli.erasures import By
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
MadeAgain: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--made-again", help="The topic was deleted and made again, and PARTITION has its new id."
    ),
]
_OF_KAFKA: Final = re.compile(r"(kafka:[a-zA-Z0-9._-]+\[)\d+\]@[a-zA-Z0-9_-]+")


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
def move(
    partition: Name,
    offset: Offset,
    *,
    why: Why,
    by: By = None,
    made_again: MadeAgain = False,
    store: Store = STORE,
) -> None:
    """Have a partition of Kafka read on from another offset, after an incident.

    Forward passes over records, which are never recorded then; back reads some again, which count
    as duplicates. With --made-again it says that a topic that was made again is to be read.
    """
    named = _OF_KAFKA.fullmatch(partition)
    if not named:
        raise Refused(
            f"{partition} is no partition of Kafka: copy its name from the incident, or from"
            " customs partitions list.",
            Exit.USAGE,
        )
    if not why.strip():
        raise Refused("Say why the partition is to be moved: --why 'TEXT'.", Exit.USAGE)
    with asking.opened(store) as log:
        known = log.partitions(named[1])
        before = known.get(partition)
        if before is None and not (made_again and _is_of_another(partition, known)):
            raise _unknown(partition, known)
        move = Move(partition, before, offset, clock.now(), erasures.who(by), why)
        log.move_partition(move)
    moved = "it begins at" if before is None else f"moved from {before:,} to"
    paper.say(f"{partition}: {moved} {offset:,}.")


def _is_of_another(partition: str, known: Iterable[str]) -> bool:
    """Whether its topic is another one of a name that the log knows."""
    ids = {each.rpartition("@")[2] for each in known}
    return bool(ids) and partition.rpartition("@")[2] not in ids


def _unknown(partition: str, known: Iterable[str]) -> Refused:
    close = get_close_matches(partition, known, n=1, cutoff=0)
    hint = f" Did you mean {close[0]}?" if close else ""
    return Refused(
        f"The log knows no partition {partition}.{hint} One that is new is read from its start by"
        " itself; one of a topic that was made again needs --made-again, as the incident says.",
        Exit.NOT_FOUND,
    )


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
