"""Projector and alarms on one store: what is recorded is derived, what time brings is announced."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from consumers.processes.alarms import AlarmsProcess
from consumers.processes.projector import ProjectorProcess
from domain.law.citation import Law
from domain.policies import Policies
from projections import journal
from projections.agenda import Verdict
from projections.judging import Terms
from projections.state import OtherReadModels
from store.opening import open_log
from store.sqlite import SqliteLog
from tests.projections.histories import STORAGE, models, projector, stored, take

MARCH = datetime(2017, 3, 1, 12, tzinfo=UTC)
LAST_DAY = date(2017, 5, 30)
MISSED = datetime(2017, 5, 30, 21, tzinfo=UTC)
"""Midnight after the last day, at the office of Burgas."""
TERMS = Terms(Law(), Policies())


class Site:
    """A store with its two processes, each with a log of its own, and the time of day."""

    def __init__(self, store: str) -> None:
        self.store, self.now = store, MARCH
        self.log = open_log(store)
        self.projector = self.new_projector(TERMS)
        self.alarms = self.new_alarms()

    def new_projector(self, terms: Terms) -> ProjectorProcess:
        return ProjectorProcess(open_log(self.store, create=False), terms, page=2)

    def new_alarms(self) -> AlarmsProcess:
        return AlarmsProcess(open_log(self.store, create=False), lambda: self.now, every=60)

    def close(self) -> None:
        self.projector.close()
        self.alarms.close()
        self.log.close()

    def record(self, *movements: str) -> None:
        for each in movements:
            take(self.log, stored(each), self.now)

    def derive(self) -> int:
        """Let the projector do all there is; in how many steps."""
        return sum(1 for _ in iter(self.projector.step, False))

    def said(self, movement: str = STORAGE) -> Counter[Verdict]:
        """How often the journal says what of a movement's period of storage and of its debt."""
        with self.log.connection() as db:
            return Counter(
                Verdict(each.verdict)
                for each in journal.entries(db, [movement])
                if each.statement.startswith(("deadline/149", "debt"))
            )


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    in_file = request.param == "sqlite"
    made = Site(str(tmp_path / "site") if in_file else request.getfixturevalue("postgres"))
    yield made
    made.close()


def test_an_empty_store_is_no_work_and_nothing_waits(site: Site) -> None:
    assert not site.projector.step()
    assert not site.alarms.step()
    assert site.projector.progress().behind == 0
    assert site.alarms.progress().behind == 0


def test_the_projector_derives_in_steps_of_a_page(site: Site) -> None:
    site.record(*(f"doc:BL-{number}" for number in range(5)))
    records = site.log.head().index
    assert site.projector.progress().behind == records

    assert site.projector.step()
    told = site.projector.progress()
    assert (told.position, told.done) == (2, {"read": 2})
    assert told.behind == records - 2

    assert site.derive() >= (records - 2) // 2
    told = site.projector.progress()
    assert (told.behind, told.position, told.done) == (0, records, {"read": records})


def test_steps_make_the_read_models_that_one_long_page_makes(site: Site, tmp_path: Path) -> None:
    whole = SqliteLog(tmp_path / "whole.sqlite")
    for log in (site.log, whole):
        for number in range(5):
            take(log, stored(f"doc:BL-{number}"), MARCH)
    site.derive()
    projector(whole).catch_up()
    assert models(site.log) == models(whole)
    whole.close()


@pytest.mark.parametrize(
    "terms",
    [Terms(Law(date(2019, 4, 14)), Policies()), Terms(Law(), Policies.of({"rounding": "CENT"}))],
    ids=["law", "policies"],
)
def test_read_models_made_under_other_terms_are_refused(site: Site, terms: Terms) -> None:
    site.record(STORAGE)
    site.derive()
    other = site.new_projector(terms)
    with pytest.raises(OtherReadModels, match="rebuild them"):
        other.step()
    other.close()


def test_a_deadline_that_passes_overnight_is_announced_with_no_new_fact(site: Site) -> None:
    site.record(STORAGE)
    site.derive()
    site.alarms.step()
    assert site.said() == {Verdict.DEADLINE_SET: 1}

    site.now = MISSED - timedelta(seconds=1)
    site.alarms.step()
    assert site.said() == {Verdict.DEADLINE_SET: 1}
    head = site.log.head()

    site.now = MISSED
    assert site.alarms.progress().behind > 0
    assert site.alarms.step()
    assert site.said()[Verdict.DEADLINE_MISSED] == 1
    assert site.said()[Verdict.DEBT_INCURRED] == 1
    assert site.log.head() == head
    assert site.alarms.progress().behind == 0


def test_what_starts_is_announced_at_once_and_not_only_after_every_so_many_seconds(
    site: Site,
) -> None:
    site.record(STORAGE)
    site.derive()
    site.now = MISSED - timedelta(seconds=2)
    site.alarms.step()
    site.now = MISSED
    assert site.alarms.step()


def test_where_nothing_starts_nothing_is_written_until_it_is_time(site: Site) -> None:
    site.record(STORAGE)
    site.derive()
    site.alarms.step()
    began = site.alarms.progress().position
    site.now += timedelta(seconds=59)
    assert not site.alarms.step()
    assert site.alarms.progress().position == began
    site.now += timedelta(seconds=1)
    assert not site.alarms.step()
    assert site.alarms.progress().position == began + 60


def test_stopped_for_three_days_the_alarms_announce_what_they_missed_once(site: Site) -> None:
    site.record(STORAGE, "doc:BL-2")
    site.derive()
    site.now = MISSED - timedelta(days=1)
    site.alarms.step()
    before = site.said()
    site.alarms.close()

    site.now = MISSED + timedelta(days=2)
    site.alarms = site.new_alarms()
    other = site.new_alarms()
    assert site.alarms.step()
    assert not other.step()
    site.now += timedelta(hours=1)
    assert not site.alarms.step()
    assert not other.step()
    other.close()
    for movement in (STORAGE, "doc:BL-2"):
        missed = site.said(movement) - before
        assert missed == {Verdict.DEADLINE_MISSED: 1, Verdict.DEBT_INCURRED: 1}


def test_a_fact_that_comes_after_its_deadline_was_announced_is_journalled_by_the_projector(
    site: Site,
) -> None:
    site.record(STORAGE)
    site.derive()
    site.now = MISSED + timedelta(days=1)
    site.alarms.step()
    site.record("doc:late")
    site.derive()
    assert site.said("doc:late")[Verdict.DEADLINE_MISSED] == 1
    assert not site.alarms.step()


def test_a_clock_that_goes_back_announces_nothing_twice(site: Site) -> None:
    site.record(STORAGE)
    site.derive()
    site.now = MISSED
    site.alarms.step()
    said = site.said()
    site.now = MISSED - timedelta(days=3)
    assert not site.alarms.step()
    site.now = MISSED
    assert not site.alarms.step()
    assert site.said() == said
