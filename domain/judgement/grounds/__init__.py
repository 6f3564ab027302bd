"""The grounds that extinguish a debt (Article 124): one function each, and its name here."""

from collections.abc import Callable, Iterator
from typing import Final

from domain.judgement.grounds.declaration import invalidated, preference_cancelled
from domain.judgement.grounds.goods import (
    abandoned,
    confiscated,
    destroyed,
    lost,
    taken_out_unused,
)
from domain.judgement.grounds.ground import Debit, Ground
from domain.judgement.grounds.payment import barred, paid
from domain.judgement.grounds.regularisation import regularised

GROUNDS: Final[tuple[Callable[[Debit], Iterator[Ground]], ...]] = (
    barred,
    paid,
    invalidated,
    confiscated,
    abandoned,
    destroyed,
    lost,
    regularised,
    preference_cancelled,
    taken_out_unused,
)
