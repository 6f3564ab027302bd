"""Where a debt is incurred: Article 87."""

from domain.facts.debt import DebtorFound
from domain.facts.disposal import GoodsLost, GoodsRemoved
from domain.facts.entry import GoodsEntered, GoodsFound
from domain.facts.fact import Told
from domain.facts.inventory import ShortageDated, ShortageFound
from domain.facts.temporary_storage import StorageMoveEnded, StorageMoveStarted
from domain.facts.transit import GoodsArrived
from domain.facts.values import Kind
from tests.domain.telling import (
    BURGAS,
    codes,
    declared,
    finding,
    goods,
    judged,
    presented,
    tell,
    the_debt,
)

LINE = goods(1, value=1000, percent=10)
ELSEWHERE = "RO001000"


def place_of(*told: Told) -> str:
    return the_debt(judged("s", presented("s", "2017-03-01", LINE), told)).place


def moved(day: str, office: str | None = ELSEWHERE) -> list[Told]:
    ends = tell(StorageMoveEnded, "s", day, holder="K", office=office)
    return [tell(StorageMoveStarted, "s", "2017-03-10"), ends]


def test_an_act_is_done_at_the_office_that_its_report_names() -> None:
    for sort in (GoodsRemoved, GoodsLost):
        assert place_of(tell(sort, "s", "2017-04-10", office=ELSEWHERE)) == ELSEWHERE
        assert place_of(tell(sort, "s", "2017-04-10", office=None)) == BURGAS


def test_a_shortage_is_incurred_where_customs_find_it() -> None:
    short = tell(ShortageFound, "s", "2017-04-10", quantity="1", office=ELSEWHERE, id="short")
    dated = tell(ShortageDated, "s", "2017-04-12", shortage="short", removed="2017-04-01")
    assert place_of(short) == place_of(short, dated) == ELSEWHERE


def test_goods_that_were_never_presented_are_owed_where_they_were_brought_in() -> None:
    entered = tell(GoodsEntered, "e", "2017-03-01", carrier="C", lines=[LINE])
    found = tell(GoodsFound, "e", "2017-03-05", carrier="C", lines=[LINE], office=ELSEWHERE)
    assert the_debt(judged("e", entered, found)).place == BURGAS
    nowhere = tell(GoodsEntered, "e", "2017-03-01", carrier="C", lines=[LINE], office=None)
    assert the_debt(judged("e", nowhere, found)).place == ELSEWHERE


def test_what_customs_say_of_the_place_counts_before_the_office_of_the_act() -> None:
    act = tell(GoodsRemoved, "s", "2017-04-10", office=ELSEWHERE)
    said = tell(
        DebtorFound, "s", "2017-04-20", person="T", letter="79(3)(b)", occurred_at="BG005800"
    )
    assert place_of(act, said) == "BG005800"


def test_a_small_debt_in_another_currency_stays_where_it_was_and_that_is_said() -> None:
    """EUR 10 000 (Article 87(4)): exchange rates are not modelled."""
    found = tell(DebtorFound, "s", "2017-07-20", person="T", letter="79(3)(b)", found_at=ELSEWHERE)
    said = judged("s", presented("s", "2017-03-01", LINE), found)
    assert the_debt(said).place == ELSEWHERE
    assert "AMOUNT_NOT_COMPARED" not in codes(said)
    levs = goods(1, value=1000, percent=10, currency="BGN")
    said = judged("s", presented("s", "2017-03-01", levs), found)
    assert the_debt(said).place == BURGAS
    assert finding(said, "AMOUNT_NOT_COMPARED").because.articles == ("87(4)",)
    assert "100 BGN" in finding(said, "AMOUNT_NOT_COMPARED").words
    assert found.cite in finding(said, "AMOUNT_NOT_COMPARED").because.reports
    here = tell(DebtorFound, "s", "2017-07-20", person="T", letter="79(3)(b)", found_at=BURGAS)
    said = judged("s", presented("s", "2017-03-01", levs), here)
    assert "AMOUNT_NOT_COMPARED" not in codes(said)


def test_a_transit_that_does_not_end_in_time_is_owed_at_departure() -> None:
    sent = declared(
        "t", Kind.EXTERNAL_TRANSIT, LINE, accepted="2017-03-06", released="2017-03-06",
        end_by="2017-03-14",
    )  # fmt: skip
    late = tell(GoodsArrived, "t", "2017-03-20", office=ELSEWHERE)
    assert the_debt(judged("t", sent, late)).place == BURGAS


def test_storage_is_overrun_where_the_goods_were() -> None:
    """The ninety days from 1 March end on 30 May 2017."""
    assert place_of() == BURGAS
    assert place_of(*moved("2017-03-12")) == ELSEWHERE
    assert place_of(*moved("2017-05-30 23:00")) == ELSEWHERE
    assert place_of(*moved("2017-05-31 00:00")) == BURGAS
    assert place_of(*moved("2017-03-12", None)) == BURGAS
    assert place_of(*moved("2017-03-12"), *moved("2017-04-12", None)) == BURGAS


def test_an_act_that_names_no_office_is_done_where_the_goods_were() -> None:
    away = tell(GoodsRemoved, "s", "2017-04-10", office=None)
    assert place_of(*moved("2017-03-12"), away) == ELSEWHERE
    assert place_of(*moved("2017-04-10"), away) == ELSEWHERE
    assert place_of(*moved("2017-04-11"), away) == BURGAS


def test_a_debt_cites_the_report_that_tells_where_its_goods_were() -> None:
    began, ended = moved("2017-03-12")
    debt = the_debt(judged("s", presented("s", "2017-03-01", LINE), began, ended))
    assert ended.cite in debt.because.reports
