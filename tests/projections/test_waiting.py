from projections.shards import WHOLE
from projections.sql import create
from projections.tables import QUEUE
from projections.waiting import Queue
from store.sqlite import SqliteLog
from tests.projections.histories import everything


def queue(**turns: int) -> Queue:
    made = Queue(WHOLE, {})
    made.join(turns)
    return made


def test_whose_own_facts_changed_goes_first_and_then_who_has_waited_longest() -> None:
    waiting = queue(own=0, mine=0, second=9)
    waiting.join({"first": 12, "again": 12})

    assert waiting.piece(10, 10) == ["mine", "own", "second", "first", "again"]
    assert waiting.piece(10, 2) == ["mine", "own", "second", "first"]
    assert waiting.piece(1, 10) == ["own"]


def test_who_waits_keeps_the_better_turn() -> None:
    waiting = queue(other=5, third=6)
    waiting.join({"other": 8, "third": 0})

    assert waiting.own
    assert waiting.piece(9, 9) == ["third", "other"]
    waiting.join({"third": 11})

    assert waiting.own


def test_a_queue_that_was_stored_is_read_as_it_was(log: SqliteLog) -> None:
    waiting = queue(own=0, zeal=3, able=7)
    with log.transaction() as db:
        create(db, [QUEUE])
        waiting.write(db, "")
        read = Queue.read(db, WHOLE, "")

    assert read.piece(9, 9) == waiting.piece(9, 9) == ["own", "zeal", "able"]


def test_who_is_done_leaves_the_table(log: SqliteLog) -> None:
    waiting = queue(own=0, other=3)
    with log.transaction() as db:
        create(db, [QUEUE])
        waiting.write(db, "")
        waiting.leave(["own", "nobody"])
        waiting.join({"other": 0})
        waiting.write(db, "")

    assert [tuple(row) for row in everything(log, QUEUE)] == [("other", 0, 0)]
    assert len(waiting) == 1
