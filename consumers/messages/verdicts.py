"""Entries of the journal as records, spelled as `customs verdicts --json` does."""

from hashlib import sha256
from typing import Final

import orjson

from consumers.broker.ports import Outgoing
from consumers.messages.cloud_event import FIXED
from projections.canonical import instant
from projections.journal import said_at
from projections.tables import JournalRow
from schemas.topics import VERDICTS

SCHEMA: Final = "customs.verdict.v1"


def verdict(row: JournalRow, source: str, topic: str = VERDICTS.name) -> Outgoing:
    """One entry of the journal of the log that `source` names.

    Its id is its number and a digest of what it says: a log that is brought back from a copy gives
    the numbers of the lost time again, to entries that may say something else.
    """
    movement, value = row.movement.encode(), _value(row)
    headers = (
        *FIXED,
        ("ce_id", b"%d/%s" % (row.number, sha256(value).hexdigest()[:16].encode())),
        ("ce_source", source.encode()),
        ("ce_type", SCHEMA.encode()),
        ("ce_time", instant(said_at(row)).encode()),
        ("ce_subject", movement),
        ("ce_logindex", b"%d" % row.position),
    )
    return Outgoing(topic, movement, value, headers)


def _value(row: JournalRow) -> bytes:
    """What was said is put in as it was spelled then."""
    said = row._asdict() | {
        "schema": SCHEMA,
        "policies": orjson.Fragment(row.policies),
        "was": row.was and orjson.Fragment(row.was),
        "now": row.now and orjson.Fragment(row.now),
    }
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
