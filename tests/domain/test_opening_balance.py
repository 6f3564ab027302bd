"""A site starts with stock on a day: clocks count from before, and nothing earlier is judged."""

from datetime import date
from typing import Any

import pytest

from domain.facts.authorisation import AuthorisationGranted
from domain.facts.declaration import OpeningBalance
from domain.facts.exit import GoodsExited
from domain.facts.fact import Told
from domain.facts.inventory import ShortageFound
from domain.facts.values import Kind
from domain.timeline import DeadlineState, Judgement
from tests.domain.telling import (
    Goods,
    codes,
    debtor,
    declared,
    end_of,
    goods,
    judged,
    moment,
    overdue,
    presented,
    same_goods,
    tell,
    the_debt,
    where,
)

LINE = goods(100, value=1000, percent=10)
PROCESSING = tell(
    AuthorisationGranted, "auth:IP1", "2016-05-01", holder="D", procedure=Kind.INWARD_PROCESSING
)


def balance(
    procedure: Kind,
    since: str,
    *lines: Goods,
    on: str = "2017-04-01",
    **said: Any,  # noqa: ANN401
) -> Told:
    """The stock `s` with which a site starts on a day."""
    given = {"declarant": "H", "lines": lines or (LINE,), "since": since}
    return tell(OpeningBalance, "s", on, procedure=procedure, **given | said)


def stored(since: str = "2017-03-01", **said: Any) -> Told:  # noqa: ANN401
    return balance(Kind.TEMPORARY_STORAGE, since, **said)


def in_processing(end_by: str, **said: Any) -> Told:  # noqa: ANN401
    return balance(
        Kind.INWARD_PROCESSING, "2017-02-01", end_by=end_by, authorisation="auth:IP1", **said
    )


def clocks(judgement: Judgement, article: str) -> list[date]:
    return [each.last_day for each in judgement.deadlines if each.article == article]


def test_stock_is_there_from_the_day_of_the_balance_and_not_before() -> None:
    said = judged("s", stored())
    assert where(said, "2017-03-31") == {}
    assert where(said, "2017-04-01") == {"TEMP_STORAGE": 100}


def test_the_ninety_days_count_from_the_presentation_and_not_from_the_balance() -> None:
    said = judged("s", stored())
    assert clocks(said, "149") == [date(2017, 5, 30)]
    assert overdue(said, "2017-05-30") == 0
    assert overdue(said, "2017-05-31") == 100
    assert the_debt(said).incurred == moment("2017-05-31 00:00")
    assert debtor(the_debt(said), "H").role == "79(3)(a)"


def test_stock_whose_time_was_over_is_overdue_from_the_day_of_the_balance() -> None:
    said = judged("s", stored("2016-12-01"))
    assert clocks(said, "149") == [date(2017, 3, 1)]
    assert overdue(said, "2017-04-01") == 100
    assert the_debt(said).incurred == moment("2017-04-01 00:00")


def test_stock_is_declared_like_any_other_goods() -> None:
    line = goods(40, value=400, percent=10, of="s")
    imported = declared(
        "i", Kind.FREE_CIRCULATION, line, lodged="2017-05-02", accepted="2017-05-02",
        released="2017-05-03",
    )  # fmt: skip
    said = judged("s", stored(), imported)
    assert where(said, "2017-05-03") == {"TEMP_STORAGE": 60, "PASSED_ON": 40}
    assert the_debt(said).amount == 60
    assert same_goods(the_debt(said)) == {}
    assert the_debt(judged("i", stored(), imported)).amount == 40


def test_stock_in_a_warehouse_has_no_time_limit() -> None:
    said = judged("s", balance(Kind.CUSTOMS_WAREHOUSING, "2012-03-01"))
    assert where(said, "2019-12-31") == {"CUSTOMS_WAREHOUSE": 100}
    assert not said.debts


def test_a_shortage_of_stock_is_a_debt_from_the_finding() -> None:
    found = tell(ShortageFound, "s", "2017-06-01", quantity=5)
    said = judged("s", balance(Kind.CUSTOMS_WAREHOUSING, "2012-03-01"), found)
    assert the_debt(said).incurred_on == date(2017, 6, 1)
    assert the_debt(said).amount == 5


def test_stock_under_processing_has_the_period_that_customs_fixed() -> None:
    said = judged("s", PROCESSING, in_processing("2017-06-30"))
    assert clocks(said, "215(4)") == [date(2017, 6, 30)]
    assert the_debt(said).incurred == moment("2017-07-01 00:00")


def test_stock_under_processing_is_discharged_by_re_export() -> None:
    line = goods(100, of="s")
    re_export = declared("r", Kind.RE_EXPORT, line, lodged="2017-06-30", accepted="2017-06-30")
    left = tell(GoodsExited, "r", "2017-06-30")
    said = judged("s", PROCESSING, in_processing("2017-06-30"), re_export, left)
    assert where(said, "2017-06-30") == {"DISCHARGED": 100}
    assert not said.debts


def test_stock_on_the_way_has_the_limit_of_its_transit() -> None:
    said = judged("s", balance(Kind.EXTERNAL_TRANSIT, "2017-03-28", end_by="2017-04-05"))
    assert where(said, "2017-04-05") == {"EXTERNAL_TRANSIT": 100}
    assert the_debt(said).incurred == moment("2017-04-06 00:00")


def test_one_stock_told_twice_is_one_stock() -> None:
    again = stored(source="terminal", role="facility", id="again")
    said = judged("s", stored(), again)
    assert clocks(said, "149") == [date(2017, 5, 30)]
    assert the_debt(said).amount == 100


@pytest.mark.parametrize("known", ["before", "after"])
def test_a_history_that_is_known_all_the_same_takes_the_place_of_the_balance(known: str) -> None:
    recorded = "2017-03-01" if known == "before" else "2017-04-15"
    history = presented("s", "2017-03-01 14:00", LINE, recorded=recorded)
    said = judged("s", stored(), history)
    assert where(said, "2017-03-15") == {"TEMP_STORAGE": 100}
    assert clocks(said, "149") == [date(2017, 5, 30)]
    assert the_debt(said).amount == 100


def test_a_release_that_is_known_takes_the_place_of_a_balance_of_processing() -> None:
    history = declared(
        "s", Kind.INWARD_PROCESSING, LINE, lodged="2017-02-01", accepted="2017-02-01",
        released="2017-02-01", end_by="2017-06-30", authorisation="auth:IP1",
    )  # fmt: skip
    said = judged("s", PROCESSING, history, in_processing("2017-06-30"))
    assert clocks(said, "215(4)") == [date(2017, 6, 30)]
    assert the_debt(said).amount == 100


def test_a_balance_of_a_kind_that_has_no_stock_is_not_judged() -> None:
    said = judged("s", balance(Kind.FREE_CIRCULATION, "2017-03-01"))
    assert "NOT_JUDGED" in codes(said)
    assert not said.debts


def test_a_clock_of_stock_is_met_like_any_other() -> None:
    line = goods(100, value=1000, percent=10, of="s")
    placed = declared(
        "w", Kind.CUSTOMS_WAREHOUSING, line, lodged="2017-05-02", accepted="2017-05-02",
        released="2017-05-02",
    )  # fmt: skip
    (clock,) = (each for each in judged("s", stored(), placed).deadlines if each.article == "149")
    assert clock.state(end_of("2017-05-31")) is DeadlineState.MET
