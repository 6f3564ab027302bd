"""Every row of every story, through the real intake into a store."""

from functools import cache
from pathlib import Path

import pytest

from stories.model import Story, load
from stories.play import Row, play

FOLDER = Path(__file__).with_name("stories")
STORIES = [story for path in sorted(FOLDER.glob("*.yaml")) for story in load(path)]
ROWS = [
    pytest.param(story, place, id=f"{story.name} | {Row(story, point, ()).name}")
    for story in STORIES
    for place, point in enumerate(story.rows)
]


@cache
def played(story: int) -> list[Row]:
    return play(STORIES[story])


@pytest.mark.parametrize(("story", "place"), ROWS)
def test_a_story_comes_out_as_it_states(story: Story, place: int) -> None:
    row = played(STORIES.index(story))[place]
    assert not row.mismatches, str(row)


def test_no_two_stories_have_one_name() -> None:
    names = [story.name for story in STORIES]
    assert len(names) == len(set(names))


def test_what_is_put_off_rests_on_a_penalty_on_costs_or_on_the_form_of_a_declaration() -> None:
    """No debt, deadline, status or quantity is put off."""
    assert {later.article for story in STORIES for later in story.later} == {
        "83(3)",
        "124(2)",
        "125",
        "145(11)",
        "198(3)",
    }
