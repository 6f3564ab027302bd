"""Checking: what messages would change if they were taken in now; nothing is recorded (D1)."""

from datetime import datetime
from typing import Final, NamedTuple

from consumers.entitlement import Sources
from consumers.intake import Message, understand
from domain.facts.fact import Told, told
from domain.judgement.ahead import Ahead
from projections.comparing import Difference
from projections.foreseen import differences
from projections.judging import Terms
from projections.reader import LogReader
from store.log import Log
from store.records import Batch, Outcome, OutcomeKind
from store.rehearsal import Rehearsal

PARTITION: Final = "check"
"""A partition of rehearsals: no log has it."""


class Checked(NamedTuple):
    """The outcome that a message would have, its facts, and what they would change."""

    outcome: Outcome
    told: tuple[Told, ...]
    differences: tuple[Difference, ...]


class Checker:
    """Checks messages one after the other, each as if those before it had been taken in.

    They are checked against the log as it stood when the checker was made, and judged under
    `terms`.
    """

    def __init__(self, log: Log, sources: Sources, terms: Terms) -> None:
        self._sources, self._terms = sources, terms
        self._rehearsal = Rehearsal(log)
        self.reader = Ahead(LogReader(log, log.head().index))

    def check(self, message: Message, at: datetime) -> Checked:
        """What a message would change if it were taken in at an instant."""
        offset = self._rehearsal.next_offset(PARTITION)
        incoming = understand(message, offset, self._sources)
        batch = Batch(PARTITION, offset, (incoming,), offset + 1)
        (outcome,) = self._rehearsal.append(batch, at)
        facts = tuple(
            told(filing.body, filing.topic, filing.stream, outcome.recorded_at)
            for filing in incoming.filings
        )
        if outcome.kind is not OutcomeKind.RECORDED:
            return Checked(outcome, facts, ())
        return Checked(outcome, facts, tuple(differences(facts, self.reader, self._terms)))
