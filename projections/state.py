"""Where the read models stand, and under what they were judged."""

from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from operator import attrgetter
from typing import Final

import orjson

from domain.law.citation import Law
from domain.policies import Policies
from projections.canonical import canonical, instant
from projections.judging import Terms
from projections.sql import create, exists, rows_where, upsert
from projections.tables import KEPT, PROJECTION, REBUILT, ProjectionRow, Table
from store.log import Connection
from store.records import Record

NAME: Final = "judgements"
FORMAT: Final = 4
"""The form of the tables and of the outlines in them; other software needs a rebuild to read them.
"""
RULES: Final = version("customs-tracker")
"""Which rules judged: those of this release."""


class OtherReadModels(Exception):
    """The read models were made by other software, or under another law or other policies."""


class Moved(Exception):
    """Somebody else moved the shard in the meantime: nothing was written."""


def beginning(terms: Terms, shards: int = 1, generation: int = 0) -> list[ProjectionRow]:
    """Read models that know nothing yet, in so many shards."""
    law, policies = spelled(terms)
    return [
        ProjectionRow(NAME, shard, 0, None, law, policies, RULES, FORMAT, generation, shards, 0)
        for shard in range(shards)
    ]


def spelled(terms: Terms) -> tuple[str, str]:
    """Law and policies as they are stored."""
    return terms.law.text.isoformat(), canonical(terms.policies.spelled())


def terms_of(stands: ProjectionRow) -> Terms:
    """The law and the policies that read models were judged under."""
    policies = Policies.of(orjson.loads(stands.policies))
    return Terms(Law(date.fromisoformat(stands.law)), policies)


def shards(db: Connection, suffix: str = "") -> list[ProjectionRow]:
    """Where each shard stands, in order; none where nothing was written to the tables."""
    return sorted(rows_where(db, PROJECTION, "name", [NAME], suffix))


def standing(db: Connection, suffix: str = "") -> ProjectionRow | None:
    """Where the read models stand: where the last of their shards does; `None` where nothing was
    written to their tables.
    """
    return min(shards(db, suffix), key=attrgetter("position"), default=None)


def even(db: Connection) -> bool:
    """Whether all shards stand at one position."""
    return len({each.position for each in shards(db)}) == 1


def found(db: Connection, suffix: str = "") -> ProjectionRow | None:
    """The same, also where their tables have never been made."""
    return standing(db, suffix) if exists(db, PROJECTION, suffix) else None


def lacking(db: Connection, tables: Iterable[Table] = REBUILT, suffix: str = "") -> list[str]:
    """The tables of read models that are there which are gone: those that a rebuild makes again,
    unless others are named.
    """
    if not exists(db, PROJECTION, suffix):
        return []
    return [table.name for table in tables if not exists(db, table, suffix)]


def recorded(last: Record | None) -> str | None:
    """When the last record read was recorded."""
    return instant(last.recorded_at) if last else None


def put(db: Connection, stand: Iterable[ProjectionRow], suffix: str = "") -> None:
    """Write where shards stand now."""
    upsert(db, PROJECTION, stand, suffix)


def prepared(db: Connection, terms: Terms, suffix: str = "", many: int = 1) -> list[ProjectionRow]:
    """Where each shard stands; tables are made where they are missing, with so many shards.

    Raises `OtherReadModels` where they cannot be continued by this software under these terms.
    """
    create(db, KEPT)
    if found(db, suffix) is None:
        create(db, REBUILT, suffix)
        put(db, beginning(terms, many), suffix)
    if gone := lacking(db, suffix=suffix):
        raise OtherReadModels(
            f"tables of the read models are gone: {', '.join(gone)}; rebuild them"
        )
    stand = shards(db, suffix)
    ours = (*spelled(terms), RULES, FORMAT)
    theirs = (stand[0].law, stand[0].policies, stand[0].rules, stand[0].format)
    if ours != theirs:
        raise OtherReadModels(
            f"the read models were judged under law {theirs[0]}, policies {theirs[1]}, rules"
            f" {theirs[2]}, form {theirs[3]}; asked for is law {ours[0]}, policies {ours[1]}, rules"
            f" {ours[2]}, form {ours[3]}: rebuild them"
        )
    return stand


def unmoved(db: Connection, expected: ProjectionRow, suffix: str = "") -> None:
    """Raise `Moved` unless a shard stands where it was expected to: who leases it has written it
    last.
    """
    if expected not in shards(db, suffix):
        raise Moved
