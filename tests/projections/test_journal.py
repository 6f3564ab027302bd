from datetime import UTC, datetime, timedelta

from projections import journal
from projections.agenda import Verdict
from projections.projector import Projector
from projections.tables import JournalRow
from store.sqlite import SqliteLog
from tests.projections.histories import (
    GOODS,
    LATER,
    LRN,
    MRN,
    STORAGE,
    imported,
    paid,
    projector,
    report,
    stored,
    take,
)

PRESENTED = "temporary-storage.goods-presented"
JUNE = datetime(2017, 6, 1, tzinfo=UTC)
OVERRUN = f"debt/storage_overrun/local/{STORAGE}-1"
DUTY = f"debt/declared_for_free_circulation/local/{MRN}-2"
SAID, TAKEN_BACK = "said", "taken back"


def entries(log: SqliteLog, after: int = 0) -> list[JournalRow]:
    with log.connection() as db:
        return list(journal.entries(db, after=after))


def said(log: SqliteLog, movement: str, after: int = 0) -> list[tuple[str, str, str]]:
    """What the journal says of debts, of clocks that are watched, and of the status."""
    return [
        (each.verdict, each.statement, SAID if each.now else TAKEN_BACK)
        for each in entries(log, after)
        if each.movement == movement
        and not each.statement.startswith(("deadline/5", "deadline/10"))
        and not each.statement.startswith("deadline/12")
    ]


def holiday(day: str) -> bytes:
    return report("closed", "reference.calendar-set", "calendar:BG", "2017-01-01", added=[day])


def caught_up(log: SqliteLog) -> Projector:
    keeping = projector(log)
    keeping.catch_up()
    return keeping


def test_what_is_set_is_said_at_once_and_what_time_brings_when_it_does(log: SqliteLog) -> None:
    take(log, stored())
    caught_up(log)

    assert said(log, STORAGE) == [(Verdict.DEADLINE_SET, "deadline/149/all/BG1", SAID)]

    before = len(entries(log))
    journal.announce(log, JUNE)

    assert said(log, STORAGE, before) == [
        (Verdict.STATUS_CHANGED, "status/1/NON_UNION", SAID),
        (Verdict.DEADLINE_MISSED, "deadline/149/all/BG1", SAID),
        (Verdict.DEBT_INCURRED, OVERRUN, SAID),
    ]


def test_an_entry_says_when_it_was_said_and_under_what(log: SqliteLog) -> None:
    take(log, stored())
    caught_up(log)
    journal.announce(log, JUNE)
    first, last = entries(log)[0], entries(log)[-1]

    assert [each.number for each in entries(log)] == list(range(1, len(entries(log)) + 1))
    assert (last.position, last.recorded_at) == (1, "2018-01-01T00:00:00.000000Z")
    assert (last.law, last.rules) == ("2016-12-24", first.rules)
    assert last.at == "2017-05-30T21:00:00.000000Z"
    assert last.was is None
    assert last.now == (
        '{"amount":"1800","article":"79(1)(a)","at":"2017-05-30T21:00:00.000000Z",'
        '"currency":"EUR","debtors":["BG1"]}'
    )


def test_what_no_longer_holds_is_taken_back(log: SqliteLog) -> None:
    take(log, stored())
    keeping = caught_up(log)
    journal.announce(log, JUNE)
    before = len(entries(log))
    take(log, imported())
    keeping.catch_up()

    assert said(log, STORAGE, before) == [
        (Verdict.DEADLINE_MET, "deadline/149/all/BG1", SAID),
        (Verdict.DEADLINE_MISSED, "deadline/149/all/BG1", TAKEN_BACK),
        (Verdict.DEBT_INCURRED, OVERRUN, TAKEN_BACK),
    ]


def test_what_time_has_passed_already_is_said_at_once(log: SqliteLog) -> None:
    take(log, [*stored(), *imported()])
    keeping = caught_up(log)
    journal.announce(log, JUNE)
    before = len(entries(log))
    take(log, paid())
    keeping.catch_up()

    assert said(log, MRN, before) == [
        (Verdict.DEBT_EXTINGUISHED, f"{DUTY}/extinguished/b/local/{MRN}-paid", SAID)
    ]


def test_a_deadline_is_moved_and_a_debt_re_dated(log: SqliteLog) -> None:
    take(log, stored())
    keeping = caught_up(log)
    journal.announce(log, JUNE)
    before = len(entries(log))
    take(log, [holiday("2017-05-30")])
    keeping.catch_up()

    assert said(log, STORAGE, before) == [
        (Verdict.DEADLINE_MOVED, "deadline/149/all/BG1", SAID),
        (Verdict.DEADLINE_MISSED, "deadline/149/all/BG1", SAID),
        (Verdict.DEBT_REDATED, OVERRUN, SAID),
    ]
    last = entries(log)[-1]
    assert '"at":"2017-05-30T21:00:00.000000Z"' in (last.was or "")
    assert '"at":"2017-05-31T21:00:00.000000Z"' in (last.now or "")


def test_a_debt_whose_amount_becomes_known_has_another_amount(log: SqliteLog) -> None:
    goods = {key: value for key, value in GOODS.items() if key != "duty"} | {"code": "0101"}
    take(
        log, [report("p", PRESENTED, STORAGE, "2017-03-01T10:00:00Z", holder="BG1", lines=[goods])]
    )
    keeping = caught_up(log)
    journal.announce(log, JUNE)
    before = len(entries(log))
    duty = {"first_day": "2016-05-01", "duty": [{"percent": "10"}]}
    take(log, [report("m", "reference.duty-measure-set", "measure:0101", "2017-01-01", **duty)])
    keeping.catch_up()
    (change,) = (each for each in entries(log, before) if each.statement.startswith("debt/"))

    assert change.verdict == Verdict.DEBT_AMOUNT_CHANGED
    assert '"amount":null' in (change.was or "")
    assert '"amount":"1800"' in (change.now or "")


def test_time_is_announced_once_and_never_backwards(log: SqliteLog) -> None:
    take(log, stored())
    caught_up(log)

    assert journal.announce(log, JUNE) > 0
    assert journal.announce(log, JUNE) == 0
    assert journal.announce(log, datetime(2017, 1, 1, tzinfo=UTC)) == 0


def test_nothing_is_announced_before_anything_is_projected(log: SqliteLog) -> None:
    take(log, stored())

    assert journal.announce(log, JUNE) == 0
    assert entries(log) == []


def test_a_better_name_for_a_movement_says_nothing_new(log: SqliteLog) -> None:
    lodged, accepted, _ = imported()
    take(log, [lodged, report("lrn-2", "declaration.accepted", LRN, "2017-03-10T11:00:00Z")])
    keeping = caught_up(log)
    journal.announce(log, JUNE)
    debts = [each for each in entries(log) if each.verdict == Verdict.DEBT_INCURRED]
    before = len(entries(log))
    take(
        log,
        [
            report(
                "mrn-1",
                "declaration.examination-announced",
                MRN,
                "2017-03-10T12:00:00Z",
                same_as=LRN,
            )
        ],
    )
    keeping.catch_up()

    assert accepted
    assert [each.movement for each in debts] == [LRN]
    assert [each.verdict for each in entries(log, before)] == []


def test_the_journal_can_be_asked_for_some_movements_verdicts_and_times(log: SqliteLog) -> None:
    take(log, [*stored(), *imported()])
    caught_up(log)
    journal.announce(log, JUNE)
    every = entries(log)
    with log.connection() as db:
        of_import = list(journal.entries(db, [MRN, LRN]))
        debts = list(journal.entries(db, verdicts=[Verdict.DEBT_INCURRED]))
        said_once = list(journal.entries(db, since=LATER, until=LATER))
        later = list(journal.entries(db, since=LATER + timedelta(microseconds=1)))
        nobodys = list(journal.entries(db, []))

    assert of_import == [each for each in every if each.movement == MRN]
    assert debts == [each for each in every if each.verdict == Verdict.DEBT_INCURRED] != []
    assert said_once == every
    assert later == nobodys == []
    assert {journal.said_at(each) for each in every} == {LATER}


def test_what_lay_ahead_when_it_was_recorded_is_said_when_legal_time_reaches_it(
    log: SqliteLog,
) -> None:
    march = datetime(2017, 3, 2, tzinfo=UTC)
    take(log, stored(), march)
    caught_up(log)
    journal.announce(log, JUNE)
    with log.connection() as db:
        (debt,) = journal.entries(db, verdicts=[Verdict.DEBT_INCURRED])
        assert journal.said_at(debt) == datetime(2017, 5, 30, 21, tzinfo=UTC)
        late = journal.entries(db, since=journal.said_at(debt), until=journal.said_at(debt))
        assert Verdict.DEBT_INCURRED in {each.verdict for each in late}
        assert [each for each in journal.entries(db, until=march) if each.at is None] != []
