"""Identifiers as the papers of a port carry them: well formed, with check digits, no two alike."""

from collections import Counter
from random import Random
from uuid import UUID

from domain.references import Scheme, iso6346, lrn, reference

SHIPPING_LINES = ("MAEU", "MSCU", "CMDU", "HLCU", "COSU", "ONEY")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Identifiers:
    """Gives out identifiers; the same dice give the same ones."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._serial: Counter[str] = Counter()

    def mrn(self, office: str, year: int, category: str) -> str:
        """A master reference number of an office: year, country, office, serial, letter, check."""
        head = f"{year % 100:02d}{office}{self._next(office, 6)}{category}"
        return reference(Scheme.MRN, head + iso6346(head))

    def lrn(self, holder: str, office: str) -> str:
        """A local reference number, which holders count for themselves."""
        return lrn(holder, office, f"{self._next(holder, 7)}/{self._dice.randrange(10, 99)}")

    def bill_of_lading(self) -> str:
        """A transport document: the shipping line, then nine digits that jump about."""
        line = self._dice.choice(SHIPPING_LINES)
        number = (self._count(line) * 387_420_489) % 10**9
        return reference(Scheme.DOCUMENT, f"{line}{number:09d}")

    def guarantee(self, year: int) -> str:
        """A guarantee reference number."""
        head = f"{year % 100:02d}BG{self._next('guarantee', 12)}"
        return reference(Scheme.GUARANTEE, head + iso6346(head))

    def authorisation(self, sort: str, office: str) -> str:
        """An authorisation as its certificate numbers it; `sort` such as CWP, IPO, OPO."""
        return reference(Scheme.AUTHORISATION, f"BG{sort}{office}-{self._count(sort):06d}")

    def trader(self) -> str:
        """An economic operator: BG and the nine digits of the commercial register."""
        return f"BG{100_000_000 + self._count('trader') * 7_654_321 % 10**8}"

    def report(self) -> str:
        """The id of a message, which no source shares with another."""
        return str(UUID(int=self._dice.getrandbits(128), version=4))

    def _count(self, name: str) -> int:
        self._serial[name] += 1
        return self._serial[name]

    def _next(self, name: str, width: int) -> str:
        number, text = self._count(name), ""
        while len(text) < width:
            number, digit = divmod(number, len(_DIGITS))
            text = _DIGITS[digit] + text
        return text
