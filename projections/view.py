"""What questions are put to: the read models, or the same tables judged again for the purpose.

The read models answer what they were judged for. Anything else, an earlier `known_at`, another
law, other policies, is judged again into the same tables of a throwaway database, which spills to
disk: the same rows, the same SQL, the same answers.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from domain.law.citation import Law
from domain.policies import Policies
from projections import live, state
from projections.advancing import PIECE
from projections.judging import Judged, Terms
from projections.outlines import OWN, sketch
from projections.projector import Progress
from projections.reader import LogReader, ModelReader
from projections.sql import create, rows_where, upsert
from projections.tables import DIGESTED, JUDGED, NAMES, OUTLINES, ProjectionRow
from store.log import Connection, Log


class View(NamedTuple):
    """Tables to ask, the log as far as they know it, and what they were judged under."""

    db: Connection
    reader: LogReader
    terms: Terms

    def movements(self, references: Iterable[str]) -> list[str]:
        """The movements that these are names of, each once, in key order."""
        rows = rows_where(self.db, NAMES, "reference", sorted(set(references)))
        return sorted({row.movement for row in rows if row.relation == OWN})


@contextmanager
def view(
    log: Log,
    *,
    law: Law | None = None,
    policies: Policies | None = None,
    known_at: datetime | None = None,
    movements: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> Iterator[View]:
    """A view of the log as known at `known_at` (now), under a law and policies (those of the read
    models). What has to be judged again is only `movements` where they are given, else all.
    """
    with log.connection() as db:
        stands = state.found(db)
        known = state.terms_of(stands) if stands else Terms(Law(), Policies())
        terms = Terms(law or known.law, policies or known.policies)
        up_to = live.reach(log, known_at)
        if stands and _answers(db, stands, terms, None if known_at is None else up_to):
            yield View(db, ModelReader(log, stands.position).through(db), terms)
            return
    with closing(sqlite3.connect("", isolation_level=None)) as scratch:
        reader = LogReader(log, up_to)
        create(scratch, DIGESTED)
        _fill(scratch, reader, terms, movements, progress)
        yield View(scratch, reader, terms)


def _answers(db: Connection, stands: ProjectionRow, terms: Terms, up_to: int | None) -> bool:
    """Whether the read models say what is asked; the latest they know where no time is named."""
    ours = (*state.spelled(terms), state.RULES, state.FORMAT)
    if ours != (stands.law, stands.policies, stands.rules, stands.format) or state.lacking(db):
        return False
    waits = db.execute("SELECT 1 FROM queue LIMIT 1").fetchone() is not None
    return up_to is None or (up_to == stands.position and state.even(db) and not waits)


def _fill(
    db: Connection,
    reader: LogReader,
    terms: Terms,
    movements: Iterable[str] | None,
    progress: Progress | None,
) -> None:
    judged = live.each(reader, terms, movements)
    db.execute("BEGIN")
    while some := list(islice(judged, PIECE)):
        _write(db, reader, some)
        if progress:
            progress(min(reader.read, reader.up_to), reader.up_to)
    db.execute("COMMIT")


def _write(db: Connection, reader: LogReader, some: list[Judged]) -> None:
    sketches = [sketch(one.movement, reader) for one in some]
    upsert(db, OUTLINES, (row for one in sketches for row in one.rows))
    upsert(db, NAMES, (row for one in sketches for row in one.references))
    rows = [one.rows(reader.up_to) for one in some]
    for table in JUDGED:
        upsert(db, table, (row for each in rows for row in each.get(table, ())))
