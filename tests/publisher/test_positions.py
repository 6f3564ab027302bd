"""Present positions go out when they change, be it overnight; a reader ends with what stands."""

import orjson

from consumers.broker.ports import Outgoing
from domain.references import names_movement
from projections import journal
from projections.rebuild import rebuild
from schemas.topics import POSITIONS
from store.log import Log
from tests.processes.memory import Topics
from tests.projections.histories import (
    HISTORY,
    LRN,
    MRN,
    STORAGE,
    imported,
    stored,
    take,
    warehouse,
)
from tests.publisher.publishing import APRIL, JUNE, MAY, derived, latest, publisher, run, standing


def test_the_topic_of_positions_ends_with_what_stands(log: Log, topics: Topics) -> None:
    take(log, [*HISTORY, *warehouse(20)])
    derived(log, JUNE)
    run(publisher(log, topics))

    assert latest(topics) == standing(log)
    assert latest(topics).keys() >= {MRN, STORAGE, "local:warehouse"}


def test_a_movement_that_did_not_change_is_not_published_again(log: Log, topics: Topics) -> None:
    take(log, HISTORY)
    derived(log, JUNE)
    run(publisher(log, topics))
    before = len(topics.of(POSITIONS.name))
    take(log, stored("doc:BL-2"))
    derived(log, JUNE)
    run(publisher(log, topics))

    assert [each.key for each in topics.of(POSITIONS.name)][before:] == [b"doc:BL-2"]


def test_a_deadline_that_passes_overnight_is_published_without_a_new_fact(
    log: Log, topics: Topics
) -> None:
    take(log, stored(), APRIL)
    derived(log, MAY)
    run(publisher(log, topics))
    assert [overdue(each) for each in topics.of(POSITIONS.name)] == ["0"]

    journal.announce(log, JUNE)
    run(publisher(log, topics))
    assert [overdue(each) for each in topics.of(POSITIONS.name)] == ["0", "100"]


def overdue(record: Outgoing) -> str:
    (line,) = orjson.loads(record.value or b"")["lines"]
    return str(line["overdue"])


def test_a_name_that_a_movement_has_no_more_is_taken_back(log: Log, topics: Topics) -> None:
    take(log, [*stored(), imported()[0]])
    derived(log, JUNE)
    run(publisher(log, topics))
    assert LRN in latest(topics)

    take(log, imported()[1:])
    derived(log)
    run(publisher(log, topics))

    under = [each.value for each in topics.of(POSITIONS.name) if each.key == LRN.encode()]
    assert under[-1] is None
    assert latest(topics) == standing(log)


def test_a_rebuild_that_says_something_else_is_later_than_what_stands(
    log: Log, topics: Topics
) -> None:
    take(log, HISTORY)
    derived(log, JUNE)
    with log.transaction() as db:
        db.execute("UPDATE positions SET quantity = '99'")
    run(publisher(log, topics))
    rebuild(log)
    run(publisher(log, topics))

    assert latest(topics) == standing(log)
    assert {each["generation"] for each in standing(log).values() if isinstance(each, dict)} == {1}


def test_positions_that_were_judged_before_anybody_took_notes_are_published(
    log: Log, topics: Topics
) -> None:
    take(log, HISTORY)
    derived(log)
    with log.transaction() as db:
        db.execute("DELETE FROM publications")
    run(publisher(log, topics))

    assert latest(topics) == standing(log)


def test_nothing_else_than_movements_has_a_position(log: Log, topics: Topics) -> None:
    take(log, HISTORY)
    derived(log)
    run(publisher(log, topics))

    assert all(names_movement(each.key.decode()) for each in topics.of(POSITIONS.name))
