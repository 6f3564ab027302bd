"""What was erased, when, by whom and why."""

from collections.abc import Iterable, Iterator
from getpass import getuser
from typing import Annotated, Final, TypeAlias

import typer

from cli import asking, lines, sheet, spreadsheet, words
from cli.exits import Exit, Refused
from cli.forms import Form, form
from cli.options import STORE, Csv, Json, Store
from cli.tables import Row
from schemas.rows import Erased
from store.log import Log
from store.preparing import report_key
from store.records import Erasure

COLUMNS: Final = ("message", "erased", "by", "source", "report")
BEFORE: Final = "not known: they were gone before the store kept its erasures"
By: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Who decided it.", show_default="the user of this machine"),
]


def erasures(*, store: Store = STORE, json: Json = False, csv: Csv = False) -> None:
    """List the messages whose bytes were erased: which, when, by whom and why."""
    told = form(json=json, csv=csv)
    with asking.opened(store) as log:
        rows = _rows(log, log.erasures())
        if told is Form.TABLE:
            sheet.show("Erasures", COLUMNS, map(_row, rows), "message")
        elif told is Form.CSV:
            spreadsheet.write(Erased, rows)
        else:
            for each in rows:
                lines.write("erasure", each)


def who(by: str | None) -> str:
    """Who has it done: as told, else the user of this machine; raises `Refused` for nobody."""
    try:
        told = (by if by is not None else getuser()).strip()
    except (KeyError, OSError):  # a container may run as a number that no user has
        told = ""
    if not told:
        raise Refused("Say who decided it: --by NAME.", Exit.USAGE)
    return told


def what_became(noted: Erasure | None) -> str:
    """What is said in the place of bytes that are not there any more."""
    if noted is None:
        return "its bytes are gone, and no erasure of them is known"
    if noted.at is None:
        return f"its bytes were erased; when, by whom and why is {BEFORE}"
    return f"its bytes were erased {noted.at:%Y-%m-%d %H:%MZ} by {noted.by}: {noted.why}"


def of_reports(log: Log, cites: Iterable[str]) -> dict[str, Erasure]:
    """The erasures of the messages that told these reports, by how each report is cited."""
    noted = {each.outcome: each for each in log.erasures()}
    if not noted:
        return {}
    keys = {report_key(*cite.split("/", 1)): cite for cite in cites}
    _, known = log.standing(list(keys))
    return {keys[key]: noted[of.outcome] for key, of in known.items() if of.outcome in noted}


def _rows(log: Log, found: Iterable[Erasure]) -> Iterator[Erased]:
    for each in found:
        of = next(log.outcomes(after=each.outcome - 1, limit=1))
        digest = each.digest.hex() if each.digest else None
        said = each.at, each.by, each.why
        yield Erased(each.outcome, *said, of.source, of.report_id, of.kind, of.index, digest)


def _row(told: Erased) -> Row:
    cells = (
        str(told.outcome),
        f"{told.at:%Y-%m-%d %H:%M}" if told.at else words.NEVER,
        told.by or words.NEVER,
        told.source,
        told.report_id or words.NEVER,
    )
    return Row(cells, told.why or BEFORE.capitalize())
