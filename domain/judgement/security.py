"""Release needs the duty to be paid or secured (Article 195)."""

from collections.abc import Iterable, Iterator

from domain.because import Because
from domain.customs_debt import Debt
from domain.law.citation import rule
from domain.movements.walk import Walk
from domain.timeline import Finding


@rule("195(1)")
def released_unsecured(walk: Walk, debts: Iterable[Debt]) -> Iterator[Finding]:
    """Goods released though the debt was neither paid nor secured; the release has its effect."""
    released, said = walk.own.released, walk.own.particulars
    if released is None or said is None or said.guarantee or said.security is not None:
        return
    for debt in debts:
        if not debt.article.startswith("77") or not debt.amount:
            continue
        left = debt.open_at(released.at)
        if left is None or left:
            words = (
                f"{left or debt.amount:f} {debt.currency} were neither paid nor secured at release"
            )
            because = Because(
                released_unsecured.__name__, released_unsecured.articles, (released.cite,)
            )
            yield Finding("UCC195_1_NOT_SECURED", None, released.at, None, words, because)
