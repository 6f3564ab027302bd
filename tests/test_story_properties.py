"""What holds for every story: arrival does not matter, quantity is conserved, all is cited."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain, pairwise
from pathlib import Path
from random import Random
from typing import Final

import pytest

from consumers.intake import Intake, Message
from domain.because import Because
from domain.case import Book, Case, assemble
from domain.customs_debt import Debt
from domain.facts.fact import Told
from domain.judgement.judge import judge
from domain.law.citation import Law, provision
from domain.movements.drawing import drawn_lines, drawn_quantity
from domain.policies import Policies
from domain.timeline import Judgement
from stories.direct import judged
from stories.model import Story, load
from stories.play import judging, message, opened, record, sources

FOLDER = Path(__file__).with_name("stories")
STORIES = [story for path in sorted(FOLDER.glob("*.yaml")) for story in load(path)]
EACH = pytest.mark.parametrize("story", [pytest.param(one, id=one.name) for one in STORIES])
ORDERS: Final = 4
END: Final = datetime(2100, 1, 1, tzinfo=UTC)
ROUNDING: Final = Decimal("0.0001")


def told(story: Story) -> list[Told]:
    return [entry.told() for entry in story.entries]


def terms(story: Story) -> tuple[Law, Policies]:
    return story.law, Policies.of(story.policies)


def instants(story: Story) -> list[datetime]:
    """Every instant at which the knowledge of a story changes."""
    return sorted({entry.recorded for entry in story.entries})


@EACH
def test_order_repetition_and_batches_do_not_matter_in_the_store(
    story: Story, tmp_path: Path
) -> None:
    (tmp_path / "told").mkdir()
    with opened(tmp_path / "told") as log:
        record(story, log)
        expected = judging(log)(END, *terms(story))

    for seed in range(ORDERS):
        (tmp_path / str(seed)).mkdir()
        with opened(tmp_path / str(seed)) as log:
            intake = Intake(log, sources(story))
            for number, batch in enumerate(batches(story, chance(seed))):
                intake.take(f"partition-{number % 3}", batch, START + timedelta(minutes=number))
            assert judging(log)(END, *terms(story)) == expected


START: Final = datetime(2020, 1, 1, tzinfo=UTC)


def chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311  (the same on every run)


def batches(story: Story, dice: Random) -> Iterator[list[Message]]:
    messages = [message(entry) for entry in story.entries]
    messages += dice.sample(messages, dice.randint(1, len(messages)))
    dice.shuffle(messages)
    while messages:
        size = dice.randint(1, len(messages))
        yield messages[:size]
        del messages[:size]


@EACH
def test_the_order_of_facts_does_not_matter_at_any_known_at(story: Story) -> None:
    facts = told(story)
    for known_at in (*instants(story), END):
        expected = judged(facts, known_at, *terms(story))

        for seed in range(ORDERS):
            shuffled = chance(seed).sample(facts, len(facts))
            assert judged(shuffled, known_at, *terms(story)) == expected


@EACH
def test_quantity_is_conserved_in_every_position(story: Story) -> None:
    for case, said in each(story):
        assert case.own is not None
        for position in said.positions:
            line = case.own.line(position.line)
            assert line is not None
            assert sum(part.quantity for part in position.parts) == line.quantity
            assert all(part.quantity > 0 for part in position.parts)
            assert 0 <= position.overdue <= line.quantity


@EACH
def test_no_successor_holds_more_than_it_declared(story: Story) -> None:
    for case, said in each(story):
        assert case.own is not None
        declared: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
        for successor in case.successors:
            for number, ours, _ in drawn_lines(successor, case.own):
                quantity = drawn_quantity(case, case.own, successor, number)
                declared[ours, successor.movement] += quantity
        for position in said.positions:
            for part in position.parts:
                if part.drawn_by is not None:
                    most = declared[position.line, part.drawn_by] + ROUNDING
                    assert part.quantity <= most


@EACH
def test_positions_of_a_line_follow_each_other(story: Story) -> None:
    for _, said in each(story):
        by_line = defaultdict(list)
        for position in said.positions:
            by_line[position.line].append(position)
        for positions in by_line.values():
            for first, then in pairwise(positions):
                assert first.end == then.start
                assert first.start < then.start
            assert positions[-1].end is None


@EACH
def test_what_is_said_cites_provisions_and_known_reports(story: Story) -> None:
    for known_at in (*instants(story), END):
        known = {one.cite for one in told(story) if one.recorded_at <= known_at}
        for said in judged(told(story), known_at, *terms(story)):
            for because in becauses(said):
                assert because.articles
                assert all(provision(article) for article in because.articles)
                assert because.reports
                assert set(because.reports) <= known


@EACH
def test_the_cited_reports_reproduce_each_debt(story: Story) -> None:
    facts = told(story)
    for known_at in (*instants(story), END):
        book = Book(facts).known_at(known_at)
        for said in judged(facts, known_at, *terms(story)):
            for debt in said.debts:
                used = cited(book, said, debt)
                again = judged([one for one in facts if one.cite in used], known_at, *terms(story))
                found = {other.ref: identity(other) for one in again for other in one.debts}
                assert found.get(debt.ref) == identity(debt), f"cited: {sorted(used)}"


def cited(book: Book, said: Judgement, debt: Debt) -> set[str]:
    """The reports that a debt cites, those of the positions it is read from, and those that the
    outlines of the movements of all of these rest on.
    """
    last = max((each.at for each in debt.extinguished), default=debt.incurred)
    because = chain(becauses(debt), (each.because for each in said.positions if each.start <= last))
    used = {report for each in because for report in each.reports}
    used |= {report for step in debt.steps for report in step.reports}
    outlines = (assemble(name, book).own for name in book.movements())
    return used.union(*(one.cites for one in outlines if one and used & set(one.cites)))


def identity(debt: Debt) -> object:
    """What a debt says, without the reports that it says it from."""
    return (
        debt.article,
        debt.incurred,
        debt.struck,
        debt.amount,
        debt.same_goods,
        [
            (owed.person, owed.role, owed.notified, owed.due, owed.limitation, owed.interest)
            for owed in debt.obligations
        ],
        [(each.letter, each.at, each.amount, each.frees) for each in debt.extinguished],
    )


def each(story: Story) -> Iterator[tuple[Case, Judgement]]:
    """Every case at every known-at, with its judgement."""
    for known_at in (*instants(story), END):
        book = Book(told(story)).known_at(known_at)
        for name in book.movements():
            case = assemble(name, book)
            if said := judge(case, *terms(story)):
                yield case, said


def becauses(said: object) -> Iterator[Because]:
    """Every reason in a statement, however deep."""
    if isinstance(said, Because):
        yield said
    elif isinstance(said, Judgement | Debt):
        for name in said.__slots__:
            yield from becauses(getattr(said, name))
    elif isinstance(said, tuple):
        for inner in said:
            yield from becauses(inner)


def test_the_search_for_reasons_reaches_those_of_a_ground() -> None:
    deep = [len(set(becauses(one))) for one in all_debts(STORIES)]
    assert max(deep) > 2


def all_debts(stories: Sequence[Story]) -> Iterable[Debt]:
    return (debt for story in stories for _, said in each(story) for debt in said.debts)
