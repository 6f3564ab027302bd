"""The SQL of the log in PostgreSQL; see `store.queries`, whose names and parameters these have."""

from collections.abc import Iterable

from store.records import LINK, NEAR

_RECORD = (
    "notification_id, originator_id, originator_version, topic, recorded_at, source, report_id, "
    "digest, previous_leaf, leaf, state"
)
# "+ 0" keeps the planner, while it has no statistics, from walking over all indexes up to this one
_OF_STREAMS = (
    "originator_id = ANY (ARRAY(SELECT json_array_elements_text(%(streams)s::json)))"
    " AND notification_id + 0 <= %(up_to)s"
)

# reading

HEAD = "SELECT log_index, outcome, recorded_at FROM head"
NEXT_OFFSET = "SELECT next FROM offsets WHERE partition = ?"
PARTITIONS = """
    SELECT partition, next FROM offsets WHERE substr(partition, 1, length(?)) = ?
    ORDER BY partition"""
HAS_READERS = "SELECT 1 WHERE to_regclass('readers') IS NOT NULL"
HAS_MOVES = "SELECT 1 WHERE to_regclass('moves') IS NOT NULL"
MOVES = "SELECT partition, was, now, moved_at, said_by, why FROM moves ORDER BY id"
HAS_ERASURES = "SELECT 1 WHERE to_regclass('erasures') IS NOT NULL"
ERASURES = """
    SELECT id, outcome, erased_at, said_by, why, digest, previous_leaf, leaf FROM erasures
    WHERE id > ? ORDER BY id LIMIT ?"""
READER = "SELECT position FROM readers WHERE name = ?"
RECORDED_AT = "SELECT recorded_at FROM stored_events WHERE notification_id = ?"
RECORD_AT = f"SELECT {_RECORD} FROM stored_events WHERE notification_id = ?"
RECORD_OF_VERSION = f"""
    SELECT {_RECORD} FROM stored_events WHERE originator_id = ? AND originator_version = ?"""
RECORDS_AFTER = f"""
    SELECT {_RECORD} FROM stored_events WHERE notification_id > ? AND notification_id <= ?
    ORDER BY notification_id LIMIT ?"""
FACTS_AFTER = f"""
    SELECT {_RECORD} FROM stored_events
    WHERE notification_id > ? AND notification_id <= ? AND topic <> '{LINK}'
    ORDER BY notification_id LIMIT ?"""
RECORDS_OF_STREAMS = f"""
    SELECT {_RECORD} FROM stored_events
    WHERE {_OF_STREAMS}
    ORDER BY originator_id, originator_version"""
FACTS_OF_STREAMS = f"""
    SELECT {_RECORD} FROM stored_events
    WHERE {_OF_STREAMS} AND topic <> '{LINK}' AND originator_version <= {NEAR}
    UNION ALL
    SELECT {_RECORD} FROM stored_events
    WHERE {_OF_STREAMS} AND topic <> '{LINK}' AND originator_version > {NEAR}
    ORDER BY originator_id, originator_version"""
LINKS_OF_STREAM = f"""
    SELECT {_RECORD} FROM stored_events
    WHERE originator_id = ? AND originator_version > ? AND notification_id <= ? AND topic = '{LINK}'
    ORDER BY originator_version LIMIT ?"""
FACTS_OF_REPORT = f"""
    SELECT {", ".join(f"e.{name}" for name in _RECORD.split(", "))}
    FROM reports JOIN outcomes ON outcomes.id = reports.outcome
    JOIN stored_events e ON e.notification_id BETWEEN first_index AND last_index
    WHERE reports.key = %(key)s AND topic <> '{LINK}'
        AND %(report_id)s IN (outcomes.report_id, e.report_id)
    ORDER BY e.notification_id"""
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
    LEFT JOIN stored_events ON notification_id = first_index
    WHERE outcomes.id = ?"""


_OUTCOME = (
    'id, partition, "offset", kind, reason, detail, source, report_id, first_index, recorded_at, '
    "redrives"
)
# what was set aside and told again since, however often, stands under its first outcome
_AGAIN = """
    LEFT JOIN (
        SELECT redrives AS first, max(id) AS last FROM outcomes
        WHERE redrives IS NOT NULL GROUP BY redrives) AS again
    ON first = coalesce(redrives, id)"""
_OPEN = "(last IS NULL OR last <= id)"


def outcomes(columns: Iterable[str], *, recorded: bool = True, only_open: bool = False) -> str:
    """See `store.queries.outcomes`."""
    given = "".join(f" AND {column} = ?" for column in columns)
    given += "" if recorded else " AND kind <> 'recorded'"
    given += f" AND {_OPEN}" if only_open else ""
    return f"""
        SELECT {_OUTCOME} FROM outcomes {_AGAIN if only_open else ""}
        WHERE id > ?{given} ORDER BY id LIMIT ?"""


OPEN_COUNTS = f"""
    SELECT source, reason, count(*) FROM outcomes {_AGAIN}
    WHERE kind <> 'recorded' AND kind = 'quarantined' AND {_OPEN} GROUP BY source, reason"""
TOLD_AGAIN = f"""
    SELECT {_OUTCOME} FROM outcomes WHERE redrives = ? AND redrives IS NOT NULL AND id > ?
    ORDER BY id DESC LIMIT 1"""
LATEST = "SELECT source, max(recorded_at) FROM outcomes GROUP BY source"
ASIDE_AFTER = """
    SELECT id, partition, source, report_id, reason, raw
    FROM outcomes JOIN raws ON raws.outcome = id
    WHERE kind <> 'recorded' AND kind = 'quarantined' AND redrives IS NULL AND raw IS NOT NULL
        AND id > ?
    ORDER BY id LIMIT ?"""
STILL_ASIDE = """
    SELECT outcome FROM raws
    WHERE outcome = ANY (ARRAY(SELECT json_array_elements_text(?::json)::bigint))
        AND raw IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM outcomes WHERE redrives = raws.outcome AND redrives IS NOT NULL)"""


# appending

MOVE_OFFSET = "UPDATE offsets SET next = ? WHERE partition = ? AND next = ?"
START_PARTITION = "INSERT INTO offsets VALUES (?, ?) ON CONFLICT DO NOTHING"
NOTE_MOVE = """
    INSERT INTO moves (partition, was, now, moved_at, said_by, why) VALUES (?, ?, ?, ?, ?, ?)"""
MOVE_READER = "UPDATE readers SET position = ? WHERE name = ? AND position = ?"
START_READER = "INSERT INTO readers VALUES (?, ?) ON CONFLICT DO NOTHING"
LOCKED_HEAD = f"{HEAD} FOR UPDATE"
TELLINGS = """
    SELECT key, outcomes.id, first_index, digest, salt, raws.outcome IS NOT NULL AND raw IS NULL
    FROM reports
    JOIN outcomes ON outcomes.id = reports.outcome
    JOIN stored_events ON notification_id = first_index
    LEFT JOIN raws ON raws.outcome = outcomes.id
    WHERE key = ANY (%b)"""
STREAM_HEADS = """
    SELECT name, originator_version, leaf
    FROM unnest(%b::text[]) AS name CROSS JOIN LATERAL (
        SELECT originator_version, leaf FROM stored_events
        WHERE originator_id = name ORDER BY originator_version DESC LIMIT 1) AS last"""
HEADS_SINCE = """
    SELECT originator_id, originator_version, leaf FROM stored_events WHERE notification_id > ?
    ORDER BY notification_id"""
COPY_RECORDS = """
    COPY stored_events (
        notification_id, originator_id, originator_version, topic, recorded_at, source, report_id,
        digest, previous_leaf, state, leaf)
    FROM STDIN (FORMAT BINARY)"""
COPY_REPORTS = "COPY reports FROM STDIN (FORMAT BINARY)"
COPY_OUTCOMES = "COPY outcomes FROM STDIN (FORMAT BINARY)"
COPY_RAWS = "COPY raws FROM STDIN (FORMAT BINARY)"
MOVE_HEAD = "UPDATE head SET log_index = ?, outcome = ?, recorded_at = ?"
NOTIFY = "NOTIFY stored_events"

# erasing

KEEPS_RAW = """
    SELECT raw IS NOT NULL, digest FROM raws
    JOIN outcomes ON outcomes.id = raws.outcome
    LEFT JOIN stored_events ON notification_id = first_index
    WHERE raws.outcome = ?"""
ERASE_RAW = "UPDATE raws SET raw = NULL, salt = NULL WHERE outcome = ?"
EMPTY_RAWS = """
    SELECT raws.outcome, digest FROM raws
    JOIN outcomes ON outcomes.id = raws.outcome
    LEFT JOIN stored_events ON notification_id = first_index
    WHERE raw IS NULL ORDER BY raws.outcome"""
LAST_ERASURE = """
    SELECT id, outcome, erased_at, said_by, why, digest, previous_leaf, leaf FROM erasures
    ORDER BY id DESC LIMIT 1"""
NOTE_ERASURE = "INSERT INTO erasures VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

# verifying

LAST_INDEX = "SELECT coalesce(max(notification_id), 0) FROM stored_events"
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


def _key(table: str) -> str:
    """`store.preparing.report_key` in SQL."""
    text = f"length({table}.source) || ':' || {table}.source || {table}.report_id"
    return f"substring(sha256(convert_to({text}, 'UTF8')) FROM 1 FOR 16)"


FACTS_WITHOUT_KEY = f"""
    SELECT notification_id, originator_id FROM stored_events
    LEFT JOIN reports ON key = {_key("stored_events")}
    LEFT JOIN outcomes ON outcomes.id = reports.outcome
    WHERE topic <> '{LINK}'
        AND (notification_id BETWEEN first_index AND last_index) IS NOT TRUE"""
MESSAGES_WITHOUT_KEY = f"""
    SELECT first_index, originator_id FROM outcomes
    JOIN stored_events ON notification_id = first_index
    LEFT JOIN reports ON key = {_key("outcomes")}
    WHERE kind = 'recorded' AND reports.outcome IS DISTINCT FROM outcomes.id"""
KEPT_RAWS = """
    SELECT raws.outcome, notification_id, originator_id, raw, salt, digest FROM raws
    JOIN outcomes ON outcomes.id = raws.outcome
    JOIN stored_events ON notification_id = first_index
    WHERE kind = 'recorded' AND raw IS NOT NULL AND raws.outcome > ?
    ORDER BY raws.outcome LIMIT ?"""
LOST_RAWS = """
    SELECT outcomes.id, coalesce(first_index, 0), coalesce(originator_id, '') FROM outcomes
    LEFT JOIN raws ON raws.outcome = outcomes.id
    LEFT JOIN stored_events ON notification_id = first_index
    WHERE raws.outcome IS NULL AND outcomes.id > ?
        AND (kind = 'quarantined' OR kind = 'recorded' AND digest <> sha256(state))
    ORDER BY outcomes.id LIMIT ?"""
EMPTIED_RAWS = """
    SELECT raws.outcome, coalesce(first_index, 0), coalesce(originator_id, '') FROM raws
    JOIN outcomes ON outcomes.id = raws.outcome
    LEFT JOIN stored_events ON notification_id = first_index
    LEFT JOIN erasures ON erasures.outcome = raws.outcome
    WHERE raw IS NULL AND erasures.outcome IS NULL AND raws.outcome > ?
    ORDER BY raws.outcome LIMIT ?"""
UNLIKELY_ERASURES = """
    SELECT erasures.id, erasures.outcome, raw IS NOT NULL FROM erasures
    LEFT JOIN raws ON raws.outcome = erasures.outcome
    LEFT JOIN outcomes ON outcomes.id = erasures.outcome
    LEFT JOIN stored_events ON notification_id = first_index
    WHERE (raw IS NOT NULL OR erasures.digest IS DISTINCT FROM stored_events.digest)
        AND erasures.id > ?
    ORDER BY erasures.id LIMIT ?"""
