"""Identifiers of movements, persons and equipment, as the outside world writes them.

A reference is a string `scheme:value`; it names a stream of the log. What a sender wrote is kept
verbatim: a value of the wrong shape stays usable as an opaque name and is reported as a finding,
a failed check digit only as a warning of quality (published samples fail it, too).
"""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote


class Scheme(StrEnum):
    """What kind of thing a reference names."""

    MRN = "mrn"
    LRN = "lrn"
    DOCUMENT = "doc"
    CONSIGNMENT = "ucr"
    LOCAL = "local"
    AUTHORISATION = "auth"
    GUARANTEE = "grn"
    CONTAINER = "container"
    SEAL = "seal"
    PARTY = "eori"
    MEASURE = "measure"
    CALENDAR = "calendar"
    INTEREST = "interest"


MOVEMENTS: Final = frozenset(
    {Scheme.MRN, Scheme.LRN, Scheme.DOCUMENT, Scheme.CONSIGNMENT, Scheme.LOCAL}
)
"""The schemes that can name a movement, best name first in `Scheme`."""


class ReferenceFault(StrEnum):
    """What is wrong with a reference; neither stops it from being a name."""

    SHAPE = "REFERENCE_SHAPE"
    CHECK_DIGIT = "REFERENCE_CHECK_DIGIT"


def reference(scheme: Scheme, value: str) -> str:
    """Spell the reference of `value`, upper case where the scheme has no lower case."""
    value = value.strip()
    return f"{scheme}:{value.upper() if scheme in _UPPER else value}"


def lrn(holder: str, office: str, value: str) -> str:
    """Spell a local reference number: unique only for one holder at one office."""
    return f"{Scheme.LRN}:" + "/".join(
        quote(part.strip(), safe="") for part in (holder, office, value)
    )


def office_of(text: str) -> str | None:
    """The office that a local reference number is of; `None` where a reference tells none."""
    found = _LRN.fullmatch(text)
    return unquote(found["office"]) if found else None


def scheme_of(text: str) -> Scheme | None:
    """The scheme of a reference; `None` where it has none that is known."""
    prefix, _, value = text.partition(":")
    return _SCHEMES.get(prefix) if value else None


def value_of(text: str) -> str:
    """What stands behind the scheme."""
    return text.partition(":")[2]


def names_movement(text: str) -> bool:
    """Whether a movement's stream can have this name."""
    prefix, _, value = text.partition(":")
    return prefix in _NAMING and bool(value)


@lru_cache(maxsize=8_192)
def fault(text: str) -> ReferenceFault | None:
    """What is wrong with the value of a reference, by the rules of its scheme."""
    scheme, value = scheme_of(text), value_of(text)
    check = _CHECKS.get(scheme) if scheme else None
    if check is None:
        return None
    pattern, digit = check
    match = pattern.fullmatch(value)
    if match is None:
        return ReferenceFault.SHAPE
    if digit and match["digit"] != digit(match["head"]):
        return ReferenceFault.CHECK_DIGIT
    return None


def iso6346(head: str) -> str:
    """The check digit of ISO 6346 over `head`; customs use it for MRN and GRN as well.

    A is 10 and the values divisible by 11 are left out; the remainder 10 is written 0.
    """
    return str(sum(_VALUES[char] << place for place, char in enumerate(head)) % 11 % 10)


def waybill(head: str) -> str:
    """The check digit of an air waybill: the serial number modulo 7 (IATA Resolution 600a)."""
    return str(int(head.replace("-", "")[3:]) % 7)


_LRN: Final = re.compile(r"lrn:[^/]+/(?P<office>[^/]+)/[^/]+")
_NAMING: Final = frozenset(scheme.value for scheme in MOVEMENTS)
_SCHEMES: Final = {scheme.value: scheme for scheme in Scheme}
_UPPER: Final = frozenset({Scheme.MRN, Scheme.GUARANTEE, Scheme.CONTAINER})
_VALUES: Final = {str(digit): digit for digit in range(10)} | {
    chr(ord("A") + place): value
    for place, value in enumerate(value for value in range(10, 39) if value % 11)
}
_CHECKS: Final[dict[Scheme, tuple[re.Pattern[str], Callable[[str], str] | None]]] = {
    Scheme.MRN: (re.compile(r"(?P<head>\d{2}[A-Z]{2}[A-Z0-9]{13})(?P<digit>\d)"), iso6346),
    Scheme.CONTAINER: (re.compile(r"(?P<head>[A-Z]{3}[UJZ]\d{6})(?P<digit>\d)"), iso6346),
    Scheme.GUARANTEE: (
        re.compile(r"(?P<head>\d{2}[A-Z]{2}[A-Z0-9]{12})(?P<digit>\d)([A-Z]\d{6})?"),
        iso6346,
    ),
    Scheme.PARTY: (re.compile(r"[A-Z]{2}[!-~]{1,15}"), None),
    Scheme.CONSIGNMENT: (re.compile(r".{1,35}"), None),
}
AWB: Final = re.compile(r"\d{3}-?\d{8}")


def waybill_fault(value: str) -> ReferenceFault | None:
    """What is wrong with an air waybill number."""
    if not AWB.fullmatch(value):
        return ReferenceFault.SHAPE
    return None if value[-1] == waybill(value[:-1]) else ReferenceFault.CHECK_DIGIT
