"""The topics of the sources: which there are, and what a record of one tells.

Records may come in any form: each has one outcome, with its bytes.
"""

import re
from typing import Final

from consumers.broker.ports import Arrived
from consumers.entitlement import Sources
from consumers.feeds import detect
from consumers.intake import Message, understand
from consumers.reasons import Reason, refused
from schemas.topics import REPORTS
from store.records import Incoming

_TOPIC: Final = re.compile(r"[a-zA-Z0-9._-]{1,249}")
_TOMBSTONE: Final = "the record has no value, as to delete its key: nothing told is ever deleted"
_BINARY: Final = (
    "the record carries the attributes of a CloudEvent as headers (binary mode): send it in"
    " structured mode, the whole event as the value"
)


def topics(sources: Sources) -> dict[str, str]:
    """The topic of each source; those whose names no topic may have hand in their reports else."""
    named = {REPORTS.of(source): source for source in sources}
    return {topic: source for topic, source in named.items() if _TOPIC.fullmatch(topic)}


def incoming_of(record: Arrived, speaker: str, sources: Sources) -> Incoming:
    """What a record tells, and whether its source may tell it; a pure function that never raises.

    A report is the whole value of its record. CloudEvents in binary mode, whose attributes are
    headers, are set aside: the bytes that the log proves would not be those that were sent.
    """
    if record.value is None:
        return _aside(record, speaker, _TOMBSTONE)
    if record.headers and any(name == "ce_specversion" for name, _ in record.headers):
        return _aside(record, speaker, _BINARY)
    return understand(Message(record.value, detect(record.value), speaker), record.offset, sources)


def _aside(record: Arrived, speaker: str, why: str) -> Incoming:
    verdict = refused(Reason.NOT_A_REPORT, why)
    return Incoming(
        record.offset,
        record.value or b"",
        speaker,
        None,
        reason=verdict.reason,
        detail=verdict.detail,
    )
