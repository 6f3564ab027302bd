"""Facts that another log published, filed anew: their streams and links follow from them alone."""

from typing import Any, Final

from consumers.broker.ports import Arrived
from consumers.entitlement import Sources
from consumers.intake import Message, understand
from consumers.messages.cloud_event import PREFIX
from consumers.reasons import Reason, refused
from domain.facts.fact import Report
from schemas.topics import FACTS
from store.records import Incoming


class _Everybody(Sources):
    """Whoever told a fact was entitled to where it was recorded first."""

    def check(self, report: Report[Any]) -> None:
        """Nothing is refused."""


EVERYBODY: Final = _Everybody([])
_SOURCE: Final = f"{PREFIX}source"


def is_replicated(partition: str) -> bool:
    """Whether what was read of a partition of the log's came from the topic of facts."""
    return partition.startswith(f"kafka:{FACTS.name}[")


def replicated(record: Arrived) -> Incoming:
    """What a record of the topic of facts tells; a pure function that never raises.

    The bytes are kept as they are. Repeats have one source and id, and count as duplicates. A fact
    that this release does not know is set aside, and waits for the next one.
    """
    if record.value is None:
        verdict = refused(Reason.NOT_A_REPORT, _TOMBSTONE)
        source = dict(record.headers).get(_SOURCE, b"unknown").decode(errors="replace")
        return Incoming(
            record.offset, b"", source, None, reason=verdict.reason, detail=verdict.detail
        )
    return understand(Message(record.value), record.offset, EVERYBODY)


_TOMBSTONE: Final = "the record has no value, as to delete its key: nothing told is ever deleted"
