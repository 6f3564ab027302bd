"""One amount for the same goods, whoever owes it and whatever was paid or ended of it (D8)."""

from decimal import Decimal

import pytest

from domain.facts.debt import DebtNotified, DebtPaid
from domain.facts.declaration import DeclarationInvalidated, ReleaseRefused
from domain.facts.disposal import GoodsConfiscated
from domain.facts.fact import Told
from domain.judgement.totals import total
from tests.domain.stored import IN, imported
from tests.domain.telling import codes, end_of, finding, judged, ref, same_goods, tell, the_debt

END = "2017-07-01"


def owed(*told: Told | list[Told]) -> Decimal:
    """What is to be collected of the storage and of the declarations i and j."""
    names = [name for name in "sij" if any(ref(name) == one.stream for one in _flat(told))]
    debts = [(ref(name), debt) for name in names for debt in judged(name, IN, *told).debts]
    return total(debts, end_of(END))["EUR"]


def _flat(told: tuple[Told | list[Told], ...]) -> list[Told]:
    return [IN, *(one for part in told for one in (part if isinstance(part, list) else [part]))]


LATE = imported("i", 60, "2017-06-02 09:00", "2017-06-04 09:00")
"""100 are overdue from 31 May on, of which 60 are declared then."""


@pytest.mark.parametrize("much", [30, 60, 100])
@pytest.mark.parametrize("at", ["s", "i"])
def test_payment_of_either_debt_collects_both(at: str, much: int) -> None:
    much = min(much, 100 if at == "s" else 60)
    who = {"s": "H", "i": "D"}[at]
    told = tell(DebtNotified, at, "2017-06-05", debtor=who)
    paid = tell(DebtPaid, at, "2017-06-06", payer=who, amount=str(much))
    assert owed(LATE, told, paid) == 100 - much


@pytest.mark.parametrize("at", ["s", "i"])
def test_what_is_confiscated_is_taken_from_what_both_have_in_common(at: str) -> None:
    """20 of the 60 that are declared late: 80 are left in storage, 40 of them declared."""
    named = {"drawn_by": ref("i")} if at == "s" else {}
    taken = tell(GoodsConfiscated, at, "2017-06-03", quantity="20", **named)
    assert owed(LATE, taken) == 80


def test_what_is_confiscated_of_the_one_alone_is_not_taken_from_what_they_have_in_common() -> None:
    """60 of 100 were declared in time, 20 of them are confiscated after the last day: with the 40
    that nobody declared they are overdue, and the other 40 are in free circulation.
    """
    kept = imported("i", 60, "2017-05-30 09:00", "2017-06-12 09:00")
    taken = tell(GoodsConfiscated, "i", "2017-06-10", quantity="20")
    assert owed(kept, taken) == 80


@pytest.mark.parametrize("accepted", ["2017-05-20 09:00", "2017-06-02 09:00"])
@pytest.mark.parametrize("ends", [DeclarationInvalidated, ReleaseRefused])
def test_a_declaration_that_fell_leaves_the_goods_to_the_next(
    ends: type[DeclarationInvalidated] | type[ReleaseRefused], accepted: str
) -> None:
    first = imported("i", 60, accepted, None)
    fell = tell(ends, "i", "2017-06-03")
    assert owed(first, fell) == 100
    again = imported("j", 80, "2017-06-05 09:00", "2017-06-05 10:00")
    assert owed(first, fell, again) == 100
    assert same_goods(the_debt(judged("s", IN, first, fell, again)))["local:j"] == 80


def test_a_refused_declaration_owes_until_it_is_invalidated_and_it_is_said() -> None:
    first = imported("i", 60, "2017-03-12 09:00", None)
    refused = tell(ReleaseRefused, "i", "2017-03-14")
    said = judged("i", IN, first, refused)
    assert finding(said, "REFUSED_NOT_INVALIDATED").end is None
    gone = tell(DeclarationInvalidated, "i", "2017-03-20 09:00")
    ended = finding(judged("i", IN, first, refused, gone), "REFUSED_NOT_INVALIDATED")
    assert ended.end is not None
    assert "REFUSED_NOT_INVALIDATED" not in codes(judged("i", IN, first, gone))
