"""Two processes at the shards of one store, killed at random: what is left can be gone on with."""

import multiprocessing
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random

import pytest

from projections import journal, state
from projections.rebuild import rebuild
from store.opening import open_log
from store.sqlite import SqliteLog
from tests.projections.histories import models, projector
from tests.projections.test_any_history import file
from tests.projections.test_databases import generated

SHARDS, ROUNDS = 3, 2


def advance(address: str, ready: Event) -> None:
    """Advance shards until all is done."""
    with open_log(address, create=False) as log:
        one = projector(log, page=3, piece=2, shards=SHARDS)
        ready.set()
        while one.advance() is not None:
            pass


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_processes_killed_at_random_leave_what_another_goes_on_with(
    kind: str, tmp_path: Path, log: SqliteLog, request: pytest.FixtureRequest
) -> None:
    path = str(tmp_path / "killed.db")
    address = path if kind == "sqlite" else request.getfixturevalue("postgres")
    told, dice = generated()[:100], Random(kind)  # noqa: S311  (the same always)
    file(log, told)
    projector(log).catch_up()
    context = multiprocessing.get_context("spawn")
    with open_log(address) as killed:
        file(killed, told)
        for _ in range(ROUNDS):
            readies = [context.Event() for _ in range(2)]
            both = [context.Process(target=advance, args=(address, each)) for each in readies]
            for each in both:
                each.start()
            for ready in readies:
                assert ready.wait(60)
            for each in both:
                each.join(dice.uniform(0.02, 0.4))
                each.kill()
                each.join()
        with killed.connection() as db:
            half = [each.position for each in state.shards(db)]
        projector(killed).catch_up()
        with killed.connection() as db:
            numbers = [each.number for each in journal.entries(db)]

        assert len(half) == SHARDS
        assert min(half) < killed.head().index
        assert models(killed) == models(log)
        assert numbers == list(range(1, len(numbers) + 1))
        assert rebuild(killed).equal
