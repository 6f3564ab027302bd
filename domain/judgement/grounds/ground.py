"""A ground of extinguishment, and what it is asked about (Article 124(1))."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from domain.because import Because
from domain.customs_debt import Obligation, Struck
from domain.judgement.matching import About
from domain.movements.incurred import Incurred
from domain.movements.walk import Walk


class Ground(NamedTuple):
    """A ground that applies: for all (`None`) or so much of a line, or for an amount.

    `act` is the report of a confiscation, on which two grounds may rest for the same goods.
    """

    letter: str
    at: datetime
    because: Because
    goods: dict[int, Decimal] | None = None
    amount: Decimal | None = None
    frees: str | None = None
    act: str | None = None


class Debit(NamedTuple):
    """What a ground is asked about."""

    walk: Walk
    debt: Incurred
    struck: tuple[Struck, ...]
    total: Decimal | None
    obligations: tuple[Obligation, ...]
    about: tuple[About, ...]


def citing(ground: Callable[..., object], reports: Iterable[str]) -> Because:
    articles: tuple[str, ...] = getattr(ground, "articles", ())
    return Because(ground.__name__, articles, tuple(dict.fromkeys(reports)))
