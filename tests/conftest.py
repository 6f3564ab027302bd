"""Settings of the test run, and the server that its tests share."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.servers import database, schema

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
