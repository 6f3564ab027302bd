"""Who owes by a declaration, and who by a failure under the procedure that it is for."""

from domain.facts.declaration import Particulars, Representation
from domain.movements.incurred import Owing
from domain.movements.walk import Walk

UNKNOWN = "unknown"


def declarants(walk: Walk, article: str) -> tuple[Owing, ...]:
    """The declarant; where the representation is indirect, that is the representative, and the
    person represented owes as well (Articles 5(15), 18(1), 19(1), 77(3), 78(3)).
    """
    said = walk.own.particulars
    if said is None:
        return (Owing(walk.holder or UNKNOWN, article),)
    if said.representative and said.representation is Representation.WITHOUT_AUTHORITY:
        return (Owing(said.representative, "19(1)"),)
    return (*_in_own_name(said, article), Owing(said.declarant, article))


def obliged(walk: Walk, transferee: str | None = None) -> tuple[Owing, ...]:
    """Who has to fulfil the obligations of a procedure: its holder and, where that is the person
    represented, the indirect representative who lodged (Articles 5(35)(a), 15(2), 79(3)(a)); for
    goods whose rights and obligations were transferred, that holder (Articles 5(35)(b), 218).
    """
    if transferee:
        return (Owing(transferee, "79(3)(a)"),)
    holder, said = Owing(walk.holder or UNKNOWN, "79(3)(a)"), walk.own.particulars
    if said is None or holder.person != said.declarant:
        return (holder,)
    return (holder, *_in_own_name(said, "79(3)(a)"))


def _in_own_name(said: Particulars, article: str) -> tuple[Owing, ...]:
    """A representative who acts in his own name, if there is one."""
    agent = said.representative
    if said.representation is not Representation.INDIRECT or agent in (None, said.declarant):
        return ()
    return (Owing(agent, article),)
