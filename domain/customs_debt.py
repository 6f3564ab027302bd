"""A customs debt as a judge states it: one amount, and what each debtor owes of it (D8).

Instants are aware and in UTC; days are legal days of the office of the movement.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from domain.because import Because


class Step(NamedTuple):
    """One step of a computation, in words and figures."""

    words: str
    value: Decimal
    reports: tuple[str, ...]


class Struck(NamedTuple):
    """What a debt is about: so much of a line, and the duty on it (`None`: terms unknown)."""

    line: int
    quantity: Decimal
    amount: Decimal | None


class SameGoods(NamedTuple):
    """As far as this debt coincides with another, of the declaration `movement` or, where that is
    its own movement, with the one that arose before because a time limit ran out: one amount,
    shown twice (D8).
    """

    movement: str
    quantity: Decimal
    amount: Decimal


class Rise(NamedTuple):
    """From a day on, interest grows by so much a day."""

    since: date
    a_day: Decimal


class Interest(NamedTuple):
    """Interest on arrears: before notification, or after the period for payment (Article 114).

    It grows from the day after `since` to `until`, or for ever; `rises` says by how much a day.
    `threshold` is what has to be reached for it to be charged (Article 114(4)), nothing
    where the debt is not in euro, so that no comparison can be made. `percent` is the yearly rate
    at the start, `None` where no base rate is known.
    """

    article: str
    since: date
    until: date | None
    percent: Decimal | None
    threshold: Decimal
    rises: tuple[Rise, ...]

    def amount(self, day: date) -> Decimal | None:
        """The exact amount at the end of `day`; `None` where the rate or the debt is unknown."""
        if self.percent is None or not self.rises:
            return None
        end = day if self.until is None else min(day, self.until)
        ends = [*(rise.since for rise in self.rises[1:]), date.max]
        return sum(
            (
                rise.a_day * max((min(end, stop) - rise.since).days, 0)
                for rise, stop in zip(self.rises, ends, strict=True)
            ),
            Decimal(0),
        )


class Obligation(NamedTuple):
    """What one person owes of a debt, and until when it can be claimed of them.

    `limitation` is the last day on which the debtor can be notified (Article 103), `due` the last
    day of the period for payment (Article 108), without one while `suspended` by that provision.
    The raw days are those as counted, before they are rolled.
    """

    person: str
    role: str
    notified: datetime | None
    due: date | None
    raw_due: date | None
    suspended: str | None
    limitation: date
    raw_limitation: date
    interest: tuple[Interest, ...]
    because: Because

    def charged(self, interest: Interest, day: date) -> bool:
        """Whether an interest is charged, as it stands at the end of `day`.

        One recovery action (Article 114(4)) is all that grew of this debt under one paragraph: a
        part payment does not begin another. The gate uses the exact figure.
        """
        same = (each.amount(day) for each in self.interest if each.article == interest.article)
        known = [amount for amount in same if amount is not None]
        return interest.amount(day) is not None and 0 < sum(known) >= interest.threshold


class Extinguished(NamedTuple):
    """A ground of Article 124(1): for how much (`None`: all), when, whom it frees (`None`: all)."""

    letter: str
    at: datetime
    amount: Decimal | None
    quantity: Decimal | None
    frees: str | None
    because: Because


@dataclass(frozen=True, slots=True)
class Debt:
    """One customs debt; its obligations are joint and several (Article 84).

    `ref` stays the same when later facts re-date the debt or change its amount: it is made of the
    movement, the rule and the report that gave rise to it. `amount` is `None` where the duty
    terms of a line are unknown.
    """

    ref: str
    article: str
    incurred: datetime
    incurred_on: date
    place: str
    struck: tuple[Struck, ...]
    amount: Decimal | None
    currency: str
    steps: tuple[Step, ...]
    same_goods: tuple[SameGoods, ...]
    obligations: tuple[Obligation, ...]
    extinguished: tuple[Extinguished, ...]
    gave_rise: tuple[str, ...]
    because: Because

    def open_at(self, as_of: datetime) -> Decimal | None:
        """What is still owed at `as_of`; zero before it is incurred, `None` where unknown."""
        return max([self.owed_by(each.person, as_of) for each in self.obligations], key=_size)

    def _all(self, end: Extinguished) -> bool:
        """Whether a ground of unknown amount is about all the goods."""
        return end.quantity is None or end.quantity >= sum(each.quantity for each in self.struck)

    def owed_by(self, person: str, as_of: datetime) -> Decimal | None:
        """What one debtor still owes at `as_of`, jointly with the others."""
        if as_of < self.incurred:
            return Decimal(0)
        gone = Decimal(0)
        for end in self.extinguished:
            if end.at <= as_of and end.frees in (None, person):
                if end.amount is None and self._all(end):
                    return Decimal(0)
                gone += end.amount or 0
        return None if self.amount is None else max(self.amount - gone, Decimal(0))


def _size(amount: Decimal | None) -> Decimal:
    return Decimal("Infinity") if amount is None else amount
