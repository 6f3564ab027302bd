from itertools import permutations

from domain.case import Book, fold
from domain.facts.declaration import DeclarationAccepted, DeclarationLodged, GoodsReleased
from domain.facts.fact import Fact, Told
from domain.facts.record import ReportRetracted
from domain.facts.temporary_storage import GoodsReceived, StorageDeclarationLodged
from domain.facts.transit import GoodsArrived
from domain.facts.values import Kind, Role
from domain.joins import Joined, joined
from domain.settle import Standing
from tests.domain.telling import (
    BURGAS,
    SOFIA_AIRPORT,
    codes,
    declared,
    finding,
    goods,
    judged,
    presented,
    tell,
    the_debt,
    where,
)

MRN = "mrn:21DE27364916384836"
OTHER = "mrn:22ITZXBZYUTJFLJXK6"
LRN = "lrn:D/BG001007/1"
THERE = f"lrn:D/{SOFIA_AIRPORT}/1"
DOC = "doc:BL-1"
UCR = "ucr:A"


def same(stream: str, other: str, happened: str = "2017-03-01", **said: object) -> Told:
    """A report on one stream that names another as the same operation."""
    return tell(DeclarationAccepted, stream, happened, same_as=other, **said)


def names(name: str, *told: Told) -> Joined:
    """The join of a name, which no order of arrival changes."""
    found = [joined(name, Book(order)) for order in permutations(told)]
    assert len({(*one[:3], one.reads, *one.void) for one in found}) == 1
    return found[0]


def settled(name: str, *told: Told) -> tuple[Standing, ...]:
    return fold(name, Book(told)).settled.facts


def stored(name: str, day: str, quantity: int) -> Told:
    """Goods in storage at Burgas, as the port tells it; each is worth a debt of 10 a unit."""
    lines = goods(quantity, value=100 * quantity, percent=10)
    return presented(name, day, lines, source="port", role=Role.FACILITY)


def airport(fact: type[Fact], stream: str, happened: str, **said: object) -> Told:
    """A report of a facility that speaks for Sofia airport only."""
    told = {"source": "airport", "role": Role.FACILITY, "office": SOFIA_AIRPORT} | said
    return tell(fact, stream, happened, **told)


def received(stream: str, happened: str, **said: object) -> Told:
    return airport(GoodsReceived, stream, happened, holder="T", **said)


def test_a_name_that_nothing_joins_is_a_movement_of_its_own() -> None:
    found = names(LRN)
    assert (found.movement, found.names, found.ambiguous) == (LRN, (LRN,), ())


def test_an_mrn_names_the_movement_of_its_local_reference_number_in_any_order() -> None:
    lodged = tell(
        DeclarationLodged, LRN, "2017-03-01", procedure=Kind.EXTERNAL_TRANSIT, declarant="D"
    )
    for name in (MRN, LRN):
        found = names(name, lodged, same(MRN, LRN))
        assert (found.movement, found.names) == (MRN, (MRN, LRN))


def test_a_claim_told_on_either_stream_joins() -> None:
    assert names(MRN, same(LRN, MRN)).names == (MRN, LRN)
    assert names(LRN, same(MRN, LRN)).names == (MRN, LRN)


def test_a_retracted_claim_joins_nothing() -> None:
    claim = same(MRN, LRN, id="claim")
    taken_back = tell(ReportRetracted, MRN, "2017-03-02", report="claim")
    assert names(MRN, claim, taken_back).names == (MRN,)
    assert names(LRN, claim, taken_back).names == (LRN,)


def test_of_two_mrns_that_claim_one_local_number_the_earlier_claim_counts() -> None:
    told = (same(MRN, LRN, "2017-03-02"), same(OTHER, LRN, "2017-03-01"))
    assert names(OTHER, *told).names == (OTHER, LRN)
    assert names(MRN, *told).names == (MRN,)
    assert names(LRN, *told).movement == OTHER
    assert names(OTHER, *told).ambiguous == names(MRN, *told).ambiguous == (LRN,)


def test_two_mrns_are_never_joined() -> None:
    claim = same(MRN, OTHER)
    assert names(MRN, claim).names == (MRN,)
    assert names(OTHER, claim).names == (OTHER,)
    assert names(MRN, claim).ambiguous == (OTHER,)


def test_a_name_goes_to_the_mrn_that_it_is_connected_with_however_far() -> None:
    told = (
        same(MRN, LRN, "2017-03-01"),
        same(OTHER, LRN, "2017-03-02"),
        same(OTHER, DOC, "2017-03-02"),
        same(DOC, UCR, "2017-03-02"),
    )
    assert names(UCR, *told).names == (OTHER, DOC, UCR)
    assert names(LRN, *told).names == (MRN, LRN)


def test_names_without_an_mrn_are_one_movement_by_the_best_of_them() -> None:
    told = (same(LRN, DOC), same(DOC, UCR))
    assert names(UCR, *told).names == (LRN, DOC, UCR)


def test_every_stream_that_was_connected_is_a_dependency() -> None:
    told = (same(MRN, LRN, "2017-03-02"), same(OTHER, LRN, "2017-03-01"))
    assert names(MRN, *told).reads == {MRN, OTHER, LRN}


def test_a_movement_is_judged_from_the_facts_of_all_its_names() -> None:
    lodged = tell(
        DeclarationLodged, LRN, "2017-03-01", procedure=Kind.EXTERNAL_TRANSIT, declarant="D",
        lines=(goods(4),),
    )  # fmt: skip
    told = (
        lodged,
        same(MRN, LRN, "2017-03-01"),
        tell(GoodsReleased, MRN, "2017-03-01"),
        tell(GoodsArrived, MRN, "2017-03-05"),
    )
    assert where(judged(LRN, told), "2017-03-06") == {"TRANSIT_ENDED": 4}
    assert judged(LRN, told) == judged(MRN, told)


def test_a_contested_name_is_said_on_both_movements() -> None:
    told = (
        same(MRN, LRN, "2017-03-02"),
        same(OTHER, LRN, "2017-03-01"),
        *(
            tell(DeclarationLodged, mrn, "2017-03-01", procedure=Kind.EXPORT, declarant="D")
            for mrn in (MRN, OTHER)
        ),
    )
    assert "REFERENCE_AMBIGUOUS" in codes(judged(MRN, told))
    assert "REFERENCE_AMBIGUOUS" in codes(judged(OTHER, told))


def test_a_name_of_wrong_shape_is_kept_with_a_finding() -> None:
    lodged = tell(
        DeclarationLodged, "mrn:2AB1234567890ABJ5", "2017-03-01", procedure=Kind.EXPORT,
        declarant="D",
    )  # fmt: skip
    assert "REFERENCE_SHAPE" in codes(judged("mrn:2AB1234567890ABJ5", lodged))


def test_a_source_of_another_office_does_not_make_one_movement_of_two() -> None:
    one, other = stored("a", "2017-03-01", 4), stored("b", "2017-03-02", 7)
    claims = [received("x", "2017-03-03", same_as=f"local:{each}", id=each) for each in "ab"]
    direct = received("b", "2017-03-03", same_as="local:a")
    for told in ((one, other, *claims), (one, other, direct)):
        assert names("local:a", *told).names == ("local:a",)
        assert the_debt(judged("a", told)).amount == 40
        assert the_debt(judged("b", told)).amount == 70


def test_it_does_not_take_a_name_from_another_movement_however_early_it_claims_it() -> None:
    told = [
        tell(
            DeclarationLodged, LRN, "2017-03-01", procedure=Kind.FREE_CIRCULATION, declarant="D",
            lines=(goods(4, value=100, percent=10),), source="trader", role=Role.DECLARANT,
        ),
        same(MRN, LRN),
        tell(GoodsReleased, MRN, "2017-03-02"),
        received(OTHER, "2017-02-01", same_as=LRN),
    ]  # fmt: skip
    assert names(LRN, *told).names == (MRN, LRN)
    assert the_debt(judged(MRN, told)).amount == 10


def test_a_claim_can_be_taken_back_under_either_name() -> None:
    lodged = tell(
        DeclarationLodged, LRN, "2017-03-01", procedure=Kind.EXTERNAL_TRANSIT, declarant="D"
    )
    other = tell(
        DeclarationLodged, MRN, "2017-03-02", procedure=Kind.EXTERNAL_TRANSIT, declarant="E"
    )
    claim = same(LRN, MRN)
    for place in (LRN, MRN):
        told = (
            lodged,
            other,
            claim,
            tell(ReportRetracted, place, "2017-03-05", report=claim.report),
        )
        assert names(LRN, *told).names == (LRN,)
        assert names(MRN, *told).names == (MRN,)
        for name in (LRN, MRN):
            assert claim.cite not in {cite for fact in settled(name, *told) for cite in fact.cites}
            assert codes(judged(name, *told)) == []


def test_its_own_reports_do_not_make_a_movement_its_own() -> None:
    lodged = airport(StorageDeclarationLodged, "a", "2017-01-01", declarant="T")
    claim = airport(StorageDeclarationLodged, "x", "2017-01-01", declarant="T", same_as="local:a")
    told = (stored("a", "2017-03-01", 4), lodged, claim)
    assert names("local:a", *told).names == ("local:a",)


def test_that_they_are_not_joined_is_said_once_on_each_of_both() -> None:
    one, other = stored("a", "2017-03-01", 4), stored("b", "2017-03-02", 7)
    claim = received("b", "2017-03-03", same_as="local:a")
    for name, word in (("a", "where local:b is not"), ("b", "the movement is at BG001007")):
        said = finding(judged(name, one, other, claim), "NOT_ENTITLED")
        assert word in said.words
        assert said.because.reports == (claim.cite,)


def test_nothing_is_said_of_it_where_another_report_joins_them() -> None:
    claim = received("a", "2017-03-03", same_as="local:x")
    there = received("a", "2017-03-04", same_as="local:x", office=BURGAS, source="terminal")
    told = (stored("a", "2017-03-01", 4), claim, there)
    assert names("local:a", *told).names == ("local:a", "local:x")
    assert names("local:a", *told).void == []


def test_a_number_of_another_office_is_not_taken_though_nobody_told_of_it() -> None:
    base = stored("b", "2017-03-01", 7)
    port = {"source": "port", "office": BURGAS}
    claim = received("b", "2017-03-02", same_as=LRN, **port)
    taken = received("x", "2017-01-01", same_as=LRN)
    assert names(LRN, base, claim, taken).names == (LRN, "local:b")
    assert names("local:x", base, claim, taken).names == ("local:x",)
    said = finding(judged("x", base, claim, taken), "NOT_ENTITLED")
    assert f"where {LRN} is not" in said.words


def test_a_number_of_which_nobody_told_joins_the_movement_of_its_office() -> None:
    claim = received("y", "2017-03-02", same_as=THERE)
    assert names("local:y", claim).names == (THERE, "local:y")


def test_a_source_of_the_same_office_joins() -> None:
    there = received("x", "2017-03-03", same_as="local:a", office=BURGAS)
    assert names("local:x", stored("a", "2017-03-01", 4), there).names == ("local:a", "local:x")


def test_a_source_that_speaks_for_every_office_need_not_name_one_to_join() -> None:
    anywhere = received("x", "2017-03-03", same_as="local:a", office=None)
    assert names("local:x", stored("a", "2017-03-01", 4), anywhere).names == ("local:a", "local:x")


def test_customs_of_any_office_join() -> None:
    claim = same("x", "local:a", office=SOFIA_AIRPORT)
    assert names("local:x", stored("a", "2017-03-01", 4), claim).names == ("local:a", "local:x")


def test_who_receives_a_transit_at_its_destination_joins_a_name_of_its_own() -> None:
    transit = declared(
        MRN, Kind.EXTERNAL_TRANSIT, goods(4), lodged="2017-03-01", released="2017-03-02",
        destination=SOFIA_AIRPORT,
    )  # fmt: skip
    arrived = airport(GoodsArrived, "x", "2017-03-05", same_as=MRN)
    assert names("local:x", *transit, arrived).names == (MRN, "local:x")
    elsewhere = airport(GoodsArrived, "x", "2017-03-05", same_as=MRN, office="BG003009")
    assert names("local:x", *transit, elsewhere).names == ("local:x",)


def test_a_name_that_nobody_else_told_of_is_joined_by_whoever_claims_it() -> None:
    claim = received("x", "2017-03-03", same_as="local:a")
    assert names("local:x", claim).names == ("local:a", "local:x")


def test_what_is_in_many_operations_makes_none_of_them_one_with_another() -> None:
    told = [
        tell(DeclarationLodged, name, "2017-03-01", procedure=Kind.EXPORT, declarant="D",
             same_as="container:CSQU3054383")
        for name in (MRN, LRN)
    ]  # fmt: skip
    assert names(MRN, *told).names == (MRN,)
    assert names(LRN, *told).names == (LRN,)
    assert "MATCHES_NOTHING" in codes(judged(LRN, told))


def test_of_two_mrns_that_claim_one_local_number_the_one_that_customs_name_has_it() -> None:
    told = (
        same(MRN, LRN, "2017-03-02"),
        tell(
            DeclarationLodged, OTHER, "2017-03-01", procedure=Kind.EXPORT, declarant="D",
            same_as=LRN, source="trader", role=Role.DECLARANT,
        ),
    )  # fmt: skip
    assert names(LRN, *told).names == (MRN, LRN)
    assert names(LRN, *told).ambiguous == names(OTHER, *told).ambiguous == (LRN,)
