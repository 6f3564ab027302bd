"""Under which text of the law and which policies a question is asked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import typer

from cli import paper
from cli.moments import day
from domain.law import acts
from domain.law.limits import FIRST_DAY
from domain.policies import Policies, UnknownPolicy

_BEFORE: Final = f"the Code applies from {FIRST_DAY}: name that day or a later one"


def law_text(text: str) -> date:
    """Read the day of a text of the Code; raises `BadParameter`."""
    told = day(text)
    if told < FIRST_DAY:
        raise typer.BadParameter(f"there is no text of {told}: {_BEFORE}")
    return told


def mention_later_acts(law: date) -> None:
    """Say so where later acts may have changed the text that is asked for."""
    known = [each for each in vars(acts).values() if isinstance(each, acts.Act)]
    last = max(known, key=lambda each: each.published)
    if law > last.applies_from:
        paper.say(
            f"The last act that this release knows is {last.name} of {last.published}:"
            " what later ones changed is not modelled."
        )


def switches(told: Sequence[str]) -> Mapping[str, str]:
    """Read policies written name=value; raises `BadParameter`."""
    named = {}
    for one in told:
        name, equals, value = one.partition("=")
        if not equals:
            raise _bad(f"{one!r} sets nothing: write name=value, such as placed_by=RELEASE")
        named[name] = value
    try:
        Policies.of(named)
    except UnknownPolicy as wrong:
        raise _bad(str(wrong)) from None
    return named


def _bad(words: str) -> typer.BadParameter:
    defaults = ", ".join(f"{name}={value}" for name, value in Policies().spelled().items())
    return typer.BadParameter(f"{words}. The defaults are {defaults}", param_hint="--policy")


def under(law: object, rules: str, policies: Mapping[str, str]) -> str:
    """What something was judged under; of policies those that were set, as docs/cli.md lists the
    defaults of the others.
    """
    defaults = Policies().spelled()
    named = [f"{name}={value}" for name, value in policies.items() if defaults.get(name) != value]
    rest = "every other policy" if named else "every policy"
    return f"the text of {law}, release {rules}, {', '.join([*named, rest])} in its default"
