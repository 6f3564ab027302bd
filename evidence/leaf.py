"""Canonical bytes of one record of the log, its leaf, and the check of a whole log.

The format is described in docs/log-format.md; it must never change for a record already written.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from struct import Struct
from typing import NamedTuple, Protocol

FORMAT = 1
HASH_BYTES = 32
FIRST = bytes(HASH_BYTES)
"""The previous leaf of the first record of a stream."""

_SHAPE: tuple[tuple[str, type], ...] = (
    ("index", int),
    ("stream", str),
    ("version", int),
    ("topic", str),
    ("recorded_at", datetime),
    ("source", str),
    ("report_id", str),
    ("digest", bytes),
    ("previous_leaf", bytes),
    ("leaf", bytes),
    ("body", bytes),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_START = Struct(">BQI").pack  # format, index, length of the stream
_CHAIN = Struct(">Q32sI").pack  # version, previous leaf, length of the topic
_WHEN = Struct(">qI").pack  # recorded at, length of the source
_LENGTH = Struct(">I").pack
_DIGEST = Struct(">32sI").pack  # digest, length of the body


class Entry(NamedTuple):
    """What a leaf covers. `recorded_at` is in microseconds since 1970-01-01T00:00:00Z."""

    log_index: int
    stream: str
    version: int
    topic: str
    recorded_at: int
    source: str
    report_id: str
    digest: bytes
    previous_leaf: bytes
    body: bytes


class LogRecord(Protocol):
    """A record as any store gives it back; `recorded_at` is an aware datetime."""

    @property
    def index(self) -> int: ...
    @property
    def stream(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def topic(self) -> str: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def source(self) -> str: ...
    @property
    def report_id(self) -> str: ...
    @property
    def digest(self) -> bytes: ...
    @property
    def previous_leaf(self) -> bytes: ...
    @property
    def leaf(self) -> bytes: ...
    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a log: at which index, in which stream, and what."""

    index: int
    stream: str
    what: str


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970-01-01T00:00:00Z, exactly. Raises TypeError for a naive instant."""
    return (instant - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=4096)  # the records of one batch share their instant
def instant(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


Fields = tuple[int, str, int, str, int, str, str, bytes, bytes, bytes]
"""An `Entry`, or a plain tuple of what it holds."""


def canonical(entry: Fields) -> bytes:
    """The bytes that a leaf is the hash of: every field in a fixed order, texts length-prefixed.

    Raises ValueError when the digest or the previous leaf is not 32 bytes long.
    """
    index, stream, version, topic, recorded_at, source, report_id, digest, previous, body = entry
    if len(digest) != HASH_BYTES or len(previous) != HASH_BYTES:
        raise ValueError(f"digest and previous leaf of index {index} must be 32 bytes each")
    stream_bytes, topic_bytes = stream.encode(), topic.encode()
    source_bytes, id_bytes = source.encode(), report_id.encode()
    return b"".join(
        (
            _START(FORMAT, index, len(stream_bytes)),
            stream_bytes,
            _CHAIN(version, previous, len(topic_bytes)),
            topic_bytes,
            _WHEN(recorded_at, len(source_bytes)),
            source_bytes,
            _LENGTH(len(id_bytes)),
            id_bytes,
            _DIGEST(digest, len(body)),
            body,
        )
    )


def leaf_of(entry: Fields) -> bytes:
    """SHA-256 over 0x00 and the canonical bytes: the leaf hash of RFC 9162."""
    return hashlib.sha256(b"\x00" + canonical(entry)).digest()


def leaf(record: LogRecord) -> bytes:
    """The leaf that `record` must have, computed anew."""
    return leaf_of(
        Entry(
            record.index,
            record.stream,
            record.version,
            record.topic,
            microseconds(record.recorded_at),
            record.source,
            record.report_id,
            record.digest,
            record.previous_leaf,
            record.body,
        )
    )


def verify(records: Iterable[LogRecord]) -> Iterator[Fault]:
    """Check a whole log, given in index order from its first record; yield each fault found.

    After a fault the check goes on from what the record says of itself, so that one damage is not
    reported again for every record behind it. Memory grows with the streams, not the records.
    """
    index, recorded_at = 0, _EPOCH
    heads: dict[str, tuple[int, bytes]] = {}
    for record in records:
        if wrong := _malformed(record):
            yield Fault(record.index, str(record.stream), f"these fields are damaged: {wrong}")
        else:
            head = heads.get(record.stream, (0, FIRST))
            for what in _faults(record, index, recorded_at, head):
                yield Fault(record.index, record.stream, what)
            recorded_at = record.recorded_at
            heads[record.stream] = (record.version, record.leaf)
        index = record.index


def _malformed(record: LogRecord) -> str:
    """Names of the fields whose type or length no record can have."""
    wrong = [name for name, kind in _SHAPE if type(getattr(record, name)) is not kind]
    wrong += [
        name
        for name in ("digest", "previous_leaf", "leaf")
        if name not in wrong and len(getattr(record, name)) != HASH_BYTES
    ]
    return ", ".join(wrong)


def _faults(
    record: LogRecord, last_index: int, last_instant: datetime, head: tuple[int, bytes]
) -> Iterator[str]:
    version, previous_leaf = head
    if record.index != last_index + 1:
        yield f"index {last_index + 1} was expected here: records are missing or out of order"
    if record.recorded_at < last_instant:
        yield "it was recorded earlier than the record before it"
    if record.version != version + 1:
        yield f"version {version + 1} of the stream was expected, this is {record.version}"
    if record.previous_leaf != previous_leaf:
        yield "the previous leaf is not the leaf of the record before it in the stream"
    if record.leaf != leaf(record):
        yield "the leaf does not match: the record was changed after it was written"
