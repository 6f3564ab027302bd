"""What others append between the look-ups of a batch and the log's lock is seen all the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from store.appending import FOLLOWED, Seen
from store.filing import Heads
from store.log import Log
from store.postgres import PostgresLog
from store.postgres_datastore import PostgresConnection
from store.records import Link, OutcomeKind
from tests.store.making import MRN_A, MRN_B, NOON, batch, everything, native, tell, translated

RECORDED, DUPLICATE, QUARANTINED = OutcomeKind
ELSEWHERE = "elsewhere"


@contextmanager
def meanwhile(log: PostgresLog, act: Callable[[Log], object]) -> Iterator[None]:
    """Each append of `log` looks up, then another process acts, then the log is locked."""
    look_ahead = log._look_ahead

    def slow(prepared: object) -> Seen:
        seen = look_ahead(prepared)  # type: ignore[arg-type]
        with PostgresLog(log.address) as other:
            act(other)
        return seen

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(log, "_look_ahead", slow)
        yield


def test_a_report_that_another_recorded_meanwhile_is_a_duplicate(
    postgres_log: PostgresLog,
) -> None:
    tell(postgres_log, native("r0"))
    same, differs = native("r1"), native("r2", raw=b"other")
    with meanwhile(postgres_log, lambda log: tell(log, native("r1"), native("r2"), partition="x")):
        outcomes = tell(postgres_log, native("r0"), same, differs, native("r3"))

    assert [outcome.kind for outcome in outcomes] == [DUPLICATE, DUPLICATE, QUARANTINED, RECORDED]
    assert [outcome.index for outcome in outcomes] == [1, 2, None, 4]
    assert list(postgres_log.verify()) == []


def test_streams_that_another_appended_to_meanwhile_are_chained_on(
    postgres_log: PostgresLog,
) -> None:
    tell(postgres_log, native("r0", MRN_A))
    told = [native("x1", MRN_A), native("x2", MRN_B), native("x3", "mrn:new", Link(MRN_A, "x"))]
    with meanwhile(postgres_log, lambda log: tell(log, *told, partition=ELSEWHERE)):
        tell(postgres_log, native("r1", MRN_A), native("r2", MRN_B), native("r3", "mrn:new"))
    tell(postgres_log, native("r4", MRN_A), native("r5", MRN_B), native("r6", "mrn:new"))

    versions = [record.version for record in postgres_log.stream(MRN_A)]
    assert versions == [1, 2, 3, 4, 5]
    assert len(postgres_log.stream(MRN_B)) == len(postgres_log.stream("mrn:new")) == 3
    assert list(postgres_log.verify()) == []


def test_more_than_can_be_followed_is_looked_up_anew(
    postgres_log: PostgresLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert FOLLOWED > 2
    monkeypatch.setattr("store.appending.FOLLOWED", 2)
    tell(postgres_log, native("r0", MRN_A))
    told = [native(f"x{number}", MRN_A) for number in range(3)]
    with meanwhile(postgres_log, lambda log: tell(log, *told, partition=ELSEWHERE)):
        tell(postgres_log, native("r1", MRN_A))
    assert [record.version for record in postgres_log.stream(MRN_A)] == [1, 2, 3, 4, 5]
    assert list(postgres_log.verify()) == []


def test_what_a_failed_append_looked_up_stays_right(postgres_log: PostgresLog) -> None:
    told = translated("m1", MRN_A, MRN_B)
    with (
        meanwhile(postgres_log, lambda log: tell(log, told)),
        pytest.raises(Exception, match="stands at 1"),
    ):
        postgres_log.append(batch([native("r1", MRN_A)]), NOON)
    tell(postgres_log, native("r1", MRN_A), native("r2", MRN_B))
    assert [(each.stream, each.version) for each in everything(postgres_log)] == [
        (MRN_A, 1),
        (MRN_B, 1),
        (MRN_A, 2),
        (MRN_B, 2),
    ]
    assert list(postgres_log.verify()) == []


def test_nothing_is_looked_up_under_the_lock_while_nobody_else_appends(
    postgres_log: PostgresLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(postgres_log, native("r1", MRN_A), native("r2", MRN_B))
    asked: list[str] = []
    seek, look_ahead = postgres_log._stored_heads, postgres_log._look_ahead

    def looked_ahead(prepared: object) -> Seen:
        seen = look_ahead(prepared)  # type: ignore[arg-type]
        asked.clear()
        monkeypatch.delattr(postgres_log, "_tellings")
        monkeypatch.delattr(type(postgres_log), "_tellings")
        return seen

    def sought(connection: PostgresConnection, streams: list[str]) -> Heads:
        asked.extend(streams)
        return seek(connection, streams)

    monkeypatch.setattr(postgres_log, "_look_ahead", looked_ahead)
    monkeypatch.setattr(postgres_log, "_tellings", postgres_log._tellings)
    monkeypatch.setattr(postgres_log, "_stored_heads", sought)
    tell(postgres_log, native("r3", MRN_A), native("r4", "mrn:new", Link("mrn:newer", "x")))
    assert asked == []
    assert postgres_log.stream(MRN_A)[-1].version == 2
