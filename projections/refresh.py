"""What a page of the log touches: outlines folded anew, and the movements to judge for it (D3)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import orjson

from domain.case import Folded
from domain.facts.fact import SAME_AS
from domain.references import names_movement
from projections.outlines import JOINED, OWN, Sketch, sketch
from projections.reader import ModelReader
from projections.sql import rows_where
from projections.tables import DEPENDENCIES, NAMES, OUTLINES, NameRow, OutlineRow
from projections.write import replace
from store.log import Connection
from store.records import LINK, Record

OWN_TURN = 0
OTHERS_TURN = 1


class Touched(NamedTuple):
    """The streams that a page writes to, by what it writes.

    `own` are streams of movements with a new fact, or a new name of the same operation; `named`
    are those that another movement's report names; `data` are streams of authorisations,
    guarantees and reference data with a new fact.
    """

    own: frozenset[str]
    named: frozenset[str]
    data: frozenset[str]


def touched(records: Iterable[Record]) -> Touched:
    """Sort the streams of a page."""
    own, named, data = set(), set(), set()
    for record in records:
        if not names_movement(record.stream):
            if record.topic != LINK:
                data.add(record.stream)
        elif record.topic != LINK or orjson.loads(record.body)["relation"] == SAME_AS:
            own.add(record.stream)
        else:
            named.add(record.stream)
    return Touched(frozenset(own), frozenset(named), frozenset(data))


class Refreshed(NamedTuple):
    """The sketches of the movements that a page touches, in place of those of `before`."""

    before: frozenset[str]
    sketches: tuple[Sketch, ...]
    waiting: dict[str, int]

    @property
    def folds(self) -> dict[str, Folded]:
        """What is folded already, by name."""
        return {name: each.folded for each in self.sketches for name in each.names}

    def write(self, db: Connection, suffix: str) -> None:
        """Write outlines and references; they are as new as the position."""
        outlines = (row for each in self.sketches for row in each.rows)
        replace(db, OUTLINES, self.before, outlines, suffix)
        references = (row for each in self.sketches for row in each.references)
        replace(db, NAMES, self.before, references, suffix)


def refresh(
    db: Connection, reader: ModelReader, records: Sequence[Record], suffix: str = ""
) -> Refreshed:
    """Fold the outlines of what a page touches, and find who has to be judged because of it."""
    page = touched(records)
    known = _known(db, page.own, suffix)
    sketches = _sketches({*page.own, *(row.reference for row in known)}, reader)
    before = {row.movement for row in known} | {name for each in sketches for name in each.names}
    changed = _changed(db, before, known, sketches, suffix)
    for name in changed:
        reader.renew([name], None)
    for each in sketches:
        reader.renew(each.names, each.folded.own)
    waiting = dict.fromkeys(_dependents(db, changed | page.data, suffix), OTHERS_TURN)
    waiting |= dict.fromkeys(_owners(db, page.named, sketches, suffix), OWN_TURN)
    waiting |= {each.movement: OWN_TURN for each in sketches}
    return Refreshed(frozenset(before), sketches, waiting)


def _known(db: Connection, names: Iterable[str], suffix: str) -> list[NameRow]:
    """The names of the movements that had these names, or were connected with them."""
    had = {
        row.movement
        for row in rows_where(db, NAMES, "reference", names, suffix)
        if row.relation in (OWN, JOINED)
    }
    rows = rows_where(db, NAMES, "movement", sorted(had), suffix)
    return [row for row in rows if row.relation in (OWN, JOINED)]


def _sketches(names: set[str], reader: ModelReader) -> tuple[Sketch, ...]:
    """The sketch of every movement that these names lead to.

    A new connection touches both its ends, so nobody else can be concerned.
    """
    found: dict[str, Sketch] = {}
    done: set[str] = set()
    reader.prime(sorted(names))
    for name in sorted(names):
        if name not in done:
            one = sketch(name, reader)
            found[one.movement] = one
            done |= {name, *one.names}
    return tuple(found[name] for name in sorted(found))


def _changed(
    db: Connection,
    before: set[str],
    known: list[NameRow],
    sketches: Sequence[Sketch],
    suffix: str,
) -> frozenset[str]:
    """Every name, old or new, of a movement whose outline is not what it was."""
    old: dict[str, OutlineRow] = {
        row.movement: row for row in rows_where(db, OUTLINES, "movement", sorted(before), suffix)
    }
    new = {row.movement: row for each in sketches for row in each.rows}
    differ = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    names = {row.reference for row in known if row.movement in differ and row.relation == OWN}
    names |= {name for each in sketches if each.movement in differ for name in each.names}
    return frozenset(names | differ)


def _dependents(db: Connection, streams: Iterable[str], suffix: str) -> set[str]:
    rows = rows_where(db, DEPENDENCIES, "stream", sorted(streams), suffix)
    return {row.movement for row in rows}


def _owners(
    db: Connection, names: Iterable[str], sketches: Sequence[Sketch], suffix: str
) -> set[str]:
    """The movements that these names are references of, where there are any."""
    fresh = {name: each.movement for each in sketches for name in each.names}
    rows = rows_where(db, NAMES, "reference", sorted({*names} - fresh.keys()), suffix)
    owners = {row.movement for row in rows if row.relation == OWN}
    return owners | {fresh[name] for name in names if name in fresh}
