"""Make the golden log of today's format: `python -m tests.store.make_golden`.

Run it once for each new format of the log; a golden file is never made again once it is released.
"""

import hashlib
import itertools
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from store.records import Incoming, Link
from store.sqlite import SqliteLog
from store.tables import LOG_FORMAT
from tests.store.making import (
    MINUTE,
    MRN_A,
    MRN_B,
    NOON,
    PERMIT,
    erasure,
    everything,
    malformed,
    native,
    tell,
    translated,
)

GOLDEN = Path(__file__).parent / "golden"


def counted_salts() -> Callable[[int], bytes]:
    counter = itertools.count()
    return lambda size: hashlib.sha256(b"salt %d" % next(counter)).digest()[:size]


def make(path: Path) -> None:
    """A log with every kind of record, outcome and erasure."""
    with SqliteLog(path, salts=counted_salts()) as log:
        tell(
            log,
            native("r1", MRN_A, Link("lrn:BG123456789/BG001000/T-1", "same-as")),
            native("r2", MRN_B, Link(MRN_A, "previous"), Link(PERMIT, "authorisation")),
            native("r1", MRN_A, Link("lrn:BG123456789/BG001000/T-1", "same-as")),
            partition="kafka:customs.port.reports.v1:0",
        )
        aside, *_ = tell(
            log,
            malformed(),
            native("r2", MRN_B, raw=b'{"id": "r2", "changed": true}'),
            Incoming(0, b"v9", "port", "r9", reason="unknown_version", detail="Version 9."),
            native("r\x00", MRN_B),
            at=NOON + MINUTE,
            partition="kafka:customs.port.reports.v1:1",
        )
        _, erased, *_ = tell(
            log,
            translated("m1", MRN_A, MRN_B, raw="<доклад/>".encode()),
            translated("m2", PERMIT, raw=b"<erased/>"),
            translated("m1", MRN_A, MRN_B, raw="<доклад/>".encode()),
            at=NOON,
            partition="files:Пловдив",
        )
        log.erase_raw(erasure(erased.id))
        tell(log, native("r3", PERMIT)._replace(redrives=aside.id), at=NOON + 2 * MINUTE)


def describe(path: Path) -> dict[str, object]:
    """All that a log says, as plain JSON."""
    with SqliteLog(path, create=False) as log:
        said = {
            "records": [record._asdict() for record in everything(log)],
            "outcomes": [
                outcome._asdict() | {"raw": log.raw(outcome.id)} for outcome in log.outcomes()
            ],
            "streams": log.stream_names(),
            "head": asdict(log.head()),
            "offsets": {
                outcome.partition: log.next_offset(outcome.partition) for outcome in log.outcomes()
            },
        }
    plain: dict[str, object] = json.loads(json.dumps(said, default=_plain))
    return plain


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


if __name__ == "__main__":
    target = GOLDEN / f"log-{LOG_FORMAT}.db"
    if target.exists():
        raise SystemExit(f"{target} is there already, and a golden log is never made again.")
    make(target)
    text = json.dumps(describe(target), indent=2, ensure_ascii=False)
    target.with_suffix(".json").write_text(text + "\n")
