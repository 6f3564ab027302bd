"""What was written last, in memory: read back neither to go on from it nor to compare with it.

Whoever advances a shard is the only one who writes its rows; where somebody else has advanced it,
its transaction fails, and all of this is forgotten.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from domain.case import Folded, fold
from projections.judging import Earlier, Rows
from projections.kept import Kept
from projections.outlines import Sketch
from projections.reader import ModelReader
from projections.sql import rows_where
from projections.tables import JUDGED, NAMES, OUTLINES, Table
from store.log import Connection

KEPT_ROWS: Final = 60_000
"""Rows of outlines, and rows of judgements, that are kept at most; one takes up to 1 kB."""
NONE: Final[Rows] = MappingProxyType({})


class Stored:
    """The rows of some tables by the name that they stand under; where the first table has none
    under a name, the others have none.
    """

    def __init__(self, tables: Sequence[Table], room: int) -> None:
        self._tables = tables
        self._kept: Kept[Rows] = Kept(room)

    def under(self, db: Connection, names: Iterable[str], suffix: str = "") -> dict[str, Rows]:
        """What stands under each name, read where it is not in memory."""
        found: dict[str, Rows] = {}
        unknown = []
        for name in names:
            kept = self._kept.get(name)
            if kept is None:
                unknown.append(name)
            else:
                found[name] = kept
        if unknown:
            found.update(self._read(db, unknown, suffix))
        return found

    def _read(self, db: Connection, names: Sequence[str], suffix: str) -> Mapping[str, Rows]:
        found: dict[str, dict[Table, list[tuple[object, ...]]]] = {name: {} for name in names}
        there = names
        for table in self._tables:
            for row in rows_where(db, table, "movement", there, suffix):
                found[row.movement].setdefault(table, []).append(row)
            if table is self._tables[0]:
                there = [name for name in names if found[name]]
        return found

    def wrote(self, rows: Mapping[str, Rows]) -> None:
        """From now on this stands under these names."""
        for name, each in rows.items():
            self._kept.put(name, each, sum(map(len, each.values())) + 1)


class Memory:
    """What a shard's movements are by their facts, how they were judged, and what was written of
    them; `records` is of how many records the facts are kept.
    """

    def __init__(self, records: int) -> None:
        room = min(records, KEPT_ROWS)
        self.outlined, self.judged = Stored((NAMES, OUTLINES), room), Stored(JUDGED, room)
        self.earlier = Earlier(room)
        self._folds: Kept[Folded] = Kept(records)

    def renew(self, names: Iterable[str], sketches: Iterable[Sketch]) -> None:
        """Of all that bear these names, this is what their facts say now."""
        for name in names:
            self._folds.drop(name)
        for each in sketches:
            self._keep(each.folded)

    def folds(self, names: Iterable[str], reader: ModelReader) -> dict[str, Folded]:
        """What the facts of the movements of these names say."""
        return {name: self._folds.get(name) or self._keep(fold(name, reader)) for name in names}

    def _keep(self, folded: Folded) -> Folded:
        for name in folded.join.names:
            self._folds.put(name, folded, len(folded.settled.facts) + 1)
        return folded
