"""The SQL of the log in SQLite.

Indexes are named where a wrong choice would walk over the links of a stream: the planner may have
old statistics, and a reference may be named 100 000 times.
"""

from collections.abc import Iterable

from store.records import LINK, NEAR

_RECORD = (
    "rowid, originator_id, originator_version, topic, recorded_at, source, report_id, digest, "
    "previous_leaf, leaf, state"
)

# reading

HEAD = "SELECT log_index, outcome, recorded_at FROM head"
NEXT_OFFSET = "SELECT next FROM offsets WHERE partition = ?"
PARTITIONS = """
    SELECT partition, next FROM offsets WHERE substr(partition, 1, length(?)) = ?
    ORDER BY partition"""
HAS_READERS = "SELECT 1 FROM sqlite_master WHERE name = 'readers'"
HAS_MOVES = "SELECT 1 FROM sqlite_master WHERE name = 'moves'"
MOVES = "SELECT partition, was, now, moved_at, said_by, why FROM moves ORDER BY id"
HAS_ERASURES = "SELECT 1 FROM sqlite_master WHERE name = 'erasures'"
ERASURES = """
    SELECT id, outcome, erased_at, said_by, why, digest, previous_leaf, leaf FROM erasures
    WHERE id > ? ORDER BY id LIMIT ?"""
READER = "SELECT position FROM readers WHERE name = ?"
RECORDED_AT = "SELECT recorded_at FROM stored_events WHERE rowid = ?"
RECORD_AT = f"SELECT {_RECORD} FROM stored_events WHERE rowid = ?"
RECORD_OF_VERSION = f"""
    SELECT {_RECORD} FROM stored_events INDEXED BY stored_events_versions
    WHERE originator_id = ? AND originator_version = ?"""
RECORDS_AFTER = f"""
    SELECT {_RECORD} FROM stored_events WHERE rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?"""
FACTS_AFTER = f"""
    SELECT {_RECORD} FROM stored_events WHERE rowid > ? AND rowid <= ? AND topic <> '{LINK}'
    ORDER BY rowid LIMIT ?"""
_OF_STREAMS = "originator_id IN (SELECT value FROM json_each(:streams)) AND rowid <= :up_to"
RECORDS_OF_STREAMS = f"""
    SELECT {_RECORD} FROM stored_events INDEXED BY stored_events_versions
    WHERE {_OF_STREAMS}
    ORDER BY originator_id, originator_version"""
FACTS_OF_STREAMS = f"""
    SELECT {_RECORD} FROM stored_events INDEXED BY stored_events_versions
    WHERE {_OF_STREAMS} AND topic <> '{LINK}' AND originator_version <= {NEAR}
    UNION ALL
    SELECT {_RECORD} FROM stored_events INDEXED BY stored_events_facts
    WHERE {_OF_STREAMS} AND topic <> '{LINK}' AND originator_version > {NEAR}
    ORDER BY originator_id, originator_version"""
LINKS_OF_STREAM = f"""
    SELECT {_RECORD} FROM stored_events INDEXED BY stored_events_versions
    WHERE originator_id = ? AND originator_version > ? AND rowid <= ? AND topic = '{LINK}'
    ORDER BY originator_version LIMIT ?"""
FACTS_OF_REPORT = f"""
    SELECT {_RECORD} FROM stored_events
    JOIN (
        SELECT first_index, last_index, outcomes.report_id AS message
        FROM reports JOIN outcomes ON outcomes.id = reports.outcome WHERE reports.key = :key)
    ON rowid BETWEEN first_index AND last_index
    WHERE topic <> '{LINK}' AND :report_id IN (message, report_id) ORDER BY rowid"""
# one seek for each name, however many records its stream has
STREAM_NAMES = """
    WITH RECURSIVE stream (name) AS (
        SELECT min(originator_id) FROM stored_events WHERE originator_id > ?
        UNION ALL
        SELECT (SELECT min(originator_id) FROM stored_events WHERE originator_id > name)
        FROM stream WHERE name IS NOT NULL)
    SELECT name FROM stream WHERE name IS NOT NULL LIMIT ?"""
COUNTS = "SELECT source, kind, reason, count(*) FROM outcomes GROUP BY source, kind, reason"
RAW = """
    SELECT CASE WHEN raws.outcome IS NULL THEN state ELSE raw END
    FROM outcomes
    LEFT JOIN raws ON raws.outcome = coalesce(repeats, outcomes.id)
    LEFT JOIN stored_events ON rowid = first_index
    WHERE outcomes.id = ?"""


_OUTCOME = (
    "id, partition, offset, kind, reason, detail, source, report_id, first_index, recorded_at, "
    "redrives"
)
# what was set aside and told again since, however often, stands under its first outcome
_AGAIN = """
    LEFT JOIN (
        SELECT redrives AS first, max(id) AS last FROM outcomes
        WHERE redrives NOTNULL GROUP BY redrives)
    ON first = coalesce(redrives, id)"""
_OPEN = "(last IS NULL OR last <= id)"


def outcomes(columns: Iterable[str], *, recorded: bool = True, only_open: bool = False) -> str:
    """Outcomes with an id above the first parameter, filtered by equality with `columns`.

    When none of kind recorded is wanted, a small index leads past them. Those are open that have
    not been told again since.
    """
    small = "" if recorded else "INDEXED BY outcomes_not_recorded"
    given = "".join(f" AND {column} = ?" for column in columns)
    given += "" if recorded else " AND kind <> 'recorded'"
    given += f" AND {_OPEN}" if only_open else ""
    return f"""
        SELECT {_OUTCOME} FROM outcomes {small} {_AGAIN if only_open else ""}
        WHERE id > ?{given} ORDER BY id LIMIT ?"""


OPEN_COUNTS = f"""
    SELECT source, reason, count(*) FROM outcomes INDEXED BY outcomes_not_recorded {_AGAIN}
    WHERE kind <> 'recorded' AND kind = 'quarantined' AND {_OPEN} GROUP BY source, reason"""
TOLD_AGAIN = f"""
    SELECT {_OUTCOME} FROM outcomes WHERE redrives = ? AND redrives NOTNULL AND id > ?
    ORDER BY id DESC LIMIT 1"""
LATEST = "SELECT source, max(recorded_at) FROM outcomes GROUP BY source"
ASIDE_AFTER = """
    SELECT id, partition, source, report_id, reason, raw
    FROM outcomes INDEXED BY outcomes_not_recorded JOIN raws ON raws.outcome = id
    WHERE kind <> 'recorded' AND kind = 'quarantined' AND redrives ISNULL AND raw NOTNULL
        AND id > ?
    ORDER BY id LIMIT ?"""
STILL_ASIDE = """
    SELECT outcome FROM raws
    WHERE outcome IN (SELECT value FROM json_each(?)) AND raw NOTNULL AND NOT EXISTS (
        SELECT 1 FROM outcomes WHERE redrives = raws.outcome AND redrives NOTNULL)"""


# appending

MOVE_OFFSET = "UPDATE offsets SET next = ? WHERE partition = ? AND next = ?"
START_PARTITION = "INSERT INTO offsets VALUES (?, ?) ON CONFLICT DO NOTHING"
NOTE_MOVE = """
    INSERT INTO moves (partition, was, now, moved_at, said_by, why) VALUES (?, ?, ?, ?, ?, ?)"""
MOVE_READER = "UPDATE readers SET position = ? WHERE name = ? AND position = ?"
START_READER = "INSERT INTO readers VALUES (?, ?) ON CONFLICT DO NOTHING"
TELLINGS = """
    SELECT key, outcomes.id, first_index, digest, salt, raws.outcome NOTNULL AND raw ISNULL
    FROM reports
    JOIN outcomes ON outcomes.id = reports.outcome
    JOIN stored_events ON rowid = first_index
    LEFT JOIN raws ON raws.outcome = outcomes.id
    WHERE key IN ({})"""
STREAM_HEADS = """
    SELECT value, originator_version, leaf
    FROM json_each(?) JOIN stored_events ON rowid = (
        SELECT rowid FROM stored_events INDEXED BY stored_events_versions
        WHERE originator_id = value ORDER BY originator_version DESC LIMIT 1)"""
HEADS_SINCE = """
    SELECT originator_id, originator_version, leaf FROM stored_events WHERE rowid > ?
    ORDER BY rowid"""
INSERT_RECORDS = """
    INSERT INTO stored_events (
        rowid, originator_id, originator_version, topic, recorded_at, source, report_id, digest,
        previous_leaf, state, leaf)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
INSERT_REPORTS = "INSERT INTO reports VALUES (?, ?)"
INSERT_OUTCOMES = "INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_RECORDED = """
    INSERT INTO outcomes (
        id, partition, offset, kind, source, report_id, first_index, last_index, recorded_at)
    VALUES (?, ?, ?, 'recorded', ?, ?, ?, ?, ?)"""
INSERT_RAWS = "INSERT INTO raws VALUES (?, ?, ?)"
MOVE_HEAD = "UPDATE head SET log_index = ?, outcome = ?, recorded_at = ?"

# erasing

KEEPS_RAW = """
    SELECT raw NOTNULL, digest FROM raws
    JOIN outcomes ON outcomes.id = raws.outcome
    LEFT JOIN stored_events ON rowid = first_index
    WHERE raws.outcome = ?"""
ERASE_RAW = "UPDATE raws SET raw = NULL, salt = NULL WHERE outcome = ?"
EMPTY_RAWS = """
    SELECT raws.outcome, digest FROM raws
    JOIN outcomes ON outcomes.id = raws.outcome
    LEFT JOIN stored_events ON rowid = first_index
    WHERE raw ISNULL ORDER BY raws.outcome"""
LAST_ERASURE = """
    SELECT id, outcome, erased_at, said_by, why, digest, previous_leaf, leaf FROM erasures
    ORDER BY id DESC LIMIT 1"""
NOTE_ERASURE = "INSERT INTO erasures VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

# verifying

LAST_INDEX = "SELECT coalesce(max(rowid), 0) FROM stored_events"
OUTCOMES = "SELECT count(*), coalesce(max(id), 0) FROM outcomes"
LOST_OUTCOMES = """
    SELECT told.id + 1, (SELECT min(id) FROM outcomes AS later WHERE later.id > told.id) - 1
    FROM (SELECT 0 AS id UNION ALL SELECT id FROM outcomes) AS told
    LEFT JOIN outcomes ON outcomes.id = told.id + 1
    WHERE outcomes.id IS NULL ORDER BY told.id"""
RAWS_OF_NOTHING = """
    SELECT raws.outcome FROM raws LEFT JOIN outcomes ON outcomes.id = raws.outcome
    WHERE outcomes.id IS NULL ORDER BY raws.outcome"""
RANGES = """
    SELECT id, first_index, last_index FROM outcomes
    WHERE kind = 'recorded' AND id > ? ORDER BY id LIMIT ?"""
FACTS_WITHOUT_KEY = f"""
    SELECT rowid, originator_id FROM stored_events
    LEFT JOIN reports ON key = report_key(stored_events.source, stored_events.report_id)
    LEFT JOIN outcomes ON outcomes.id = reports.outcome
    WHERE topic <> '{LINK}' AND (rowid BETWEEN first_index AND last_index) IS NOT 1"""
MESSAGES_WITHOUT_KEY = """
    SELECT first_index, originator_id FROM outcomes
    JOIN stored_events ON rowid = first_index
    LEFT JOIN reports ON key = report_key(outcomes.source, outcomes.report_id)
    WHERE kind = 'recorded' AND reports.outcome IS NOT outcomes.id"""
KEPT_RAWS = """
    SELECT raws.outcome, rowid, originator_id, raw, salt, digest FROM raws
    JOIN outcomes ON outcomes.id = raws.outcome
    JOIN stored_events ON rowid = first_index
    WHERE kind = 'recorded' AND raw NOTNULL AND raws.outcome > ? ORDER BY raws.outcome LIMIT ?"""
LOST_RAWS = """
    SELECT outcomes.id, coalesce(first_index, 0), coalesce(originator_id, '') FROM outcomes
    LEFT JOIN raws ON raws.outcome = outcomes.id
    LEFT JOIN stored_events ON rowid = first_index
    WHERE raws.outcome ISNULL AND outcomes.id > ?
        AND (kind = 'quarantined' OR kind = 'recorded' AND digest <> plain_digest(state))
    ORDER BY outcomes.id LIMIT ?"""
EMPTIED_RAWS = """
    SELECT raws.outcome, coalesce(first_index, 0), coalesce(originator_id, '') FROM raws
    JOIN outcomes ON outcomes.id = raws.outcome
    LEFT JOIN stored_events ON rowid = first_index
    LEFT JOIN erasures ON erasures.outcome = raws.outcome
    WHERE raw ISNULL AND erasures.outcome ISNULL AND raws.outcome > ?
    ORDER BY raws.outcome LIMIT ?"""
UNLIKELY_ERASURES = """
    SELECT erasures.id, erasures.outcome, raw NOTNULL FROM erasures
    LEFT JOIN raws ON raws.outcome = erasures.outcome
    LEFT JOIN outcomes ON outcomes.id = erasures.outcome
    LEFT JOIN stored_events ON rowid = first_index
    WHERE (raw NOTNULL OR erasures.digest IS NOT stored_events.digest) AND erasures.id > ?
    ORDER BY erasures.id LIMIT ?"""
