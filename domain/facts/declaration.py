"""Customs and re-export declarations, from lodging to release (Articles 158 to 195)."""

from enum import StrEnum

from domain.facts.fact import (
    AUTHORISATION,
    GUARANTEE,
    Declared,
    Fact,
    Named,
    Rank,
    fact,
)
from domain.facts.times import Day
from domain.facts.values import Flag, Kind, Money, Name, Office, Party, Reference, Role


class Representation(StrEnum):
    """How the person who lodged speaks for the other (Articles 18 and 19)."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    WITHOUT_AUTHORITY = "without-authority"


class Particulars(Declared):
    """What a declaration says: shared by its lodging and its amendments.

    `declarant` is the person in whose name it is lodged or, where the representation is indirect,
    for whom the `representative` lodges it in his own name (Article 18(1)); `end_by` the day by
    which the procedure must be discharged or the goods presented, where it is asked for or fixed.
    `preference_without_drawback` says that the products carry a preferential proof of origin
    under an agreement that rules out drawback (Article 78(1)).
    """

    procedure: Kind
    declarant: Party
    representative: Party | None = None
    representation: Representation = Representation.DIRECT
    authorisation: Reference | None = None
    guarantee: Reference | None = None
    security: Money | None = None
    destination: Office | None = None
    preference_without_drawback: Flag = False
    end_by: Day | None = None

    def named(self) -> tuple[Named, ...]:
        """The authorisation and the guarantee as well."""
        found = super().named()
        if self.authorisation:
            found += (Named(self.authorisation, AUTHORISATION),)
        if self.guarantee:
            found += (Named(self.guarantee, GUARANTEE),)
        return found


@fact("declaration.lodged.v1", Rank.LODGING, "158(1)", Role.DECLARANT, Role.HOLDER, Role.CUSTOMS)
class DeclarationLodged(Particulars):
    """A declaration is lodged; without acceptance it has no effect (Articles 158 and 172)."""


@fact("declaration.amended.v1", Rank.CONTROL, "173(1)", Role.CUSTOMS, Role.DECLARANT, Role.HOLDER)
class DeclarationAmended(Particulars):
    """The particulars of a declaration are replaced, with permission (Article 173)."""


class OnDeclaration(Fact):
    """An act on a declaration; `procedure` is what it was lodged for, where the report says so.

    It shows what the movement is as long as the declaration itself is not known.
    """

    procedure: Kind | None = None


@fact(
    "declaration.goods-presented.v1", Rank.ARRIVAL, "171", Role.DECLARANT, Role.HOLDER, Role.CUSTOMS
)
class DeclaredGoodsPresented(OnDeclaration):
    """The goods of a declaration lodged before their presentation are presented (Article 171)."""

    end_by: Day | None = None


@fact("declaration.accepted.v1", Rank.ACCEPTANCE, "172(1)", Role.CUSTOMS)
class DeclarationAccepted(OnDeclaration):
    """Customs accept the declaration (Article 172(1))."""


@fact("declaration.rejected.v1", Rank.ACCEPTANCE, "172(1)", Role.CUSTOMS)
class DeclarationRejected(OnDeclaration):
    """Customs refuse to accept the declaration (Article 172(1))."""


@fact("declaration.examination-announced.v1", Rank.CONTROL, "188", Role.CUSTOMS)
class ExaminationAnnounced(OnDeclaration):
    """Customs tell the declarant that they will examine the goods (Articles 173(2)(a), 188)."""


@fact("declaration.examination-completed.v1", Rank.CONTROL, "188", Role.CUSTOMS)
class ExaminationCompleted(OnDeclaration):
    """The examination has taken place (Article 174(1))."""


@fact(
    "declaration.amendment-requested.v1",
    Rank.CONTROL,
    "173(1)",
    Role.DECLARANT,
    Role.HOLDER,
    Role.CUSTOMS,
)
class AmendmentRequested(OnDeclaration):
    """The declarant applies for an amendment (Article 173)."""


@fact(
    "declaration.invalidation-requested.v1",
    Rank.CONTROL,
    "174(1)",
    Role.DECLARANT,
    Role.HOLDER,
    Role.CUSTOMS,
)
class InvalidationRequested(OnDeclaration):
    """The declarant applies for invalidation (Article 174)."""


@fact("declaration.invalidated.v1", Rank.REFUSAL, "174(1)", Role.CUSTOMS)
class DeclarationInvalidated(OnDeclaration):
    """Customs invalidate the declaration (Article 174, or 198(2)).

    `ground` names the ground relied on where it is invalidated after release (Article 174(2)).
    """

    ground: Name | None = None


@fact("declaration.release-refused.v1", Rank.REFUSAL, "194(1)", Role.CUSTOMS)
class ReleaseRefused(OnDeclaration):
    """Customs refuse to release the goods (Articles 194 and 198(1)(b))."""


@fact("declaration.goods-released.v1", Rank.RELEASE, "194(1)", Role.CUSTOMS)
class GoodsReleased(OnDeclaration):
    """Customs release the goods for the procedure (Article 194).

    `end_by` is the last day to discharge the procedure or to present the goods (Articles 215(4),
    233(1)(a), 257(1)). `as_declared` says that the duty is that of the declaration, so that the
    release notifies the debt (Article 102(2)).
    """

    end_by: Day | None = None
    as_declared: Flag = True


@fact(
    "movement.opening-balance.v1",
    Rank.RELEASE,
    "214(1)",
    Role.OPERATOR,
    Role.CUSTOMS,
    Role.FACILITY,
)
class OpeningBalance(Particulars):
    """Stock with which a site starts on a day: goods already under `procedure` since `since`.

    Clocks count from `since`; what happened before the balance is not judged.
    """

    since: Day
