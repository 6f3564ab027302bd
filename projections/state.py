"""Where the read models stand, and under what they were judged."""

from datetime import date
from importlib.metadata import version
from typing import Final

import orjson

from domain.law.citation import Law
from domain.policies import Policies
from projections.canonical import canonical, instant
from projections.judging import Terms
from projections.sql import create, exists, rows_where, upsert
from projections.tables import KEPT, PROJECTION, REBUILT, ProjectionRow
from store.log import Connection
from store.records import Record

NAME: Final = "judgements"
FORMAT: Final = 1
"""The form of the tables; other software needs a rebuild to read them."""
RULES: Final = version("customs-tracker")
"""Which rules judged: those of this release."""


class OtherReadModels(Exception):
    """The read models were made by other software, or under another law or other policies."""


class Moved(Exception):
    """Somebody else moved the read models in the meantime: nothing was written."""


def beginning(terms: Terms, generation: int = 0) -> ProjectionRow:
    """Read models that know nothing yet."""
    law, policies = spelled(terms)
    return ProjectionRow(NAME, 0, None, law, policies, RULES, FORMAT, generation)


def spelled(terms: Terms) -> tuple[str, str]:
    """Law and policies as they are stored."""
    return terms.law.text.isoformat(), canonical(terms.policies.spelled())


def terms_of(stands: ProjectionRow) -> Terms:
    """The law and the policies that read models were judged under."""
    policies = Policies.of(orjson.loads(stands.policies))
    return Terms(Law(date.fromisoformat(stands.law)), policies)


def standing(db: Connection, suffix: str = "") -> ProjectionRow | None:
    """Where the read models stand; `None` where nothing was written to their tables."""
    row: ProjectionRow | None = next(rows_where(db, PROJECTION, "name", [NAME], suffix), None)
    return row


def found(db: Connection, suffix: str = "") -> ProjectionRow | None:
    """The same, also where their tables have never been made."""
    return standing(db, suffix) if exists(db, PROJECTION, suffix) else None


def recorded(last: Record | None) -> str | None:
    """When the last record read was recorded."""
    return instant(last.recorded_at) if last else None


def put(db: Connection, stands: ProjectionRow, suffix: str = "") -> None:
    """Write where the read models stand now."""
    upsert(db, PROJECTION, [stands], suffix)


def prepared(db: Connection, terms: Terms, suffix: str = "") -> ProjectionRow:
    """Where the read models stand, their tables made where they are missing.

    Raises `OtherReadModels` where they cannot be continued by this software under these terms.
    """
    create(db, KEPT)
    stands = found(db, suffix)
    if stands is None:
        create(db, REBUILT, suffix)
        stands = beginning(terms)
        put(db, stands, suffix)
    ours = (*spelled(terms), RULES, FORMAT)
    theirs = (stands.law, stands.policies, stands.rules, stands.format)
    if ours != theirs:
        raise OtherReadModels(
            f"the read models were judged under law {theirs[0]}, policies {theirs[1]}, rules"
            f" {theirs[2]}, form {theirs[3]}; asked for is law {ours[0]}, policies {ours[1]}, rules"
            f" {ours[2]}, form {ours[3]}: rebuild them"
        )
    return stands


def unmoved(db: Connection, expected: ProjectionRow, suffix: str = "") -> None:
    """Raise `Moved` unless the read models stand where they were expected to."""
    if standing(db, suffix) != expected:
        raise Moved
