"""Provisions and codes of findings as they are asked for: what nothing can cite is no question."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Final

import typer

from domain.catalogue import CODES, is_under, wholes
from domain.law.citation import NotAProvision, provision

_NAMED: Final = 3
_ALIKE: Final = 0.4


def article(text: str) -> str:
    """A provision that something is under, as `79` or `79(1)(a)`; raises `BadParameter`."""
    try:
        told = provision(text)
    except NotAProvision as wrong:
        raise typer.BadParameter(f"{wrong}{_near(text, wholes())}") from None
    if told not in wholes():
        raise typer.BadParameter(
            f"no rule or finding cites {told} (docs/law.md lists what is cited)"
            f"{_near(told, wholes())}"
        )
    return told


def code(text: str) -> str:
    """The code of a finding; raises `BadParameter`."""
    if text not in CODES:
        near = _near(text.upper(), CODES)
        raise typer.BadParameter(f"no finding has the code {text}{near or _ALL_CODES}")
    return text


def articles(begun: str) -> Iterable[str]:
    """The provisions that a word may become, for the shell."""
    return sorted(each for each in wholes() if each.startswith(begun))


def codes(begun: str) -> Iterable[str]:
    """The codes that a word may become, for the shell."""
    return sorted(each for each in CODES if each.startswith(begun))


def _near(text: str, known: Collection[str]) -> str:
    parents = sorted(each for each in known if is_under(text, each))
    alike = get_close_matches(text, sorted(known), _NAMED, _ALIKE)
    found = list(dict.fromkeys([*reversed(parents), *alike]))[:_NAMED]
    return f"; did you mean {' or '.join(found)}?" if found else ""


_ALL_CODES: Final = f"; known are {', '.join(sorted(CODES))}"
