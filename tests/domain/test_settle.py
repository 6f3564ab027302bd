from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import permutations

import pytest

from domain.corrections import not_taken_back
from domain.facts.declaration import (
    DeclarationAccepted,
    DeclarationAmended,
    DeclarationLodged,
    ExaminationAnnounced,
    GoodsReleased,
)
from domain.facts.disposal import GoodsSeized
from domain.facts.fact import Told
from domain.facts.inventory import ShortageDated, ShortageFound
from domain.facts.record import ReportRetracted
from domain.facts.temporary_storage import GoodsPresented, GoodsReceived, StorageDeclarationLodged
from domain.facts.transit import GoodsArrived
from domain.facts.values import Kind
from domain.settle import Settled, settle
from tests.domain.telling import BURGAS, SOFIA_AIRPORT, goods, moment, presented, tell


def settled(*told: Told) -> Settled:
    """What settles, whatever the order of arrival."""
    found = {repr(each): each for each in map(settled_as, _orders(told))}
    assert len(found) == 1, "the order of arrival decides"
    return found.popitem()[1]


def settled_as(told: Sequence[Told]) -> Settled:
    return settle(*not_taken_back(told))


def _orders(told: Sequence[Told]) -> list[Sequence[Told]]:
    if len(told) <= 5:
        return list(permutations(told))
    return [told, told[::-1], *([*told[at:], *told[:at]] for at in range(1, len(told)))]


def stands(settled: Settled) -> list[str]:
    return [standing.cites[0].partition("/")[2] for standing in settled.facts]


def voids(settled: Settled) -> list[tuple[str, str]]:
    return [(void.told.report, void.code) for void in settled.void]


def fact(name: str, **said: object) -> Told:
    """One of many acts that a movement may have more than once."""
    return tell(ExaminationAnnounced, "import", "2017-03-01 10:00", id=name, **said)


def retraction(name: str, of: str, **said: object) -> Told:
    return tell(ReportRetracted, "import", "2017-03-02", id=name, report=of, **said)


def test_a_retracted_report_does_not_stand() -> None:
    assert stands(settled(fact("a"), retraction("r", "a"))) == ["r"]


def test_a_retracted_retraction_retracts_nothing() -> None:
    assert stands(settled(fact("a"), retraction("r", "a"), retraction("rr", "r"))) == ["a", "rr"]


def test_of_three_retractions_in_a_row_the_first_one_counts_again() -> None:
    told = (fact("a"), retraction("r", "a"), retraction("rr", "r"), retraction("rrr", "rr"))
    assert stands(settled(*told)) == ["r", "rrr"]


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    assert stands(settled(fact("a"), fact("b", corrects="a"))) == ["b"]


def test_a_correction_of_a_correction_stands_alone() -> None:
    assert stands(settled(fact("a"), fact("b", corrects="a"), fact("c", corrects="b"))) == ["c"]


def test_of_two_corrections_the_one_made_last_stands() -> None:
    early = fact("z", corrects="a", made="2017-03-02 09:00")
    late = fact("b", corrects="a", made="2017-03-03 09:00")
    assert stands(settled(fact("a"), early, late)) == ["b"]


def test_of_two_corrections_made_at_one_time_the_one_of_greater_name_stands() -> None:
    assert stands(settled(fact("a"), fact("b", corrects="a"), fact("c", corrects="a"))) == ["c"]


def test_what_puts_right_a_correction_that_lost_does_not_stand_beside_the_winner() -> None:
    told = (
        fact("a"),
        fact("b", corrects="a", made="2017-03-02 09:00"),
        fact("c", corrects="a", made="2017-03-03 09:00"),
        fact("d", corrects="b", made="2017-03-04 09:00"),
    )
    assert stands(settled(*told)) == ["c"]


def test_a_retracted_report_takes_its_corrections_with_it() -> None:
    told = (fact("a"), fact("b", corrects="a"), fact("c", corrects="b"), retraction("r", "a"))
    assert stands(settled(*told)) == ["r"]


def test_a_retracted_correction_leaves_what_it_corrected() -> None:
    assert stands(settled(fact("a"), fact("b", corrects="a"), retraction("r", "b"))) == ["a", "r"]


def test_a_retracted_correction_gives_way_to_another_one() -> None:
    told = (
        fact("a"),
        fact("b", corrects="a", made="2017-03-02 09:00"),
        fact("c", corrects="a", made="2017-03-03 09:00"),
        retraction("r", "c"),
    )
    assert stands(settled(*told)) == ["b", "r"]


def test_a_retraction_that_is_put_right_retracts_nothing() -> None:
    told = (fact("a"), retraction("r", "a"), fact("b", corrects="r"))
    assert stands(settled(*told)) == ["a", "b"]


def test_reports_that_take_back_each_other_have_no_effect() -> None:
    found = settled(fact("a", corrects="b"), fact("b", corrects="a"), fact("c"))
    assert stands(found) == ["c"]
    assert voids(found) == [("a", "CIRCULAR"), ("b", "CIRCULAR")]


def test_a_report_that_takes_back_itself_has_no_effect() -> None:
    assert voids(settled(fact("a", corrects="a"))) == [("a", "CIRCULAR")]


def test_a_source_that_may_not_take_back_a_report_cannot_make_a_circle_with_it() -> None:
    port = fact("x", source="port", role="declarant", corrects="office/r")
    customs = retraction("r", "port/x")
    found = settled(port, customs)
    assert stands(found) == ["r"]
    assert voids(found) == [("x", "NOT_ENTITLED")]


def test_what_takes_back_an_unknown_report_has_no_effect() -> None:
    found = settled(fact("a"), retraction("r", "b"))
    assert stands(found) == ["a"]
    assert voids(found) == [("r", "MATCHES_NOTHING")]
    assert "office/b" in found.void[0].words


def test_nobody_but_customs_takes_back_what_another_source_told() -> None:
    told = fact("a", source="port")
    other = retraction("r", "port/a", source="airport", role="facility")
    assert voids(settled(told, other)) == [("r", "NOT_ENTITLED")]
    assert stands(settled(told, retraction("r", "port/a"))) == ["r"]


def test_a_report_whose_id_has_a_slash_can_be_retracted_by_its_id() -> None:
    assert stands(settled(fact("2017/a"), retraction("r", "2017/a"))) == ["r"]


def test_a_source_means_its_own_report_where_two_have_the_name() -> None:
    own, other = fact("port/a"), fact("a", source="port")
    found = settled(own, other, retraction("r", "port/a"))
    assert [standing.cites[0] for standing in found.facts] == ["port/a", "office/r"]


def test_a_long_chain_of_corrections_settles() -> None:
    chain = [fact("0000")]
    chain += [fact(f"{at:04}", corrects=f"{at - 1:04}") for at in range(1, 1500)]
    assert stands(settled_as(chain)) == ["1499"]
    assert stands(settled_as(chain[::-1])) == ["1499"]


def test_two_tellings_of_one_act_are_one_act_and_customs_tell_it_best() -> None:
    carrier = presented("s", "2017-03-01 14:00", goods(2), source="ship", role="carrier", id="1")
    customs = presented("s", "2017-03-01 14:10", goods(2), source="office", id="2")
    found = settled(carrier, customs)
    assert stands(found) == ["2"]
    assert voids(found) == []


def test_two_tellings_that_differ_in_what_both_say_are_a_disagreement() -> None:
    carrier = presented("s", "2017-03-01 14:00", goods(3), source="ship", role="carrier", id="1")
    customs = presented("s", "2017-03-01 14:10", goods(2), source="office", id="2")
    found = settled(carrier, customs)
    assert stands(found) == ["2"]
    assert voids(found) == [("1", "SOURCES_DISAGREE")]


def test_two_tellings_of_different_days_are_a_disagreement() -> None:
    one = tell(GoodsReleased, "import", "2017-03-01 10:00", id="1")
    other = tell(GoodsReleased, "import", "2017-03-02", id="2")
    assert voids(settled(one, other)) == [("2", "SOURCES_DISAGREE")]


def _lodgings(customs_quantity: int, *more: Told) -> Settled:
    """Lodged by the holder on the 1st; accepted on the 2nd, when customs repeat all of it."""
    said = {"procedure": Kind.EXTERNAL_TRANSIT, "declarant": "D"}
    return settled(
        tell(DeclarationLodged, "t", "2017-03-01", lines=[goods(2)], role="holder", id="1", **said),
        tell(DeclarationLodged, "t", "2017-03-02", lines=[goods(customs_quantity)], id="2", **said),
        tell(DeclarationAccepted, "t", "2017-03-02", id="3"),
        *more,
    )


def test_customs_may_repeat_a_declaration_on_the_day_they_accept_it() -> None:
    assert voids(_lodgings(2)) == []


def test_customs_may_repeat_a_declaration_as_it_was_amended_since() -> None:
    said = {"procedure": Kind.EXTERNAL_TRANSIT, "declarant": "D", "lines": [goods(3)]}
    amended = tell(DeclarationAmended, "t", "2017-03-01 18:00", role="holder", id="4", **said)
    assert voids(_lodgings(3, amended)) == []


def test_customs_may_not_repeat_a_declaration_otherwise_without_a_disagreement() -> None:
    assert voids(_lodgings(3)) == [("1", "SOURCES_DISAGREE")]


def test_the_day_of_a_telling_is_the_day_at_the_office() -> None:
    """00:30 in Sofia is the evening before in universal time."""
    night = tell(GoodsReleased, "import", "2017-03-02 00:30", id="1")
    day = tell(GoodsReleased, "import", "2017-03-02", id="2")
    assert voids(settled(night, day)) == []


def test_a_day_works_from_the_first_instant_at_the_office() -> None:
    (found,) = settled(tell(GoodsReceived, "s", "2017-03-01", holder="H")).facts
    assert found.at == moment("2017-03-01 00:00")
    assert found.by_day


def test_a_day_waits_for_the_latest_act_of_that_day_that_ranks_before_it() -> None:
    told = (
        tell(DeclarationLodged, "import", "2017-03-01 09:00", procedure="export", declarant="D"),
        tell(DeclarationAccepted, "import", "2017-03-01"),
        tell(GoodsSeized, "import", "2017-03-01 08:00"),
        tell(GoodsReleased, "import", "2017-03-01"),
    )
    found = {type(each.fact): each for each in settled(*told).facts}
    assert found[DeclarationAccepted].at == moment("2017-03-01 09:00")
    assert found[GoodsReleased].at == moment("2017-03-01 09:00")
    assert found[GoodsReleased].by_day
    assert not found[GoodsSeized].by_day


def test_acts_of_one_instant_stand_in_the_order_of_their_rank() -> None:
    told = (
        tell(GoodsReleased, "import", "2017-03-01"),
        tell(DeclarationAccepted, "import", "2017-03-01"),
        tell(DeclarationLodged, "import", "2017-03-01", procedure="export", declarant="D"),
    )
    assert [type(each.fact) for each in settled(*told).facts] == [
        DeclarationLodged,
        DeclarationAccepted,
        GoodsReleased,
    ]


@pytest.mark.parametrize(
    ("day", "hours"), [("2017-03-26", 23), ("2017-10-29", 25), ("2017-03-01", 24)]
)
def test_a_day_is_as_long_as_the_clocks_of_the_office_make_it(day: str, hours: int) -> None:
    following = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    first, second = settled(
        tell(GoodsReceived, "s", day, holder="H", id="1"),
        tell(GoodsReceived, "s", following, holder="H", id="2"),
    ).facts
    assert second.at - first.at == timedelta(hours=hours)


def test_an_instant_that_the_clocks_pass_twice_is_told_apart_by_its_offset() -> None:
    summer, winter = "2017-10-29T03:30:00+03:00", "2017-10-29T03:30:00+02:00"
    first, second = settled(
        tell(GoodsReceived, "s", winter, holder="B", id="winter"),
        tell(GoodsReceived, "s", summer, holder="A", id="summer"),
    ).facts
    assert stands(settled_as([])) == []
    assert [first.cites[0], second.cites[0]] == ["office/summer", "office/winter"]


def test_the_office_is_that_of_the_first_act() -> None:
    arrived = tell(
        GoodsArrived, "t", "2017-03-05 10:00", office=SOFIA_AIRPORT, source="sofia", role="customs"
    )
    lodged = tell(
        DeclarationLodged, "t", "2017-03-01", procedure="external-transit", declarant="D",
        role="holder", source="holder",
    )  # fmt: skip
    assert settled(arrived, lodged).office == BURGAS


def test_a_local_reference_number_names_its_office_until_customs_do() -> None:
    def lodged(name: str, day: str, office: str, role: str) -> Told:
        return tell(
            DeclarationLodged, f"lrn:D/{BURGAS}/1", day, id=name, office=office, declarant="D",
            procedure=Kind.EXTERNAL_TRANSIT, role=role, source=name,
        )  # fmt: skip

    ours = lodged("ours", "2017-03-01", BURGAS, "holder")
    theirs = lodged("theirs", "2017-02-01", SOFIA_AIRPORT, "holder")
    found = settled(ours, theirs)
    assert (found.office, voids(found)) == (BURGAS, [("theirs", "NOT_ENTITLED")])
    theirs = lodged("theirs", "2017-02-01", SOFIA_AIRPORT, "customs")
    assert settled(ours, theirs).office == SOFIA_AIRPORT


def test_a_port_that_speaks_for_another_offices_movement_has_no_effect() -> None:
    ours = presented("s", "2017-03-01 14:00", goods(1), id="ours")
    theirs = tell(
        GoodsReceived, "s", "2017-03-02", holder="X", id="theirs", office=SOFIA_AIRPORT,
        source="portB", role="facility",
    )  # fmt: skip
    found = settled(ours, theirs)
    assert found.office == BURGAS
    assert stands(found) == ["ours"]
    assert voids(found) == [("theirs", "NOT_ENTITLED")]


def test_a_port_cannot_take_a_movement_over_by_an_act_that_ranks_earlier() -> None:
    ours = presented("s", "2017-03-01 14:00", goods(1), id="ours")
    theirs = tell(
        StorageDeclarationLodged, "s", "2017-02-01", declarant="X", id="theirs",
        office=SOFIA_AIRPORT, source="portB", role="facility",
    )  # fmt: skip
    found = settled(ours, theirs)
    assert (found.office, stands(found)) == (BURGAS, ["ours"])


def test_a_port_cannot_entitle_itself_by_naming_its_office_as_the_destination() -> None:
    def lodged(name: str, office: str, **said: object) -> Told:
        return tell(
            DeclarationLodged, "t", "2017-03-01", id=name, office=office, declarant="D",
            procedure=Kind.EXTERNAL_TRANSIT, role="holder", **said,
        )  # fmt: skip

    theirs = lodged("theirs", SOFIA_AIRPORT, source="portB", destination=SOFIA_AIRPORT)
    accepted = tell(DeclarationAccepted, "t", "2017-03-01", id="accepted")
    found = settled(lodged("ours", BURGAS), accepted, theirs)
    assert stands(found) == ["ours", "accepted"]
    assert voids(found) == [("theirs", "NOT_ENTITLED")]


def test_the_destination_of_a_movement_may_speak_for_it() -> None:
    lodged = tell(
        DeclarationLodged, "t", "2017-03-01", declarant="D", destination=SOFIA_AIRPORT,
        procedure=Kind.EXTERNAL_TRANSIT, role="holder", id="lodged",
    )  # fmt: skip
    arrived = tell(
        GoodsArrived, "t", "2017-03-05", office=SOFIA_AIRPORT, role="facility", id="arrived"
    )
    assert stands(settled(lodged, arrived)) == ["lodged", "arrived"]


def test_customs_may_speak_for_any_movement() -> None:
    ours = presented("s", "2017-03-01 14:00", goods(1), id="ours")
    seized = tell(GoodsSeized, "s", "2017-03-02", office=SOFIA_AIRPORT, id="seized")
    assert stands(settled(ours, seized)) == ["ours", "seized"]


def test_where_no_country_is_known_days_are_counted_in_universal_time() -> None:
    (found,) = settled(tell(GoodsReceived, "s", "2017-03-01", holder="H", office="ZZ000001")).facts
    assert found.at == datetime.fromisoformat("2017-03-01T00:00:00+00:00")


def shortage(happened: str = "2017-09-14 10:00") -> Told:
    return tell(ShortageFound, "w", happened, quantity="30", id="short")


def dated(name: str, removed: str, **said: object) -> Told:
    return tell(
        ShortageDated, "w", "2017-10-02", id=name, shortage="short", removed=removed, **said
    )


def test_a_shortage_works_from_the_earliest_removal_that_is_shown() -> None:
    found = settled(shortage(), dated("x", "2017-08-10"), dated("y", "2017-08-03"))
    first = found.facts[0]
    assert first.at == moment("2017-08-03 00:00")
    assert first.cites == ("office/short", "office/y")


def test_a_retracted_removal_date_shows_nothing() -> None:
    found = settled(
        shortage(),
        dated("x", "2017-08-10"),
        tell(ReportRetracted, "w", "2017-10-03", report="x", id="r"),
    )
    assert found.facts[0].at == moment("2017-09-14 10:00")


def test_a_removal_dated_after_the_finding_shows_nothing() -> None:
    found = settled(shortage(), dated("x", "2017-09-15"))
    assert found.facts[0].at == moment("2017-09-14 10:00")
    assert voids(found) == [("x", "SHORTAGE_DATED_LATE")]


def test_a_removal_date_of_an_unknown_shortage_is_said() -> None:
    assert voids(settled(dated("x", "2017-09-15"))) == [("x", "MATCHES_NOTHING")]


def test_a_presentation_is_told_once_for_each_movement() -> None:
    first = presented("s", "2017-03-01", goods(1), id="1", role="facility")
    second = presented("s", "2017-06-01", goods(1), id="2", role="facility")
    found = settled(first, second)
    assert [type(each.fact) for each in found.facts] == [GoodsPresented]
    assert voids(found) == [("2", "SOURCES_DISAGREE")]


def test_a_correction_whose_report_is_not_there_tells_its_act_all_the_same() -> None:
    found = settled(fact("2", corrects="1"))
    assert stands(found) == ["2"]
    assert voids(found) == [("2", "MATCHES_NOTHING")]


def test_of_corrections_whose_report_is_not_there_the_last_made_tells_the_act() -> None:
    early = fact("2", corrects="1", made="2017-03-03 10:00")
    late = fact("3", corrects="1", made="2017-03-03 11:00")
    assert stands(settled(early, late)) == ["3"]
