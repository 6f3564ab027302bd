"""Lines of the log: for machines and for people, without persons and secrets."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from consumers.processes import logs
from store.records import LogBusy

Lines = Callable[[], list[dict[str, str]]]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def left_alone() -> Iterator[None]:
    """The handlers of the test run come back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    for each in handlers:
        root.removeHandler(each)
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def lines() -> Lines:
    stream = io.StringIO()
    logs.begin(stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_json(lines: Lines) -> None:
    logs.say("took over", partitions=3)
    (line,) = lines()
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "info", "process": "customs", "event": "took over", "partitions": 3}


def test_on_a_terminal_it_is_made_to_be_read() -> None:
    stream = Terminal()
    logs.begin(stream)
    logs.warn("tried again", after=0.2)
    assert stream.getvalue()[8:] == " warning customs    tried again  after=0.2\n"


def test_of_an_error_of_ours_the_words_are_told() -> None:
    assert logs.told(LogBusy("Another process holds the log.")) == {
        "error": "LogBusy",
        "why": "Another process holds the log.",
    }


def test_of_any_other_error_the_place_is_told_and_no_word() -> None:
    def fails() -> None:
        raise ValueError("Key (movement)=(mrn:17BG001007A000012J5) already exists")

    with pytest.raises(ValueError, match="Key") as raised:
        fails()
    told = logs.told(raised.value)
    assert told["error"] == "ValueError"
    assert str(told["where"]).endswith(" fails")
    assert "17BG" not in str(told)


def test_a_library_is_heard_when_it_warns_without_its_traceback(lines: Lines) -> None:
    library = logging.getLogger("some.library")
    library.info("connected as %s", "user")
    library.error("it went wrong", exc_info=ValueError("mrn:17BG001007A000012J5"))
    (line,) = lines()
    assert (line["event"], line["library"], line["error"]) == (
        "it went wrong",
        "some.library",
        "ValueError",
    )
    assert "17BG" not in str(line)
