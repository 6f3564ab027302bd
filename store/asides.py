"""What was set aside before: the same bytes told once more repeat it, and are not kept again."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, Protocol

import orjson

from store.filing import Decision
from store.log import Connection
from store.records import OutcomeKind

LIMIT: Final = 100_000
PAGE: Final = 100
"""Messages read at once, each of a mebibyte or more."""


class Queries(Protocol):
    """The SQL about what was set aside; see `store.queries`."""

    ASIDE_AFTER: str
    STILL_ASIDE: str


class Asides:
    """A bounded memory of what was set aside, by what makes two messages the same."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._known: dict[bytes, int] = {}
        self._last = 0

    def follow(self, connection: Connection, queries: Queries) -> None:
        """Learn what was set aside since the last time."""
        for number, *said in _paged(connection, queries, self._last):
            self._known[_key(*said)] = self._last = number
        excess = max(0, len(self._known) - self._limit)
        for key in list(islice(self._known, excess)):
            del self._known[key]

    def mark_repeats(
        self,
        connection: Connection,
        queries: Queries,
        decisions: list[Decision],
        partitions: Collection[str],
    ) -> list[Decision]:
        """Make duplicates of what these partitions bring to be set aside a second time, while the
        first one is still open.
        """
        aside = [each for each in decisions if _is_aside(each, partitions)]
        if not aside:
            return decisions
        self.follow(connection, queries)
        keys = {each.outcome.id: _key_of(each) for each in aside}
        first = {key: self._known[key] for key in keys.values() if key in self._known}
        still = _open(connection, queries, first.values())
        first = {key: number for key, number in first.items() if number in still}
        return [_marked(each, keys, first) for each in decisions]


def _is_aside(told: Decision, partitions: Collection[str]) -> bool:
    outcome = told.outcome
    return outcome.kind is OutcomeKind.QUARANTINED and outcome.partition in partitions


def _marked(told: Decision, keys: dict[int, bytes], first: dict[bytes, int]) -> Decision:
    outcome = told.outcome
    key = keys.get(outcome.id)
    if key is None or first.setdefault(key, outcome.id) == outcome.id:
        return told
    return told._replace(outcome=outcome._replace(kind=OutcomeKind.DUPLICATE), repeats=first[key])


def _key_of(told: Decision) -> bytes:
    outcome, raw = told.outcome, told.prepared.incoming.raw
    return _key(outcome.partition, outcome.source, outcome.report_id, outcome.reason, raw)


def _key(
    partition: str, source: str, report_id: str | None, reason: str | None, raw: bytes
) -> bytes:
    """Of a message without an id the same bytes may come from somebody else elsewhere."""
    told = orjson.dumps((source, reason, report_id, None if report_id else partition))
    return hashlib.sha256(told + raw).digest()[:16]


def _paged(connection: Connection, queries: Queries, after: int) -> Iterator[Sequence[Any]]:
    while rows := connection.execute(queries.ASIDE_AFTER, (after, PAGE)).fetchall():
        yield from rows
        after = rows[-1][0]


def _open(connection: Connection, queries: Queries, numbers: Iterable[int]) -> set[int]:
    asked = orjson.dumps(sorted(numbers)).decode()
    return {number for (number,) in connection.execute(queries.STILL_ASIDE, (asked,))}
