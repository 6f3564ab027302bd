"""From the log to the read models: pages of facts, movements judged, rows written (D3).

One transaction holds a page's position, its outlines and names, the queue of the movements that
it did not get to, and the rows of those that it did. What is judged is read up to the position,
so that the rows are a function of the log's prefix, however its pages were cut.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from domain.case import Folded
from domain.law.citation import Law
from domain.policies import Policies
from projections import journal, publications, state
from projections.judging import Judged, Rows, Terms, each_judged
from projections.reader import ModelReader
from projections.refresh import Refreshed, refresh
from projections.sql import delete, rows_where, upsert
from projections.tables import AGENDA, JUDGED, MOVEMENTS, QUEUE, ProjectionRow
from projections.write import replace
from store.log import Connection, Log
from store.records import Record

PAGE: Final = 50_000
"""Records in a page at most; a page is as long as the lag, which saves judging many times."""
PAGES_KEPT: Final = 2
"""How many pages of records are kept decoded: a page comes with what its movements had before."""
PIECE: Final = 2_000
"""Movements judged in one transaction."""
Progress = Callable[[int, int], None]
"""Told (done, total) in records of the log."""


class Lag(NamedTuple):
    """Where the read models stand: the records that are not read, the movements that wait."""

    position: int
    unread: int
    waiting: int


class Queue(NamedTuple):
    """Of those that have to wait, with their turns, who stood in the queue already and who is
    new or comes again; and the piece whose turn it is.
    """

    stood: dict[str, int]
    waiting: dict[str, int]
    piece: list[str]

    def write(self, db: Connection, done: set[str], suffix: str) -> None:
        """Let those wait who are not done."""
        left = [(name, turn) for name, turn in self.waiting.items() if name not in done]
        upsert(db, QUEUE, sorted(left), suffix)
        gone = done - (self.waiting.keys() - self.stood.keys())
        delete(db, QUEUE, sorted((name,) for name in gone), suffix)


class Projector:
    """Keeps the read models in step with the log.

    `suffix` names the tables to write; `journals` says whether changed verdicts are journalled.
    """

    def __init__(
        self,
        log: Log,
        law: Law,
        policies: Policies,
        *,
        page: int = PAGE,
        piece: int = PIECE,
        suffix: str = "",
        journals: bool = True,
    ) -> None:
        self.log, self.terms = log, Terms(law, policies)
        self.page, self.piece = page, piece
        self._suffix, self._journals = suffix, journals
        self._stands: ProjectionRow | None = None
        self._reader: ModelReader | None = None
        self._folds: dict[str, Folded] = {}

    def catch_up(self, limit: int | None = None, progress: Progress | None = None) -> int:
        """Read on to the head of the log, or `limit` records of it; return how many were read.

        All movements that wait are judged before it returns. Raises `OtherReadModels` where the
        read models were made under other terms or by other software.
        """
        taken = 0
        while (step := self.advance(None if limit is None else limit - taken)) is not None:
            taken += step
            if progress:
                progress(self._position().position, self.log.head().index)
        return taken

    def advance(self, limit: int | None = None) -> int | None:
        """One bounded piece of work, such as a page; return how many records were read.

        `None`: all is done. Raises `OtherReadModels` as `catch_up` does.
        """
        while True:
            try:
                return self._advance(limit)
            except state.Moved:
                self._forget()
            except BaseException:
                self._forget()
                raise

    def lag(self) -> Lag:
        """How far the read models are behind the log."""
        with self.log.connection() as db:
            stands = state.found(db, self._suffix)
            query = f"SELECT COUNT(*) FROM queue{self._suffix}"
            waiting = db.execute(query).fetchone()[0] if stands else 0
        position = stands.position if stands else 0
        return Lag(position, max(self.log.head().index - position, 0), waiting)

    def _advance(self, limit: int | None) -> int | None:
        """One page and what waits because of it, or one piece of the queue; `None`: all is done.

        Those whose own facts changed are judged before the next page, and some others as well, so
        that neither waits for ever.
        """
        lag = self.log.head().index - self._position().position
        room = min(lag, self.page) if limit is None else min(lag, self.page, limit)
        if room <= 0:
            return self._step(0) if self._waits() else None
        taken = self._step(room)
        while self._waits("WHERE turn = 0"):
            self._step(0)
        if self._waits():
            self._step(0)
        return taken

    def _step(self, limit: int) -> int:
        """Read a page, judge a piece of what waits, write both in one transaction."""
        before = self._position()
        if self._reader is None:
            room = PAGES_KEPT * self.page
            self._reader = ModelReader(self.log, before.position, self._suffix, room)
        with self.log.connection() as db:
            reader = self._reader.through(db)
            fresh = refresh(db, reader, limit, self._suffix)
            after = _moved(before, fresh.last)
            queue = self._queue(db, fresh)
            reader.prime(queue.piece)
            if limit:
                self._folds = fresh.folds
            judged = list(each_judged(queue.piece, reader, self.terms, self._folds))
        rows = [one.rows(after.position) for one in judged]
        with self.log.transaction() as db:
            state.unmoved(db, before, self._suffix)
            fresh.write(db, self._suffix)
            self._write(db, judged, rows, after)
            queue.write(db, {*queue.piece, *(one.movement for one in judged)}, self._suffix)
            state.put(db, after, self._suffix)
        self._stands = after
        return after.position - before.position

    def _queue(self, db: Connection, fresh: Refreshed) -> Queue:
        """Who has to wait from now on, and the piece whose turn it is."""
        stood = dict(rows_where(db, QUEUE, "movement", sorted(fresh.waiting), self._suffix))
        new = {name: min(turn, stood.get(name, turn)) for name, turn in fresh.waiting.items()}
        first = db.execute(
            f"SELECT movement, turn FROM queue{self._suffix} ORDER BY turn, movement LIMIT ?",
            (self.piece,),
        )
        turns = sorted((turn, name) for name, turn in ({**dict(first.fetchall())} | new).items())
        return Queue(stood, new, [name for _, name in turns[: self.piece]])

    def _write(
        self, db: Connection, judged: Sequence[Judged], rows: Sequence[Rows], after: ProjectionRow
    ) -> None:
        """The rows of the movements judged, in place of all rows under any of their names.

        What has no row in `movements` has none in any table.
        """
        names = {name: one.movement for one in judged for name in (*one.names, one.movement)}
        stored = rows_where(db, MOVEMENTS, "movement", sorted(names), self._suffix)
        before = [row.movement for row in stored]
        moved: set[str] = set()
        for table in JUDGED:
            new = (row for each in rows for row in each.get(table, ()))
            changed = replace(db, table, before, new, self._suffix)
            moved |= publications.moved(table, changed)
            if table is AGENDA and self._journals:
                journal.append(db, after, changed, names)
        if self._journals:
            publications.note(db, moved, after.position)

    def _waits(self, where: str = "") -> bool:
        with self.log.connection() as db:
            found = db.execute(f"SELECT 1 FROM queue{self._suffix} {where} LIMIT 1").fetchone()
        return found is not None

    def _position(self) -> ProjectionRow:
        if self._stands is None:
            with self.log.transaction() as db:
                self._stands = state.prepared(db, self.terms, self._suffix)
        return self._stands

    def _forget(self) -> None:
        """Whatever was read may not have been written: begin again from the tables."""
        self._stands = self._reader = None
        self._folds = {}


def _moved(before: ProjectionRow, last: Record | None) -> ProjectionRow:
    if last is None:
        return before
    return before._replace(position=last.index, recorded_at=state.recorded(last))
