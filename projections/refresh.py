"""What a page of the log touches: outlines folded anew, and the movements to judge for it (D3)."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import orjson

from domain.facts.fact import SAME_AS
from domain.joins import connected, joined
from domain.references import names_movement
from projections.judging import Rows
from projections.outlines import OWN, Sketch, sketch
from projections.reader import ModelReader
from projections.shards import WHOLE, Shard
from projections.sql import rows_where
from projections.stored import NONE, Memory
from projections.tables import DEPENDENCIES, NAMES, OUTLINED, OUTLINES, Table
from projections.waiting import OWN_TURN
from projections.write import Changed, differences, put
from store.log import Connection
from store.records import LINK, Record


class Touched(NamedTuple):
    """The streams that a page writes to, by what it writes, and its last record.

    `own` are streams of movements with a new fact, or a new name of the same operation; `named`
    are those that another movement's report names; `data` are streams of authorisations,
    guarantees and reference data with a new fact.
    """

    own: frozenset[str]
    named: frozenset[str]
    data: frozenset[str]
    last: Record | None


NOTHING: Final = Touched(frozenset(), frozenset(), frozenset(), None)


def touched(records: Iterable[Record]) -> Touched:
    """Sort the streams of a page."""
    own, named, data = set(), set(), set()
    record = None
    for record in records:
        if not names_movement(record.stream):
            if record.topic != LINK:
                data.add(record.stream)
        elif record.topic != LINK or orjson.loads(record.body)["relation"] == SAME_AS:
            own.add(record.stream)
        else:
            named.add(record.stream)
    return Touched(frozenset(own), frozenset(named), frozenset(data), record)


class Refreshed(NamedTuple):
    """What stands from now on under the names that a page touches, and what of it is other than it
    was; who has to be judged because of it, and the last record of the page, if it has any.
    """

    rows: Mapping[str, Rows]
    changed: Mapping[Table, Changed]
    waiting: dict[str, int]
    last: Record | None

    def write(self, db: Connection, suffix: str) -> None:
        """Write outlines and references; they are as new as the position."""
        for table, changed in self.changed.items():
            put(db, table, changed, suffix)


def refresh(
    db: Connection,
    reader: ModelReader,
    memory: Memory,
    limit: int,
    shard: Shard = WHOLE,
    suffix: str = "",
) -> Refreshed:
    """Read a page of so many records, fold the outlines of what it touches in a shard, and find who
    has to be judged there because of it.
    """
    page = touched(reader.follow(limit)) if limit else NOTHING
    names = connected(page.own, reader)
    sketches = _sketches(names, reader, shard)
    memory.renew(names, sketches)
    new = {name: NONE for name in sorted(names) if shard.holds(name)}
    new |= {each.movement: {NAMES: each.references, OUTLINES: each.rows} for each in sketches}
    old = memory.outlined.under(db, new, suffix)
    differ = differences(OUTLINED, old, new)
    own = {name: each for each in sketches for name in each.names}
    changed = _changed(differ[OUTLINES], old, sketches)
    changed |= _changed_elsewhere(names - own.keys(), reader)
    for each in sketches:
        reader.renew(each.names, each.folded.own)
    rest_on = dependents(db, changed | page.data, suffix)
    waiting = dict.fromkeys(filter(shard.holds, sorted(rest_on)), reader.up_to)
    waiting |= dict.fromkeys(_owners(db, page.named - names, shard, suffix), OWN_TURN)
    waiting |= {own[name].movement: OWN_TURN for name in page.named & own.keys()}
    waiting |= {each.movement: OWN_TURN for each in sketches}
    return Refreshed(new, differ, waiting, page.last)


def _sketches(names: set[str], reader: ModelReader, shard: Shard) -> tuple[Sketch, ...]:
    """The sketch of every movement of a shard that these names lead to."""
    found: dict[str, Sketch] = {}
    done: set[str] = set()
    for name in sorted(names):
        if name not in done and (shard.whole or shard.holds(joined(name, reader).movement)):
            one = sketch(name, reader)
            found[one.movement] = one
            done |= {name, *one.names}
    return tuple(found[name] for name in sorted(found))


def _changed_elsewhere(names: set[str], reader: ModelReader) -> set[str]:
    """The names that are another shard's and whose outline is not what it was known to be."""
    changed = set()
    for name in names:
        was = reader.kept(name)
        reader.forget(name)
        if was is None or reader.outlines([name])[name] != was[0]:
            changed.add(name)
    return changed


def _changed(
    outlines: Changed, old: Mapping[str, Rows], sketches: Iterable[Sketch]
) -> frozenset[str]:
    """Every name, old or new, of a movement whose outline is not what it was."""
    differ: set[str] = {row.movement for rows in outlines for row in rows}
    was = (row for name in differ for row in old[name].get(NAMES, ()))
    names = {row.reference for row in was if row.relation == OWN}
    names |= {name for each in sketches if each.movement in differ for name in each.names}
    return frozenset(names | differ)


def dependents(db: Connection, streams: Iterable[str], suffix: str = "") -> set[str]:
    """The movements whose judgement rests on one of these streams, as the read models know them."""
    return {row.movement for row in rows_where(db, DEPENDENCIES, "stream", sorted(streams), suffix)}


def _owners(db: Connection, names: Iterable[str], shard: Shard, suffix: str) -> set[str]:
    """The movements that these names are references of, where there are any."""
    rows = rows_where(db, NAMES, "reference", sorted(names), suffix)
    return {row.movement for row in rows if row.relation == OWN and shard.holds(row.movement)}
