"""Redriving: what was set aside goes through the intake again, in the order in which it came.

A message that would be set aside again stays as it is. Every other one gets an outcome of its
own, linked to its first, which is no longer open then. So to redrive twice does nothing more than
to redrive once.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import orjson

from consumers.entitlement import Sources
from consumers.feeds import detect
from consumers.intake import NOBODY, Message, understand
from consumers.messages.replicated import EVERYBODY, is_replicated
from domain.references import Scheme, reference, scheme_of, value_of
from store.log import Log
from store.records import Batch, Incoming, Outcome, OutcomeKind
from store.rehearsal import Rehearsal

PARTITION: Final = "redrive"
BATCH: Final = 100
"""Messages in one transaction, each of a mebibyte at most."""


class Wanted(NamedTuple):
    """Which messages to redrive: those that fit all that is said."""

    ids: Collection[int] = ()
    reason: str | None = None
    names: Collection[str] = ()
    """References of a movement; a message fits that names one of them."""


class Redriven(NamedTuple):
    """A message that was set aside, and what becomes of it; `None` where its bytes were erased."""

    aside: Outcome
    again: Outcome | None

    @property
    def moves(self) -> bool:
        """Whether it is not set aside again."""
        return self.again is not None and self.again.kind is not OutcomeKind.QUARANTINED


class _Aside(NamedTuple):
    """A message that was set aside, and what it tells by now."""

    outcome: Outcome
    incoming: Incoming | None


class Redrive:
    """Takes open messages of the quarantine in again, as its sources may speak today.

    What another site published may be said, for that site has asked its sources.
    `speaker` speaks for messages that did not say who sends them. A redrive stands where it was
    made: if another one was under way since, `go` raises OffsetConflict and writes nothing.
    """

    def __init__(self, log: Log, sources: Sources, speaker: str | None = None) -> None:
        self._log, self._sources, self._speaker = log, sources, speaker
        self._next = log.next_offset(PARTITION)

    def rehearse(self, wanted: Wanted, at: datetime) -> Iterator[Redriven]:
        """What would become of each message, were it redriven now; nothing is written."""
        rehearsal = Rehearsal(self._log)
        for some in self._batches(wanted):
            yield from _rehearsed(rehearsal, some, at)

    def go(self, wanted: Wanted, at: datetime) -> Iterator[Redriven]:
        """Redrive them, a batch in one transaction; what stays as it is is told of as well."""
        for some in self._batches(wanted):
            foreseen = _rehearsed(Rehearsal(self._log), some, at)
            moving = {each.aside.id for each in foreseen if each.moves}
            batch = _batch([each for each in some if each.outcome.id in moving], self._next)
            done = {each.redrives: each for each in self._log.append(batch, at)} if moving else {}
            self._next = batch.next
            for each in foreseen:
                yield Redriven(each.aside, done.get(first_of(each.aside), each.again))

    def _batches(self, wanted: Wanted) -> Iterator[list[_Aside]]:
        found = self._log.outcomes(
            kind=OutcomeKind.QUARANTINED, reason=wanted.reason, only_open=True
        )
        chosen = sorted(
            (each for each in found if not wanted.ids or each.id in wanted.ids), key=first_of
        )
        for start in range(0, len(chosen), BATCH):
            some = (self._aside(each, wanted.names) for each in chosen[start : start + BATCH])
            yield [each for each in some if each]

    def _aside(self, outcome: Outcome, names: Collection[str]) -> _Aside | None:
        """What a message tells by now; `None` where it names none of these references."""
        raw = self._log.raw(outcome.id)
        if raw is None:
            return None if names else _Aside(outcome, None)
        speaker = self._speaker if outcome.source == NOBODY else outcome.source
        if not raw:
            # whether the record had an empty value or none, the bytes do not tell: only its outcome
            told = Incoming(
                0, raw, outcome.source, None, reason=outcome.reason, detail=outcome.detail
            )
        elif is_replicated(outcome.partition):
            told = understand(Message(raw), 0, EVERYBODY)
        else:
            told = understand(Message(raw, detect(raw), speaker), 0, self._sources)
        if names and not any(each in names for each in _named(told)):
            return None
        return _Aside(outcome, told._replace(redrives=first_of(outcome)))


def first_of(told: Outcome) -> int:
    """The first outcome of a message."""
    return told.redrives or told.id


def _rehearsed(rehearsal: Rehearsal, some: Sequence[_Aside], at: datetime) -> list[Redriven]:
    kept = [each for each in some if each.incoming]
    outcomes = rehearsal.append(_batch(kept, rehearsal.next_offset(PARTITION)), at)
    again = {each.redrives: each for each in outcomes}
    return [Redriven(each.outcome, again.get(first_of(each.outcome))) for each in some]


def _batch(some: Sequence[_Aside], start: int) -> Batch:
    incoming = [each.incoming for each in some if each.incoming]
    told = tuple(each._replace(offset=offset) for offset, each in enumerate(incoming, start))
    return Batch(PARTITION, start, told, start + len(told))


def _named(told: Incoming) -> Iterator[str]:
    """The references that a message names: those it is filed under, else those in its text."""
    for filing in told.filings:
        yield filing.stream
        yield from (link.stream for link in filing.links)
    if not told.filings:
        try:
            yield from _references(orjson.loads(told.raw))
        except orjson.JSONDecodeError:
            return


def _references(value: object) -> Iterator[str]:
    """The references in a message that cannot be read: spelled ones, and every text as an MRN."""
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, str):
            scheme = scheme_of(each)
            yield reference(scheme, value_of(each)) if scheme else reference(Scheme.MRN, each)
        elif isinstance(each, dict):
            left += each.values()
        elif isinstance(each, list):
            left += each
