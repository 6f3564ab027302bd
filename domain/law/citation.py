"""How a rule names its provisions, and how a value of the law changes over time."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, ParamSpec, Protocol, TypeVar, cast

from domain.law.acts import Act

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)
T = TypeVar("T")

LAST_ARTICLE = {"": 288, "1182/71": 6, "DA": 256, "IA": 350}
"""The acts that a provision can be of (none named: the Code), and their last articles."""

PROVISION = re.compile(
    r"(?:(?P<act>1182/71|DA|IA) )?(?P<article>[1-9]\d{0,2})"
    r"(?:\([1-9]\d?\))?(?:\([a-z]\))?(?:\([ivx]+\))?"
)


class NotInForce(LookupError):
    """The law, as far as it is known, has no such value on that day."""


class NotAProvision(ValueError):
    """The text does not have the form of a provision, such as `79(1)(a)` or `1182/71 3(4)`."""


class TwoRulesOfOneName(ValueError):
    """A rule is cited by its name, so the name must be its own."""


@dataclass(frozen=True, slots=True)
class Law:
    """How much of the law is known: acts published up to and including the day `text`.

    By default the text of the Code as consolidated on 24 December 2016.
    """

    text: date = date(2016, 12, 24)


@dataclass(frozen=True)  # no slots: with them Python 3.11 cannot call Value[int](...)
class Value(Generic[T]):
    """What an act set, from `first_day` until a later value takes its place or `last_day` ends."""

    first_day: date
    act: Act
    value: T
    last_day: date | None = None


@dataclass(frozen=True)
class Dated(Generic[T]):
    """A value of the law over time: its name, the provision that fixes it, its values in order.

    Values follow each other by first day; of two with the same first day the act published later
    stands last and prevails. After the last day of a value nothing holds until the next one: an
    earlier value does not come back.
    """

    name: str
    article: str
    values: tuple[Value[T], ...]

    def __post_init__(self) -> None:
        provision(self.article)
        order = [(value.first_day, value.act.published) for value in self.values]
        if not order or order != sorted(set(order)):
            raise ValueError(
                f"{self.name}: give its values in the order of first day, then of publication,"
                " no two alike"
            )

    def on(self, day: date, law: Law) -> T:
        """The value that holds on the legally relevant `day`; raises `NotInForce`."""
        return self.in_force(day, law).value

    def in_force(self, day: date, law: Law) -> Value[T]:
        """The same with the act that set it; raises `NotInForce`."""
        text, last = law.text, self.values[-1]
        if last.last_day is None and last.first_day <= day and last.act.published <= text:
            return last
        for value in reversed(self.values):
            if value.first_day <= day and value.act.published <= text:
                if value.last_day is not None and value.last_day < day:
                    break
                return value
        raise NotInForce(
            f"{self.name} (Article {self.article}): no value holds on {day}"
            f" under the text of {text}; {self._spans()}"
        )

    def _spans(self) -> str:
        return "known are " + ", ".join(
            f"{value.value} from {value.first_day}"
            + (f" to {value.last_day}" if value.last_day else "")
            + f" by {value.act.name} of {value.act.published}"
            for value in self.values
        )


class Rule(NamedTuple):
    """A rule of the law: the name it is cited by, the provisions it applies, what it says."""

    name: str
    articles: tuple[str, ...]
    doc: str


class Cited(Protocol[P, R_co]):
    """A function that knows the provisions it applies."""

    articles: tuple[str, ...]
    __name__: str

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...


RULES: dict[str, Rule] = {}
"""Every rule by its name; complete once all modules that declare rules are imported."""


def rule(*articles: str) -> Callable[[Callable[P, R_co]], Cited[P, R_co]]:
    """Name the provisions that a function applies, and enter it in `RULES`.

    Raises `NotAProvision`, also when no provision is named, and `TwoRulesOfOneName`.
    """
    if not articles:
        raise NotAProvision('a rule applies at least one provision: write @rule("149")')
    for article in articles:
        provision(article)

    def register(function: Callable[P, R_co]) -> Cited[P, R_co]:
        cited = cast("Cited[P, R_co]", function)
        name = cited.__name__
        if name in RULES:
            raise TwoRulesOfOneName(
                f"{name} is already the name of a rule (on {', '.join(RULES[name].articles)}):"
                " rename one of them"
            )
        cited.articles = articles
        RULES[name] = Rule(name, articles, inspect.getdoc(function) or "")
        return cited

    return register


def provision(text: str) -> str:
    """`text` itself when it has the form of a provision; raises `NotAProvision`.

    Article, paragraph, point and subpoint, as `79(1)(a)`; an article of another act than the Code
    has that act before it, as `1182/71 3(4)` or `DA 175`.
    """
    match = PROVISION.fullmatch(text)
    if match is None or int(match["article"]) > LAST_ARTICLE[match["act"] or ""]:
        raise NotAProvision(
            f"{text!r} is no provision: write 79(1)(a) for the Code,"
            " 1182/71 3(4), DA 175 or IA 321 for another act"
        )
    return text
