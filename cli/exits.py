"""How the command ends: exit codes, stable, and the refusals that carry one."""

from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """The exit codes of `customs`."""

    OK = 0
    FAULT = 1
    USAGE = 2
    CHECK_FAILED = 3
    NOT_FOUND = 4
    UNREACHABLE = 5
    SET_ASIDE = 7
    INTERRUPTED = 130


MEANING: Final = {
    Exit.OK: "done",
    Exit.FAULT: "a fault of this program",
    Exit.USAGE: "the command, an option or a file given cannot be used",
    Exit.CHECK_FAILED: "a check failed: of a report, a story, a rebuild, or by doctor",
    Exit.NOT_FOUND: "nothing of that name is known",
    Exit.UNREACHABLE: "the store or Kafka is missing, busy, damaged, or of another release",
    Exit.SET_ASIDE: "finished, and something was set aside or could not be read",
    Exit.INTERRUPTED: "interrupted",
}


class Refused(Exception):
    """The command cannot do what was asked: a sentence that says what to do, and an exit code."""

    def __init__(self, words: str, code: Exit) -> None:
        super().__init__(words)
        self.code = code
