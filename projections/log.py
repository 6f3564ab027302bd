"""The part of the log that the read models need, whatever database holds it."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from projections.sql import Connection
from store.records import Head, Record


class Log(Protocol):
    """A store: see `store.sqlite`."""

    def head(self) -> Head: ...
    def index_at(self, known_at: datetime) -> int: ...
    def streams(
        self, streams: Iterable[str], *, up_to: int | None = None, links: bool = True
    ) -> dict[str, list[Record]]: ...
    def page(self, after: int, limit: int, *, up_to: int | None = None) -> list[Record]: ...
    def stream_names(self, after: str = "", limit: int = 1000) -> list[str]: ...
    def record(self, index: int) -> Record | None: ...
    def transaction(self) -> AbstractContextManager[Connection]: ...
    def connection(self) -> AbstractContextManager[Connection]: ...


def all_streams(log: Log) -> Iterator[str]:
    """The name of every stream, in key order, a page at a time."""
    names = log.stream_names()
    while names:
        yield from names
        names = log.stream_names(after=names[-1])
