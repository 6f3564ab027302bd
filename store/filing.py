"""Filing a batch: every step of `append` that is the same for any database.

`decide` gives each prepared record its outcome and its place in the log; `seal` chains what is new
and lays out all rows. Nothing here reads or writes: the store looks up what these functions need.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

import orjson

from domain.records import maker
from evidence.digests import digest_of
from evidence.leaf import FIRST, leaf_of, microseconds
from store.preparing import Prepared
from store.records import LINK, Filing, Outcome, OutcomeKind

ID_CONFLICT = "id_conflict"
RECORDED: Final = OutcomeKind.RECORDED
_RECORDED: Final = RECORDED.value  # which an enumeration takes its time to tell

Heads = dict[str, tuple[int, bytes]]
"""Stream -> its last version and the leaf of that record."""

NO_HEAD = (0, FIRST)
Row = tuple[int, str, int, str, int, str, str, bytes, bytes, bytes, bytes]
"""What an `Entry` has of a record, and its leaf."""
OutcomeRow = tuple[int | str | None, ...]


class Position(NamedTuple):
    """The last index, outcome and instant (in microseconds) that the log gave out."""

    log_index: int
    outcome: int
    recorded_at: int | None


class Telling(NamedTuple):
    """The recorded report that holds a key: its outcome, its first index, and its digest."""

    outcome: int
    log_index: int
    digest: bytes
    salt: bytes | None
    erased: bool = False


Ruling = tuple[OutcomeKind, str | None, str | None, Telling | None]
"""Kind, reason and detail of an outcome, and the telling that it repeats."""
NEW: Final[Ruling] = (RECORDED, None, None, None)


class Decision(NamedTuple):
    """The outcome of an incoming record, and the outcome that it repeats if it is a duplicate."""

    prepared: Prepared
    outcome: Outcome
    repeats: int | None


@dataclass(frozen=True, slots=True)
class Filed:
    """The rows of one batch, and where they leave the log."""

    records: list[Row]
    reports: list[tuple[bytes, int]]
    outcomes: list[OutcomeRow]
    raws: list[tuple[int, bytes, bytes | None]]
    position: Position


def decide(
    prepared: Iterable[Prepared],
    told: Mapping[bytes, Telling],
    at: Position,
    recorded_at: datetime,
) -> list[Decision]:
    """Give each record its outcome; `told` holds the recorded tellings of their keys."""
    told, index, decisions = dict(told), at.log_index, []
    for number, item in enumerate(prepared, at.outcome + 1):
        incoming = item.incoming
        kind, reason, detail, earlier = _rule(item, told)
        first = None if earlier is None else earlier.log_index
        if kind is RECORDED:
            first = index + 1
            index += size(incoming.filings)
            telling = Telling(number, first, item.digest, item.salt)
            for key in item.keys:
                told[key] = telling
        what = kind, reason, detail, incoming.source, incoming.report_id, first
        outcome = _outcome(
            (number, item.partition, incoming.offset, *what, recorded_at, incoming.redrives)
        )
        decisions.append(_decision((item, outcome, earlier and earlier.outcome)))
    return decisions


_outcome, _decision = maker(Outcome), maker(Decision)


def recorded(decisions: Iterable[Decision]) -> Iterator[Prepared]:
    """What these decisions record."""
    for decision in decisions:
        if decision.outcome.kind is RECORDED:
            yield decision.prepared


def keys_of(prepared: Iterable[Prepared]) -> list[bytes]:
    """The unique keys that all of these take when they are recorded."""
    return [key for item in prepared for key in item.keys]


def streams_of(prepared: Iterable[Prepared]) -> set[str]:
    """The streams that recording all of these adds to."""
    filings = [filing for item in prepared for filing in item.incoming.filings]
    linked = {link.stream for filing in filings for link in filing.links}
    return linked | {filing.stream for filing in filings}


def seal(decisions: list[Decision], heads: Heads, at: Position, recorded_at: datetime) -> Filed:
    """Give versions and leaves, and lay out all rows; `heads` is brought up to date."""
    stamp = microseconds(recorded_at)
    records: list[Row] = []
    reports: list[tuple[bytes, int]] = []
    outcomes: list[OutcomeRow] = []
    raws: list[tuple[int, bytes, bytes | None]] = []
    for decision in decisions:
        item, outcome = decision.prepared, decision.outcome
        recorded = outcome.kind is RECORDED
        if recorded:
            _record(decision, heads, stamp, records)
            reports += [(key, outcome.id) for key in item.keys]
        outcomes.append(
            _outcome_row(decision, at.log_index + len(records) if recorded else None, stamp)
        )
        if item.salt is not None if recorded else outcome.kind is OutcomeKind.QUARANTINED:
            raws.append((outcome.id, item.incoming.raw, item.salt if recorded else None))
    position = Position(at.log_index + len(records), at.outcome + len(decisions), stamp)
    return Filed(records, reports, outcomes, raws, position)


def _rule(item: Prepared, told: Mapping[bytes, Telling]) -> Ruling:
    incoming = item.incoming
    if incoming.reason is not None:
        return OutcomeKind.QUARANTINED, incoming.reason, incoming.detail, None
    if told.keys().isdisjoint(item.keys):
        return NEW
    earlier = next(told[key] for key in item.keys if key in told)
    if item.keys[0] in told and earlier.digest == digest_of(incoming.raw, earlier.salt):
        return OutcomeKind.DUPLICATE, None, None, earlier
    detail = (
        f"Source {incoming.source} told report {incoming.report_id} before, at index "
        f"{earlier.log_index} of the log, "
    )
    if earlier.erased:
        detail += "and its bytes were erased, so the two cannot be compared. Check it by hand."
    else:
        detail += "in other bytes. Send a correction or another report, under an id of its own."
    return OutcomeKind.QUARANTINED, ID_CONFLICT, detail, None


def size(filings: Sequence[Filing]) -> int:
    records = len(filings)
    for filing in filings:
        records += len(filing.links)
    return records


def _record(decision: Decision, heads: Heads, stamp: int, records: list[Row]) -> None:
    """Add the rows of what a report tells: each fact, its links right behind it, each chained to
    the head of its stream.
    """
    source, digest = decision.outcome.source, decision.prepared.digest
    index = decision.outcome.index or 0
    for stream, topic, report_id, fact, links in decision.prepared.incoming.filings:
        told = [(stream, topic, fact)]
        for linked, relation in links:
            link = {"index": index, "relation": relation, "subject": stream}
            told.append((linked, LINK, orjson.dumps(link)))
        for where, what, body in told:
            version, previous = heads[where]
            # a plain tuple: to make an Entry of each costs as much as a third of its leaf
            entry = (
                index, where, version + 1, what, stamp, source, report_id, digest, previous, body,
            )  # fmt: skip
            leaf = leaf_of(entry)
            heads[where] = version + 1, leaf
            records.append((*entry, leaf))
            index += 1


def _outcome_row(decision: Decision, last: int | None, stamp: int) -> OutcomeRow:
    _, outcome, repeats = decision
    number, partition, offset, kind, reason, detail, source, report, first, _, redrives = outcome
    name = _RECORDED if kind is RECORDED else kind.value
    told = partition, offset, name, reason, detail, source, report
    return (number, *told, first, last, stamp, repeats, redrives)
