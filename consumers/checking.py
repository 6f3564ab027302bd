"""Checking: what messages would change if they were taken in now; nothing is recorded (D1)."""

from datetime import datetime
from typing import Final, NamedTuple

from consumers.entitlement import Sources
from consumers.intake import Message, understand
from domain.facts.fact import Told, told
from domain.judgement.ahead import Ahead
from domain.references import names_movement
from projections import state
from projections.comparing import Difference
from projections.foreseen import differences
from projections.judging import Terms
from projections.reader import LogReader
from projections.refresh import dependents
from store.log import Log
from store.records import Batch, Outcome, OutcomeKind
from store.rehearsal import Rehearsal

PARTITION: Final = "check"
"""A partition of rehearsals: no log has it."""


class Checked(NamedTuple):
    """The outcome that a message would have, its facts, and what they would change.

    `underived` says that no read models tell which movements rest on what they are told of.
    """

    outcome: Outcome
    told: tuple[Told, ...]
    differences: tuple[Difference, ...]
    underived: bool = False


class Checker:
    """Checks messages one after the other, each as if those before it had been taken in.

    They are checked against the log as it stood when the checker was made, and judged under
    `terms`. Which movements rest on reference data or an authorisation the read models tell.
    """

    def __init__(self, log: Log, sources: Sources, terms: Terms) -> None:
        self._log, self._sources, self._terms = log, sources, terms
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
        found = differences(facts, self.reader, self._terms, self._resting)
        of_no_movement = not all(names_movement(one.stream) for one in facts)
        return Checked(outcome, facts, tuple(found), of_no_movement and not self._derived())

    def _derived(self) -> bool:
        with self._log.connection() as db:
            return state.found(db) is not None

    def _resting(self, stream: str) -> set[str]:
        if not self._derived():
            return set()
        with self._log.connection() as db:
            return dependents(db, [stream])
