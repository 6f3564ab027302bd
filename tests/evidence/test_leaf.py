"""The leaf of a record, and the check of a whole log."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.leaf import FIRST, Entry, Fault, canonical, instant, leaf, microseconds, verify

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """A record as a store would give it back."""

    index: int
    stream: str
    version: int
    topic: str
    recorded_at: datetime
    source: str
    report_id: str
    digest: bytes
    previous_leaf: bytes
    leaf: bytes
    body: bytes


def log_of(streams: Sequence[str], bodies: Iterable[bytes] = ()) -> list[Told]:
    """A sound log with a record for each name of `streams`, in this order."""
    told: list[Told] = []
    texts = dict(enumerate(bodies))
    for place, stream in enumerate(streams):
        before = [record for record in told if record.stream == stream]
        previous = before[-1].leaf if before else FIRST
        body = texts.get(place, b"{}")
        at = NOON + timedelta(seconds=place)
        record = Told(
            place + 1,
            stream,
            len(before) + 1,
            "goods-presented.v1",
            at,
            "port",
            f"r{place}",
            hashlib.sha256(body).digest(),
            previous,
            b"",
            body,
        )
        told.append(replace(record, leaf=leaf(record)))
    return told


def resealed(record: Told) -> Told:
    return replace(record, leaf=leaf(record))


SOUND = log_of(["mrn:A", "mrn:B", "mrn:A", "mrn:A", "mrn:B"])


def faults(records: Iterable[Told]) -> list[tuple[int, str]]:
    return [(fault.index, fault.stream) for fault in verify(records)]


def whats(records: Iterable[Told]) -> str:
    return "; ".join(fault.what for fault in verify(records))


def test_the_canonical_bytes_hold_every_field_in_a_fixed_order() -> None:
    entry = Entry(
        258, "mrn:Б", 2, "t.v1", 1_000_000, "port", "r1", b"\x11" * 32, b"\x22" * 32, b"{}"
    )
    assert canonical(entry) == b"".join(
        (
            b"\x01",
            b"\x00\x00\x00\x00\x00\x00\x01\x02",
            b"\x00\x00\x00\x06mrn:\xd0\x91",
            b"\x00\x00\x00\x00\x00\x00\x00\x02",
            b"\x22" * 32,
            b"\x00\x00\x00\x04t.v1",
            b"\x00\x00\x00\x00\x00\x0f\x42\x40",
            b"\x00\x00\x00\x04port",
            b"\x00\x00\x00\x02r1",
            b"\x11" * 32,
            b"\x00\x00\x00\x02{}",
        )
    )


def test_a_leaf_is_the_hash_of_a_zero_byte_and_the_canonical_bytes() -> None:
    record = SOUND[2]
    entry = Entry(
        3,
        "mrn:A",
        2,
        record.topic,
        microseconds(record.recorded_at),
        "port",
        "r2",
        record.digest,
        SOUND[0].leaf,
        b"{}",
    )
    assert record.leaf == hashlib.sha256(b"\x00" + canonical(entry)).digest()


@pytest.mark.parametrize("field", ["digest", "previous_leaf"])
@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_hash_of_another_length_has_no_canonical_bytes(field: str, length: int) -> None:
    entry = Entry(1, "mrn:A", 1, "t.v1", 0, "port", "r1", FIRST, FIRST, b"{}")
    with pytest.raises(ValueError, match="32 bytes"):
        canonical(entry._replace(**{field: bytes(length)}))  # type: ignore[arg-type]


@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=6), min_size=4, max_size=4),
    st.binary(max_size=6),
    st.data(),
)
def test_no_two_records_have_the_same_canonical_bytes(
    texts: list[str], body: bytes, data: st.DataObject
) -> None:
    stream, topic, source, report_id = texts
    entry = Entry(1, stream, 1, topic, 0, source, report_id, FIRST, FIRST, body)
    stream, topic, source, report_id = data.draw(st.permutations(texts))
    other = Entry(1, stream, 1, topic, 0, source, report_id, FIRST, FIRST, body)
    assert (canonical(entry) == canonical(other)) == (entry == other)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_survives_its_microseconds(at: datetime) -> None:
    assert instant(microseconds(at)) == at


def test_a_sound_log_has_no_fault() -> None:
    assert faults(SOUND) == faults([]) == []


@pytest.mark.parametrize("place", range(len(SOUND)))
@pytest.mark.parametrize(
    "change",
    [
        {"topic": "goods-presented.v2"},
        {"source": "Port"},
        {"report_id": "r"},
        {"digest": bytes(32)},
        {"leaf": bytes(32)},
        {"body": b"[]"},
        {"previous_leaf": b"\x01" * 32},
        {"version": 9},
        {"stream": "mrn:C"},
        {"recorded_at": NOON + timedelta(microseconds=1)},
    ],
)
def test_a_changed_field_is_found_at_its_index(place: int, change: dict[str, object]) -> None:
    changed = replace(SOUND[place], **change)  # type: ignore[arg-type]
    found = faults([*SOUND[:place], changed, *SOUND[place + 1 :]])
    assert (place + 1, changed.stream) in found


@pytest.mark.parametrize("place", range(len(SOUND)))
@pytest.mark.parametrize(
    "damage",
    [
        {"stream": b"mrn:A"},
        {"version": "1"},
        {"recorded_at": None},
        {"body": "{}"},
        {"digest": bytes(31)},
        {"previous_leaf": bytes(33)},
        {"leaf": b""},
    ],
)
def test_a_field_of_another_type_or_length_is_a_fault_too(
    place: int, damage: dict[str, object]
) -> None:
    damaged = replace(SOUND[place], **damage)  # type: ignore[arg-type]
    first, *_ = verify([*SOUND[:place], damaged, *SOUND[place + 1 :]])
    assert first.index == place + 1
    assert first.what == f"these fields are damaged: {', '.join(damage)}"


@pytest.mark.parametrize("place", range(len(SOUND) - 1))
def test_a_dropped_record_is_found_where_it_is_missing(place: int) -> None:
    found = list(verify(SOUND[:place] + SOUND[place + 1 :]))
    missing = f"index {place + 1} was expected here: records are missing or out of order"
    assert found[0] == Fault(place + 2, SOUND[place + 1].stream, missing)


@pytest.mark.parametrize("place", range(len(SOUND) - 1))
def test_a_swapped_pair_is_found(place: int) -> None:
    one, two = SOUND[place : place + 2]
    assert "out of order" in whats([*SOUND[:place], two, one, *SOUND[place + 2 :]])


def test_records_that_exchange_their_places_are_found_though_their_leaves_are_made_anew() -> None:
    first, _, third, *_ = SOUND
    swapped = [
        resealed(replace(third, index=1)),
        SOUND[1],
        resealed(replace(first, index=3)),
        *SOUND[3:],
    ]
    assert {index for index, _ in faults(swapped)} >= {1, 3, 4}


def test_a_record_changed_and_sealed_anew_breaks_the_chain_behind_it() -> None:
    forged = resealed(replace(SOUND[0], body=b"[]"))
    assert list(verify([forged, *SOUND[1:]])) == [
        Fault(
            3,
            "mrn:A",
            "the previous leaf is not the leaf of the record before it in the stream",
        )
    ]


def test_a_time_of_recording_that_goes_back_is_found() -> None:
    early = resealed(replace(SOUND[4], recorded_at=NOON))
    assert whats([*SOUND[:4], early]) == "it was recorded earlier than the record before it"


@given(
    st.lists(st.sampled_from(["mrn:A", "mrn:B", "mrn:C"]), min_size=2, max_size=8),
    st.lists(st.binary(max_size=8)),
    st.data(),
)
def test_any_flipped_bit_of_any_body_is_found(
    streams: list[str], bodies: list[bytes], data: st.DataObject
) -> None:
    records = log_of(streams, (body + b"." for body in bodies))
    assert faults(records) == []
    place = data.draw(st.integers(0, len(records) - 1))
    body = bytearray(records[place].body)
    body[data.draw(st.integers(0, len(body) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    records[place] = replace(records[place], body=bytes(body))
    assert faults(records) == [(place + 1, streams[place])]
