"""The queue of one shard: the movements that wait to be judged, and the piece whose turn it is."""

from collections.abc import Mapping
from typing import NamedTuple

from projections.shards import Shard
from projections.sql import delete, rows_where, upsert
from projections.tables import QUEUE
from store.log import Connection


class Queue(NamedTuple):
    """Of those that have to wait, with their turns, who stood in the queue already and who is
    new or comes again; the piece whose turn it is; whether the table is empty, and will be.
    """

    shard: int
    stood: Mapping[str, int]
    waiting: Mapping[str, int]
    piece: list[str]
    empty: bool
    emptied: bool

    def write(self, db: Connection, done: set[str], suffix: str) -> None:
        """Let those wait who are not done."""
        left = [(name, turn, self.shard) for name, turn in self.waiting.items() if name not in done]
        if left:
            upsert(db, QUEUE, sorted(left), suffix)
        gone = done - (self.waiting.keys() - self.stood.keys())
        if gone and not self.empty:
            delete(db, QUEUE, sorted((name,) for name in gone), suffix)


def queue(
    db: Connection, shard: Shard, fresh: Mapping[str, int], piece: int, *, empty: bool, suffix: str
) -> Queue:
    """Who has to wait from now on, when `fresh` come to those who stand in the table."""
    stood: dict[str, int] = {}
    first: dict[str, int] = {}
    if not empty:
        rows = rows_where(db, QUEUE, "movement", sorted(fresh), suffix)
        stood = {row.movement: row.turn for row in rows if row.shard == shard.number}
        found = db.execute(
            f"SELECT movement, turn FROM queue{suffix} WHERE shard = ?"
            " ORDER BY turn, movement LIMIT ?",
            (shard.number, piece),
        )
        first = dict(found.fetchall())
    new = {name: min(turn, stood.get(name, turn)) for name, turn in fresh.items()}
    turns = sorted((turn, name) for name, turn in (first | new).items())
    emptied = len(first) < piece and len(turns) <= piece
    return Queue(shard.number, stood, new, [name for _, name in turns[:piece]], empty, emptied)


def waits(db: Connection, shard: Shard, suffix: str, where: str = "") -> bool:
    """Whether some wait in the table, of all or of one turn."""
    found = db.execute(
        f"SELECT 1 FROM queue{suffix} WHERE shard = ? {where} LIMIT 1", (shard.number,)
    )
    return found.fetchone() is not None
