"""Rehearsing: what the log would answer to batches, which are not written."""

import secrets
from datetime import datetime

from evidence.leaf import instant, microseconds
from store import filing, preparing
from store.log import Log
from store.records import Batch, OffsetConflict, Outcome, OutcomeKind


class Rehearsal:
    """Takes batches as a log does, one after the other, and writes nothing.

    Outcomes are those that `Log.append` would give while nobody else appends. It remembers
    the reports that it would have recorded, some hundred bytes for each.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._told: dict[bytes, filing.Telling] = {}
        self._offsets: dict[str, int] = {}
        self._at: filing.Position | None = None

    def next_offset(self, partition: str) -> int:
        """The offset to read `partition` on from, as if the batches had been appended."""
        known = self._offsets.get(partition)
        return self._log.next_offset(partition) if known is None else known

    def append(self, batch: Batch, recorded_at: datetime) -> list[Outcome]:
        """The outcomes that the records of a batch would have; raises `OffsetConflict`."""
        stands = self.next_offset(batch.partition)
        if batch.expected != stands:
            raise OffsetConflict(batch.partition, stands, batch.expected)
        prepared = preparing.prepare(batch, secrets.token_bytes)
        stood, told = self._log.standing([key for each in prepared for key in each.keys])
        at = self._at or stood
        stamp = max(microseconds(recorded_at), at.recorded_at or microseconds(recorded_at))
        decisions = filing.decide(prepared, told | self._told, at, instant(stamp))
        self._remember(decisions, stamp, at)
        self._offsets[batch.partition] = batch.next
        return [decision.outcome for decision in decisions]

    def _remember(self, decisions: list[filing.Decision], stamp: int, at: filing.Position) -> None:
        index = at.log_index
        for item, outcome, _ in decisions:
            if outcome.kind is OutcomeKind.RECORDED and outcome.index is not None:
                telling = filing.Telling(outcome.id, outcome.index, item.digest, item.salt)
                self._told |= dict.fromkeys(item.keys, telling)
                index += filing.size(item.incoming.filings)
        self._at = filing.Position(index, at.outcome + len(decisions), stamp)
