"""The life of one movement of each kind, as reports: from its opening act to its end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from benchmarks.port import (
    BROKER,
    CARRIER,
    CUSTOMS,
    FACILITY,
    INLAND,
    QUAYS,
    Goods,
    Movement,
    Port,
    day_after,
    declared,
)
from domain.facts.values import Kind

CATEGORY: Final = {
    Kind.FREE_CIRCULATION: "R",
    Kind.CUSTOMS_WAREHOUSING: "R",
    Kind.INWARD_PROCESSING: "R",
    Kind.OUTWARD_PROCESSING: "A",
    Kind.EXPORT: "A",
    Kind.RE_EXPORT: "A",
    Kind.EXTERNAL_TRANSIT: "J",
}
"""The letter of a declaration's master reference number."""


def entered(port: Port, at: datetime) -> Movement:
    """A summary declaration is lodged, the ship arrives."""
    office = port.dice.choice(QUAYS)
    ship = Movement(port.mrn(office, at, "F"), office, at, port.lot())
    lines = declared(ship.goods)
    port.tell(
        ship, "entry.summary-declaration-lodged", CARRIER, declarant=port.carrier, lines=lines
    )
    port.tell(ship.wait(port.hours(24, 90)), "entry.goods-entered", CARRIER, carrier=port.carrier)
    if port.happens(0.15):
        port.tell(ship.wait(1), "entry.unloading-permitted", CUSTOMS)
        port.tell(ship.wait(2), "entry.goods-unloaded", CARRIER, permitted=True)
    return ship


def stored(port: Port, at: datetime) -> Movement:
    """Goods come by sea and are presented at the quay; most have been announced."""
    if port.happens(0.6):
        ship = entered(port, at)
        return presented(port, ship, ship.wait(2).office)
    office = port.dice.choice(QUAYS)
    return presented(port, Movement("", office, at, port.lot()), office)


def presented(port: Port, goods: Movement, office: str) -> Movement:
    """Goods are presented, stored, and sometimes moved to another facility."""
    stock = Movement(port.ids.bill_of_lading(), office, goods.at, goods.goods)
    lines = declared(stock.goods, goods)
    fact = "temporary-storage.goods-presented"
    first = port.tell(stock, fact, CARRIER, holder=port.facility, lines=lines)
    if port.happens(0.01):
        port.tell(stock, fact, CARRIER, holder=port.facility, lines=lines, corrects=first)
    if port.happens(0.3):
        port.tell(
            stock.wait(1), "temporary-storage.declaration-lodged", CARRIER,
            declarant=port.carrier, holds_entry_data=True,
        )  # fmt: skip
    if port.happens(0.5):
        port.tell(stock.wait(3), "temporary-storage.presentation-confirmed", CUSTOMS)
    if port.happens(0.1):
        port.tell(stock.wait(20), "temporary-storage.move-started", FACILITY)
        port.tell(stock.wait(5), "temporary-storage.move-ended", FACILITY, holder=port.facility)
    return stock


def declaration(
    port: Port,
    kind: Kind,
    office: str,
    goods: Movement,
    lot: tuple[Goods, ...],
    terms: Mapping[str, object],
    **line: object,
) -> Movement:
    """Goods are declared, accepted, now and then examined and amended, and released.

    `terms` are the particulars of the declaration, `end_by` that of the release; `line` is said of
    each line.
    """
    said: dict[str, object] = {"declarant": port.trader(), **terms}
    end_by = said.pop("end_by", None)
    made = Movement(port.mrn(office, goods.at, CATEGORY[kind]), office, goods.at, lot)
    declarant = str(said["declarant"])
    said |= {"procedure": kind, "lines": declared(lot, goods, **line)}
    accepted: dict[str, object] = {}
    lodged = made
    if port.happens(0.25):
        lodged = Movement(port.ids.lrn(declarant, office), office, made.at, lot)
        accepted["same_as"] = lodged.subject
    port.tell(lodged, "declaration.lodged", BROKER, **said)
    port.tell(made.wait(port.hours(0.1, 3)), "declaration.accepted", CUSTOMS, **accepted)
    examined = port.happens(0.15)
    if examined:
        port.tell(made.wait(1), "declaration.examination-announced", CUSTOMS)
        port.tell(made.wait(20), "declaration.examination-completed", CUSTOMS)
    if port.happens(0.75 if examined else 0.3):
        port.tell(made.wait(2), "declaration.amended", CUSTOMS, **said)
    ends = {} if end_by is None else {"end_by": end_by}
    port.tell(made.wait(port.hours(0.2, 9)), "declaration.goods-released", CUSTOMS, **ends)
    return made


def imported(
    port: Port,
    goods: Movement,
    lot: tuple[Goods, ...],
    **line: object,
) -> Movement:
    """Goods are released for free circulation, the duty secured or paid."""
    trader = port.trader()
    terms = {"declarant": trader, "guarantee": port.guaranteed[trader]}
    made = declaration(port, Kind.FREE_CIRCULATION, goods.office, goods, lot, terms, **line)
    if port.happens(0.25):
        paid = {"payer": trader, "amount": port.duty(lot)}
        port.tell(made.wait(port.hours(20, 200)), "debt.paid", BROKER, **paid)
    return made


def re_exported(port: Port, goods: Movement, lot: tuple[Goods, ...], **line: object) -> Movement:
    """Goods are declared for re-export and leave."""
    made = declaration(port, Kind.RE_EXPORT, goods.office, goods, lot, {}, **line)
    port.tell(made.wait(port.hours(5, 60)), "exit.goods-exited", CUSTOMS)
    return made


def exported(port: Port, at: datetime) -> Movement:
    """Union goods leave by sea."""
    lot = port.lot()
    union = Movement("", port.dice.choice(QUAYS), at, lot)
    made = declaration(port, Kind.EXPORT, union.office, union, lot, {})
    port.tell(made.wait(port.hours(5, 60)), "exit.goods-exited", CUSTOMS)
    return made


def carried(port: Port, goods: Movement) -> Movement:
    """Goods go under transit to an inland office and arrive there."""
    trader = port.trader()
    destination = port.dice.choice(INLAND)
    terms = {
        "declarant": trader,
        "guarantee": port.guaranteed[trader],
        "destination": destination,
        "end_by": day_after(goods.at, 8),
    }
    made = declaration(port, Kind.EXTERNAL_TRANSIT, goods.office, goods, goods.goods, terms)
    there = Movement(made.subject, destination, made.at, made.goods).wait(port.hours(6, 60))
    port.tell(there, "transit.goods-arrived", FACILITY, consignee=port.facility)
    if port.happens(0.3):
        port.tell(there.wait(0.2), "transit.unloading-permitted", CUSTOMS)
        port.tell(
            there.wait(3), "transit.unloading-reported", FACILITY, conforms=True, complete=True
        )
    made.at = there.at
    port.tell(made.wait(port.hours(2, 30)), "transit.discharged", CUSTOMS)
    return there


def warehoused(port: Port, goods: Movement, lot: tuple[Goods, ...]) -> Movement:
    """Goods are placed under customs warehousing."""
    trader = port.authorised()
    terms = {"declarant": trader, "authorisation": port.granted[trader]["CWP"]}
    return declaration(port, Kind.CUSTOMS_WAREHOUSING, goods.office, goods, lot, terms)


def processed(port: Port, goods: Movement) -> Movement:
    """Goods are placed under inward processing for half a year, sometimes extended."""
    trader = port.authorised()
    terms = {
        "declarant": trader,
        "authorisation": port.granted[trader]["IPO"],
        "guarantee": port.guaranteed[trader],
        "end_by": day_after(goods.at, 180),
    }
    made = declaration(port, Kind.INWARD_PROCESSING, goods.office, goods, goods.goods, terms)
    if port.happens(0.1):
        extended = day_after(goods.at, 270)
        port.tell(made.wait(500), "procedure.period-extended", CUSTOMS, end_by=extended)
    return made


def sent_out(port: Port, at: datetime) -> Movement:
    """Union goods leave to be processed outside the Union."""
    trader, lot = port.authorised(), port.lot()
    union = Movement("", port.dice.choice(QUAYS), at, lot)
    terms = {
        "declarant": trader,
        "authorisation": port.granted[trader]["OPO"],
        "end_by": day_after(at, 180),
    }
    made = declaration(port, Kind.OUTWARD_PROCESSING, union.office, union, lot, terms)
    port.tell(made.wait(port.hours(5, 60)), "exit.goods-exited", CUSTOMS)
    return made
