"""NCTS messages tell our facts: which, by whom, about which movement, when."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from consumers.entitlement import Source, Sources
from consumers.feeds import detect
from consumers.feeds.ncts import MESSAGES
from consumers.files import messages
from consumers.intake import Intake, Message, understand
from consumers.reasons import Reason
from domain.case import Book
from domain.facts.declaration import (
    DeclarationAccepted,
    DeclarationAmended,
    DeclarationInvalidated,
    DeclarationLodged,
    DeclaredGoodsPresented,
    GoodsReleased,
    InvalidationRequested,
    Representation,
)
from domain.facts.fact import Fact, Told, told
from domain.facts.transit import (
    ArrivedGoodsReleased,
    GoodsArrived,
    TransitUnloadingPermitted,
    UnloadingReported,
)
from domain.facts.values import Kind, Line, Role
from domain.joins import joined
from store.records import LINK, Incoming
from store.sqlite import SqliteLog

FEED = Path(__file__).parents[2] / "examples" / "feeds" / "ncts"
AT = datetime(2024, 3, 11, tzinfo=UTC)
SOURCES = Sources(
    [
        Source("ncts", frozenset(Role)),
        Source("trader", frozenset({Role.HOLDER, Role.FACILITY})),
        Source("customs", frozenset({Role.CUSTOMS})),
        Source("varna-only", frozenset(Role), frozenset({"BG002002"})),
    ]
)
TRANSIT_A, LRN_A = "mrn:24BG00200200117AJ1", "lrn:BG201611700/BG002002/VAR-2024-000117"
TRANSIT_B, LRN_B = "mrn:24BG00200200121AJ1", "lrn:BG201611700/BG002002/VAR-2024-000121"

Change = Callable[[dict[str, Any]], object]


def message(name: str, change: Change | None = None) -> bytes:
    """A message of the feed, its root changed by `change`."""
    document = json.loads((FEED / f"{name}.json").read_bytes())
    if change:
        change(next(iter(document.values())))
    return json.dumps(document).encode()


def taken(name: str, change: Change | None = None, speaker: str | None = "ncts") -> Incoming:
    raw = message(name, change)
    return understand(Message(raw, detect(raw), speaker), 0, SOURCES)


def tells(name: str, change: Change | None = None, speaker: str = "ncts") -> list[Told]:
    incoming = taken(name, change, speaker)
    assert incoming.reason is None, incoming.detail
    return [told(one.body, one.topic, one.stream, AT) for one in incoming.filings]


def facts(name: str, change: Change | None = None) -> list[tuple[str, Role, Fact]]:
    return [(one.stream, one.role, one.fact) for one in tells(name, change)]


LINES = (
    Line(number=1, quantity=Decimal("1840.5"), unit="KGM", code="84137021"),
    Line(number=2, quantity=Decimal("6097.25"), unit="KGM", code="69072100"),
)
DECLARED: dict[str, Any] = {
    "office": "BG002002",
    "procedure": Kind.EXTERNAL_TRANSIT,
    "declarant": "BG201611700",
    "guarantee": "grn:24BG0020020117VT7",
    "security": Decimal("4120.35"),
    "destination": "ROBU1030",
}


def test_a_declaration_is_lodged() -> None:
    lodged = DeclarationLodged(
        happened=datetime(2024, 3, 4, 7, 12, tzinfo=UTC),
        end_by=date(2024, 3, 12),
        lines=(LINES[0], LINES[1].model_copy(update={"quantity": Decimal(6120)})),
        **DECLARED,
    )
    assert facts("cc015c-varna-bucharest") == [(LRN_A, Role.HOLDER, lodged)]


def test_a_declaration_is_amended() -> None:
    amended = DeclarationAmended(
        happened=datetime(2024, 3, 4, 9, 40, tzinfo=UTC),
        end_by=date(2024, 3, 12),
        lines=LINES,
        **DECLARED,
    )
    assert facts("cc013c-varna-bucharest") == [(LRN_A, Role.HOLDER, amended)]


def test_goods_declared_beforehand_are_presented() -> None:
    presented = DeclaredGoodsPresented(
        procedure=Kind.EXTERNAL_TRANSIT,
        happened=datetime(2024, 3, 4, 12, 5, tzinfo=UTC),
        office="BG002002",
        end_by=date(2024, 3, 12),
    )
    assert facts("cc170c-varna-bucharest") == [(LRN_A, Role.HOLDER, presented)]


def test_a_release_repeats_the_declaration_and_its_acceptance() -> None:
    day = date(2024, 3, 4)
    assert facts("cc029c-varna-bucharest") == [
        (
            TRANSIT_A,
            Role.CUSTOMS,
            DeclarationLodged(happened=day, same_as=LRN_A, lines=LINES, **DECLARED),
        ),
        (TRANSIT_A, Role.CUSTOMS, DeclarationAccepted(happened=day, office="BG002002")),
        (TRANSIT_A, Role.CUSTOMS, GoodsReleased(happened=day, office="BG002002")),
    ]


def test_the_report_says_what_the_message_says_and_no_more() -> None:
    incoming = taken("cc007c-varna-bucharest")
    assert incoming.filings[0].body.decode() == (
        '{"specversion":"1.0","id":"' + f"{incoming.report_id}#1" + '","source":"ncts",'
        '"type":"transit.goods-arrived.v1","subject":"mrn:24BG00200200117AJ1",'
        '"role":"facility","time":"2024-03-08T09:05:00Z",'
        '"data":{"happened":"2024-03-08T09:04:00Z","office":"ROBU1030","consignee":"RO18542201"}}'
    )
    assert b"representation" not in taken("cc015c-varna-bucharest").filings[0].body


@pytest.mark.parametrize(
    ("status", "way"), [("2", Representation.DIRECT), ("3", Representation.INDIRECT)]
)
def test_a_representative_speaks_directly_or_indirectly(status: str, way: Representation) -> None:
    agent = {"identificationNumber": "BG103111222", "status": status}
    [(_, _, lodged)] = facts("cc015c-varna-bucharest", put(agent, "Representative"))
    assert isinstance(lodged, DeclarationLodged)
    assert (lodged.representative, lodged.representation) == ("BG103111222", way)
    assert {"representative", "representation"} <= lodged.model_fields_set


def test_the_facts_of_one_message_are_numbered_under_its_id() -> None:
    incoming = taken("cc029c-varna-bucharest")
    assert [one.report_id for one in incoming.filings] == [
        f"{incoming.report_id}#{number}" for number in (1, 2, 3)
    ]


def test_goods_arrive_at_an_authorised_consignee() -> None:
    arrived = GoodsArrived(
        happened=datetime(2024, 3, 8, 9, 4, tzinfo=UTC), office="ROBU1030", consignee="RO18542201"
    )
    assert facts("cc007c-varna-bucharest") == [(TRANSIT_A, Role.FACILITY, arrived)]


def test_in_the_normal_procedure_the_trader_is_not_said_to_receive_the_goods() -> None:
    [(_, _, arrived)] = facts(
        "cc007c-varna-bucharest",
        lambda root: root["TransitOperation"].update(simplifiedProcedure="0"),
    )
    assert arrived == GoodsArrived(
        happened=datetime(2024, 3, 8, 9, 4, tzinfo=UTC), office="ROBU1030"
    )


def test_unloading_is_permitted() -> None:
    permitted = TransitUnloadingPermitted(
        happened=datetime(2024, 3, 8, 9, 31, tzinfo=UTC), office="ROBU1030"
    )
    assert facts("cc043c-varna-bucharest") == [(TRANSIT_A, Role.CUSTOMS, permitted)]


@pytest.mark.parametrize(("flag", "said"), [("1", True), ("0", False)])
def test_unloading_is_reported(flag: str, said: bool) -> None:
    reported = UnloadingReported(
        happened=datetime(2024, 3, 8, 14, 20, tzinfo=UTC),
        office="ROBU1030",
        conforms=said,
        complete=True,
        unloaded_on=date(2024, 3, 8),
    )
    told = facts(
        "cc044c-varna-bucharest", lambda root: root["UnloadingRemark"].update(conform=flag)
    )
    assert told == [(TRANSIT_A, Role.FACILITY, reported)]


@pytest.mark.parametrize(("indicator", "wholly"), [("1", True), ("2", False), ("3", False)])
def test_goods_are_released_from_transit(indicator: str, wholly: bool) -> None:
    released = ArrivedGoodsReleased(happened=date(2024, 3, 8), office="ROBU1030", wholly=wholly)
    told = facts(
        "cc025c-varna-bucharest",
        lambda root: root["TransitOperation"].update(releaseIndicator=indicator),
    )
    assert told == [(TRANSIT_A, Role.CUSTOMS, released)]


def test_a_release_that_releases_nothing_is_set_aside() -> None:
    incoming = taken(
        "cc025c-varna-bucharest", lambda root: root["TransitOperation"].update(releaseIndicator="4")
    )
    assert incoming.reason == Reason.UNKNOWN_TYPE
    assert incoming.detail is not None
    assert "releaseIndicator: 4 releases nothing" in incoming.detail


REQUESTED = InvalidationRequested(
    procedure=Kind.EXTERNAL_TRANSIT,
    happened=datetime(2024, 3, 6, 11, 20, tzinfo=UTC),
    office="BG002002",
    same_as=LRN_B,
)
INVALIDATED = DeclarationInvalidated(
    procedure=Kind.EXTERNAL_TRANSIT,
    happened=datetime(2024, 3, 6, 14, 40, tzinfo=UTC),
    office="BG002002",
    same_as=LRN_B,
)


@pytest.mark.parametrize(
    ("invalidation", "role", "told"),
    [
        ({"decision": "1"}, Role.CUSTOMS, [REQUESTED, INVALIDATED]),
        ({"decision": "0"}, Role.CUSTOMS, [REQUESTED]),
        ({"decision": None}, Role.HOLDER, [REQUESTED]),
        ({"decision": "1", "initiatedByCustoms": "1"}, Role.CUSTOMS, [INVALIDATED]),
        ({"decision": "0", "initiatedByCustoms": "1"}, Role.CUSTOMS, [REQUESTED]),
    ],
)
def test_invalidation_is_requested_and_decided(
    invalidation: dict[str, Any], role: Role, told: list[Fact]
) -> None:
    def change(root: dict[str, Any]) -> None:
        root["Invalidation"].update(invalidation)

    assert facts("cc014c-varna-svilengrad", change) == [(TRANSIT_B, role, fact) for fact in told]


@pytest.mark.parametrize(
    ("declaration_type", "kind"),
    [
        ("T1", Kind.EXTERNAL_TRANSIT),
        ("T", Kind.EXTERNAL_TRANSIT),
        ("TIR", Kind.EXTERNAL_TRANSIT),
        ("Pbg", Kind.EXTERNAL_TRANSIT),
        ("T2", Kind.INTERNAL_TRANSIT),
        ("T2F", Kind.INTERNAL_TRANSIT),
        ("T2SM", Kind.INTERNAL_TRANSIT),
    ],
)
def test_the_declaration_type_says_which_transit(declaration_type: str, kind: Kind) -> None:
    def change(root: dict[str, Any]) -> None:
        root["TransitOperation"]["declarationType"] = declaration_type

    [(_, _, lodged)] = facts("cc015c-varna-bucharest", change)
    assert isinstance(lodged, DeclarationLodged)
    assert lodged.procedure is kind


def lines_of(name: str, change: Change) -> list[tuple[Decimal, str]]:
    fact = tells(name, change)[0].fact
    assert isinstance(fact, DeclarationLodged)
    return [(line.quantity, line.unit) for line in fact.lines]


def items(root: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = root["Consignment"]["HouseConsignment"][0]["ConsignmentItem"]
    return found


def test_a_mass_keeps_the_digits_that_were_written() -> None:
    raw = message("cc015c-varna-bucharest").replace(b"1840.5", b"6430669292.48125")
    incoming = understand(Message(raw, "ncts", "ncts"), 0, SOURCES)
    assert b'"6430669292.48125"' in incoming.filings[0].body


def test_a_mass_with_too_many_decimals_is_invalid() -> None:
    raw = message("cc015c-varna-bucharest").replace(b"1840.5", b"1840.1234567")
    incoming = understand(Message(raw, "ncts", "ncts"), 0, SOURCES)
    assert incoming.reason == Reason.INVALID
    assert incoming.detail is not None
    assert "GoodsMeasure.grossMass: decimal input should have no more than 6" in incoming.detail


def test_released_items_without_mass_count_their_packages() -> None:
    def no_mass(root: dict[str, Any]) -> None:
        for item in items(root):
            del item["Commodity"]["GoodsMeasure"]

    assert lines_of("cc029c-varna-bucharest", no_mass) == [
        (Decimal(12), "NAR"),
        (Decimal(6), "NAR"),
    ]


def test_an_only_released_item_without_mass_has_that_of_the_consignment() -> None:
    def one_without_mass(root: dict[str, Any]) -> None:
        del items(root)[1]
        del items(root)[0]["Commodity"]["GoodsMeasure"]

    assert lines_of("cc029c-varna-bucharest", one_without_mass) == [(Decimal("7937.75"), "KGM")]


def test_a_released_item_with_neither_mass_nor_packages_is_invalid() -> None:
    def nothing(root: dict[str, Any]) -> None:
        del items(root)[1]["Commodity"]["GoodsMeasure"]
        del items(root)[1]["Packaging"][0]["numberOfPackages"]

    incoming = taken("cc029c-varna-bucharest", nothing)
    assert incoming.reason == Reason.INVALID
    assert incoming.detail is not None
    assert "CC029C.Consignment: item 2 states neither a gross mass nor a number" in incoming.detail


def test_goods_are_drawn_from_the_nearest_previous_declaration() -> None:
    def previous(root: dict[str, Any]) -> None:
        storage = {"type": "N337", "referenceNumber": "24BG00200200090AU8", "goodsItemNumber": 3}
        items(root)[0]["PreviousDocument"] = [storage]
        root["Consignment"]["PreviousDocument"] = [
            {"type": "N380", "referenceNumber": "24BG00200200080AU7"},
            {"type": "N337", "referenceNumber": "not an MRN"},
            {"type": "NMRN", "referenceNumber": "24bg00200200091au9"},
        ]

    [(_, _, lodged)] = facts("cc015c-varna-bucharest", previous)
    assert isinstance(lodged, DeclarationLodged)
    assert [(line.previous, line.previous_line) for line in lodged.lines] == [
        ("mrn:24BG00200200090AU8", 3),
        ("mrn:24BG00200200091AU9", 1),
    ]


def test_security_in_another_currency_is_not_stated() -> None:
    def in_lev(root: dict[str, Any]) -> None:
        root["Guarantee"][0]["GuaranteeReference"][0]["currency"] = "BGN"

    [(_, _, lodged)] = facts("cc015c-varna-bucharest", in_lev)
    assert isinstance(lodged, DeclarationLodged)
    assert (lodged.guarantee, lodged.security) == ("grn:24BG0020020117VT7", None)


@pytest.mark.parametrize(
    ("office", "prepared", "instant"),
    [
        ("BG002002", "2024-07-01T09:00:00", datetime(2024, 7, 1, 6, tzinfo=UTC)),
        ("AB123456", "2024-07-01T09:00:00", datetime(2024, 7, 1, 9, tzinfo=UTC)),
        ("BG002002", "2024-07-01T09:00:00Z", datetime(2024, 7, 1, 9, tzinfo=UTC)),
        ("BG002002", "2024-07-01T09:00:00.500+05:30", datetime(2024, 7, 1, 3, 30, 0, 500000, UTC)),
        ("BG002002", "2024-10-27T03:30:00", datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        ("BG002002", "2014-06-09T16:15:04", datetime(2014, 6, 9, 13, 15, 4, tzinfo=UTC)),
    ],
)
def test_a_time_without_zone_is_that_of_the_office(
    office: str, prepared: str, instant: datetime
) -> None:
    def change(root: dict[str, Any]) -> None:
        root["CustomsOfficeOfDeparture"]["referenceNumber"] = office
        root["preparationDateAndTime"] = prepared

    [lodged] = tells("cc015c-varna-bucharest", change)
    assert lodged.fact.happened == instant
    assert lodged.made_at == instant


def without(*path: str) -> Change:
    """Leave out a part of a message."""

    def change(root: dict[str, Any]) -> None:
        for step in path[:-1]:
            root = root[step]
        del root[path[-1]]

    return change


def put(value: object, *path: str) -> Change:
    def change(root: dict[str, Any]) -> None:
        for step in path[:-1]:
            root = root[step]
        root[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("cc007c-month-13", None, "CC007C.preparationDateAndTime: month must be in 1..12"),
        (
            "cc015c-no-gross-mass",
            None,
            "HouseConsignment[0].ConsignmentItem[0].Commodity.GoodsMeasure: is missing",
        ),
        ("cc015c-varna-bucharest", without("messageSender"), "CC015C.messageSender: is missing"),
        (
            "cc015c-varna-bucharest",
            without("HolderOfTheTransitProcedure"),
            "CC015C.HolderOfTheTransitProcedure: is missing",
        ),
        (
            "cc015c-varna-bucharest",
            without("HolderOfTheTransitProcedure", "identificationNumber"),
            "CC015C.HolderOfTheTransitProcedure: give the identificationNumber",
        ),
        (
            "cc015c-varna-bucharest",
            put("XX", "TransitOperation", "security"),
            "CC015C.TransitOperation.security: ",
        ),
        (
            "cc015c-varna-bucharest",
            without("TransitOperation", "LRN"),
            "CC015C.TransitOperation: give the MRN or the LRN",
        ),
        (
            "cc013c-varna-bucharest",
            put("CC015C", "messageType"),
            "CC013C.messageType: write CC013C",
        ),
        (
            "cc014c-varna-svilengrad",
            put("2", "Invalidation", "decision"),
            "CC014C.Invalidation.decision: ",
        ),
        ("cc025c-varna-bucharest", put("2024-3-8", "TransitOperation", "releaseDate"), "Date: "),
        ("cc025c-varna-bucharest", put("2024-W10-5", "TransitOperation", "releaseDate"), "Date: "),
        (
            "cc015c-varna-bucharest",
            put("20240301T140000", "preparationDateAndTime"),
            "CC015C.preparationDateAndTime: a date and time is written 2024-03-01T14:00:00",
        ),
        ("cc029c-varna-bucharest", without("TransitOperation", "releaseDate"), "Date: is missing"),
        ("cc043c-varna-bucharest", put(7, "TraderAtDestination"), "CC043C.TraderAtDestination: "),
        ("cc044c-varna-bucharest", without("UnloadingRemark"), "CC044C.UnloadingRemark: "),
        (
            "cc170c-varna-bucharest",
            put("Varna", "CustomsOfficeOfDeparture", "referenceNumber"),
            "CC170C.CustomsOfficeOfDeparture.referenceNumber: ",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named_where_it_stands(
    name: str, change: Change | None, says: str
) -> None:
    incoming = taken(name, change)
    assert incoming.reason == Reason.INVALID
    assert incoming.detail is not None
    assert says in incoming.detail


def test_only_the_part_at_fault_is_named_not_the_wholes_that_it_is_in() -> None:
    detail = taken("cc015c-no-gross-mass").detail
    assert detail is not None
    assert detail.removesuffix(f". {Reason.INVALID.advice}") == (
        "CC015C.Consignment.HouseConsignment[0].ConsignmentItem[0].Commodity.GoodsMeasure:"
        " is missing: add it"
    )


def test_a_message_that_is_not_translated_is_of_unknown_type() -> None:
    raw = message("cc015c-varna-bucharest").replace(b"CC015C", b"CC060C")
    incoming = understand(Message(raw, detect(raw), "ncts"), 0, SOURCES)
    assert incoming.reason == Reason.UNKNOWN_TYPE
    assert incoming.detail is not None
    assert f"CC060C is not translated, only {', '.join(MESSAGES)} are" in incoming.detail


def test_the_root_may_have_any_prefix_or_none_and_namespaces_before_it() -> None:
    body = json.loads(message("cc044c-varna-bucharest"))["n1:CC044C"]
    for root in ({"CC044C": body}, {"ncts:CC044C": body}, {"@xmlns:n": "urn:n", "n:CC044C": body}):
        raw = json.dumps(root).encode()
        assert detect(raw) == "ncts"
        assert understand(Message(raw, "ncts", "ncts"), 0, SOURCES).reason is None


def test_the_id_is_a_digest_of_the_bytes_for_each_source() -> None:
    ids = {
        taken(name, None, speaker).report_id
        for name in ("cc044c-varna-bucharest", "cc007c-varna-bucharest")
        for speaker in ("ncts", "trader")
    }
    assert len(ids) == 4
    assert taken("cc044c-varna-bucharest").report_id in ids


def test_a_source_speaks_in_the_first_role_that_it_has_and_that_may_tell() -> None:
    assert tells("cc007c-varna-bucharest", speaker="customs")[0].role is Role.CUSTOMS
    assert tells("cc015c-varna-bucharest", speaker="trader")[0].role is Role.HOLDER


@pytest.mark.parametrize(
    ("name", "speaker", "reason", "says"),
    [
        ("cc029c-varna-bucharest", "trader", Reason.SOURCE_NOT_ENTITLED, "roles customs, and"),
        ("cc014c-varna-svilengrad", "trader", Reason.SOURCE_NOT_ENTITLED, "roles customs, and"),
        ("cc007c-varna-bucharest", "varna-only", Reason.SOURCE_NOT_ENTITLED, "office ROBU1030"),
        ("cc007c-varna-bucharest", "stranger", Reason.SOURCE_UNKNOWN, "called 'stranger'"),
        ("cc007c-varna-bucharest", None, Reason.SOURCE_UNKNOWN, "must be told who speaks"),
    ],
)
def test_who_may_not_tell_a_message_is_refused_whole(
    name: str, speaker: str | None, reason: Reason, says: str
) -> None:
    incoming = taken(name, None, speaker)
    assert (incoming.reason, incoming.filings) == (reason, ())
    assert incoming.detail is not None
    assert says in incoming.detail


Movement = tuple[tuple[str, ...], tuple[str, ...]]


def movements(log: SqliteLog) -> dict[str, Movement]:
    """Each movement in the log with its names and the reports about it."""
    records = [one for one in log.page(0, 1_000) if one.topic != LINK]
    book = Book(told(one.body, one.topic, one.stream, one.recorded_at) for one in records)
    joins = (joined(name, book) for name in book.movements())
    return {
        join.movement: (
            join.names,
            tuple(sorted(one.cite for each in join.told.values() for one in each)),
        )
        for join in joins
    }


def test_every_order_of_arrival_gives_the_same_movements(tmp_path: Path) -> None:
    feed = list(messages(FEED, "ncts"))
    order = random.Random(117)  # noqa: S311  (a seed, not a secret)
    found = []
    for number in range(200):
        order.shuffle(feed)
        with SqliteLog(tmp_path / f"{number}.db") as log:
            intake, cut = Intake(log, SOURCES), order.randint(1, len(feed))
            intake.take("files", feed[:cut], AT)
            intake.take("files", feed[cut:], AT)
            assert {kind: n for (_, kind, _), n in log.counts().items()} == {
                "recorded": 10,
                "quarantined": 2,
            }
            found.append(movements(log))
    assert all(one == found[0] for one in found)
    assert {name: (names, len(cites)) for name, (names, cites) in found[0].items()} == {
        TRANSIT_A: ((TRANSIT_A, LRN_A), 10),
        TRANSIT_B: ((TRANSIT_B, LRN_B), 3),
    }
