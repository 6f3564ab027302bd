"""Entries of the journal as records, spelled as `customs verdicts --json` does."""

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
    """One entry; `source` names the log whose journal it stands in, where its number is its id."""
    movement = row.movement.encode()
    headers = (
        *FIXED,
        ("ce_id", b"%d" % row.number),
        ("ce_source", source.encode()),
        ("ce_type", SCHEMA.encode()),
        ("ce_time", instant(said_at(row)).encode()),
        ("ce_subject", movement),
        ("ce_logindex", b"%d" % row.position),
    )
    return Outgoing(topic, movement, _value(row), headers)


def _value(row: JournalRow) -> bytes:
    """What was said is put in as it was spelled then."""
    said = row._asdict() | {
        "schema": SCHEMA,
        "policies": orjson.Fragment(row.policies),
        "was": row.was and orjson.Fragment(row.was),
        "now": row.now and orjson.Fragment(row.now),
    }
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
