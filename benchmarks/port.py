"""A port made up: who trades there in which goods, and how what happens becomes reports."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from benchmarks.identifiers import Identifiers
from consumers.entitlement import Source, Sources
from domain.facts.values import Role

ZONE: Final = ZoneInfo("Europe/Sofia")
START: Final = datetime(2017, 1, 2, 6, tzinfo=ZONE)
QUAYS: Final = ("BG002002", "BG002005", "BG001007")
INLAND: Final = ("BG005804", "BG003001", "BG004009", "BG006000")
TRADERS: Final = 400
CENT: Final = Decimal("0.01")
CODES: Final = 120
RATES: Final = ("0", "1.7", "2.5", "3.7", "4.5", "6.5", "8", "12", "14")


class Speaker(NamedTuple):
    """Who tells a report, in which role."""

    source: str
    role: Role


CUSTOMS: Final = Speaker("customs-bg", Role.CUSTOMS)
CARRIER: Final = Speaker("port-varna", Role.CARRIER)
FACILITY: Final = Speaker("port-varna", Role.FACILITY)
BROKER: Final = Speaker("broker-dunav", Role.DECLARANT)
HOLDER: Final = Speaker("broker-dunav", Role.HOLDER)
TARIFF: Final = Speaker("tariff", Role.OPERATOR)
SOURCES: Final = Sources(
    [
        Source("customs-bg", frozenset({Role.CUSTOMS})),
        Source("port-varna", frozenset({Role.CARRIER, Role.FACILITY}), frozenset(QUAYS + INLAND)),
        Source("broker-dunav", frozenset({Role.DECLARANT, Role.HOLDER})),
        Source("tariff", frozenset({Role.OPERATOR})),
    ]
)


class Goods(NamedTuple):
    """A line of goods: quantity in its unit, customs value in EUR, TARIC code."""

    quantity: int
    unit: str
    value: int
    code: str


class Told(NamedTuple):
    """A report, and when its source made it."""

    made: datetime
    raw: bytes


class Movement:
    """A movement while its history is told: its name, and how far its time has come."""

    def __init__(self, subject: str, office: str, at: datetime, goods: tuple[Goods, ...]) -> None:
        self.subject, self.office, self.at, self.goods = subject, office, at, goods

    def wait(self, hours: float) -> "Movement":
        """Let time pass."""
        self.at += timedelta(seconds=round(hours * 3600))
        return self


class Port:
    """The port: its traders, its tariff, its dice, and what it has told so far."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.ids = Identifiers(self.dice)
        self.traders = [self.ids.trader() for _ in range(TRADERS)]
        self.rates = {
            f"{self.dice.randrange(10_000_000, 99_999_999)}00": self.dice.choice(RATES)
            for _ in range(CODES)
        }
        self.codes = tuple(self.rates)
        self.granted = {
            trader: {sort: self.ids.authorisation(sort, QUAYS[0]) for sort in ("CWP", "IPO", "OPO")}
            for trader in self.traders[: TRADERS // 8]
        }
        self.guaranteed = {trader: self.ids.guarantee(2016) for trader in self.traders}
        self.carrier, self.facility = self.ids.trader(), self.ids.trader()
        self.told: list[Told] = []

    def take_told(self) -> list[Told]:
        """What was told since this was asked last."""
        told, self.told = self.told, []
        return told

    def trader(self) -> str:
        """Some trader; a few do much of the trade."""
        return self.traders[int(len(self.traders) * self.dice.random() ** 2)]

    def authorised(self) -> str:
        """Some trader who holds authorisations."""
        return self.dice.choice(tuple(self.granted))

    def happens(self, share: float) -> bool:
        """Whether something happens that happens in so many of one case."""
        return self.dice.random() < share

    def hours(self, least: float, most: float) -> float:
        """Some time between the two."""
        return self.dice.uniform(least, most)

    def lot(self) -> tuple[Goods, ...]:
        """What is in a consignment: one to three lines."""
        return tuple(self._goods() for _ in range(self.dice.choice((1, 1, 1, 2, 2, 3))))

    def _goods(self) -> Goods:
        unit = self.dice.choice(("KGM", "KGM", "NAR"))
        quantity = self.dice.randrange(60, 24_000, 12)
        value = round(quantity * self.dice.lognormvariate(1.2, 0.8)) + 500
        return Goods(quantity, unit, value, self.dice.choice(self.codes))

    def duty(self, goods: tuple[Goods, ...]) -> str:
        """The duty on goods in EUR, for free circulation."""
        duty = sum(each.value * Decimal(self.rates[each.code]) for each in goods) / 100
        return f"{max(duty, CENT):.2f}"

    def mrn(self, office: str, at: datetime, category: str) -> str:
        return self.ids.mrn(office, at.year, category)

    def tell(self, movement: Movement, fact: str, speaker: Speaker, **data: object) -> str:
        """Report that something happens to a movement now; returns the id of the report."""
        happened = movement.at.isoformat()
        if self.happens(0.02):
            happened = happened[:10]
        return self.report(
            fact, movement.subject, speaker, movement.at, happened=happened,
            office=movement.office, **data,
        )  # fmt: skip

    def report(
        self, fact: str, subject: str, speaker: Speaker, at: datetime, **data: object
    ) -> str:
        """A native report, made some minutes after what it tells."""
        name, made = self.ids.report(), at + timedelta(seconds=self.dice.randrange(20, 1800))
        report = {
            "specversion": "1.0",
            "id": name,
            "source": speaker.source,
            "type": f"{fact}.v1",
            "subject": subject,
            "role": speaker.role,
            "time": made.isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }
        self.told.append(Told(made, orjson.dumps(report)))
        return name

    def reference_data(self) -> None:
        """Report what movements name: tariff, rates of interest, calendar, who may do what."""
        day = "2016-05-01"
        for code, percent in self.rates.items():
            duty = [{"percent": percent}]
            self._fixed("reference.duty-measure-set", f"measure:{code}", day, TARIFF, duty=duty)
        for first in ("2016-05-01", "2017-01-01", "2017-07-01"):
            name = "reference.interest-rate-set"
            self._fixed(name, "interest:EUR", first, TARIFF, percent="0")
        local = ["2017-05-08", "2017-12-27"]
        self._fixed("reference.calendar-set", "calendar:BG", day, TARIFF, added=local)
        for trader, granted in self.granted.items():
            for (_, name), (kind, terms) in zip(granted.items(), _PROCEDURES, strict=True):
                grant = {"holder": trader, "procedure": kind, **terms}
                self._fixed("authorisation.granted", name, day, CUSTOMS, **grant)
        for trader, name in self.guaranteed.items():
            bound = {"holder": trader, "amount": "250000"}
            self._fixed("guarantee.registered", name, day, CUSTOMS, **bound)

    def _fixed(self, fact: str, name: str, day: str, speaker: Speaker, **data: object) -> None:
        if speaker is TARIFF and "first_day" not in data and fact != "reference.calendar-set":
            data["first_day"] = day
        self.report(fact, name, speaker, START - timedelta(days=2), happened=day, **data)


_PROCEDURES: Final[tuple[tuple[str, dict[str, object]], ...]] = (
    ("customs-warehousing", {}),
    ("inward-processing", {"products_per_input": "0.8", "bill_of_discharge": True}),
    ("outward-processing", {}),
)


def declared(
    goods: tuple[Goods, ...], previous: Movement | None = None, **more: object
) -> list[dict[str, object]]:
    """Goods as the lines of a declaration, drawn line by line from another movement, if any."""
    drawn = {"previous": previous.subject} if previous and previous.subject else {}
    return [
        {
            "number": number,
            "quantity": str(each.quantity),
            "unit": each.unit,
            "value": f"{each.value}.00",
            "code": each.code,
            **more,
            **drawn,
            **({"previous_line": number} if drawn else {}),
        }
        for number, each in enumerate(goods, 1)
    ]


def shares(goods: tuple[Goods, ...], parts: int) -> Iterator[tuple[Goods, ...]]:
    """Goods in as many equal parts as whole numbers allow; the last has what is over."""
    for part in range(parts):
        last = part == parts - 1
        yield tuple(
            each._replace(
                quantity=each.quantity // parts + (each.quantity % parts if last else 0),
                value=each.value // parts + (each.value % parts if last else 0),
            )
            for each in goods
        )


def day_after(at: datetime, days: int) -> str:
    """A day, so many days later."""
    later: date = (at + timedelta(days=days)).date()
    return later.isoformat()
