"""One step makes all tables; on a server each process has its own rights, and no other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import IO, Final

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from consumers.intake import Intake, Message
from consumers.processes.outboxes import publish_again
from consumers.processes.publisher import Publisher
from projections import journal
from projections.board import board
from projections.migration import ROLES, grant, grants, migrate, restored
from projections.rebuild import rebuild
from projections.sql import exists
from projections.tables import KEPT, REBUILT
from projections.view import view
from schemas.topics import OUT
from store.log import Log
from store.postgres import PostgresLog
from store.records import LogError, Move
from store.sqlite import SqliteLog
from tests.processes.memory import MemoryProducer, Topics
from tests.projections.conftest import NewLog
from tests.projections.histories import (
    HISTORY,
    SOURCES,
    models,
    projector,
    take_apart,
)
from tests.servers.postgres import user
from tests.store.making import erasure, malformed, native, tell
from tests.store.test_processes import ended_well, process

# a child opens a log of its own and touches nothing of the parent's threads
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
LATER: Final = datetime(2019, 6, 1, tzinfo=UTC)
_NUMBERS: Final = count()


class Site:
    """A migrated store on a server, and a user of each role, as whom it can be opened."""

    def __init__(self, address: str, prefix: str) -> None:
        self.address, self.prefix = address, prefix
        self._users = {role: user(address, f"{prefix}_{role}") for role in ROLES}

    @contextmanager
    def opened(self, role: str) -> Iterator[PostgresLog]:
        with PostgresLog(self._users[role], create=False) as log:
            yield log


@pytest.fixture
def site(postgres: str, roles: str) -> Site:
    with PostgresLog(postgres) as log:
        take_apart(log, HISTORY[:2])
        migrate(log)
        grant(log, roles)
    return Site(postgres, roles)


def test_migrating_makes_every_table_once(any_log: Log) -> None:
    made = migrate(any_log)
    assert made == [table.name for table in (*REBUILT, *KEPT)]
    assert migrate(any_log) == []
    with any_log.connection() as db:
        assert all(exists(db, table) for table in (*REBUILT, *KEPT))


def test_what_was_migrated_is_projected_and_rebuilt_as_ever(any_log: Log, new_log: NewLog) -> None:
    migrate(any_log)
    assert rebuild(any_log).digest_live is None
    log = new_log()
    for each in (any_log, log):
        take_apart(each, HISTORY)
        projector(each).catch_up()
    assert models(any_log) == models(log)
    assert rebuild(any_log).equal


def test_processes_that_migrate_at_once_make_one_store(postgres: str, roles: str) -> None:
    def start(pipe: IO[bytes]) -> None:
        with PostgresLog(postgres) as log:
            pipe.write(b"%d " % len(migrate(log)))
            grant(log, roles)
            take_apart(log, [])
            projector(log).catch_up()

    with process(start) as one, process(start) as two, process(start) as three:
        made = [int(pipe.read()) for _, pipe in (one, two, three)]
        ends = [ended_well(pid) for pid, _ in (one, two, three)]
    assert all(ends)
    assert sorted(made) == [0, 0, len(REBUILT) + len(KEPT)]


def test_who_may_make_roles_and_owns_the_schema_needs_no_more(postgres: str, roles: str) -> None:
    admin = f"{roles}_admin"
    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute(f"CREATE ROLE {admin} LOGIN CREATEROLE PASSWORD 'told'".encode())
        (schema,) = db.execute("SELECT current_schema()").fetchone() or ("",)
        db.execute(f"ALTER SCHEMA {schema} OWNER TO {admin}".encode())
        try:
            address = make_conninfo(postgres, user=admin, password="told")  # noqa: S106  (of a test)
            with PostgresLog(address) as log:
                migrate(log)
                grant(log, roles)
                grant(log, roles)
                take_apart(log, HISTORY)
                projector(log).catch_up()
                assert rebuild(log).equal
        finally:
            db.execute(f"REASSIGN OWNED BY {admin} TO CURRENT_USER".encode())


def take_in(log: Log) -> None:
    Intake(log, SOURCES).take("later", [Message(raw) for raw in HISTORY[2:]], LATER)


def publish(log: Log) -> None:
    topics = Topics()
    process = Publisher(log, MemoryProducer(topics))
    while process.step():
        """Until nothing is left to do."""
    assert {each.topic for each in topics.records} == {topic.name for topic in OUT}


def ask(log: Log) -> None:
    with view(log) as found:
        board(found, LATER)
    assert log.counts()


def work(site: Site) -> None:
    """What each process does, as its own user."""
    steps: tuple[tuple[str, Callable[[Log], object]], ...] = (
        ("intake", take_in),
        ("projector", lambda log: projector(log).catch_up()),
        ("alarms", lambda log: journal.announce(log, LATER)),
        ("publisher", publish),
        ("reader", ask),
    )
    for role, step in steps:
        with site.opened(role) as log:
            step(log)


def test_each_process_does_its_work_with_its_own_rights(site: Site, log: SqliteLog) -> None:
    work(site)
    take_apart(log, HISTORY)
    projector(log).catch_up()
    with site.opened("publisher") as publishing:
        assert publish_again(publishing)
        publish(publishing)
    with site.opened("owner") as owned:
        restored(owned, LATER)
    with site.opened("intake") as taking:
        name = "kafka:topic[0]@id"
        taking.start_partition(name, 0, LATER)
        taking.move_partition(Move(name, 0, 7, LATER, "somebody", "to see who may"))
        assert taking.moves()
    with site.opened("intake") as taking:
        (aside,) = tell(taking, malformed())
        with pytest.raises(LogError, match="permission denied"):
            taking.erase_raw(erasure(aside.id))
    with site.opened("owner") as owned:
        owned.erase_raw(erasure(aside.id))
    with site.opened("reader") as asked:
        assert [each.by for each in asked.erasures()] == ["Ana"]
        assert models(asked) == models(log)
        with asked.connection() as db:
            assert list(journal.entries(db))


def test_the_owner_rebuilds_and_the_others_go_on(site: Site) -> None:
    with site.opened("projector") as log:
        projector(log).catch_up()
    with site.opened("owner") as log:
        assert rebuild(log).equal
        assert migrate(log) == []
    work(site)


REFUSED: Final = {
    "intake": (
        "INSERT INTO projection (name) VALUES ('x')",
        "INSERT INTO journal (number) VALUES (1)",
        "SELECT * FROM positions",
        "UPDATE raws SET raw = ''",
        "DELETE FROM offsets",
        "DELETE FROM erasures",
        "UPDATE readers SET position = 0",
    ),
    "projector": (
        "INSERT INTO outcomes (id) VALUES (0)",
        "UPDATE head SET log_index = 0",
        "UPDATE offsets SET next = 0",
        "UPDATE journal SET movement = ''",
        "DELETE FROM journal",
        "SELECT * FROM raws",
    ),
    "alarms": (
        "DELETE FROM positions",
        "INSERT INTO queue (movement) VALUES ('x')",
        "UPDATE journal SET movement = ''",
        "UPDATE head SET log_index = 0",
    ),
    "publisher": (
        "UPDATE head SET log_index = 0",
        "UPDATE offsets SET next = 0",
        "DELETE FROM positions",
        "INSERT INTO journal (number) VALUES (1)",
        "SELECT * FROM raws",
    ),
    "reader": (
        "UPDATE head SET log_index = 0",
        "DELETE FROM queue",
        "UPDATE announced SET until = ''",
        "UPDATE readers SET position = 0",
        "SELECT * FROM raws",
    ),
}


@pytest.mark.parametrize("role", REFUSED)
def test_what_a_process_has_no_need_for_is_refused(site: Site, role: str) -> None:
    everybody = (
        "UPDATE stored_events SET source = 'x'",
        "DELETE FROM stored_events",
        "TRUNCATE outcomes",
        "ALTER TABLE stored_events DISABLE TRIGGER ALL",
        "CREATE TABLE mine (x TEXT)",
        "DROP TABLE positions",
        "UPDATE meta SET value = '2'",
    )
    with site.opened(role) as log:
        for statement in (*REFUSED[role], *everybody):
            with (
                pytest.raises(LogError, match=r"(permission denied|must be owner)") as caught,
                log.transaction() as db,
            ):
                db.execute(statement)
            assert "Grant it to this user" in str(caught.value), statement
        if role != "intake":
            with pytest.raises(LogError, match="permission denied"):
                tell(log, native("r1"))
        with pytest.raises(LogError, match=r"(permission denied|must be owner)"):
            rebuild(log)


def test_not_even_the_owner_changes_what_was_recorded_by_accident(site: Site) -> None:
    with site.opened("owner") as log:
        for statement in (
            "UPDATE stored_events SET source = 'x'",
            "DELETE FROM outcomes",
            "DELETE FROM erasures",
        ):
            with pytest.raises(psycopg.IntegrityError), log.transaction() as db:
                db.execute(statement)


def test_rights_are_given_again_as_often_as_one_likes(site: Site) -> None:
    with psycopg.connect(site.address, autocommit=True) as db:
        db.execute(f"GRANT ALL ON stored_events TO PUBLIC, {site.prefix}_reader".encode())
    with PostgresLog(site.address) as log:
        grant(log, site.prefix)
    with site.opened("reader") as log, pytest.raises(LogError, match="permission denied"):
        tell(log, native("r1"))
    with site.opened("owner") as log, log.connection() as db:
        assert len(list(grants(db, site.prefix))) > len(ROLES)


@pytest.mark.parametrize("named", ["", "1st", "Customs", "a;b", "a" * 42])
def test_a_prefix_that_no_role_can_have_is_refused(postgres_log: PostgresLog, named: str) -> None:
    with pytest.raises(ValueError, match="cannot begin the names of roles"):
        grant(postgres_log, named)
