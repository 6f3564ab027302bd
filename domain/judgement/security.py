"""What release asks for, and what its refusal leaves to be done (Articles 195, 124(1)(d))."""

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


@rule("124(1)(d)", "174(1)")
def refused_and_not_invalidated(walk: Walk, debts: Iterable[Debt]) -> Iterator[Finding]:
    """Release was refused, and the debt of the declaration stands until customs invalidate it; who
    declares the goods anew owes as well.
    """
    refused, invalidated = walk.own.refused, walk.own.invalidated
    if (
        refused is None
        or walk.own.released
        or not any(each.article.startswith("77") for each in debts)
    ):
        return
    rule_ = refused_and_not_invalidated
    marks = (refused, invalidated) if invalidated else (refused,)
    because = Because(rule_.__name__, rule_.articles, tuple(mark.cite for mark in marks))
    words = "release is refused: its debt stands until customs invalidate the declaration"
    end = invalidated.at if invalidated else None
    if end is None or end > refused.at:
        yield Finding("REFUSED_NOT_INVALIDATED", None, refused.at, end, words, because)
