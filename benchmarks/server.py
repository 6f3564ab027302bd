"""A PostgreSQL server to measure on, and what a store on it is compared with.

The processor's time is that of our processes and of the server together, which share its cores.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import psycopg
from eventsourcing.application import Application
from psycopg.conninfo import conninfo_to_dict

from benchmarks.bound import BATCH, decoded, save_each
from benchmarks.measuring import Clock, Run, batches

SAVED: Final = 2_000
"""How many reports are saved one by one: their rate does not depend on how many they are."""
TICKS: Final = os.sysconf("SC_CLK_TCK")


class Site(NamedTuple):
    """A server on this machine, and the id of its first process."""

    address: str
    postmaster: int

    @contextmanager
    def schema(self) -> Iterator[str]:
        """The address of an empty schema, which has this process' name."""
        with psycopg.connect(self.address, autocommit=True) as db:
            db.execute(f"CREATE SCHEMA {NAME}".encode())
            yield f"{self.address}?options={quote(f'-csearch_path={NAME}')}"
            db.execute(f"DROP SCHEMA {NAME} CASCADE".encode())
            db.execute(b"CHECKPOINT")  # what one has left undone is not for the next to do

    def cpu(self) -> float:
        """The processor's seconds of all that the server has done so far."""
        return sum(self._ticks(path) for path in Path("/proc").glob("[0-9]*/stat")) / TICKS

    def _ticks(self, path: Path) -> int:
        try:
            _, parent, *fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended, and its parent has counted it
            return 0
        if int(path.parent.name) == self.postmaster:
            return sum(map(int, fields[9:13]))
        return sum(map(int, fields[9:11])) if int(parent) == self.postmaster else 0


NAME: Final = f"measured_{os.getpid()}"


def raw(site: Site, reports: Path, _: Path) -> Run:
    """Decode the messages and write their bytes to a plain table by COPY, as durably as the log."""
    clock, count = Clock(), 0
    with site.schema() as address, psycopg.connect(address, autocommit=True) as db:
        db.execute("CREATE TABLE log (id BIGSERIAL PRIMARY KEY, body BYTEA NOT NULL)")
        before = site.cpu()
        for messages in batches(reports, BATCH):
            with clock, db.cursor() as cursor:
                for each in messages:
                    decoded(each)
                with cursor.copy("COPY log (body) FROM STDIN (FORMAT BINARY)") as copy:
                    copy.set_types(["bytea"])
                    for each in messages:
                        copy.write_row((each,))
            count += len(messages)
        return served(clock, count, site.cpu() - before)


def idiomatic(site: Site, reports: Path, _: Path) -> Run:
    """Decode each message, let its aggregate hear it, save: one transaction for each report."""
    clock = Clock()
    with site.schema() as address:
        settings = conninfo_to_dict(address)
        app: Application[Any] = Application(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.postgres",
                "POSTGRES_SCHEMA": NAME,
                "POSTGRES_DBNAME": str(settings["dbname"]),
                "POSTGRES_HOST": str(settings["host"]),
                "POSTGRES_PORT": str(settings["port"]),
                "POSTGRES_USER": str(settings["user"]),
                "POSTGRES_PASSWORD": "",
            }
        )
        before = site.cpu()
        count = save_each(app, reports, SAVED, clock)
        server = site.cpu() - before
        app.close()
    return served(clock, count, server)


def served(clock: Clock, count: int, server: float, **stages: float) -> Run:
    """What was measured, when the server worked for so long beside it."""
    found = clock.run(count, **stages, server=server)
    return found._replace(cpu=found.cpu + server)
