"""Logs of every released format load, verify and say what they said."""

import json
import shutil
from pathlib import Path

import pytest

from store.records import LINK
from store.sqlite import SqliteLog
from store.tables import LOG_FORMAT
from tests.store.make_golden import GOLDEN, describe, make
from tests.store.making import MRN_A, native, tell

LOGS = sorted(GOLDEN.glob("log-*.db"))


@pytest.fixture(params=LOGS, ids=lambda path: path.stem)
def golden(request: pytest.FixtureRequest, path: Path) -> Path:
    """A copy of a golden log."""
    shutil.copy(request.param, path)
    return path


def said(golden: Path) -> object:
    return json.loads(golden.read_text())


def test_todays_format_has_a_golden_log() -> None:
    assert GOLDEN / f"log-{LOG_FORMAT}.db" in LOGS
    assert [path.stem for path in LOGS] == [path.stem for path in sorted(GOLDEN.glob("log-*.json"))]


def test_a_golden_log_verifies(golden: Path) -> None:
    with SqliteLog(golden, create=False) as log:
        assert list(log.verify()) == []


def test_a_golden_log_says_what_it_said(golden: Path, request: pytest.FixtureRequest) -> None:
    stem = request.node.callspec.id
    assert describe(golden) == said(GOLDEN / f"{stem}.json")


def test_the_facts_of_a_golden_log_are_read_along_the_index_that_it_has(golden: Path) -> None:
    with SqliteLog(golden, create=False) as log:
        for name in log.stream_names():
            facts = [record for record in log.stream(name) if record.topic != LINK]
            assert log.stream(name, links=False) == facts


def test_a_golden_log_goes_on(golden: Path) -> None:
    with SqliteLog(golden, create=False) as log:
        versions = len(log.stream(MRN_A))
        (outcome,) = tell(log, native("new", MRN_A))
        assert log.report("port", "new")[0].version == versions + 1
        assert outcome.index == log.head().index
        assert list(log.verify()) == []


def test_the_same_reports_make_the_same_log_today(path: Path) -> None:
    make(path)
    assert describe(path) == said(GOLDEN / f"log-{LOG_FORMAT}.json")
