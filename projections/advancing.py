"""One shard of the read models advanced: pages of facts, movements judged, rows written (D3).

One transaction holds a shard's position, its outlines and names, the queue of the movements that
it did not get to, and the rows of those that it did. What is judged is read up to the position,
so that the rows are a function of the log's prefix, however its pages were cut.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from domain.case import Folded
from domain.joins import joined
from projections import journal, publications, state
from projections.judging import Judged, Rows, Terms, each_judged
from projections.reader import ModelReader
from projections.refresh import Refreshed, refresh
from projections.shards import Shard
from projections.sql import delete, rows_where, upsert
from projections.tables import AGENDA, JUDGED, MOVEMENTS, QUEUE, ProjectionRow
from projections.write import Changed, replace
from store.log import Connection, Log
from store.records import Record

PAGE: Final = 50_000
"""Records in a page at most; a page is as long as the lag, which saves judging many times."""
PAGES_KEPT: Final = 2
"""How many pages of records are kept decoded: a page comes with what its movements had before."""
PIECE: Final = 2_000
"""Movements judged in one transaction."""


class Queue(NamedTuple):
    """Of those that have to wait, with their turns, who stood in the queue already and who is
    new or comes again; and the piece whose turn it is.
    """

    shard: int
    stood: dict[str, int]
    waiting: dict[str, int]
    piece: list[str]

    def write(self, db: Connection, done: set[str], suffix: str) -> None:
        """Let those wait who are not done."""
        left = [(name, turn, self.shard) for name, turn in self.waiting.items() if name not in done]
        upsert(db, QUEUE, sorted(left), suffix)
        gone = done - (self.waiting.keys() - self.stood.keys())
        delete(db, QUEUE, sorted((name,) for name in gone), suffix)


class Manner(NamedTuple):
    """Records in a page, movements in a piece, which tables, whether verdicts are journalled."""

    page: int = PAGE
    piece: int = PIECE
    suffix: str = ""
    journals: bool = True


class Advancing:
    """Advances one shard; `how` says what it shares with the others."""

    def __init__(self, log: Log, terms: Terms, shard: Shard, how: Manner) -> None:
        self.log, self.terms, self.shard = log, terms, shard
        self._page, self._piece, self._suffix, self._journals = how
        self._stands: ProjectionRow | None = None
        self._reader: ModelReader | None = None
        self._folds: dict[str, Folded] = {}

    def catch_up(self, limit: int | None = None, told: Callable[[], None] | None = None) -> int:
        """Read on to the head of the log, or `limit` records of it; return how many were read."""
        taken = 0
        while True:
            try:
                step = self.advance(None if limit is None else limit - taken)
            except state.Moved:
                continue
            if step is None:
                return taken
            taken += step
            if told:
                told()

    def advance(self, limit: int | None = None) -> int | None:
        """One bounded piece of work, such as a page; return how many records were read.

        `None`: all is done. Raises `Moved` where somebody else advanced the shard meanwhile.
        """
        try:
            return self._advance(limit)
        except BaseException:
            self._forget()
            raise

    def _advance(self, limit: int | None) -> int | None:
        """One page and what waits because of it, or one piece of the queue; `None`: all is done.

        Those whose own facts changed are judged before the next page, and some others as well, so
        that neither waits for ever.
        """
        lag = self.log.head().index - self.stands().position
        room = min(lag, self._page) if limit is None else min(lag, self._page, limit)
        if room <= 0:
            return self._step(0) if self._waits() else None
        taken = self._step(room)
        while self._waits("AND turn = 0"):
            self._step(0)
        if self._waits():
            self._step(0)
        return taken

    def _step(self, limit: int) -> int:
        """Read a page, judge a piece of what waits, write both in one transaction."""
        before = self.stands()
        if self._reader is None:
            room = PAGES_KEPT * self._page // self.shard.of
            self._reader = ModelReader(self.log, before.position, self._suffix, room, self.shard)
        with self.log.connection() as db:
            reader = self._reader.through(db)
            fresh = refresh(db, reader, limit, self.shard, self._suffix)
            after = _moved(before, fresh.last)
            queue = self._queue(db, fresh)
            reader.prime(queue.piece)
            if limit:
                self._folds = fresh.folds
            judged = list(each_judged(self._own(queue.piece), reader, self.terms, self._folds))
        rows = [one.rows(after.position) for one in judged]
        with self.log.transaction() as db:
            state.unmoved(db, before, self._suffix)
            fresh.write(db, self._suffix)
            self._write(db, queue.piece, judged, rows, after)
            queue.write(db, {*queue.piece, *(one.movement for one in judged)}, self._suffix)
            state.put(db, [after], self._suffix)
        self._stands = after
        return after.position - before.position

    def _own(self, piece: Sequence[str]) -> list[str]:
        """Those that are a movement of this shard: the others were joined to one elsewhere."""
        reader = self._reader
        if self.shard.whole or reader is None:
            return list(piece)
        return [name for name in piece if self.shard.holds(joined(name, reader).movement)]

    def _queue(self, db: Connection, fresh: Refreshed) -> Queue:
        """Who has to wait from now on, and the piece whose turn it is."""
        rows = rows_where(db, QUEUE, "movement", sorted(fresh.waiting), self._suffix)
        stood = {row.movement: row.turn for row in rows if row.shard == self.shard.number}
        new = {name: min(turn, stood.get(name, turn)) for name, turn in fresh.waiting.items()}
        first = db.execute(
            f"SELECT movement, turn FROM queue{self._suffix} WHERE shard = ?"
            " ORDER BY turn, movement LIMIT ?",
            (self.shard.number, self._piece),
        )
        turns = sorted((turn, name) for name, turn in ({**dict(first.fetchall())} | new).items())
        return Queue(self.shard.number, stood, new, [name for _, name in turns[: self._piece]])

    def _write(
        self,
        db: Connection,
        piece: Sequence[str],
        judged: Sequence[Judged],
        rows: Sequence[Rows],
        after: ProjectionRow,
    ) -> None:
        """The rows of the movements judged, in place of all rows under any of their names.

        What has no row in `movements` has none in any table. A name that leads to a movement of
        another shard by now loses its rows; the journal says nothing of that.
        """
        names = {name: one.movement for one in judged for name in (*one.names, one.movement)}
        cleared = {*piece} - names.keys()
        mine = sorted(name for name in {*names, *cleared} if self.shard.holds(name))
        stored = rows_where(db, MOVEMENTS, "movement", mine, self._suffix)
        before = [row.movement for row in stored]
        moved: set[str] = set()
        for table in JUDGED:
            new = (row for each in rows for row in each.get(table, ()))
            changed = replace(db, table, before, new, self._suffix)
            moved |= publications.moved(table, changed)
            if table is AGENDA and self._journals:
                gone = [row for row in changed.removed if row.movement in names]
                journal.append(db, after, Changed(gone, changed.added), names)
        if self._journals:
            publications.note(db, moved, after.position)

    def _waits(self, where: str = "") -> bool:
        """Whether some wait, of all or of one turn."""
        with self.log.connection() as db:
            found = db.execute(
                f"SELECT 1 FROM queue{self._suffix} WHERE shard = ? {where} LIMIT 1",
                (self.shard.number,),
            ).fetchone()
        return found is not None

    def stands(self) -> ProjectionRow:
        """Where the shard stands, as far as is known here."""
        if self._stands is None:
            with self.log.transaction() as db:
                stand = state.prepared(db, self.terms, self._suffix, self.shard.of)
            self._stands = stand[self.shard.number]
        return self._stands

    def _forget(self) -> None:
        """Whatever was read may not have been written: begin again from the tables."""
        self._stands = self._reader = None
        self._folds = {}


def _moved(before: ProjectionRow, last: Record | None) -> ProjectionRow:
    after = before._replace(steps=before.steps + 1)
    if last is None:
        return after
    return after._replace(position=last.index, recorded_at=state.recorded(last))
