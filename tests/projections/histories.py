"""Small histories as reports, and what reads them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import orjson

from consumers.entitlement import Source, Sources
from consumers.intake import Intake, Message
from domain.facts.values import Role
from domain.law.citation import Law
from domain.policies import Policies
from projections.digest import digest
from projections.projector import Projector
from projections.sql import ordered
from projections.tables import Table
from store.log import Log
from store.records import OutcomeKind

SOURCES = Sources([Source("local", frozenset(Role)), Source("other", frozenset(Role))])
LATER = datetime(2018, 1, 1, tzinfo=UTC)
"""When the log hears of everything, where nothing else is said."""
STORAGE, LRN, MRN = "doc:BL-1", "lrn:BG201611700/BG001007/L-1", "mrn:17BG001007A000012J5"
GOODS = {
    "number": 1,
    "quantity": "100",
    "unit": "KGM",
    "value": "18000",
    "duty": [{"percent": "10"}],
}


def report(name: str, kind: str, subject: str, happened: str, **data: object) -> bytes:
    """A native report told by customs at the office of Burgas."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": name,
            "source": "local",
            "type": f"{kind}.v1",
            "subject": subject,
            "role": "customs",
            "data": {"happened": happened, "office": "BG001007", **data},
        }
    )


def stored(movement: str = STORAGE, day: str = "2017-03-01") -> list[bytes]:
    """Goods are presented and stored."""
    return [
        report(
            f"{movement}-1",
            "temporary-storage.goods-presented",
            movement,
            f"{day}T10:00:00Z",
            holder="BG1",
            lines=[GOODS],
        )
    ]


def imported(
    previous: str = STORAGE, lrn: str = LRN, mrn: str = MRN, day: str = "2017-03-10"
) -> list[bytes]:
    """The goods are declared for free circulation under an LRN, accepted and released."""
    return [
        report(
            f"{mrn}-1",
            "declaration.lodged",
            lrn,
            f"{day}T10:00:00Z",
            procedure="free-circulation",
            declarant="BG201611700",
            lines=[{**GOODS, "previous": previous}],
        ),
        report(f"{mrn}-2", "declaration.accepted", mrn, f"{day}T11:00:00Z", same_as=lrn),
        report(f"{mrn}-3", "declaration.goods-released", mrn, f"{day}T15:00:00Z"),
    ]


def paid(mrn: str = MRN, day: str = "2017-03-15", amount: str = "1800") -> list[bytes]:
    """The duty is paid."""
    act = report(
        f"{mrn}-paid", "debt.paid", mrn, f"{day}T10:00:00Z", payer="BG201611700", amount=amount
    )
    return [act]


HISTORY = [*stored(), *imported(), *paid()]


def warehouse(withdrawals: int, movement: str = "local:warehouse") -> list[bytes]:
    """Goods in a customs warehouse, from which declarations draw one kilogram each."""
    placed = [
        report(
            "placed-1",
            "declaration.lodged",
            movement,
            "2017-03-01T08:00:00Z",
            procedure="customs-warehousing",
            declarant="BG1",
            lines=[{**GOODS, "quantity": "1000", "value": "180000"}],
        ),
        report("placed-2", "declaration.accepted", movement, "2017-03-01T09:00:00Z"),
        report("placed-3", "declaration.goods-released", movement, "2017-03-01T10:00:00Z"),
    ]
    for number in range(withdrawals):
        placed += withdrawn(number, movement)
    return placed


def withdrawn(number: int, movement: str = "local:warehouse") -> list[bytes]:
    """One kilogram is declared for free circulation."""
    name, minute = f"local:draw-{number:04}", f"2017-04-01T{number // 60:02}:{number % 60:02}"
    line = {**GOODS, "quantity": "1", "value": "180", "previous": movement}
    return [
        report(
            f"{name}-1",
            "declaration.lodged",
            name,
            f"{minute}:00Z",
            procedure="free-circulation",
            declarant="BG1",
            lines=[line],
        ),
        report(f"{name}-2", "declaration.accepted", name, f"{minute}:10Z"),
        report(f"{name}-3", "declaration.goods-released", name, f"{minute}:20Z"),
    ]


def take(log: Log, reports: Iterable[bytes], recorded_at: datetime = LATER) -> None:
    """Take reports in as they are, all at one instant."""
    outcomes = Intake(log, SOURCES).take("test", [Message(raw) for raw in reports], recorded_at)

    assert {outcome.kind for outcome in outcomes} <= {OutcomeKind.RECORDED}


def take_apart(log: Log, reports: Sequence[bytes], start: datetime = LATER) -> None:
    """Take reports in one by one, an hour after each other."""
    for number, raw in enumerate(reports):
        take(log, [raw], start + timedelta(hours=number))


def projector(log: Log, page: int = 1_000, piece: int = 500, shards: int = 1) -> Projector:
    """A projector under the default law and policies."""
    return Projector(log, Law(), Policies(), page=page, piece=piece, shards=shards)


def models(log: Log) -> str:
    """The digest of the read models."""
    with log.connection() as db:
        return digest(db)


def everything(log: Log, table: Table) -> list[tuple[object, ...]]:
    """All rows of a table in the order of its key."""
    with log.connection() as db:
        return list(ordered(db, table))
