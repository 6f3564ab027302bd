"""Goods brought into the customs territory (Articles 127 to 141)."""

from domain.facts.fact import Declared, Fact, Rank, fact
from domain.facts.values import Flag, LineNumber, Party, Role


@fact(
    "entry.summary-declaration-lodged.v1",
    Rank.LODGING,
    "127(1)",
    Role.CARRIER,
    Role.DECLARANT,
    Role.CUSTOMS,
)
class SummaryDeclarationLodged(Declared):
    """An entry summary declaration, before the goods are brought in (Article 127(1))."""

    declarant: Party


@fact("entry.goods-entered.v1", Rank.ARRIVAL, "134(1)", Role.CARRIER, Role.FACILITY, Role.CUSTOMS)
class GoodsEntered(Declared):
    """Goods cross into the customs territory; supervised from then on (Article 134(1)).

    `acting_for` is the person on whose behalf the carrier acts (Article 139(1)(b)).
    """

    carrier: Party
    acting_for: Party | None = None


@fact("entry.unloading-permitted.v1", Rank.CONTROL, "140(1)", Role.CUSTOMS)
class UnloadingPermitted(Fact):
    """Customs authorise the unloading of goods from their means of transport (Article 140(1))."""


@fact("entry.goods-unloaded.v1", Rank.END, "140(1)", Role.CARRIER, Role.FACILITY, Role.CUSTOMS)
class GoodsUnloaded(Fact):
    """Goods are unloaded; `permitted` says whether customs had authorised it (Article 140)."""

    permitted: Flag
    line: LineNumber | None = None


@fact("entry.goods-found.v1", Rank.LOSS, "139(1)", Role.CUSTOMS)
class GoodsFound(Declared):
    """Customs find goods that were never presented. Where no `GoodsEntered` dates their entry, the
    finding does (Article 85(2)).
    """

    carrier: Party


@fact(
    "entry.summary-declaration-amended.v1", Rank.CONTROL, "129(1)",
    Role.CARRIER, Role.DECLARANT, Role.CUSTOMS,
)  # fmt: skip
class SummaryDeclarationAmended(Fact):
    """The declarant amends an entry summary declaration (Article 129(1))."""


@fact(
    "entry.summary-declaration-invalidation-requested.v1", Rank.CONTROL, "129(2)(a)",
    Role.CARRIER, Role.DECLARANT, Role.CUSTOMS,
)  # fmt: skip
class SummaryInvalidationRequested(Fact):
    """The declarant applies for the invalidation of an entry summary declaration."""


@fact("entry.summary-declaration-invalidated.v1", Rank.REFUSAL, "129(2)", Role.CUSTOMS)
class SummaryDeclarationInvalidated(Fact):
    """Customs invalidate an entry summary declaration (Article 129(2))."""
