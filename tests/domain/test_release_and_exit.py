"""Release for free circulation, export and re-export: their state tables."""

import pytest

from domain.facts.declaration import (
    AmendmentRequested,
    DeclarationAccepted,
    DeclarationInvalidated,
    DeclarationRejected,
    DeclaredGoodsPresented,
    ExaminationAnnounced,
    ExaminationCompleted,
    GoodsReleased,
    InvalidationRequested,
    ReleaseRefused,
)
from domain.facts.disposal import GoodsConfiscated, GoodsSeized
from domain.facts.exit import GoodsExited
from domain.facts.fact import Told
from domain.facts.transit import GoodsArrived
from domain.facts.values import Kind
from domain.timeline import Judgement
from tests.domain.telling import (
    codes,
    declared,
    finding,
    goods,
    judged,
    moment,
    presented,
    tell,
    the_debt,
    where,
)

LODGED = declared("i", Kind.FREE_CIRCULATION, goods(10, value=100, percent=10), lodged="2017-03-05")
ACCEPTED = declared(
    "i", Kind.FREE_CIRCULATION, goods(10, value=100, percent=10), accepted="2017-03-06 10:00"
)
RELEASED = declared(
    "i", Kind.FREE_CIRCULATION, goods(10, value=100, percent=10),
    accepted="2017-03-06 10:00", released="2017-03-06 16:00",
)  # fmt: skip


def test_the_debt_arises_with_acceptance_and_the_status_with_release() -> None:
    said = judged("i", RELEASED)
    assert the_debt(said).incurred == moment("2017-03-06 10:00")
    assert where(said, "2017-03-06 12:00") == {"AWAITED": 10}
    assert where(said, "2017-03-06") == {"FREE_CIRCULATION": 10}
    assert {"77(1)(a)", "77(2)", "77(3)"} <= {*the_debt(said).because.articles}


def test_a_declaration_that_is_not_accepted_has_no_effect() -> None:
    for more in ((), (tell(DeclarationRejected, "i", "2017-03-06"),)):
        said = judged("i", LODGED, more)
        assert said.debts == ()
        assert where(said, "2017-03-07") == {"AWAITED": 10}


def test_customs_may_release_what_they_had_refused() -> None:
    stored = presented("s", "2017-03-01", goods(10, value=100, percent=10))
    line = goods(10, value=100, percent=10, of="s")
    placed = declared("i", Kind.FREE_CIRCULATION, line, accepted="2017-03-06")
    after_all = [
        tell(ReleaseRefused, "i", "2017-03-07"), tell(GoodsReleased, "i", "2017-03-09"),
    ]  # fmt: skip
    assert where(judged("i", stored, placed, after_all), "2017-03-09") == {"FREE_CIRCULATION": 10}
    said = judged("s", stored, placed, after_all)
    assert where(said, "2017-03-09") == {"PASSED_ON": 10}
    assert said.debts == ()


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ([], "is not said to be accepted by then"),
        (
            [
                tell(DeclarationAccepted, "i", "2017-03-06"),
                tell(DeclarationInvalidated, "i", "2017-03-07"),
            ],
            "was invalidated before",
        ),
    ],
)
def test_a_release_of_what_is_no_declaration_has_no_effect_and_it_is_said(
    before: list[Told], why: str
) -> None:
    said = judged("i", LODGED, before, tell(GoodsReleased, "i", "2017-03-09"))
    assert where(said, "2017-03-09") == {"AWAITED": 10}
    assert why in finding(said, "RELEASE_WITHOUT_EFFECT").words


def test_a_refused_release_leaves_the_debt_until_the_declaration_is_invalidated() -> None:
    refused = tell(ReleaseRefused, "i", "2017-03-07")
    assert the_debt(judged("i", ACCEPTED, refused)).extinguished[0].letter == "a"
    gone = tell(DeclarationInvalidated, "i", "2017-03-08")
    assert the_debt(judged("i", ACCEPTED, refused, gone)).extinguished[0].letter == "d"


def test_seized_goods_in_free_circulation_are_deemed_warehoused() -> None:
    said = judged(
        "i",
        RELEASED,
        tell(GoodsSeized, "i", "2017-04-01"),
        tell(GoodsConfiscated, "i", "2017-04-02"),
    )
    assert where(said, "2017-04-02") == {"DEEMED_WAREHOUSE": 10}


def test_goods_left_unassigned_can_be_placed_anew_and_not_twice() -> None:
    gone = tell(DeclarationInvalidated, "i", "2017-04-01 09:00", ground="DA 148")
    stored = declared(
        "w", Kind.CUSTOMS_WAREHOUSING, goods(6, of="i"), accepted="2017-04-01 09:30",
        released="2017-04-01 09:30",
    )  # fmt: skip
    again = declared(
        "x",
        Kind.CUSTOMS_WAREHOUSING,
        goods(6, of="i"),
        accepted="2017-04-02",
        released="2017-04-02",
    )
    said = judged("i", RELEASED, gone, stored, again)
    assert where(said, "2017-04-01 09:10") == {"UNASSIGNED": 10}
    assert where(said, "2017-04-03") == {"UNASSIGNED": 4, "PASSED_ON": 6}
    assert "UCC215_OVER_DISCHARGE" in codes(said)


def test_goods_are_placed_anew_on_the_day_of_the_invalidation() -> None:
    gone = tell(DeclarationInvalidated, "i", "2017-04-01 09:00", ground="DA 148")
    stored = declared(
        "p", Kind.CUSTOMS_WAREHOUSING, goods(10, of="i"), accepted="2017-04-01",
        released="2017-04-01",
    )  # fmt: skip
    said = judged("i", RELEASED, gone, stored)
    assert where(said, "2017-04-01") == {"PASSED_ON": 10}
    assert "UCC215_OVER_DISCHARGE" not in codes(said)


def test_goods_released_without_security_are_released_and_it_is_said() -> None:
    assert finding(judged("i", RELEASED), "UCC195_1_NOT_SECURED").because.articles == ("195(1)",)
    secured = declared(
        "i", Kind.FREE_CIRCULATION, goods(10, value=100, percent=10), accepted="2017-03-06",
        released="2017-03-06", guarantee="grn:G",
    )  # fmt: skip
    assert "UCC195_1_NOT_SECURED" not in codes(judged("i", secured))


ANNOUNCED = tell(ExaminationAnnounced, "i", "2017-03-06 11:00")
DONE = tell(ExaminationCompleted, "i", "2017-03-06 13:00")


@pytest.mark.parametrize(
    ("told", "asked", "code"),
    [
        ([ANNOUNCED], "2017-03-06 12:00", "INVALIDATION_EXAM_PENDING"),
        ([ANNOUNCED, DONE], "2017-03-06 14:00", None),
        ([], "2017-03-06 12:00", None),
    ],
)
def test_invalidation_waits_for_an_announced_examination(
    told: list[Told], asked: str, code: str | None
) -> None:
    said = judged("i", ACCEPTED, told, tell(InvalidationRequested, "i", asked))
    assert ({"INVALIDATION_EXAM_PENDING"} & {*codes(said)}) == ({code} if code else set())


@pytest.mark.parametrize(
    ("told", "asked", "code"),
    [
        ([ANNOUNCED], "2017-03-06 12:00", "DECL_AMEND_AFTER_EXAM_NOTICE"),
        ([ANNOUNCED, DONE], "2017-03-06 14:00", "DECL_AMEND_AFTER_EXAM_NOTICE"),
        ([], "2017-03-06 12:00", None),
        ([], "2017-03-06 17:00", "DECL_AMEND_AFTER_RELEASE"),
    ],
)
def test_an_amendment_is_asked_for_before_the_examination_and_the_release(
    told: list[Told], asked: str, code: str | None
) -> None:
    said = judged("i", RELEASED, told, tell(AmendmentRequested, "i", asked))
    assert [each for each in codes(said) if each.startswith("DECL_AMEND")] == (
        [code] if code else []
    )


def test_an_act_that_free_circulation_does_not_know_is_not_judged() -> None:
    assert "NOT_JUDGED" in codes(judged("i", RELEASED, tell(GoodsArrived, "i", "2017-03-07")))
    assert "NOT_JUDGED" not in codes(
        judged("i", LODGED, tell(DeclaredGoodsPresented, "i", "2017-03-06"))
    )


def leaving(kind: Kind, *told: Told) -> Judgement:
    line = goods(10, of="s") if kind is Kind.RE_EXPORT else goods(10)
    sent = declared("x", kind, line, accepted="2017-03-06", released="2017-03-07")
    return judged("x", sent, presented("s", "2017-03-01", goods(10)), told)


def test_exported_goods_lose_their_status_when_they_leave() -> None:
    said = leaving(Kind.EXPORT, tell(GoodsExited, "x", "2017-03-08"))
    assert where(said, "2017-03-07") == {"EXPORT_RELEASED": 10}
    assert where(said, "2017-03-08") == {"EXITED": 10}
    assert "154(a)" in said.positions[-1].because.articles


def test_re_exported_goods_are_told_of_where_they_are_until_they_leave() -> None:
    said = leaving(Kind.RE_EXPORT, tell(GoodsExited, "x", "2017-03-08"))
    assert where(said, "2017-03-07") == {"AWAITED": 10}
    assert where(said, "2017-03-08") == {"EXITED": 10}
    assert "270(1)" in said.positions[-1].because.articles


def test_a_re_export_never_accepted_that_left_takes_its_goods_along() -> None:
    lodged = declared("x", Kind.RE_EXPORT, goods(10, of="s"), lodged="2017-03-06")
    stored = presented("s", "2017-03-01", goods(10))
    said = judged("s", stored, lodged, tell(GoodsExited, "x", "2017-03-08"))
    assert where(said, "2017-03-08") == {"PASSED_ON": 10}


@pytest.mark.parametrize("ground", ["DA 148", None])
def test_goods_that_were_to_leave_and_stay_are_given_back_on_a_ground(ground: str | None) -> None:
    """Without one they are still held for re-export, as far as anybody may know."""
    stored = presented("s", "2017-03-01", goods(10))
    kept = declared(
        "x", Kind.RE_EXPORT, goods(10, of="s"), accepted="2017-03-06", released="2017-03-07"
    )
    stays = tell(DeclarationInvalidated, "x", "2017-04-10", ground=ground)
    said = judged("s", stored, kept, stays)
    assert where(said, "2017-04-09") == {"TEMP_STORAGE/DECLARED": 10}
    here = "TEMP_STORAGE" if ground else "TEMP_STORAGE/DECLARED"
    assert where(said, "2017-04-10") == {here: 10}
    other = codes(judged("x", stored, kept, stays))
    assert ("INVALIDATION_AFTER_RELEASE" in other) is (ground is None)
    placed = declared(
        "i", Kind.FREE_CIRCULATION, goods(10, of="s"), accepted="2017-05-02", released="2017-05-02"
    )
    after = judged("s", stored, kept, stays, placed)
    assert bool(after.debts) is (ground is None)


def test_a_refusal_after_release_gives_nothing_back() -> None:
    stored = presented("s", "2017-03-01", goods(10))
    kept = declared(
        "x", Kind.RE_EXPORT, goods(10, of="s"), accepted="2017-03-06", released="2017-03-07"
    )
    said = judged("s", stored, kept, tell(ReleaseRefused, "x", "2017-03-09"))
    assert where(said, "2017-03-09") == {"TEMP_STORAGE/DECLARED": 10}


def test_an_export_that_is_invalidated_awaits_its_goods_again() -> None:
    stays = tell(DeclarationInvalidated, "x", "2017-04-10", ground="DA 148")
    assert where(leaving(Kind.EXPORT, stays), "2017-04-10") == {"AWAITED": 10}


def test_goods_seized_before_they_leave_stay() -> None:
    said = leaving(Kind.EXPORT, tell(GoodsSeized, "x", "2017-03-08"))
    assert where(said, "2017-03-08") == {"DEEMED_WAREHOUSE": 10}


def test_an_act_that_taking_out_does_not_know_is_not_judged() -> None:
    assert "NOT_JUDGED" in codes(leaving(Kind.EXPORT, tell(GoodsArrived, "x", "2017-03-08")))
