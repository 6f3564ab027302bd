"""Judge a story's facts without a store, each with the instant at which it was recorded."""

from collections.abc import Iterable
from datetime import datetime

from domain.case import Book, assemble
from domain.facts.fact import Told
from domain.judgement.judge import judge
from domain.law.citation import Law
from domain.policies import Policies
from domain.timeline import Judgement


def judged(
    told: Iterable[Told], known_at: datetime, law: Law, policies: Policies
) -> list[Judgement]:
    """Every movement as it was known at `known_at`, by name."""
    book = Book(told).known_at(known_at)
    cases = (assemble(name, book) for name in book.movements())
    return [said for case in cases if (said := judge(case, law, policies))]
