"""A statement in words: what it says part by part, and the rules that it rests on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from textwrap import fill
from typing import Final

from rich.text import Text

from cli import words
from domain.because import Because
from domain.law.citation import RULES
from projections.canonical import since

ORDER: Final = (
    *("person", "role", "words", "duty", "article", "code", "line", "situation", "quantity"),
    *("unit", "state", "holder", "placed", "open", "discharged", "overdue", "by"),
    *("incurred", "incurred_on", "place", "amount", "currency", "steps", "struck"),
    *("letter", "at", "notified", "due", "suspended", "limitation", "interest", "obligations"),
)
"""What is said first; the rest follows by its name."""
ELSEWHERE: Final = frozenset({"because", "movement", "ref", "watched"})
"""What an explanation says in another place, and what only software needs."""
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_STEP: Final = frozenset({"words", "value"})
_INDENT: Final = "  "


def said(statement: Mapping[str, object], zone: tzinfo, indent: str = "") -> Iterator[Text]:
    """The parts of a statement but for its reasons; instants as the clock at the office shows
    them, and nothing of what is empty.
    """
    for key in sorted(statement.keys() - ELSEWHERE, key=_place):
        value = statement[key]
        name = Text(indent + words.spoken(key), style="cyan")
        if value in (None, "", [], {}, False):
            continue
        if isinstance(value, dict):
            yield name
            yield from said(value, zone, indent + _INDENT)
        elif isinstance(value, list):
            yield name
            for each in value:
                yield from _member(each, zone, indent + _INDENT)
        else:
            yield name + Text(f": {_plain(value, zone)}", style="default")


def _place(key: str) -> tuple[int, str]:
    return (ORDER.index(key) if key in ORDER else len(ORDER)), key


def _member(value: object, zone: tzinfo, indent: str) -> Iterator[Text]:
    if not isinstance(value, dict):
        yield Text(f"{indent}- {_plain(value, zone)}")
    elif value.keys() >= _STEP:
        yield Text(f"{indent}- {value['words']} = {value['value']}")
    else:
        first, *others = said(value, zone)
        yield Text(f"{indent}- ") + first
        yield from (Text(indent + _INDENT) + other for other in others)


def _plain(value: object, zone: tzinfo) -> str:
    text = str(value)
    return words.instant(since(text), zone) if _INSTANT.fullmatch(text) else text


def reasons(told: Iterable[Because], width: int) -> Iterator[Text]:
    """Each rule once, with the provisions that it applies and what it says of itself."""
    articles: dict[str, dict[str, None]] = {}
    for because in told:
        articles.setdefault(because.rule, {}).update(dict.fromkeys(because.articles))
    for name, applied in articles.items():
        noun = "Article" if len(applied) == 1 else "Articles"
        yield Text(name, style="bold") + Text(f": {noun} {', '.join(applied)}", style="default")
        rule = RULES.get(name)
        if rule:
            doc = fill(rule.doc, width, initial_indent=_INDENT, subsequent_indent=_INDENT)
            yield Text(doc, style="italic")
