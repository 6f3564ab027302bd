"""Which debt an act of an authority is about: the one that there is by then, by the report that
stands for the one it names.
"""

import pytest

from domain.facts.debt import DebtPaid, LossAccepted
from domain.facts.disposal import GoodsDestroyed, GoodsRemoved
from domain.facts.fact import Fact
from domain.facts.inventory import ShortageFound
from tests.domain.stored import storage
from tests.domain.telling import codes, grounds, tell, where

REMOVED = tell(GoodsRemoved, "s", "2017-04-20", quantity="40", id="gone")


@pytest.mark.parametrize(
    ("act", "said", "ends"),
    [(DebtPaid, {"payer": "H", "amount": "40"}, "b"), (LossAccepted, {"quantity": "40"}, "g")],
)
def test_an_act_is_about_a_debt_that_is_incurred_by_then(
    act: type[Fact], said: dict[str, str], ends: str
) -> None:
    """The rest is overdue a month later, which nobody can know."""
    told = storage(REMOVED, tell(act, "s", "2017-05-02", **said))
    assert [debt.struck[0].quantity for debt in told.debts] == [40, 60]
    assert next(each.split()[0] for each in grounds(told.debts[0])) == ends
    assert "DEBT_AMBIGUOUS" not in codes(told)
    later = storage(REMOVED, tell(act, "s", "2017-06-02", **said))
    assert "DEBT_AMBIGUOUS" in codes(later)


def test_a_debt_is_found_by_a_report_that_was_put_right_since() -> None:
    paid = tell(DebtPaid, "s", "2017-05-02", payer="H", amount="30", gave_rise="gone")
    right = tell(GoodsRemoved, "s", "2017-04-20", quantity="30", id="right", corrects="gone")
    told = storage(REMOVED, right, paid)
    assert "DEBT_NOT_FOUND" not in codes(told)
    assert next(each.split()[0] for each in grounds(told.debts[0])) == "b"


def test_a_shortage_is_found_by_a_report_that_was_put_right_since() -> None:
    short = tell(ShortageFound, "s", "2017-04-20", line=1, quantity="40", id="short")
    right = tell(
        ShortageFound, "s", "2017-04-20", line=1, quantity="30", id="right", corrects="short"
    )
    found = tell(GoodsDestroyed, "s", "2017-05-02", shortage="short")
    assert where(storage(short, right, found), "2017-05-02") == {
        "TEMP_STORAGE": 70,
        "DESTROYED": 30,
    }
