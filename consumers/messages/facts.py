"""Facts as records: the bytes of the log as they are, and where they stand there."""

from collections.abc import Iterable

from consumers.broker.ports import Outgoing
from consumers.messages.cloud_event import FIXED, time, word
from schemas.topics import FACTS
from store.records import LINK, Record


def facts(records: Iterable[Record], topic: str = FACTS.name) -> list[Outgoing]:
    """The facts among some records of the log; links follow from the facts.

    Source and id are those of the report, which are unique in the log, and the same bytes follow
    from the same record. The extensions `logindex`, `streamversion` and `leaf` say where it stands
    in this log, and the hash by which it can be checked there.
    """
    return [
        Outgoing(
            topic,
            (stream := record.stream.encode()),
            record.body,
            (
                *FIXED,
                ("ce_id", record.report_id.encode()),
                ("ce_source", word(record.source)),
                ("ce_type", word(record.topic)),
                ("ce_time", time(record.recorded_at)),
                ("ce_subject", stream),
                ("ce_logindex", b"%d" % record.index),
                ("ce_streamversion", b"%d" % record.version),
                ("ce_leaf", record.leaf.hex().encode()),
            ),
        )
        for record in records
        if record.topic != LINK
    ]
