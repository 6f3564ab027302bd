"""What a debt is about, before its amount and its end are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from domain.because import Because
from domain.facts.values import Line


class Owing(NamedTuple):
    """A person who owes, by which provision, and the report that says so."""

    person: str
    article: str
    cite: str | None = None


class Strike(NamedTuple):
    """What a debt is about: so much of each line, and of that what each successor had drawn.

    `missing` says that the goods are gone, so that nothing done with the rest can be about them;
    `strayed` that they left supervision, so that an act on their line is about them only where it
    reaches beyond the rest; `late` that a time limit ran out on them, so that they can still be
    declared; `put_right` is when the formality that was missed was done, and the reports that
    tell it; `again` says how much of each line is in debt already because a time limit ran out.
    """

    quantities: Mapping[int, Decimal]
    shares: Mapping[tuple[int, str], Decimal] = MappingProxyType({})
    missing: bool = False
    strayed: bool = False
    late: bool = False
    put_right: tuple[datetime, tuple[str, ...]] | None = None
    again: Mapping[int, Decimal] = MappingProxyType({})


class PutRight(NamedTuple):
    """An act put so much of the overdue goods of a line right."""

    at: datetime
    cites: tuple[str, ...]
    line: int
    quantity: Decimal


@dataclass(slots=True)
class Incurred:
    """A debt as the walk finds it; amount, obligations and grounds are told afterwards.

    `shares`, `missing`, `strayed`, `late`, `put_right` and `again` as in `Strike`; `terms` are the
    duty terms of a line where they are not its own (Article 86(3)).
    """

    rule: str
    article: str
    at: datetime
    struck: dict[int, Decimal]
    owing: tuple[Owing, ...]
    because: Because
    gave_rise: tuple[str, ...]
    missing: bool = False
    strayed: bool = False
    late: bool = False
    put_right: tuple[datetime, tuple[str, ...]] | None = None
    shares: Mapping[tuple[int, str], Decimal] = field(default_factory=dict)
    terms: Mapping[int, tuple[Line, Decimal]] = field(default_factory=dict)
    again: Mapping[int, Decimal] = field(default_factory=dict)
