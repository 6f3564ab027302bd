"""Settings of the test run, and the servers that its tests share."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from store.log import Log
from store.postgres import PostgresLog
from tests.servers.kafka import kafka_address
from tests.servers.postgres import database, own_roles, schema

settings.register_profile("repeatable", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[str]:
    with database() as address:
        yield address


@pytest.fixture
def postgres(postgres_database: str) -> Iterator[str]:
    """The address of an empty schema in PostgreSQL."""
    with schema(postgres_database) as address:
        yield address


@pytest.fixture
def roles(postgres: str) -> Iterator[str]:
    """A prefix for the names of roles of its own, which are gone at the end."""
    with own_roles(postgres) as prefix:
        yield prefix


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """The address of a shared broker, host:port: a test gives its topics names of their own."""
    with kafka_address() as address:
        yield address


@pytest.fixture
def postgres_log(postgres: str) -> Iterator[PostgresLog]:
    with PostgresLog(postgres) as log:
        yield log


@pytest.fixture(params=["log", "postgres_log"], ids=["sqlite", "postgresql"])
def any_log(request: pytest.FixtureRequest) -> Log:
    """The same test on each database."""
    log: Log = request.getfixturevalue(request.param)
    return log
