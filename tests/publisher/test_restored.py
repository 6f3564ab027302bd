"""A store that is brought back from a copy: what was published in the lost time stays out there."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from projections.migration import restored
from schemas.topics import VERDICTS
from store.sqlite import SqliteLog
from tests.processes.memory import Topics
from tests.projections.histories import MRN, imported, paid, stored, take
from tests.publisher.publishing import (
    JUNE,
    MAY,
    derived,
    firsts,
    latest,
    publisher,
    run,
    standing,
)

BACK = datetime(2018, 1, 2, tzinfo=UTC)


def test_readers_drop_nothing_new_and_end_with_what_stands(path: Path, topics: Topics) -> None:
    copy = path.with_suffix(".copy")
    with SqliteLog(path) as log:
        take(log, stored())
        derived(log, MAY)
        run(publisher(log, topics))
    shutil.copy(path, copy)
    with SqliteLog(path) as log:
        take(log, [*stored("doc:BL-2"), *imported(), *paid()])
        derived(log, JUNE)
        run(publisher(log, topics))
        lost = standing(log)

    shutil.copy(copy, path)
    with SqliteLog(path) as log:
        restored(log, BACK)
        take(log, imported(), BACK)
        derived(log, JUNE)
        take(log, stored("doc:BL-2"), BACK)
        derived(log, JUNE)
        run(publisher(log, topics))
        stands = standing(log)

    told = firsts(topics.of(VERDICTS.name))
    numbers = [dict(each.headers)["ce_id"].partition(b"/")[0] for each in told]
    assert len(set(numbers)) < len(numbers), "no number of the lost time was given again"
    assert stands.keys() <= lost.keys()
    assert {name: latest(topics)[name] for name in stands} == stands
    assert stands[MRN] != lost[MRN]
