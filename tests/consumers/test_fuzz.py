"""Whatever arrives gets exactly one outcome; reading it never raises."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.entitlement import Sources
from consumers.feeds import detect
from consumers.intake import Intake, Message, understand
from consumers.reasons import Reason
from domain.facts.fact import FACTS, told
from store.records import OutcomeKind
from store.sqlite import SqliteLog

AT = datetime(2017, 3, 2, tzinfo=UTC)
SOURCES = Sources.local()
NCTS = sorted((Path(__file__).parents[2] / "examples" / "feeds" / "ncts").glob("*.json"))
EXAMPLES = sorted((Path(__file__).parents[2] / "schemas" / "examples").glob("*/valid/*.json"))
PERSON = "Petrov, Ivan; ul. Shipka 6"
REPORT = {
    "id": "r-1",
    "source": "local",
    "type": "declaration.lodged.v1",
    "subject": "mrn:17BG002002000117J4",
    "role": "declarant",
    "data": {
        "happened": "2017-03-01",
        "office": "BG002002",
        "procedure": "customs-warehousing",
        "declarant": "BG201611700",
        "authorisation": "auth:BGCW117",
        "lines": [{"quantity": "1", "previous": "mrn:17BG002002000116K5"}],
    },
}
DOCUMENTS = [REPORT, *(json.loads(path.read_bytes()) for path in NCTS)]
ODD: list[object] = [
    None, True, 0, -1, 1.5, 10**30, "", " ", "0", "-1", "NaN", "1e400", "2017-02-30", "9999-12-31",
    "0001-01-01T00:00:00+14:00", "2200-12-31T23:59:59-14:00", "\x00", "é" * 200, "mrn:", "mrn:x",
    "XX", "T2", [], {}, [[]], [None], {"": ""},
]  # fmt: skip
ANY = st.sampled_from(ODD) | st.text(max_size=6) | st.integers() | st.sampled_from(sorted(FACTS))


def put(document: object, place: Sequence[Any], value: object) -> bytes:
    """The bytes of a document with this value in this place."""
    changed = {"": json.loads(json.dumps(document))}
    inner: Any = changed
    for key in ("", *place)[:-1]:
        inner = inner[key]
    inner[("", *place)[-1]] = value
    return json.dumps(changed[""]).encode()


def check(raw: bytes, speaker: str | None = "local") -> None:
    """One outcome, in each feed that it may come by; what is recorded can be read back."""
    for feed in {detect(raw), "native", "ncts"}:
        incoming = understand(Message(raw, feed, speaker), 3, SOURCES)
        assert (incoming.offset, incoming.raw) == (3, raw)
        assert bool(incoming.filings) == (incoming.reason is None)
        if incoming.reason is not None:
            assert Reason(incoming.reason).advice in (incoming.detail or "")
            assert (incoming.detail or "").isprintable()
        for filing in incoming.filings:
            fact = told(filing.body, filing.topic, filing.stream, AT)
            assert fact.report == filing.report_id
            assert filing.body == raw or incoming.translated


@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    check(raw)
    check(raw, None)


@given(st.sampled_from(DOCUMENTS), st.data())
def test_any_flipped_cut_or_repeated_bytes(document: object, data: st.DataObject) -> None:
    raw = json.dumps(document).encode()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 40)))
    put = data.draw(st.binary(max_size=3) | st.just(raw[start:end] * 2))
    check(raw[:start] + put + raw[end:])


def places(value: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in a document a value can be put in the place of another."""
    inner: list[tuple[Any, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [at, *(place for key, one in inner for place in places(one, (*at, key)))]


@pytest.mark.parametrize("path", [*NCTS, *EXAMPLES], ids=lambda path: path.parts[-3] + path.stem)
def test_what_is_wrong_is_told_without_quoting_a_person(path: Path) -> None:
    """What is told of a message stays when its bytes are erased, and more people may read it."""
    document = json.loads(path.read_bytes())
    for place in places(document):
        for name in (PERSON, PERSON * 20):
            for changed in (put(document, place, name), put(document, place, {name: 1})):
                incoming = understand(Message(changed, detect(changed), "local"), 0, SOURCES)
                assert "Petrov" not in (incoming.detail or "")


@settings(max_examples=400)
@given(st.sampled_from(DOCUMENTS), st.data())
def test_any_value_in_any_place(document: object, data: st.DataObject) -> None:
    raw = json.dumps(document).encode()
    for _ in range(data.draw(st.integers(1, 3))):
        changed = json.loads(raw)
        raw = put(changed, data.draw(st.sampled_from(places(changed))), data.draw(ANY))
    check(raw)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.binary(max_size=30) | st.sampled_from([json.dumps(one).encode() for one in DOCUMENTS])
    )
)
def test_the_log_has_one_outcome_for_each_message(
    tmp_path_factory: pytest.TempPathFactory, raws: list[bytes]
) -> None:
    with SqliteLog(tmp_path_factory.mktemp("fuzz") / "log.db") as log:
        messages = [Message(raw, detect(raw), "local") for raw in raws]
        outcomes = Intake(log, SOURCES).take("files", messages, AT)
        assert [one.offset for one in outcomes] == list(range(len(raws)))
        counted = log.counts()
        assert sum(counted.values()) == len(raws)
        assert log.next_offset("files") == len(raws)
        assert not list(log.verify())
        for outcome, raw in zip(outcomes, raws, strict=True):
            if outcome.kind is OutcomeKind.QUARANTINED:
                assert log.raw(outcome.id) == raw
