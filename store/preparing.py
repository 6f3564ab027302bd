"""Preparing a batch: everything about it that can be computed without the log."""

import hashlib
import re
from collections.abc import Callable
from typing import NamedTuple

from domain.records import maker
from evidence.digests import SALT_BYTES, digest_of
from store.records import LINK, Batch, Incoming

KEY_BYTES = 16
UNSTORABLE_TEXT = "unstorable_text"
_NOWHERE = re.compile("[\x00\ud800-\udfff]")
_UNSTORABLE = (
    "A text of this report holds U+0000 or half of a surrogate pair, which not every database can "
    "store. Ask the source to send it without."
)


class Prepared(NamedTuple):
    """An incoming record with all that can be computed without the log.

    `keys` are the unique keys that it takes when it is recorded, its own first.
    """

    partition: str
    incoming: Incoming
    keys: tuple[bytes, ...]
    digest: bytes
    salt: bytes | None


def report_key(source: str, report_id: str) -> bytes:
    """The unique key of a report: 16 bytes of SHA-256 over `<length of source>:<source><id>`."""
    return hashlib.sha256(f"{len(source)}:{source}{report_id}".encode()).digest()[:KEY_BYTES]


def prepare(batch: Batch, salts: Callable[[int], bytes]) -> list[Prepared]:
    """Check and hash a batch; `salts(n)` gives n random bytes.

    Raises ValueError for a batch that no intake may build.
    """
    _check_offsets(batch)
    return [_prepare(batch.partition, incoming, salts) for incoming in batch.incoming]


def _check_offsets(batch: Batch) -> None:
    last = batch.expected - 1
    for incoming in batch.incoming:
        if not last < incoming.offset < batch.next:
            raise ValueError(
                f"Partition {batch.partition}: offset {incoming.offset} does not rise from "
                f"{batch.expected} to below {batch.next}. A batch holds offsets in rising order."
            )
        last = incoming.offset
    if batch.next < batch.expected:
        raise ValueError(
            f"Partition {batch.partition}: a batch cannot end at {batch.next}, before its start "
            f"at {batch.expected}."
        )


def _prepare(partition: str, incoming: Incoming, salts: Callable[[int], bytes]) -> Prepared:
    _check_shape(incoming)
    if not is_storable("".join(_texts(incoming))):
        incoming = _set_aside(incoming)
    _, raw, source, report_id, filings, translated, reason, _, _ = incoming
    if reason is not None or report_id is None:
        return Prepared(partition, incoming, (), b"", None)
    ids = {report_id: None}
    for filing in filings:
        ids[filing.report_id] = None
    keys = tuple([report_key(source, each) for each in ids])
    salt = salts(SALT_BYTES) if translated else None
    return _prepared((partition, incoming, keys, digest_of(raw, salt), salt))


_prepared = maker(Prepared)


def _check_shape(incoming: Incoming) -> None:
    offset, raw, source, report_id, filings, translated, reason, _, _ = incoming
    wrong = None
    if (reason is None) != bool(filings):
        wrong = "has either filings or a reason to be set aside"
    elif filings and report_id is None:
        wrong = "needs a report id to be recorded"
    elif filings and not translated and (len(filings) > 1 or filings[0].body != raw):
        wrong = "is one fact whose body is the raw bytes, unless it was translated"
    for filing in filings:
        if filing.topic == LINK:
            wrong = f"tells facts, and {LINK} is the topic of links"
    if wrong:
        raise ValueError(f"Source {source}, offset {offset}: an incoming record {wrong}.")


def _texts(incoming: Incoming) -> list[str]:
    """What is stored of a record as text."""
    texts = [incoming.source, incoming.report_id or "", incoming.detail or ""]
    for stream, topic, report_id, _, links in incoming.filings:
        texts += (stream, topic, report_id)
        for link in links:
            texts += link
    return texts


def _set_aside(incoming: Incoming) -> Incoming:
    """A record whose texts not every database can hold; nothing may stop a partition."""
    return incoming._replace(
        source=_shown(incoming.source),
        report_id=incoming.report_id and _shown(incoming.report_id),
        filings=(),
        reason=incoming.reason or UNSTORABLE_TEXT,
        detail=_shown(incoming.detail or _UNSTORABLE),
    )


def is_storable(text: str) -> bool:
    """Whether every database can hold `text`: no U+0000, no half of a surrogate pair."""
    if text.isascii():  # which nearly all are, and this is much faster
        return "\x00" not in text
    return _NOWHERE.search(text) is None


def _shown(text: str) -> str:
    return _NOWHERE.sub("\N{REPLACEMENT CHARACTER}", text)
