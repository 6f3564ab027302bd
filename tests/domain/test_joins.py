from itertools import permutations

from domain.case import Book
from domain.facts.declaration import DeclarationAccepted, DeclarationLodged, GoodsReleased
from domain.facts.fact import Told
from domain.facts.record import ReportRetracted
from domain.facts.transit import GoodsArrived
from domain.facts.values import Kind
from domain.joins import Joined, joined
from tests.domain.telling import codes, goods, judged, tell, where

MRN = "mrn:21DE27364916384836"
OTHER = "mrn:22ITZXBZYUTJFLJXK6"
LRN = "lrn:D/BG001007/1"
DOC = "doc:BL-1"
UCR = "ucr:A"


def same(stream: str, other: str, happened: str = "2017-03-01", **said: object) -> Told:
    """A report on one stream that names another as the same operation."""
    return tell(DeclarationAccepted, stream, happened, same_as=other, **said)


def names(name: str, *told: Told) -> Joined:
    """The join of a name, which no order of arrival changes."""
    found = [joined(name, Book(order)) for order in permutations(told)]
    assert len({(one.movement, one.names, one.ambiguous, one.reads) for one in found}) == 1
    return found[0]


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
