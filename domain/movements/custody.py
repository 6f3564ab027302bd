"""What customs have of a line: goods seized, confiscated or abandoned (Articles 197 to 199), and
of those that had strayed, which have been found and decided on.

Goods in deemed warehousing stand in the ledger, which does not tell a seizure from a decision.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from domain.movements.account import NONE


class Custody(NamedTuple):
    """The count of one line: each act makes the next one. Nothing is decided on twice, and a
    seizure decides nothing.

    Of what strayed, `strayed_decided` was confiscated, abandoned or destroyed since, and
    `strayed_seized` seized, and not decided on. Of what is in deemed warehousing, `decided` is
    confiscated or abandoned. Of what each successor had drawn, `seized_from` it was so much, and
    is not decided on; `decided_from` it so much, and is not destroyed.
    """

    strayed_decided: Decimal = NONE
    strayed_seized: Decimal = NONE
    decided: Decimal = NONE
    seized_from: Mapping[str, Decimal] = MappingProxyType({})
    decided_from: Mapping[str, Decimal] = MappingProxyType({})

    def undecided(self, there: Decimal) -> Decimal:
        """Of so much in deemed warehousing, what is seized and not decided on."""
        return max(there - self.decided, NONE)

    def seized(self, by: str) -> Decimal:
        """What was seized of what a successor had drawn, and not decided on."""
        return self.seized_from.get(by, NONE)

    def decided_of(self, by: str) -> Decimal:
        """What was decided on of what a successor had drawn, and not destroyed."""
        return self.decided_from.get(by, NONE)

    def found(self, strayed: Decimal, decided: Decimal, irregular: Decimal) -> "Custody":
        """Of so much that had strayed, so much is decided on now, and so much strays still."""
        return self._replace(
            strayed_decided=self.strayed_decided + decided,
            strayed_seized=max(strayed - decided - irregular, NONE),
        )

    def seizing(self, by: str, much: Decimal) -> "Custody":
        """So much of what a successor had drawn is seized."""
        return self._replace(seized_from={**self.seized_from, by: self.seized(by) + much})

    def deciding(self, much: Decimal, there: Decimal) -> "Custody":
        """So much is confiscated or abandoned, of what is in deemed warehousing by now."""
        return self._replace(decided=min(self.decided + much, there))

    def deciding_drawn(self, by: str, much: Decimal, moved: Decimal, there: Decimal) -> "Custody":
        """The same of what a successor had drawn: what the act has not `moved`, a seizure had."""
        seized = min(max(much - moved, NONE), self.seized(by))
        return self._replace(
            seized_from={**self.seized_from, by: self.seized(by) - seized},
            decided_from={**self.decided_from, by: self.decided_of(by) + moved + seized},
        ).deciding(much, there)

    def destroying_drawn(self, by: str, much: Decimal, there: Decimal) -> "Custody":
        """Of what customs have taken from a successor so much is destroyed: what they had decided
        on comes first.
        """
        decided = min(much, self.decided_of(by))
        return self._replace(
            seized_from={**self.seized_from, by: self.seized(by) - (much - decided)},
            decided_from={**self.decided_from, by: self.decided_of(by) - decided},
        ).destroying(there)

    def releasing(self, by: str, much: Decimal, there: Decimal) -> "Custody":
        """So much of what was seized of a successor is released with its declaration."""
        left = {**self.seized_from, by: self.seized(by) - much}
        return self._replace(seized_from=left).destroying(there)

    def destroying(self, there: Decimal) -> "Custody":
        """No more is decided on than is still in deemed warehousing."""
        return self._replace(decided=min(self.decided, there))
