"""Sites for the tests: a store of their own, sources whose names no other test has."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.log import Log
from store.opening import open_log
from tests.deployed.nursery import Nursery
from tests.deployed.site import Site


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


@pytest.fixture
def sources(tmp_path: Path) -> Callable[..., Path]:
    """Writes who may say what: each of these sources everything, about every office."""

    def write(*names: str) -> Path:
        file = tmp_path / "sources.toml"
        roles = '["operator", "facility", "carrier", "customs", "declarant", "holder"]'
        file.write_text("".join(f"[sources.{name}]\nroles = {roles}\n" for name in names))
        return file

    return write


@pytest.fixture
def log(site: Site) -> Iterator[Log]:
    """The log of a site whose tables are made."""
    with open_log(site.store, create=False) as log:
        yield log
