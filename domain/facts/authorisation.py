"""Authorisations and guarantees that movements name (Articles 89 to 98, 211, 240, 255)."""

from enum import StrEnum

from domain.facts.fact import SUBJECTS, Fact, Rank, fact
from domain.facts.values import Flag, Kind, Money, Party, Positive, Role
from domain.references import Scheme


class Responsibility(StrEnum):
    """Who owes the obligations of a customs warehouse (Article 242)."""

    BOTH = "both"
    PROCEDURE_HOLDER = "procedure-holder"


@fact("authorisation.granted.v1", Rank.DECISION, "211(1)", Role.CUSTOMS)
class AuthorisationGranted(Fact):
    """An authorisation for a special procedure or a facility.

    `products_per_input` is the rate of yield: units of product for one unit of goods placed
    (Articles 5(38), 255). `responsibility` is that of Article 242(2). `bill_of_discharge` says
    that the holder has to present one (DA 175).
    """

    holder: Party
    procedure: Kind
    products_per_input: Positive | None = None
    responsibility: Responsibility = Responsibility.BOTH
    bill_of_discharge: Flag = False


@fact("guarantee.registered.v1", Rank.DECISION, "89(1)", Role.CUSTOMS)
class GuaranteeRegistered(Fact):
    """A guarantee and its reference amount (Articles 89, 90)."""

    holder: Party
    amount: Money


SUBJECTS["authorisation.granted.v1"] = Scheme.AUTHORISATION
SUBJECTS["guarantee.registered.v1"] = Scheme.GUARANTEE
