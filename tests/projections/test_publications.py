from pathlib import Path

import pytest

from projections import publications
from projections.publications import AT_ONCE, Published
from projections.rebuild import rebuild
from projections.tables import PUBLICATIONS, PublicationRow
from store.log import Log
from store.sqlite import SqliteLog
from tests.projections.conftest import NewLog
from tests.projections.histories import (
    HISTORY,
    LRN,
    MRN,
    STORAGE,
    everything,
    imported,
    projector,
    stored,
    take,
)

JUNE = "2017-06-01T00:00:00.000000Z"


def due(log: Log, until: str = "") -> list[str]:
    with log.connection() as db:
        return [row.movement for row in publications.due(db, until or "1", 100)]


def mark(log: Log, rows: list[PublicationRow], again: str | None = None) -> None:
    with log.transaction() as db:
        publications.mark(db, [Published(row, again) for row in rows])


def waiting(log: Log, until: str = "1") -> list[PublicationRow]:
    with log.connection() as db:
        return publications.due(db, until, 100)


@pytest.fixture(params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, new_log: NewLog) -> Log:
    if request.param == "sqlite":
        return new_log()
    made: Log = request.getfixturevalue("postgres_log")
    return made


def test_a_movement_is_due_when_its_position_changes(log: Log) -> None:
    take(log, stored())
    projector(log).catch_up()
    assert due(log) == [STORAGE]

    mark(log, waiting(log))
    assert due(log) == []

    take(log, imported())
    projector(log).catch_up()
    assert due(log) == [STORAGE, MRN]


def test_what_changed_first_is_due_first(log: Log) -> None:
    take(log, stored("doc:Z"))
    projector(log).catch_up()
    take(log, stored("doc:A"))
    projector(log).catch_up()
    take(log, [each.replace(b"doc:A", b"doc:Z") for each in imported("doc:A")])
    projector(log).catch_up()

    assert due(log) == ["doc:Z", "doc:A", MRN]


def test_a_movement_is_due_again_when_its_next_segment_is_announced(log: Log) -> None:
    take(log, stored())
    projector(log).catch_up()
    mark(log, waiting(log), JUNE)

    assert due(log, "2017-05-31T23:59:59.999999Z") == []
    assert due(log, JUNE) == [STORAGE]


def test_what_changes_while_it_is_published_stays_due(log: Log) -> None:
    take(log, stored())
    projector(log).catch_up()
    read = waiting(log)
    take(log, imported())
    projector(log).catch_up()
    mark(log, read)

    assert due(log) == [STORAGE, MRN]


def test_what_two_publish_at_once_is_due_again(log: Log) -> None:
    take(log, stored())
    projector(log).catch_up()
    read = waiting(log)
    mark(log, read, JUNE)
    mark(log, read, "2017-05-01T00:00:00.000000Z")

    assert due(log) == [STORAGE]


def test_a_movement_that_gets_another_name_is_due_under_both(log: Log) -> None:
    take(log, [*stored(), imported()[0]])
    projector(log).catch_up()
    mark(log, waiting(log))
    take(log, imported()[1:])
    projector(log).catch_up()

    assert {LRN, MRN} <= {*due(log)}


def test_a_rebuild_that_says_the_same_makes_nothing_due(log: Log) -> None:
    take(log, HISTORY)
    projector(log).catch_up()
    mark(log, waiting(log))

    assert rebuild(log).equal
    assert due(log) == []


def test_a_rebuild_that_says_something_else_makes_all_due(log: Log) -> None:
    take(log, HISTORY)
    projector(log).catch_up()
    mark(log, waiting(log))
    with log.transaction() as db:
        db.execute("UPDATE positions SET quantity = '99'")

    assert not rebuild(log).equal
    assert due(log) == sorted([STORAGE, MRN])


def test_the_first_read_models_are_due_though_nobody_took_notes(tmp_path: Path) -> None:
    with SqliteLog(tmp_path / "log.db") as log:
        take(log, HISTORY)
        rebuild(log)

        assert everything(log, PUBLICATIONS) == [
            (movement, 1, AT_ONCE) for movement in sorted([STORAGE, MRN])
        ]
