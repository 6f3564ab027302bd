import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.references import (
    MOVEMENTS,
    ReferenceFault,
    Scheme,
    fault,
    iso6346,
    lrn,
    names_movement,
    office_of,
    reference,
    scheme_of,
    value_of,
    waybill,
    waybill_fault,
)

WELL_FORMED = [
    "mrn:21DE27364916384836",
    "mrn:06DE586600006143E1",
    "mrn:22ITZXBZYUTJFLJXK6",
    "mrn:24GB000246J8NY33L7",
    "container:CSQU3054383",
    "container:APZU4812090",
    "container:MSKU9070323",
    "container:PSSU2109481",
    "eori:BG121212121",
    "ucr:A:02012345675",
    "local:anything goes",
    "doc:BL-1",
    "auth:BGCWP1",
    "lrn:D/BG001007/1",
]
WRONG_DIGIT = ["mrn:21DE27364916384835", "mrn:27WF9X1FQ9RCKN0TM3", "container:HLXU1234567"]
WRONG_SHAPE = [
    "mrn:2AB1234567890ABJ5",
    "mrn:21DE2736491638483X",
    "mrn:21de27364916384836",
    "container:APNR7744962",
    "container:CSQU305438",
    "grn:1",
    "eori:1",
    f"ucr:{'x' * 36}",
]


@pytest.mark.parametrize("text", WELL_FORMED)
def test_a_well_formed_reference_has_no_fault(text: str) -> None:
    assert fault(text) is None


@pytest.mark.parametrize("text", WRONG_DIGIT)
def test_a_failed_check_digit_is_told_apart_from_a_wrong_shape(text: str) -> None:
    assert fault(text) is ReferenceFault.CHECK_DIGIT


@pytest.mark.parametrize("text", WRONG_SHAPE)
def test_a_reference_of_wrong_shape_is_a_fault_of_shape(text: str) -> None:
    assert fault(text) is ReferenceFault.SHAPE


def test_the_check_digit_of_an_mrn_is_computed_over_seventeen_characters() -> None:
    assert iso6346("22DK1V0QQK2S6J7TU") == "1"
    assert fault("mrn:22DK1V0QQK2S6J7TU1") is None


def test_a_guarantee_has_the_check_digit_of_an_mrn_over_sixteen_characters() -> None:
    head = "05DE330000000001"
    digit = iso6346(head)
    wrong = str((int(digit) + 1) % 10)
    assert fault(f"grn:{head}{digit}") is None
    assert fault(f"grn:{head}{digit}A123456") is None
    assert fault(f"grn:{head}{wrong}") is ReferenceFault.CHECK_DIGIT
    assert fault(f"grn:{head}{wrong}A123456") is ReferenceFault.CHECK_DIGIT


def test_a_remainder_of_ten_is_written_as_zero() -> None:
    heads = (f"MSKU{number:06}" for number in range(2000))
    values = dict(zip("MSKU", (24, 30, 21, 32), strict=True))

    def remainder(head: str) -> int:
        worth = (values.get(char) or int(char) for char in head)
        return sum(value << place for place, value in enumerate(worth)) % 11

    ten = next(head for head in heads if remainder(head) == 10)
    assert iso6346(ten) == "0"


@given(
    st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=13, max_size=13), st.integers(0, 16)
)
def test_one_changed_digit_of_an_mrn_is_found(body: str, place: int) -> None:
    """Weights are powers of two and 11 is prime, so only remainder 10, written 0, can hide it."""
    head = f"21DE{body}"
    changed = head[:place] + ("0" if head[place] != "0" else "1") + head[place + 1 :]
    if head[place].isdigit() and {iso6346(head), iso6346(changed)} != {"0"}:
        assert iso6346(head) != iso6346(changed)


def test_the_check_digit_of_a_waybill_leaves_the_airline_out() -> None:
    assert waybill("020-1234567") == waybill("9991234567") == "5"
    assert waybill_fault("020-12345675") is None
    assert waybill_fault("02012345675") is None
    assert waybill_fault("020-12345674") is ReferenceFault.CHECK_DIGIT
    assert waybill_fault("20-12345675") is ReferenceFault.SHAPE


def test_a_reference_is_spelled_upper_case_only_where_its_scheme_has_no_lower_case() -> None:
    assert reference(Scheme.MRN, " 21de27364916384836 ") == "mrn:21DE27364916384836"
    assert reference(Scheme.CONTAINER, "csqu3054383") == "container:CSQU3054383"
    assert reference(Scheme.LOCAL, "Shelf 4") == "local:Shelf 4"


def test_a_local_reference_number_is_unique_only_for_its_holder_and_office() -> None:
    assert lrn("D", "BG001007", "1") != lrn("D", "BG005800", "1")
    assert lrn("a/b", "c", "d") != lrn("a", "b/c", "d")


@pytest.mark.parametrize("text", ["", "mrn", "mrn:", ":1", "shelf:4", "MRN:1"])
def test_what_has_no_known_scheme_is_no_reference(text: str) -> None:
    assert scheme_of(text) is None
    assert not names_movement(text)


def test_only_some_schemes_name_a_movement() -> None:
    assert {scheme for scheme in Scheme if names_movement(f"{scheme}:1")} == MOVEMENTS
    assert value_of("ucr:A:1") == "A:1"


def test_only_a_local_reference_number_tells_an_office() -> None:
    assert office_of(lrn("D/1", "BG001007", "a/b")) == "BG001007"
    for text in ("mrn:21DE27364916384836", "lrn:1", "lrn:D//1", "lrn:D/BG001007/1/2", "doc:a/b/c"):
        assert office_of(text) is None
