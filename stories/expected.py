"""What a story expects: points in time and in knowledge, what must be there, what must not."""

from datetime import date
from typing import Any, ClassVar, Final, Self

from pydantic import Field, model_validator

from domain.facts.values import Exact
from stories.moments import Moment
from stories.patterns import (
    DeadlinePattern,
    DebtPattern,
    FindingPattern,
    GuaranteePattern,
    Pattern,
    PositionPattern,
    ProcedurePattern,
)
from stories.written import JsonSchema, Shortened, Text, Written


class Blocks(Written):
    """What must be there: each pattern fits an item of its own, other items do not matter."""

    positions: tuple[PositionPattern, ...] = ()
    procedures: tuple[ProcedurePattern, ...] = ()
    deadlines: tuple[DeadlinePattern, ...] = ()
    debts: tuple[DebtPattern, ...] = ()
    guarantees: tuple[GuaranteePattern, ...] = ()
    findings: tuple[FindingPattern, ...] = ()

    def patterns(self, block: str) -> list[Pattern]:
        """The patterns of one block."""
        return list(getattr(self, block))


BLOCKS: Final = tuple(Blocks.model_fields)


class Absent(Shortened, Blocks):
    """What must not be there: items that match a pattern, or all of a block that is only named."""

    SHORT: ClassVar[JsonSchema] = {"type": "array", "items": {"enum": list(BLOCKS)}}

    @classmethod
    def spelled_out(cls, value: object) -> object:
        return {block: [{}] for block in value} if isinstance(value, list) else value


class Point(Blocks):
    """One row: what holds at `as_of`, by what was known at `known_at`, under `law`."""

    as_of: Moment
    """A day stands for its end."""
    known_at: Moment | None = None
    """As `as_of` where nothing is said."""
    law: date | None = None
    policies: dict[str, Text] = Field(default_factory=dict)
    totals: dict[str, Exact] = Field(default_factory=dict)
    """What is open in each currency, coinciding amounts counted once."""
    absent: Absent = Absent()

    @property
    def looks_at(self) -> Moment:
        """The day or instant of legal time."""
        return self.as_of

    @property
    def knows(self) -> Moment:
        """Up to when reports are known."""
        return self.known_at or self.as_of

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if self.model_fields_set <= {"as_of", "known_at", "law", "policies"}:
            blocks = ", ".join((*BLOCKS, "totals", "absent"))
            raise ValueError(f"the point expects nothing: add at least one of {blocks}")
        return self


class Later(Written):
    """An expectation that rests on an article not modelled yet: counted, not compared."""

    article: Text
    expects: str


def told(pattern: Written) -> dict[str, Any]:
    """What a pattern says: the keys that were written, and no others."""
    return pattern.model_dump(exclude_unset=True)
