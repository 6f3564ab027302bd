"""What a point expects against what was derived, and in words where they differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import Enum
from itertools import chain
from typing import Any

from domain.because import Because
from domain.timeline import Judgement
from stories.expected import BLOCKS, Blocks, Point, told
from stories.matching import differences, innermost, nearest, unmatched
from stories.model import Story
from stories.telling import Entry
from stories.view import Item, Values, seen, totals
from stories.written import bare


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An expectation that is not met, in full: what differs, why it was derived, from what."""

    block: str
    expected: str
    derived: str
    differs: tuple[str, ...]
    because: tuple[str, ...]
    facts: tuple[str, ...]

    def __str__(self) -> str:
        parts = {
            "expected": (self.expected,),
            "derived": (self.derived,),
            "differs": self.differs,
            "because": self.because,
            "facts": self.facts,
        }
        lines = (
            f"  {name if first else '':<9} {line}"
            for name, each in parts.items()
            for first, line in zip((True, *(False for _ in each)), each, strict=False)
        )
        return "\n".join((self.block, *lines))


def compare(story: Story, point: Point, judgements: Sequence[Judgement]) -> list[Mismatch]:
    """Everything that a point expects and that was not derived; empty where all is met."""
    as_of = story.as_of(point)
    comparison = Comparison(seen(judgements, as_of), story.zone, story.known(point))
    derived = totals(judgements, as_of)
    return list(
        chain(
            comparison.listed(point),
            comparison.absent(point.absent),
            comparison.totals(point.totals, derived),
        )
    )


class Comparison:
    """Expectations against items; `known` are the reports that there are to cite."""

    def __init__(
        self, items: Mapping[str, Sequence[Item]], zone: tzinfo, known: Sequence[Entry]
    ) -> None:
        self.items, self.zone, self.known = items, zone, known

    def listed(self, expected: Blocks) -> Iterator[Mismatch]:
        """What must be there and is not."""
        for block in BLOCKS:
            patterns = [told(one) for one in expected.patterns(block)]
            for pattern in unmatched(patterns, self.items[block], self.zone):
                yield self.missing(block, pattern)

    def absent(self, unexpected: Blocks) -> Iterator[Mismatch]:
        """What must not be there and is."""
        for block in BLOCKS:
            for one in unexpected.patterns(block):
                pattern = told(one)
                for item in self.items[block]:
                    if not differences(pattern, item.values, self.zone):
                        expected = f"none with {spelled(pattern)}" if pattern else "none"
                        yield self.mismatch(block, expected, item, ())

    def totals(
        self, expected: Mapping[str, Decimal], derived: Mapping[str, Decimal]
    ) -> Iterator[Mismatch]:
        """Sums that differ."""
        for currency, amount in expected.items():
            if (found := derived.get(currency, Decimal(0))) != amount:
                debts = [why for item in self.items["debts"] for why in item.because]
                yield Mismatch(
                    "totals",
                    f"{currency} {spelled(amount)}",
                    f"{currency} {spelled(found)}",
                    (),
                    tuple(_because(debts)),
                    tuple(self.facts(debts)),
                )

    def missing(self, block: str, pattern: Values) -> Mismatch:
        item = nearest(pattern, self.items[block], self.zone)
        wrong = differences(pattern, item.values, self.zone) if item else []
        differs = [
            f"{key}: expected {spelled(expected)}, derived {spelled(derived)}"
            for one in wrong
            for key, expected, derived in innermost(one, self.zone)
        ]
        if item and not differs:
            differs = ["nothing; but another pattern has taken this item already"]
        return self.mismatch(block, spelled(pattern), item, tuple(differs))

    def mismatch(
        self, block: str, expected: str, item: Item | None, differs: tuple[str, ...]
    ) -> Mismatch:
        because = item.because if item else ()
        return Mismatch(
            block,
            expected,
            spelled(item.values) if item else "none",
            differs,
            tuple(_because(because)),
            tuple(self.facts(because)),
        )

    def facts(self, because: Iterable[Because]) -> Iterator[str]:
        """The reports cited; all that are known where nothing was derived."""
        cited = {report for each in because for report in each.reports}
        for one in self.known:
            if one.cite in cited or not cited:
                yield _fact(one)


def _because(because: Iterable[Because]) -> Iterator[str]:
    for each in dict.fromkeys(because):
        yield f"{each.rule}: {', '.join(each.articles)}"


def _fact(entry: Entry) -> str:
    native = entry.fact.model_dump(exclude_unset=True, exclude={"happened", "office"})
    data = f" {spelled(native)}" if native else ""
    when = spelled(entry.fact.happened)
    known = f"{entry.recorded:%Y-%m-%d %H:%M}"
    kind = entry.report.type.rpartition(".v")[0]
    return f"{entry.cite}: {when} {kind}{data} (recorded {known} UTC)"


def spelled(value: Any) -> str:  # noqa: ANN401  (any value of a pattern or of an item)
    """A value as a story writes it, on one line."""
    match value:
        case dict():
            inner = (f"{key}: {spelled(each)}" for key, each in value.items() if _worth(each))
            return "{" + ", ".join(inner) + "}"
        case tuple() if value and all(isinstance(each, str) for each in value):
            return bare(value[0])
        case list() | tuple():
            return "[" + ", ".join(spelled(each) for each in value) + "]"
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value.normalize():f}"
        case Enum():
            return str(value.value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}" + (" UTC" if value.tzinfo else "")
        case date():
            return value.isoformat()
        case _:
            return bare(str(value))


def _worth(value: object) -> bool:
    """Whether a value says anything to a reader of a whole item."""
    return not isinstance(value, Because)
