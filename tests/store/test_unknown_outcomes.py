"""A commit that nobody answered: the offset of the partition says whether it happened."""

import random
import time
from collections.abc import Callable, Iterator
from itertools import count
from threading import Event, Thread

import psycopg
import pytest

from store import postgres_datastore
from store.postgres import PostgresLog
from store.records import LogBusy, LogUnreachable, OffsetConflict
from tests.servers.postgres import Server, own_server
from tests.store.making import NOON, batch
from tests.store.test_processes import check_prefix, told

SIZE = 50
SEED = 20260305
KILLS = 8
_NUMBERS = count()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of this module alone, which may be killed."""
    with own_server() as server:
        yield server


@pytest.fixture
def address(server: Server) -> str:
    """An empty schema on it."""
    name = f"schema_{next(_NUMBERS)}"
    with psycopg.connect(server.address, autocommit=True) as db:
        db.execute(f"CREATE SCHEMA {name}".encode())
    return f"{server.address}?options=-csearch_path%3D{name}"


def take(log: PostgresLog, start: int) -> None:
    log.append(batch([told(number) for number in range(start, start + SIZE)], start), NOON)


class Taking(Thread):
    """Takes a batch in a thread, and keeps what was raised."""

    def __init__(self, log: PostgresLog, start: int) -> None:
        super().__init__()
        self._log, self._from = log, start
        self.raised: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            take(self._log, self._from)
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            self.raised = error


def waiting(server: Server, *events: str) -> int:
    """The session of the server that waits for one of these, as soon as there is one."""
    query = "SELECT pid FROM pg_stat_activity WHERE wait_event = ANY (%s)"
    with psycopg.connect(server.address, autocommit=True) as db:
        while (found := db.execute(query, (list(events),)).fetchone()) is None:
            time.sleep(0.005)
    return int(found[0])


def kill(server: Server, _: int) -> None:
    server.kill()
    server.start()


def end_session(server: Server, session: int) -> None:
    with psycopg.connect(server.address, autocommit=True) as db:
        db.execute("SELECT pg_terminate_backend(%s, 60000)", (session,))
        db.execute("SELECT pg_reload_conf()")


Fault = Callable[[Server, int], None]
FAULTS = pytest.mark.parametrize("fault", [kill, end_session])


@FAULTS
def test_a_batch_whose_commit_was_not_answered_is_found_recorded(
    server: Server, address: str, fault: Fault
) -> None:
    with PostgresLog(address, busy_timeout=30) as log:
        take(log, 0)
        with psycopg.connect(server.address, autocommit=True) as db:
            # the commit is on the disk, and the server waits for another before it answers
            db.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            db.execute("SELECT pg_reload_conf()")
        taking = Taking(log, SIZE)
        session = waiting(server, "SyncRep")
        (server.data / "postgresql.auto.conf").write_text("")
        fault(server, session)
        taking.join()

        assert isinstance(taking.raised, LogUnreachable)
        assert "the next offset of its partition tells" in str(taking.raised)
        assert log.next_offset("files") == 2 * SIZE
        with pytest.raises(OffsetConflict, match=f"read on from offset {2 * SIZE}"):
            take(log, SIZE)
        check_prefix(log, 2 * SIZE)


@FAULTS
def test_a_batch_that_was_cut_off_before_its_commit_is_found_missing(
    server: Server, address: str, fault: Fault
) -> None:
    with (
        PostgresLog(address, busy_timeout=30) as log,
        psycopg.connect(address) as holder,
    ):
        take(log, 0)
        holder.execute("SELECT FROM head FOR UPDATE")
        taking = Taking(log, SIZE)
        fault(server, waiting(server, "transactionid", "tuple"))
        taking.join()
        holder.close()

        assert isinstance(taking.raised, LogUnreachable)
        assert log.next_offset("files") == SIZE
        take(log, SIZE)
        check_prefix(log, 2 * SIZE)


def test_a_writer_that_stands_still_does_not_hold_up_the_others_for_ever(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = postgres_datastore._WRITE.replace("60s", "300ms")
    assert soon != postgres_datastore._WRITE
    monkeypatch.setattr(postgres_datastore, "_WRITE", soon)
    with PostgresLog(address) as log, PostgresLog(address) as other:

        def stand_still() -> None:
            with log.transaction() as connection:
                connection.execute("SELECT FROM head FOR UPDATE")
                take(other, 0)
                connection.execute("SELECT FROM head")

        with pytest.raises(LogBusy, match="stood still"):
            stand_still()
        take(log, SIZE)
        check_prefix(log, 2 * SIZE)


class Writer(Thread):
    """Takes batch after batch until it is told to stop; after each fault it asks where it stands.

    `settled` counts the faults after which the batch under way was found recorded, and missing.
    """

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address, self._over = address, Event()
        self.settled = {True: 0, False: 0}
        self.taken = 0
        self.start()

    def run(self) -> None:
        with PostgresLog(self._address, busy_timeout=1) as log:
            while not self._over.is_set():
                try:
                    take(log, self.taken)
                except LogUnreachable:
                    stands = self._asked(log)
                    assert stands in (self.taken, self.taken + SIZE)
                    self.settled[stands > self.taken] += 1
                    self.taken = stands
                else:
                    self.taken += SIZE

    def _asked(self, log: PostgresLog) -> int:
        while True:
            try:
                return log.next_offset("files")
            except LogUnreachable:
                time.sleep(0.05)

    def stop(self) -> None:
        self._over.set()
        self.join()


def test_a_writer_goes_on_where_it_stands_however_often_the_server_is_killed(
    server: Server, address: str
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - it chooses instants, not secrets
    PostgresLog(address).close()
    writer = Writer(address)
    for _ in range(KILLS):
        before = writer.taken
        while writer.taken == before and writer.is_alive():
            time.sleep(chance.uniform(0, 0.02))
        kill(server, 0)
    writer.stop()

    assert sum(writer.settled.values()) > 0, f"seed {SEED}: no batch was cut off"
    with PostgresLog(address) as log:
        assert log.next_offset("files") == writer.taken
        check_prefix(log, writer.taken)
