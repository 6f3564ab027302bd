"""A log that keeps the time of its stages."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from benchmarks.measuring import Clock
from store import filing
from store.records import Batch, Outcome, Record
from store.sqlite import SqliteLog


class StagedLog(SqliteLog):
    """The log in SQLite; `clocks` has the time of each stage of appending, reading, writing."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.clocks: defaultdict[str, Clock] = defaultdict(Clock)

    def append(self, batch: Batch, recorded_at: datetime) -> list[Outcome]:
        with self.clocks["append"]:
            return super().append(batch, recorded_at)

    def page(
        self, after: int, limit: int, *, up_to: int | None = None, links: bool = True
    ) -> list[Record]:
        with self.clocks["read"]:
            return super().page(after, limit, up_to=up_to, links=links)

    def streams(
        self, streams: Iterable[str], *, up_to: int | None = None, links: bool = True
    ) -> dict[str, list[Record]]:
        with self.clocks["read"]:
            return super().streams(streams, up_to=up_to, links=links)

    def transaction(self, *, alone: bool = False) -> AbstractContextManager[sqlite3.Connection]:
        return self._clocked(super().transaction(alone=alone))

    @contextmanager
    def _clocked(
        self, transaction: AbstractContextManager[sqlite3.Connection]
    ) -> Iterator[sqlite3.Connection]:
        with self.clocks["write"], transaction as connection:
            yield connection

    def _tellings(
        self, connection: sqlite3.Connection, keys: list[bytes]
    ) -> dict[bytes, filing.Telling]:
        with self.clocks["look up"]:
            return super()._tellings(connection, keys)

    def _stored_heads(self, connection: sqlite3.Connection, streams: list[str]) -> filing.Heads:
        with self.clocks["look up"]:
            return super()._stored_heads(connection, streams)

    def _insert(self, connection: sqlite3.Connection, filed: filing.Filed) -> None:
        with self.clocks["insert"]:
            super()._insert(connection, filed)

    def cpu(self, stage: str) -> float:
        """The processor's time of a stage, in seconds."""
        return self.clocks[stage].cpu
