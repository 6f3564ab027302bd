"""How long after they happened facts were recorded, source by source."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

import orjson

from domain.references import names_movement
from store.log import Log
from store.records import Record

PAGE: Final = 5_000
HOUR: Final = timedelta(hours=1)
DAY_SPELLED: Final = len("2017-03-01")
Progress = Callable[[int, int], None]


class Lateness(NamedTuple):
    """Facts about movements, and by how many whole hours they were late: the median, the most."""

    facts: int
    median_hours: int
    longest_hours: int
    late: int


NOTHING: Final = Lateness(0, 0, 0, 0)


def lateness(
    log: Log, late_after: timedelta, *, after: int = 0, progress: Progress | None = None
) -> dict[str, Lateness]:
    """The lateness of each source, read off the records behind an index, a page at a time.

    A fact is late where it was recorded more than `late_after` after it happened, or after the end
    of its day (in UTC) where only that was told. Memory grows with the hours that occur, not with
    the facts.
    """
    hours: defaultdict[str, Counter[int]] = defaultdict(Counter)
    late: Counter[str] = Counter()
    for record in _facts(log, after, progress):
        much = max(record.recorded_at - _happened(record), timedelta())
        hours[record.source][much // HOUR] += 1
        late[record.source] += much > late_after
    return {source: _told(counts, late[source]) for source, counts in hours.items()}


def _facts(log: Log, after: int, progress: Progress | None) -> Iterator[Record]:
    """The facts about movements: a decision or a rate is not late for working back."""
    last = log.head().index
    while page := log.page(after, PAGE, up_to=last, links=False):
        yield from (each for each in page if names_movement(each.stream))
        after = page[-1].index
        if progress:
            progress(after, last)


def _happened(record: Record) -> datetime:
    told: str = orjson.loads(record.body)["data"]["happened"]
    if len(told) > DAY_SPELLED:
        return datetime.fromisoformat(told)
    return datetime.combine(date.fromisoformat(told), time.max, UTC)


def _told(hours: Counter[int], late: int) -> Lateness:
    facts, passed = hours.total(), 0
    for median in sorted(hours):
        passed += hours[median]
        if passed * 2 >= facts:
            return Lateness(facts, median, max(hours), late)
    return NOTHING
