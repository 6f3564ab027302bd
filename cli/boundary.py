"""The last boundary: whatever a command raises becomes words on stderr and an exit code."""

import os
import sqlite3
import sys
import traceback
from typing import Any, Final

import typer
from rich.text import Text
from typer.core import TyperGroup

from cli import paper
from cli.exits import Exit, Refused
from consumers.entitlement import SourcesFault
from projections.explain import NothingOfThatName
from projections.state import OtherReadModels
from store.records import LogError
from stories.document import StoryError

CODES: Final[dict[type[Exception], Exit]] = {
    SourcesFault: Exit.USAGE,
    StoryError: Exit.USAGE,
    NothingOfThatName: Exit.NOT_FOUND,
    LogError: Exit.UNREACHABLE,
    OtherReadModels: Exit.UNREACHABLE,
    sqlite3.OperationalError: Exit.UNREACHABLE,
    OSError: Exit.UNREACHABLE,
}
"""The errors whose own words say what happened and where."""
OURS: Final = (
    "This is a fault of customs, not of what you asked:"
    " `customs --debug …` shows where it happened; please report it."
)
DAMAGED: Final = (
    "`customs doctor --full` says what of the store is damaged; bring back a backup of it"
)
NO_TEXT: Final = "an argument, or the name of a file, is no text in UTF-8: write it in UTF-8"
_CONTROL: Final = (typer.Exit, typer.Abort, typer.TyperException)
"""What typer itself turns into an exit code."""


class Customs(TyperGroup):
    """The group of all commands."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  (typer's own context and result)
        """Run a command; see `CODES` and `cli.exits`."""
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader has seen enough; nothing may be flushed to it at exit either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(Exit.OK) from None
        except _CONTROL:
            raise
        except Refused as refused:
            raise ended(str(refused), refused.code) from None
        except tuple(CODES) as error:
            raise ended(str(error), code_of(error)) from None
        except Exception as error:
            if ctx.params.get("debug"):
                paper.words().print(Text(traceback.format_exc()))
            # not those below it: they are faults, or are told apart above
            if sqlite3.DatabaseError in (type(error), type(error.__cause__)):
                raise ended(f"{error}: {DAMAGED}", Exit.UNREACHABLE) from None
            if isinstance(error, UnicodeEncodeError):  # no report holds such a text
                raise ended(NO_TEXT, Exit.USAGE) from None
            raise ended(f"{type(error).__name__}: {error}\n{OURS}", Exit.FAULT) from error
        return answer


def ended(words: str, code: Exit) -> typer.Exit:
    """Say why a command ends, and end it."""
    console = paper.words()
    console.print(Text("customs: ", style="bold red") + Text(words), soft_wrap=True)
    return typer.Exit(code)


def code_of(error: BaseException) -> Exit:
    """The exit code of an error."""
    return next((code for kind, code in CODES.items() if isinstance(error, kind)), Exit.FAULT)
