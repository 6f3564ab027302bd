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
_NOTHING = "it has neither filings nor a reason. It is recorded or set aside, never passed over."


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
    _check_shape(partition, incoming)
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


def _check_shape(partition: str, incoming: Incoming) -> None:
    if fault := _fault(incoming):
        raise ValueError(
            f"Partition {partition}, offset {incoming.offset}, report {incoming.report_id!r} of "
            f"{incoming.source!r}: {fault} Nothing of the batch is recorded: mend the intake."
        )


def _fault(incoming: Incoming) -> str | None:
    """What intake made wrong of a message, and the rule that it broke."""
    filings, reason = incoming.filings, incoming.reason
    if not filings:
        return _NOTHING if reason is None else None
    if reason is not None:
        return f"it is set aside as {reason} and has filings. What is set aside records nothing."
    if incoming.report_id is None:
        return "it has filings and no report id. What is recorded is known by source and report id."
    for filing in filings:
        if filing.topic == LINK:
            return f"a filing is a {LINK}. Filings are facts, and what they name is in their links."
    return None if incoming.translated else _native_fault(incoming)


def _native_fault(incoming: Incoming) -> str | None:
    """The log keeps no bytes of a native report but those of its fact."""
    (filing, *more) = incoming.filings
    if more:
        return (
            f"it is native and has {len(more) + 1} filings. A native report is one fact; only what "
            "is translated tells several."
        )
    if filing.body != incoming.raw:
        return (
            "it is native, and the body of its fact differs from its raw bytes. A native report is "
            "recorded as it came; only what is translated has another body."
        )
    if filing.report_id != incoming.report_id:
        return (
            f"it is native, and its fact is filed as {filing.report_id!r}. A native report has one "
            "id; only what is translated numbers its facts."
        )
    return None


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
