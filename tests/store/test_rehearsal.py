"""What a rehearsal says comes true, and nothing of it is written."""

import pytest

from store.log import Log
from store.records import Incoming, OffsetConflict, Outcome
from store.rehearsal import Rehearsal
from tests.store.making import (
    MINUTE,
    MRN_B,
    NOON,
    batch,
    everything,
    malformed,
    native,
    tell,
    translated,
)

BATCHES: list[list[Incoming]] = [
    [native("r1"), native("r1"), native("r1", raw=b'{"other": 1}'), malformed()],
    [native("r0"), native("r1"), translated("m1"), native("r2", MRN_B)],
    [translated("m1"), translated("m1", raw=b"<other/>"), native("r2", raw=b"{}")],
]


@pytest.fixture
def log(any_log: Log) -> Log:
    return any_log


def taken(log: Log | Rehearsal) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for incoming in BATCHES:
        outcomes += log.append(batch(incoming, log.next_offset("files")), NOON + MINUTE)
    return outcomes


def test_the_outcomes_are_those_that_appending_gives(log: Log) -> None:
    tell(log, native("r0"), translated("m0"))
    assert taken(Rehearsal(log)) == taken(log)


def test_recorded_at_does_not_go_back_in_a_rehearsal_either(log: Log) -> None:
    tell(log, native("r0"), at=NOON + 5 * MINUTE)
    assert {each.recorded_at for each in taken(Rehearsal(log))} == {NOON + 5 * MINUTE}


def test_nothing_is_written(log: Log) -> None:
    tell(log, native("r0"))
    before = everything(log), list(log.outcomes()), log.next_offset("files")
    taken(Rehearsal(log))
    assert (everything(log), list(log.outcomes()), log.next_offset("files")) == before


def test_a_batch_that_starts_elsewhere_is_refused(log: Log) -> None:
    rehearsal = Rehearsal(log)
    rehearsal.append(batch([native("r1")]), NOON)
    with pytest.raises(OffsetConflict):
        rehearsal.append(batch([native("r2")]), NOON)


def test_what_was_told_again_is_no_longer_open(log: Log) -> None:
    one, other = tell(log, malformed(), malformed())
    aside = malformed()._replace(reason="invalid", redrives=one.id)
    (again,) = tell(log, aside, partition="redrive")

    assert [each.id for each in log.outcomes(only_open=True)] == [other.id, again.id]
    assert log.open_counts() == {("port", "malformed"): 1, ("port", "invalid"): 1}
    assert log.told_again(one) == again
    assert log.told_again(again) is log.told_again(other) is None

    (last,) = tell(log, native("r1")._replace(redrives=one.id), partition="redrive")
    assert [each.id for each in log.outcomes(reason="invalid", only_open=True)] == []
    assert (log.told_again(one), log.told_again(again)) == (last, last)
    assert sum(log.counts().values()) == last.id
    assert list(log.verify()) == []


def test_each_source_is_known_by_when_it_was_last_heard_of(log: Log) -> None:
    tell(log, native("r1"), native("s1", source="rail"))
    tell(log, malformed(), at=NOON + MINUTE)
    assert log.latest() == {"port": NOON + MINUTE, "rail": NOON}
