"""Bytes that are JSON, say one thing only, and are not too many."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.reasons import Reason
from consumers.wire import LIMIT, named, path, read
from domain.facts.fact import NotUnderstood

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


def refusal(raw: bytes) -> NotUnderstood:
    with pytest.raises(NotUnderstood) as caught:
        read(raw)
    return caught.value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"{",
        b'{"a": 1} x',
        b'{"a": 1}{"a": 1}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 400 + b"}",
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        '{"a": 1}'.encode("utf-16"),
        b"[" * 100_000,
        b"[" * 2_000 + b"]" * 2_000,
        b'{"a":' * 300 + b"1" + b"}" * 300,
        b"\x00",
        b"{'a': 1}",
    ],
)
def test_what_is_no_json_is_malformed(raw: bytes) -> None:
    assert refusal(raw).reason == Reason.MALFORMED


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1, "a": 1}',
        b'{"a": 1, "b": {"c": ":", "c": ":"}}',
        b'[{"a": 1}, {"b": 1, "b": 2}]',
        b'{"a": 1, "\\u0061": 2}',
        b'{"a\\u003ab": 1, "a:b": 2}',
        b'{"x": "\\u003a", "a": 1, "a": 2}',
    ],
)
def test_a_key_that_stands_twice_is_malformed(raw: bytes) -> None:
    verdict = refusal(raw)
    assert verdict.reason == Reason.MALFORMED
    assert "stands twice in one object" in verdict.detail


@given(JSON)
def test_every_json_value_is_read_as_it_is_written(value: Any) -> None:  # noqa: ANN401
    assert read(json.dumps(value, ensure_ascii=False).encode()) == value
    assert read(json.dumps(value, ensure_ascii=True).encode()) == value


@given(st.dictionaries(st.text(max_size=4), JSON, min_size=1, max_size=4), st.data())
def test_every_repeated_key_is_found(value: dict[str, Any], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(value)))
    for ascii_only in (True, False):
        written = json.dumps(value, ensure_ascii=ascii_only)
        again = json.dumps({key: data.draw(JSON)}, ensure_ascii=ascii_only)
        raw = f"{written[:-1]},{again[1:]}".encode()
        assert "stands twice" in refusal(raw).detail


def test_a_message_may_have_as_many_bytes_as_the_limit() -> None:
    full = b'"' + b"x" * (LIMIT - 2) + b'"'
    assert read(full) == "x" * (LIMIT - 2)


def test_one_byte_more_than_the_limit_is_too_large() -> None:
    verdict = refusal(b'"' + b"x" * (LIMIT - 1) + b'"')
    assert verdict.reason == Reason.TOO_LARGE
    assert "1048577 bytes" in verdict.detail


def test_a_path_reads_like_the_document() -> None:
    assert path(["data", "lines", 0, "quantity"]) == "data.lines[0].quantity"
    assert path([]) == "the message"
    assert path(["a\nb"]) == r"'.a\nb'"


@pytest.mark.parametrize("text", ["entry.goods-entered.v9", "CC014C", "lineNumber"])
def test_what_may_be_a_name_is_quoted(text: str) -> None:
    assert named(text) == f"'{text}'"


@pytest.mark.parametrize("text", ["Ivan Petrov", "x" * 71, "a\nb", ""])
def test_what_is_no_name_is_not_quoted(text: str) -> None:
    assert named(text) == f"a text of {len(text)} characters"


def test_what_holds_a_character_by_number_may_nest_deeper_than_we_write() -> None:
    depth = 300
    raw = b"[" * depth + rb'"\u0041"' + b"]" * depth
    value = read(raw)
    for _ in range(depth):
        assert isinstance(value, list)
        (value,) = value
    assert value == "A"
