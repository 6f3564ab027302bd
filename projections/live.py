"""Judged again from the log: as it was known at an instant, or under another law (D5)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.joins import joined
from domain.law.citation import Law
from domain.policies import Policies
from domain.references import names_movement
from domain.timeline import Judgement
from projections.judging import Judged, Terms, each_judged, judged
from projections.reader import LogReader
from store.log import Log, all_streams


def judgements(
    log: Log,
    *,
    known_at: datetime | None = None,
    law: Law,
    policies: Policies,
    movements: Iterable[str] | None = None,
) -> Iterator[Judgement]:
    """The judgements of these movements, or of all, as the log stood at `known_at`.

    Movement by movement, each once; memory stays flat. References that no report makes a movement
    give nothing.
    """
    reader = LogReader(log, reach(log, known_at))
    for one in each(reader, Terms(law, policies), movements):
        if one.judgement:
            yield one.judgement


def reach(log: Log, known_at: datetime | None) -> int:
    """The last index that was recorded at or before `known_at`."""
    return log.head().index if known_at is None else log.index_at(known_at)


def each(reader: LogReader, terms: Terms, movements: Iterable[str] | None) -> Iterator[Judged]:
    """Judge these movements, or all: each under the first of its names in key order."""
    if movements is not None:
        yield from each_judged(movements, reader, terms)
        return
    for name in all_streams(reader.log):
        if names_movement(name) and name == min(joined(name, reader).names):
            yield judged(name, reader, terms)
