"""Numbers as reports write them."""

import tracemalloc
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.facts.times import AS_PUBLISHED
from domain.facts.values import Exact, Positive, Quantity

MEGABYTE = 1 << 20


@given(st.from_regex(r"[0-9]{1,14}(\.[0-9]{1,6})?", fullmatch=True))
def test_a_number_keeps_every_digit_that_was_written(text: str) -> None:
    for told in (text, f"-{text}"):
        number = TypeAdapter(Exact).validate_python(told, context=AS_PUBLISHED)
        assert number.as_tuple() == Decimal(told).as_tuple()


@pytest.mark.parametrize("text", ["-1", "-0.000001", "-0"])
def test_a_quantity_has_no_sign(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Quantity).validate_python(text, context=AS_PUBLISHED)


@pytest.mark.parametrize("text", ["0", "0.000000", "00"])
def test_what_must_be_more_than_nothing_is_not_nothing(text: str) -> None:
    TypeAdapter(Quantity).validate_python(text, context=AS_PUBLISHED)
    with pytest.raises(ValidationError):
        TypeAdapter(Positive).validate_python(text, context=AS_PUBLISHED)


def test_a_number_too_long_to_be_one_is_not_kept_in_memory() -> None:
    quantity = TypeAdapter(Quantity)
    tracemalloc.start()
    try:
        for digit in "123456789":
            with pytest.raises(ValidationError):
                quantity.validate_python(digit * MEGABYTE, context=AS_PUBLISHED)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < MEGABYTE
