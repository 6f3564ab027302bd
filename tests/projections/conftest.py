"""Logs to project."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.sqlite import SqliteLog
from stories.model import Story, load
from stories.play import record

STORIES = Path(__file__).parents[1] / "stories"
NewLog = Callable[[], SqliteLog]


@pytest.fixture
def new_log(tmp_path: Path) -> Iterator[NewLog]:
    """Make a new, empty log."""
    made: list[SqliteLog] = []

    def make() -> SqliteLog:
        made.append(SqliteLog(tmp_path / f"log-{len(made)}.db"))
        return made[-1]

    yield make
    for log in made:
        log.close()


@pytest.fixture
def log(new_log: NewLog) -> SqliteLog:
    return new_log()


def stories() -> list[Story]:
    """One story of each file; the variants of one tell read models nothing new."""
    return [load(path)[0] for path in sorted(STORIES.glob("*.yaml"))]


@pytest.fixture(params=stories(), ids=lambda story: story.name[:60])
def story(request: pytest.FixtureRequest) -> Story:
    found: Story = request.param
    return found


@pytest.fixture
def told(story: Story, log: SqliteLog) -> SqliteLog:
    """A log in which a story is recorded."""
    record(story, log)
    return log
