"""In which form rows are given out."""

from enum import Enum, auto

import typer


class Form(Enum):
    """A table for eyes, or rows for software."""

    TABLE = auto()
    JSON = auto()
    CSV = auto()


def form(*, json: bool, csv: bool) -> Form:
    """The form that is asked for; raises `BadParameter` where two are."""
    if json and csv:
        raise typer.BadParameter("both ask for rows: give one of them", param_hint="--json, --csv")
    if json:
        return Form.JSON
    return Form.CSV if csv else Form.TABLE
