"""What authorities decide and persons do about a customs debt (Articles 77 to 126).

Each names the debt it means, by the debt's reference or by the report that gave rise to it;
neither is needed where movement, line and debtor fit one debt only (D8).
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from domain.facts.fact import Fact, Rank, fact
from domain.facts.times import Day
from domain.facts.values import (
    DebtName,
    LineNumber,
    Money,
    Office,
    Party,
    Positive,
    Quantity,
    ReportName,
    Role,
)


class AboutDebt(Fact):
    """An act about one debt."""

    debt: DebtName | None = None
    gave_rise: ReportName | None = None
    line: LineNumber | None = None


@fact("debt.notified.v1", Rank.NOTIFICATION, "102(1)", Role.CUSTOMS)
class DebtNotified(AboutDebt):
    """The debtor is notified of the debt (Article 102(1))."""

    debtor: Party
    amount: Money | None = None


@fact("debt.paid.v1", Rank.PAYMENT, "109(1)", Role.CUSTOMS, Role.DECLARANT, Role.HOLDER)
class DebtPaid(AboutDebt):
    """An amount is paid on the debt (Articles 109, 124(1)(b))."""

    payer: Party
    amount: Positive


class DebtorLetter(StrEnum):
    """The letter of Article 79(3) on which customs rely."""

    OBLIGED = "79(3)(a)"
    ACTED = "79(3)(b)"
    ACQUIRED = "79(3)(c)"


@fact("debt.debtor-found.v1", Rank.DECISION, "79(3)", Role.CUSTOMS)
class DebtorFound(AboutDebt):
    """Customs find that a further person owes the debt (Article 79(3)(b) and (c)).

    Awareness is never inferred: it comes in as this decision.
    """

    person: Party
    letter: DebtorLetter
    found_at: Office | None = None
    occurred_at: Office | None = None


@fact("debt.deception-found.v1", Rank.DECISION, "124(1)(h)", Role.CUSTOMS)
class DeceptionFound(AboutDebt):
    """Customs find an attempted deception: (g) and (h) do not apply, (k) not to that person
    (Article 124(1)(h)(i), (6)).
    """

    person: Party | None = None


@fact("debt.insignificance-accepted.v1", Rank.DECISION, "124(1)(h)", Role.CUSTOMS)
class InsignificanceAccepted(AboutDebt):
    """Customs accept that the failure had no significant effect on the correct operation of the
    procedure (Article 124(1)(h)(i)); `regularised_on` is the day of the last formality for the
    goods, where no report of a movement tells it ((h)(ii)).
    """

    quantity: Quantity | None = None
    regularised_on: Day | None = None


@fact("debt.criminal-act-found.v1", Rank.DECISION, "103(2)", Role.CUSTOMS)
class CriminalActFound(AboutDebt):
    """The act that gave rise to the debt was liable, when committed, to criminal proceedings.

    `years` is the period of national law: at least five, at most ten (Article 103(2)).
    """

    years: Annotated[int, Field(ge=5, le=10)]


@fact("debt.entered-in-accounts.v1", Rank.DECISION, "104(1)", Role.CUSTOMS)
class DebtEnteredInAccounts(AboutDebt):
    """Customs enter the amount in their accounts (Articles 104, 105)."""


@fact("debt.loss-accepted.v1", Rank.DECISION, "124(1)(g)", Role.CUSTOMS)
class LossAccepted(AboutDebt):
    """Customs accept that goods are missing by total destruction or irretrievable loss, for a
    cause of Article 124(1)(g); without `quantity` all that the debt is about.
    """

    quantity: Quantity | None = None


@fact("debt.preference-cancelled.v1", Rank.DECISION, "124(1)(j)", Role.CUSTOMS)
class PreferenceCancelled(AboutDebt):
    """The formalities for preferential treatment that gave rise to a debt under Article 78 are
    cancelled.
    """


@fact("debt.exit-proof-accepted.v1", Rank.DECISION, "124(1)(k)", Role.CUSTOMS)
class ExitProofAccepted(AboutDebt):
    """Customs are satisfied that the goods were not used or consumed and were taken out of the
    customs territory, on `exited_on` where the proof shows the day. Use within the authorisation
    is no use here.
    """

    quantity: Quantity | None = None
    exited_on: Day | None = None


@fact("debt.use-found.v1", Rank.DECISION, "124(1)(k)", Role.CUSTOMS)
class UseFound(AboutDebt):
    """Customs find that the goods were used or consumed beyond what was authorised."""
