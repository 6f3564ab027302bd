"""What sources call things reaches neither the terminal nor a shell as a command."""

import io
import subprocess

from hypothesis import example, given
from hypothesis import strategies as st
from rich.text import Text

from cli.naming import copyable
from cli.paper import Paper, visible
from cli.tables import Row, table

SPOOF = "local:\u202egnp.exe\x9b31m\x7f"
SEEN = "local:\\u202egnp.exe\\x9b31m\\x7f"


def written(*printed: object) -> str:
    file = io.StringIO()
    paper = Paper(file=file, width=80, color_system=None)
    for each in printed:
        paper.print(each)
    table(paper, "", ("what",), [Row((SPOOF,), SPOOF)])
    return file.getvalue()


def test_what_cannot_be_seen_is_escaped_wherever_it_stands() -> None:
    text = written(SPOOF, Text(SPOOF))
    assert visible(text) == text
    assert text.count(SEEN) == 4


def test_what_can_be_seen_is_left_as_it_is() -> None:
    assert visible("склад № 4\né") == "склад № 4\né"


@example("#1")
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20))
def test_an_id_copied_into_a_shell_is_that_id_and_no_command(name: str) -> None:
    told = subprocess.run(
        ["bash", "-c", f"printf %s {copyable(name)}"],  # noqa: S607  (whichever shell there is)
        capture_output=True,
        check=True,
        env={"LC_ALL": "C.UTF-8"},
    )
    assert told.stdout.decode() == name
