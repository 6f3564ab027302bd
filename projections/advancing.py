"""One shard of the read models advanced: pages of facts, movements judged, rows written (D3).

One transaction holds a shard's position, its outlines and names, the queue of the movements that
it did not get to, and the rows of those that it did. What is judged is read up to the position,
so that the rows are a function of the log's prefix, however its pages were cut.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from domain.joins import joined
from projections import journal, publications, state
from projections.judging import Judged, Rows, Terms, each_judged
from projections.reader import ModelReader
from projections.refresh import refresh
from projections.shards import Shard
from projections.stored import NONE, Memory
from projections.tables import AGENDA, JUDGED, ProjectionRow, Table
from projections.waiting import Queue
from projections.write import Changed, differences, put
from store.log import Connection, Log
from store.records import Record

PAGE: Final = 50_000
"""Records in a page at most; a page is as long as the lag, which saves judging many times."""
PAGES_KEPT: Final = 2
"""How many pages of records are kept decoded: a page comes with what its movements had before."""
PIECE: Final = 2_000
"""Movements judged in one transaction."""
OTHERS: Final = 200
"""Of these as many at most that are judged for what they read alone: whose own facts changed need
not wait long for them.
"""


class Manner(NamedTuple):
    """Records in a page, movements in a piece, which tables, whether verdicts are journalled."""

    page: int = PAGE
    piece: int = PIECE
    suffix: str = ""
    journals: bool = True


class Said(NamedTuple):
    """What stands from now on under the names of movements judged, and what of it is other than it
    was; `names` leads from every name of a movement to the one it has now.
    """

    names: Mapping[str, str]
    rows: Mapping[str, Rows]
    changed: Mapping[Table, Changed]

    def write(self, db: Connection, after: ProjectionRow, how: Manner) -> None:
        """Write the rows in place of all rows under any of these names, and journal verdicts.

        A name that leads to a movement of another shard by now loses its rows; the journal says
        nothing of that.
        """
        moved: set[str] = set()
        for table, changed in self.changed.items():
            put(db, table, changed, how.suffix)
            moved |= publications.moved(table, changed)
        if how.journals:
            removed, added = self.changed[AGENDA]
            gone = [row for row in removed if row.movement in self.names]
            journal.append(db, after, Changed(gone, added), self.names)
            publications.note(db, moved, after.position)


class Advancing:
    """Advances one shard; `how` says what it shares with the others."""

    def __init__(self, log: Log, terms: Terms, shard: Shard, how: Manner) -> None:
        self.log, self.terms, self.shard = log, terms, shard
        self._how, self._suffix = how, how.suffix
        self._room = PAGES_KEPT * how.page // shard.of
        self._stands: ProjectionRow | None = None
        self._reader: ModelReader | None = None
        self._waiting: Queue | None = None
        self._memory = Memory(self._room)

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
        """One page and whoever it tells of, or one piece of the queue; `None`: all is done.

        Those whose own facts changed are judged before the next page, and some others as well, so
        that neither waits for ever.
        """
        lag = self.log.head().index - self.stands().position
        room = min(lag, self._how.page) if limit is None else min(lag, self._how.page, limit)
        if room <= 0:
            return self._step(0) if self._queue() else None
        taken = self._step(room)
        while self._queue().own:
            self._step(0)
        return taken

    def _step(self, limit: int) -> int:
        """Read a page, judge a piece of what waits, write both in one transaction."""
        before, queue, memory, suffix = self.stands(), self._queue(), self._memory, self._suffix
        if self._reader is None:
            self._reader = ModelReader(self.log, before.position, suffix, self._room, self.shard)
        with self.log.connection() as db:
            reader = self._reader.through(db)
            fresh = refresh(db, reader, memory, limit, self.shard, suffix)
            after = _moved(before, fresh.last)
            queue.join(fresh.waiting)
            piece = queue.piece(self._how.piece, OTHERS)
            reader.prime(piece)
            own = self._own(piece, reader)
            folds = memory.folds(own, reader)
            judged = list(each_judged(own, reader, self.terms, folds, memory.earlier))
            said = self._said(db, piece, judged, after)
        queue.leave({*piece, *(one.movement for one in judged)})
        with self.log.transaction() as db:
            state.unmoved(db, before, suffix)
            fresh.write(db, suffix)
            said.write(db, after, self._how)
            queue.write(db, suffix)
            state.put(db, [after], suffix)
        memory.outlined.wrote(fresh.rows)
        memory.judged.wrote(said.rows)
        self._stands = after
        return after.position - before.position

    def _own(self, piece: Sequence[str], reader: ModelReader) -> Sequence[str]:
        """Those that are a movement of this shard: the others were joined to one elsewhere."""
        if self.shard.whole:
            return piece
        return [name for name in piece if self.shard.holds(joined(name, reader).movement)]

    def _said(
        self, db: Connection, piece: Iterable[str], judged: Sequence[Judged], after: ProjectionRow
    ) -> Said:
        """The rows of the movements judged; of what waited and is no movement by now, none."""
        names = {name: one.movement for one in judged for name in (*one.names, one.movement)}
        rows = {name: NONE for name in sorted({*names, *piece}) if self.shard.holds(name)}
        earlier, position = self._memory.earlier, after.position
        rows |= {one.movement: one.rows(position, earlier) for one in judged}
        old = self._memory.judged.under(db, rows, self._suffix)
        return Said(names, rows, differences(JUDGED, old, rows))

    def _queue(self) -> Queue:
        """Who waits, as far as is known here."""
        if self._waiting is None:
            with self.log.connection() as db:
                self._waiting = Queue.read(db, self.shard, self._suffix)
        return self._waiting

    def stands(self) -> ProjectionRow:
        """Where the shard stands, as far as is known here."""
        if self._stands is None:
            with self.log.transaction() as db:
                stand = state.prepared(db, self.terms, self._suffix, self.shard.of)
            self._stands = stand[self.shard.number]
        return self._stands

    def _forget(self) -> None:
        """Whatever was read may not have been written: begin again from the tables."""
        self._stands = self._reader = self._waiting = None
        self._memory = Memory(self._room)


def _moved(before: ProjectionRow, last: Record | None) -> ProjectionRow:
    after = before._replace(steps=before.steps + 1)
    if last is None:
        return after
    return after._replace(position=last.index, recorded_at=state.recorded(last))
