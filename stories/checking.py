"""What a check expects against what its report would change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from domain.because import Because
from domain.customs_debt import Debt
from domain.judgement.check import Change, Said
from domain.timeline import Finding
from stories.compare import Comparison, Mismatch, spelled
from stories.expected import BLOCKS, told
from stories.matching import differences
from stories.model import Checked, Story
from stories.view import Item, Values, seen

SPANS: Final = frozenset({"start", "end", "because"})
"""What says since when and why: an item that differs in nothing else does not change."""


def compare(story: Story, checked: Checked, changes: Sequence[Change]) -> list[Mismatch]:
    """Everything that a check expects and the report would not bring; empty where all is met."""
    check, known = checked.check, (*story.known(checked.check), checked.entry)
    comparison = Comparison(_added(story, checked, changes), story.zone, known)
    found = list(comparison.listed(check.expected()))
    if check.nothing:
        found += _beside(story, checked, changes)
    return found


def _added(story: Story, checked: Checked, changes: Sequence[Change]) -> dict[str, list[Item]]:
    """The items that hold then with the report, and not without it."""
    as_of = story.as_of(checked.check)
    before = seen([each.before for each in changes if each.before], as_of)
    after = seen([each.after for each in changes if each.after], as_of)
    return {
        block: [
            item
            for item in after[block]
            if _bare(item.values) not in [_bare(one.values) for one in before[block]]
        ]
        for block in BLOCKS
    }


def _bare(values: Values) -> Values:
    return {key: each for key, each in values.items() if key not in SPANS}


def _beside(story: Story, checked: Checked, changes: Sequence[Change]) -> Iterator[Mismatch]:
    """Whatever the report would change at any time, beside the findings that are expected."""
    patterns = [told(one) for one in checked.check.finds]
    for change in changes:
        for word, each in _both(change):
            values = _values(change, each)
            expected = isinstance(each, Finding) and word == "added"
            if expected and any(not differences(one, values, story.zone) for one in patterns):
                continue
            what = f"{word}: {type(each).__name__.lower()} {spelled(_bare(values))}"
            because = (f"{each.because.rule}: {', '.join(each.because.articles)}",)
            yield Mismatch("nothing", "no other change", what, (), because, each.because.reports)


def _both(change: Change) -> Iterator[tuple[str, Said]]:
    """What would come and go; what only cites another report does neither."""
    was = [_unreasoned(each) for each in change.removed]
    will = [_unreasoned(each) for each in change.added]
    yield from (("added", each) for each in change.added if _unreasoned(each) not in was)
    yield from (("removed", each) for each in change.removed if _unreasoned(each) not in will)


def _unreasoned(said: object) -> object:
    """A statement without its reasons, however deep."""
    if isinstance(said, Because):
        return None
    if isinstance(said, Debt):
        return tuple(_unreasoned(getattr(said, name)) for name in said.__slots__)
    return tuple(_unreasoned(each) for each in said) if isinstance(said, tuple) else said


def _values(change: Change, said: Said) -> Values:
    """What is said, by the keys of the patterns as far as they have any."""
    judgement = change.after or change.before
    names = judgement.names if judgement else (change.movement,)
    values: Mapping[str, Any] = (
        {"article": said.article, "incurred": said.incurred, "amount": said.amount}
        if isinstance(said, Debt)
        else said._asdict()
    )
    article = {"article": said.because.articles} if isinstance(said, Finding) else {}
    return {"movement": names, **values, **article}
