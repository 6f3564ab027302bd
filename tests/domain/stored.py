"""Goods in storage, and goods that stay there too long: of these several modules tell."""

from typing import Any

from domain.customs_debt import Obligation
from domain.facts.debt import DebtNotified
from domain.facts.disposal import GoodsConfiscated, GoodsSeized
from domain.facts.fact import Told
from domain.facts.reference_data import InterestRateSet
from domain.facts.values import Kind
from domain.timeline import Judgement
from tests.domain.telling import debtor, declared, goods, judged, presented, tell, the_debt

IN = presented("s", "2017-03-01 14:00", goods(100, value=1000, percent=10))


def imported(name: str, quantity: int, accepted: str | None, released: str | None) -> list[Told]:
    line = goods(quantity, value=quantity * 10, percent=10, of="s")
    return declared(
        name, Kind.FREE_CIRCULATION, line, lodged="2017-03-10", accepted=accepted, released=released
    )


def storage(*told: Told | list[Told], **policies: Any) -> Judgement:  # noqa: ANN401
    return judged("s", IN, *told, **policies)


STORED = presented("s", "2017-03-01", goods(10, value=36500, percent=10))
"""Overdue from 31 May 2017 on: 3 650, which bears 0.20 of interest a day at 2 %."""
NOTIFIED = tell(DebtNotified, "s", "2017-06-12", debtor="H")
RATE = tell(InterestRateSet, "interest:EUR", "2016-05-01", first_day="2016-03-16", percent="0")


def overrun(*told: Told) -> Judgement:
    return judged("s", RATE, STORED, *told)


def owed(*told: Told) -> Obligation:
    return debtor(the_debt(overrun(*told)), "H")


def seized(on: str, **said: object) -> Told:
    return tell(GoodsSeized, "s", on, **said)


def confiscated(on: str, **said: object) -> Told:
    return tell(GoodsConfiscated, "s", on, **said)
