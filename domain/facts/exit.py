"""Goods taken out of the customs territory (Articles 263 to 277)."""

from domain.facts.fact import Declared, Fact, Rank, fact
from domain.facts.values import Party, Role


@fact(
    "exit.summary-declaration-lodged.v1",
    Rank.LODGING,
    "271",
    Role.CARRIER,
    Role.DECLARANT,
    Role.CUSTOMS,
)
class ExitSummaryDeclarationLodged(Declared):
    """An exit summary declaration (Article 271)."""

    declarant: Party


@fact("exit.re-export-notified.v1", Rank.LODGING, "274", Role.CARRIER, Role.DECLARANT, Role.CUSTOMS)
class ReExportNotified(Declared):
    """A re-export notification (Article 274)."""

    declarant: Party


@fact("exit.goods-exited.v1", Rank.END, "267(1)", Role.CUSTOMS, Role.CARRIER, Role.FACILITY)
class GoodsExited(Fact):
    """Goods leave the customs territory; told by customs it confirms the exit (Article 267)."""
