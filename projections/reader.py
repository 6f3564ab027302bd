"""What cases are read from: a prefix of the log, and outlines folded from it or stored.

A reader never looks past its position, so what is judged with it is a function of that prefix.
It keeps what it decoded, within bounds, and counts what it read.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Self

import orjson

from domain.case import Linked, outline_of
from domain.derived import Facts
from domain.facts.fact import Told, told
from domain.joins import connected
from domain.outline import Outline
from domain.references import names_movement
from projections.kept import Kept
from projections.outlines import OWN, decode
from projections.shards import WHOLE, Shard
from projections.sql import among, chunks, listed
from store.log import Connection, Log
from store.records import LINK, Record

KEPT_RECORDS: Final = 20_000
KEPT_OUTLINES: Final = 8_000
FOLLOWED: Final = 5_000
"""Records that are held whole while the log is followed."""


class Stream(NamedTuple):
    """A stream as far as it was read."""

    told: Facts
    linked: list[Linked]


class LogReader:
    """The log up to an index; outlines are folded from its facts.

    `room` is how many records it keeps decoded.
    """

    def __init__(self, log: Log, up_to: int, room: int = KEPT_RECORDS) -> None:
        self.log, self.up_to = log, up_to
        self.read = 0
        """How many records were read from the log so far."""
        self._streams: Kept[Stream] = Kept(room)
        self._outlines: Kept[tuple[Outline | None]] = Kept(KEPT_OUTLINES)

    def told(self, streams: Collection[str]) -> Mapping[str, Sequence[Told]]:
        """The facts of each stream."""
        return {stream: found.told for stream, found in self._read(streams).items()}

    def linked(self, streams: Collection[str]) -> Mapping[str, Sequence[Linked]]:
        """The links on each stream; of a stream that is no movement's they lead nowhere."""
        return {stream: found.linked for stream, found in self._read(streams).items()}

    def prime(self, streams: Iterable[str]) -> None:
        """Read many streams at once, so that what follows finds them."""
        self._read(list(streams))

    def outlines(self, names: Collection[str]) -> Mapping[str, Outline | None]:
        """The outline of the movement of each name."""
        known = {name: self._outlines.get(name) for name in names}
        found = {name: kept[0] for name, kept in known.items() if kept}
        for some in chunks(name for name in names if name not in found):
            connected(some, self)  # which reads all their streams, in few steps
            for name in some:
                found[name] = outline_of(name, self)
                self._outlines.put(name, (found[name],))
        return found

    def _read(self, streams: Collection[str]) -> dict[str, Stream]:
        """What is known of the streams, reading what is missing; an authorisation may be named
        100 000 times, so links are read only where a movement can be.
        """
        found: dict[str, Stream] = {}
        missing: dict[bool, list[str]] = {True: [], False: []}
        for stream in streams:
            known = self._streams.get(stream)
            if known is None:
                missing[names_movement(stream)].append(stream)
            else:
                found[stream] = known
        for links, names in missing.items():
            if names:
                records = self.log.streams(names, up_to=self.up_to, links=links)
                found |= {name: self._decoded(name, records[name]) for name in names}
        return found

    def _decoded(self, name: str, records: Sequence[Record]) -> Stream:
        self.read += len(records)
        stream = Stream(Facts(), [])
        for record in records:
            add(stream, record)
        self._streams.put(name, stream, len(records) + 1)
        return stream


class ModelReader(LogReader):
    """The log up to where the read models stand; outlines are read from their table.

    A shard's are folded from the log, since other shards may stand elsewhere.
    """

    def __init__(
        self,
        log: Log,
        up_to: int,
        suffix: str = "",
        room: int = KEPT_RECORDS,
        shard: Shard = WHOLE,
    ) -> None:
        super().__init__(log, up_to, room)
        self._suffix, self._shard = suffix, shard
        self._db: Connection | None = None
        self._renewed: dict[str, Outline | None] = {}

    def through(self, db: Connection) -> Self:
        """Read the tables through this connection from now on."""
        self._db = db
        return self

    def outlines(self, names: Collection[str]) -> Mapping[str, Outline | None]:
        """The outline of the movement of each name, as it was stored or renewed since."""
        found = {name: self._renewed[name] for name in names if name in self._renewed}
        missing = []
        for name in names:
            if name not in found:
                if known := self._outlines.get(name):
                    found[name] = known[0]
                else:
                    missing.append(name)
        if not self._shard.whole:
            return {**found, **super().outlines(missing)}
        for some in chunks(missing):
            found |= self._stored(some)
        return found

    def kept(self, name: str) -> tuple[Outline | None] | None:
        """The outline of a name as far as it is in memory."""
        return (self._renewed[name],) if name in self._renewed else self._outlines.get(name)

    def _stored(self, names: list[str]) -> dict[str, Outline | None]:
        if self._db is None:
            raise RuntimeError("a ModelReader reads through a connection: call `through` first")
        rows = self._db.execute(
            f"SELECT n.reference, o.body FROM names{self._suffix} n"
            f" JOIN outlines{self._suffix} o ON o.movement = n.movement"
            f" WHERE n.relation = ? AND {among(self._db, 'n.reference', names)}",
            (OWN, *listed(self._db, names)),
        ).fetchall()
        found: dict[str, Outline | None] = dict.fromkeys(names)
        found |= {name: decode(body) for name, body in rows}
        for name, outline in found.items():
            self._outlines.put(name, (outline,))
        return found

    def follow(self, limit: int) -> Iterator[Record]:
        """Go on by so many records of the log at most.

        A stream that begins on the way is known from there on, and need not be read again. What
        was renewed before must have been stored by now.
        """
        self._renewed = {}
        while limit > 0 and (records := self.log.page(self.up_to, min(limit, FOLLOWED))):
            for record in records:
                self._take(record)
            limit -= len(records)
            yield from records

    def _take(self, record: Record) -> None:
        stream, self.up_to = record.stream, record.index
        known = self._streams.get(stream)
        movement = names_movement(stream)
        if known is None and record.version == 1 and movement:
            known = Stream(Facts(), [])
        if known and (record.topic != LINK or movement):
            add(known, record)
            self._streams.put(stream, known, len(known.told) + len(known.linked) + 1)

    def renew(self, names: Iterable[str], outline: Outline | None) -> None:
        """From here on these names have this outline, whatever is stored."""
        for name in names:
            self._renewed[name] = outline
            self._outlines.put(name, (outline,))

    def forget(self, name: str) -> None:
        """Somebody else's outline is no longer what it was."""
        self._renewed.pop(name, None)
        self._outlines.drop(name)


def add(stream: Stream, record: Record) -> None:
    """Add the fact or the link of a record to its stream."""
    if record.topic == LINK:
        body = orjson.loads(record.body)
        stream.linked.append(Linked(body["subject"], body["relation"]))
    else:
        stream.told.append(told(record.body, record.topic, record.stream, record.recorded_at))
