"""What all is compared with: the least that could be done, and the library as its guide shows."""

import sqlite3
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks.measuring import Clock, Contender, Run, batches

BATCH: Final = 5_000
SAVED: Final = 20_000
"""How many reports are saved one by one: their rate does not depend on how many they are."""


def raw(reports: Path, folder: Path) -> Run:
    """Decode the messages and append their bytes to a plain table, as durably as the log does."""
    clock, count = Clock(), 0
    with closing(sqlite3.connect(folder / "raw.sqlite", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA wal_autocheckpoint=16000")
        db.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
        for messages in batches(reports, BATCH):
            with clock:
                for each in messages:
                    decoded(each)
                db.execute("BEGIN")
                db.executemany("INSERT INTO log (body) VALUES (?)", [(each,) for each in messages])
                db.execute("COMMIT")
            count += len(messages)
    return clock.run(count)


def decoded(raw: bytes) -> object:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None


class Movement(Aggregate):
    """A movement as the library's tutorial would have it: an aggregate that hears reports."""

    @event("Opened")
    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.heard = 0

    @event("Reported")
    def report(self, told: dict[str, Any]) -> None:  # noqa: ARG002  (the event keeps it)
        self.heard += 1

    @staticmethod
    def create_id(subject: str) -> UUID:
        return uuid5(NAMESPACE_URL, subject)


def idiomatic(reports: Path, folder: Path) -> Run:
    """Decode each message, let its aggregate hear it, save: one transaction for each report.

    The aggregates stay in memory, which spares the library to read them again each time.
    """
    app: Application[Any] = Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(folder / "idiomatic.sqlite"),
        }
    )
    clock = Clock()
    count = save_each(app, reports, SAVED, clock)
    app.close()
    return clock.run(count)


def save_each(app: Application[Any], reports: Path, most: int, clock: Clock) -> int:
    """Let aggregates hear the reports of a file one by one, at most so many; returns how many."""
    movements: dict[str, Movement] = {}
    count = 0
    for messages in islice(batches(reports, min(BATCH, most)), -(-most // BATCH)):
        with clock:
            for each in messages:
                told = decoded(each)
                if isinstance(told, dict):
                    subject = told["subject"]
                    if subject not in movements:
                        movements[subject] = Movement(subject)
                    movements[subject].report(told)
                    app.save(movements[subject])
        count += len(messages)
    return count


CONTENDERS: Final[dict[str, Contender]] = {"bound": raw, "idiomatic": idiomatic}
