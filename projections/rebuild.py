"""The read models made again from the log alone, beside the live ones, and put in their place.

Two passes in key order: outlines first, then judgements, movement by movement, so that each is
judged once and memory stays flat however long the log is. The journal is left alone.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from domain.law.citation import Law
from domain.policies import Policies
from domain.references import names_movement
from projections import publications, state
from projections.advancing import PIECE, Advancing, Manner
from projections.digest import Differing, differing, digest
from projections.judging import Terms, judged
from projections.outlines import OWN, Sketch, sketch
from projections.projector import Progress
from projections.reader import ModelReader
from projections.shards import Shard
from projections.sql import create, drop, rename, rows_where, upsert
from projections.tables import JUDGED, KEPT, NAMES, OUTLINES, REBUILT, ProjectionRow
from store.log import Connection, Log, all_streams

NEW: Final = "_new"
SHOWN: Final = 1_000
"""How many differing rows are listed; all are counted."""


class Rebuilt(NamedTuple):
    """How the new read models compare with those that they replace.

    `digest_live` is `None` where there were none that this software can read. `read` counts the
    records read from the log, `judged` the judgements made.
    """

    digest_live: str | None
    digest_new: str
    differing: tuple[Differing, ...]
    differences: int
    read: int
    judged: int

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return self.digest_live == self.digest_new


class Compared(NamedTuple):
    """Both digests, and the rows that differ."""

    digest_live: str | None
    digest_new: str
    differing: tuple[Differing, ...]
    differences: int


def rebuild(
    log: Log,
    progress: Progress | None = None,
    *,
    law: Law | None = None,
    policies: Policies | None = None,
) -> Rebuilt:
    """Rebuild the read models up to where the live ones stand, or to the head where there are
    none; under the law and the policies of the live ones, unless others are given.

    Only one rebuild at a time: it starts by dropping what another has left.
    """
    building = _Building(log, law, policies, progress)
    building.fold_outlines()
    building.judge()
    compared = _compared(log, building.terms)
    _swap(log, building.terms, equal=compared.digest_live == compared.digest_new)
    return Rebuilt(*compared, building.reader.read, building.judged)


class _Building:
    """The new tables while they are made."""

    def __init__(
        self, log: Log, law: Law | None, policies: Policies | None, progress: Progress | None
    ) -> None:
        self.log, self.progress = log, progress
        head = log.head()
        with log.transaction() as db:
            live = state.found(db)
            known = state.terms_of(live) if live else Terms(Law(), Policies())
            self.terms = Terms(law or known.law, policies or known.policies)
            self.up_to = live.position if live else head.index
            generation = live.generation + 1 if live else 1
            create(db, KEPT)
            drop(db, REBUILT, NEW)
            create(db, REBUILT, NEW, generation)
            state.put(db, self._stand(live.shards if live else 1, generation), NEW)
        self.reader = ModelReader(log, self.up_to, NEW)
        self.judged = 0

    def _stand(self, shards: int, generation: int) -> list[ProjectionRow]:
        """All shards at one position: that of the last of the live ones."""
        last = self.log.record(self.up_to) if self.up_to else None
        return [
            each._replace(position=self.up_to, recorded_at=state.recorded(last))
            for each in state.beginning(self.terms, shards, generation)
        ]

    def fold_outlines(self) -> None:
        """The first pass: every stream once, by its name."""
        streams = (name for name in all_streams(self.log) if names_movement(name))
        while names := list(islice(streams, PIECE)):
            with self.log.connection() as db:
                sketches = list(self._sketches(db, names))
            with self.log.transaction() as db:
                upsert(db, OUTLINES, (row for each in sketches for row in each.rows), NEW)
                upsert(db, NAMES, (row for each in sketches for row in each.references), NEW)
            self._tell()

    def _sketches(self, db: Connection, names: list[str]) -> Iterator[Sketch]:
        """The movements of these names that were not met under another name before."""
        rows = rows_where(db, NAMES, "reference", names, NEW)
        met = {row.reference for row in rows if row.relation == OWN}
        self.reader.through(db).prime([name for name in names if name not in met])
        for name in names:
            if name not in met:
                one = sketch(name, self.reader)
                met |= {*one.names}
                yield one

    def judge(self) -> None:
        """The second pass: every movement once, by its name."""
        last = ""
        while True:
            with self.log.connection() as db:
                names = _movements(db, last)
                if not names:
                    return
                own = rows_where(db, NAMES, "movement", names, NEW)
                self.reader.through(db).prime(
                    sorted({row.reference for row in own if row.relation == OWN})
                )
                rows = [judged(name, self.reader, self.terms).rows(self.up_to) for name in names]
            with self.log.transaction() as db:
                for table in JUDGED:
                    upsert(db, table, (row for each in rows for row in each.get(table, ())), NEW)
            self.judged += len(names)
            last = names[-1]
            self._tell()

    def _tell(self) -> None:
        """Each record is read twice; a little more where reference data was forgotten."""
        if self.progress:
            self.progress(min(self.reader.read, 2 * self.up_to), 2 * self.up_to)


def _movements(db: Connection, after: str) -> list[str]:
    found = db.execute(
        f"SELECT movement FROM outlines{NEW} WHERE movement > ? ORDER BY movement LIMIT ?",
        (after, PIECE),
    )
    return [name for (name,) in found]


def _compared(log: Log, terms: Terms) -> Compared:
    """Compare with the live tables, each shard as of one position."""
    while True:
        with log.connection() as db:
            behind = _behind(db)
            if not behind:
                return _compare(db)
        _catch_up(log, terms, behind)


def _compare(db: Connection) -> Compared:
    live = state.found(db)
    if live is None or live.format != state.FORMAT or state.lacking(db):
        return Compared(None, digest(db, NEW), (), 0)
    ours, theirs = digest(db), digest(db, NEW)
    if ours == theirs:
        return Compared(ours, theirs, (), 0)
    rows = differing(db, "", NEW)
    shown = tuple(islice(rows, SHOWN))
    return Compared(ours, theirs, shown, len(shown) + sum(1 for _ in rows))


def _swap(log: Log, terms: Terms, *, equal: bool) -> None:
    """Put the new tables in the place of the live ones, not a record behind them; what they say
    otherwise is published anew.
    """
    while True:
        with log.transaction(alone=True) as db:
            behind = _behind(db)
            if not behind:
                drop(db, REBUILT)
                rename(db, REBUILT, NEW)
                if not equal:
                    publications.all_due(db)
                return
        _catch_up(log, terms, behind)


def _behind(db: Connection) -> dict[Shard, int]:
    """How many records the live shards have read and the new ones have not, where there are any."""
    live = state.shards(db) if state.found(db) else []
    lags = {
        Shard(was.shard, was.shards): was.position - now.position
        for was, now in zip(live, state.shards(db, NEW), strict=False)
    }
    return {shard: lag for shard, lag in lags.items() if lag > 0}


def _catch_up(log: Log, terms: Terms, behind: Mapping[Shard, int]) -> None:
    for shard, lag in behind.items():
        Advancing(log, terms, shard, Manner(suffix=NEW, journals=False)).catch_up(lag)
