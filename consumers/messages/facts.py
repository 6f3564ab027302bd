"""Facts as records: the bytes of the log as they are, and where they stand there."""

from binascii import hexlify
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from consumers.broker.ports import Headers, Outgoing
from consumers.messages.cloud_event import FIXED
from domain.records import maker
from projections.canonical import instant
from schemas.topics import FACTS
from store.records import LINK, Record


def facts(records: Iterable[Record], topic: str = FACTS.name) -> list[Outgoing]:
    """The facts among some records of the log; links follow from the facts, and are left out.

    Source and id are those of the report, which are unique in the log, and the same bytes follow
    from the same record. The extensions `logindex`, `streamversion` and `leaf` say where it stands
    in this log, and the hash by which it can be checked there.
    """
    return [
        _outgoing(
            (
                topic,
                (key := stream.encode()),
                body,
                (
                    *_shared(kind, source, at),
                    ("ce_id", report_id.encode()),
                    ("ce_subject", key),
                    ("ce_logindex", b"%d" % index),
                    ("ce_streamversion", b"%d" % version),
                    ("ce_leaf", hexlify(leaf)),
                ),
            )
        )
        for index, stream, version, kind, at, source, report_id, _, _, leaf, body in records
        if kind != LINK
    ]


_outgoing = maker(Outgoing)


@lru_cache(maxsize=4_096)
def _shared(type: str, source: str, recorded_at: datetime) -> Headers:
    """The headers that many facts of a batch have in common."""
    return (
        *FIXED,
        ("ce_type", type.encode()),
        ("ce_source", source.encode()),
        ("ce_time", instant(recorded_at).encode()),
    )
