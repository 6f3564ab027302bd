"""The read models are the same bytes on every database."""

from datetime import UTC, datetime
from random import Random

from benchmarks.generator import deliveries
from benchmarks.port import SOURCES
from consumers.intake import Intake, Message
from domain.facts.fact import Told
from projections import journal
from projections.board import board
from projections.digest import digest
from projections.rebuild import rebuild
from projections.view import view
from store.log import Log
from store.postgres import PostgresLog
from store.sqlite import SqliteLog
from stories.model import Story
from stories.play import record
from tests.projections.histories import HISTORY, models, projector, take_apart
from tests.projections.test_any_history import OTHER, file, tangled
from tests.store.making import everything
from tests.test_any_history import History

LATER = datetime(2019, 6, 1, tzinfo=UTC)


def said(log: Log) -> list[object]:
    """The journal, the rows known and the board."""
    with log.connection() as db:
        entries = list(journal.entries(db))
    with view(log) as found:
        return [entries, board(found, LATER)]


def test_every_story_gives_the_same_bytes(
    story: Story, log: SqliteLog, postgres_log: PostgresLog
) -> None:
    for each in (log, postgres_log):
        record(story, each)
        projector(each).catch_up()
        journal.announce(each, LATER)

    assert models(postgres_log) == models(log)
    assert said(postgres_log) == said(log)
    assert rebuild(postgres_log).equal


def generated() -> list[Told]:
    """A log in which many movements draw on each other, and some claim each other's names."""
    dice = Random("databases")  # noqa: S311  (the same always)
    told = [
        one._replace(report=f"{number}/{one.report}")
        for number in range(12)
        for one in History(f"databases {number}").facts()
    ]
    told = tangled(dice, told)
    dice.shuffle(told)
    return told


def test_a_generated_log_gives_the_same_bytes(log: SqliteLog, postgres_log: PostgresLog) -> None:
    told = generated()
    file(log, told)
    projector(log).catch_up()
    while told:
        file(postgres_log, told[:9])
        del told[:9]
        projector(postgres_log, page=7, piece=3).catch_up(limit=8)
    projector(postgres_log).catch_up()

    assert postgres_log.head().index > 100
    assert models(postgres_log) == models(log)
    rebuilt = rebuild(postgres_log)
    assert rebuilt.equal
    assert rebuilt.digest_new == models(log)
    with view(postgres_log, law=OTHER) as judged_again:
        assert digest(judged_again.db) == models(log)


def test_what_a_port_tells_gives_the_same_bytes(log: SqliteLog, postgres_log: PostgresLog) -> None:
    """As it arrives there: late, again and spoilt, from many at once."""
    messages = [Message(each.raw) for each in deliveries(1_200, seed=5)]
    for each, size in ((log, 1_200), (postgres_log, 170)):
        intake = Intake(each, SOURCES)
        for start in range(0, len(messages), size):
            intake.take("port", messages[start : start + size], LATER)
            if start % 340 == 0:
                projector(each, page=250, piece=60).catch_up()
        projector(each).catch_up()
        journal.announce(each, LATER)

    assert len(postgres_log.counts()) > 3
    assert everything(postgres_log) == everything(log)
    assert models(postgres_log) == models(log)
    assert rebuild(postgres_log).equal


def test_a_projector_goes_on_after_a_rebuild(postgres_log: PostgresLog, log: SqliteLog) -> None:
    for each in (postgres_log, log):
        take_apart(each, HISTORY[:2])
        first = projector(each)
        first.catch_up()
        assert rebuild(each).equal
        take_apart(each, HISTORY[2:])
        projector(each).catch_up()

    assert models(postgres_log) == models(log)
    assert said(postgres_log) == said(log)
