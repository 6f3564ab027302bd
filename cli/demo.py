"""The demonstration: invented histories through the real intake, and the board on a fixed day.

`make demo` runs it. Two deliveries are taken in as they were known, a week apart; the store stays
in build/demo.sqlite, to be asked further questions.
"""

import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

from cli import board, paper
from cli.asking import opened
from cli.clock import PIN
from cli.ingest import Taken, derive, take
from cli.moments import Moment
from consumers.entitlement import Sources
from store.log import Log
from store.records import OutcomeKind

ROOT: Final = Path(__file__).parents[1]
HISTORIES: Final = ROOT / "examples" / "demo"
STORE: Final = ROOT / "build" / "demo.sqlite"
DELIVERIES: Final = (date(2017, 6, 7), date(2017, 6, 14))
TODAY: Final = DELIVERIES[-1]
NEXT: Final = (
    ("what holds of one movement", "customs show MAEU584127730"),
    ("where goods came from and went", "customs history COSU6154028890-SOF"),
    ("why a debt arose, and why it is gone", "customs explain mrn:17BG00300100011070#debt"),
    ("what was known a week before", "customs debts --known-at 2017-06-07 --as-of 2017-06-07"),
    ("what the next weeks bring", "customs board --as-of 2017-07-01"),
    ("what was set aside, and why", "customs quarantine list"),
)
"""What to try, and the command for it."""


def main(store: Path = STORE) -> None:
    """Make the store anew, print the board, and say what to try next."""
    store.parent.mkdir(exist_ok=True)
    for left in store.parent.glob(f"{store.name}*"):
        left.unlink()
    with opened(store, create=True) as log:
        for day in DELIVERIES:
            _deliver(log, day)
    paper.say("")
    board.board(store=str(store), as_of=Moment(TODAY))
    _suggest(store)


def _deliver(log: Log, day: date) -> None:
    """Take in what reached us by the end of a day."""
    sources = Sources.load(HISTORIES / "sources.toml")
    folder = HISTORIES / day.isoformat()
    at = datetime.combine(day, time.max, UTC)
    native = take(log, [folder / "reports"], None, sources, lambda: at)
    ncts = take(log, [folder / "ncts"], "ncts", sources, lambda: at)
    derive(log, Moment(day))
    paper.say(f"Taken in on {day}: {_counted(native, ncts)}.")


def _counted(*taken: Taken) -> str:
    counts = dict.fromkeys(OutcomeKind, 0)
    for (kind, _), many in (item for each in taken for item in each.counts.items()):
        counts[kind] += many
    said = ((many, kind.value) for kind, many in counts.items() if many)
    return ", ".join(f"{many} {word}" for many, word in said)


def _suggest(store: Path) -> None:
    where = store.relative_to(ROOT) if store.is_relative_to(ROOT) else store
    paper.say("\nTry next:\n")
    paper.say(f"  export CUSTOMS_STORE={where} {PIN}={TODAY}", "bold")
    paper.say("  alias customs=.venv/bin/customs", "bold")
    for what, command in NEXT:
        paper.say(f"  {command}", "bold")
        paper.say(f"      {what}")


if __name__ == "__main__":
    os.environ.pop(PIN, None)
    main()
