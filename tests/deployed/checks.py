"""What must hold of a site when everything has come to rest: nothing lost, nothing doubled."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final, NamedTuple, cast

import orjson
from confluent_kafka import Consumer, Message
from confluent_kafka import TopicPartition as Place

from consumers.messages.facts import facts
from consumers.messages.positions import Latest
from consumers.messages.verdicts import verdict
from consumers.processes.outboxes import source_of
from consumers.processes.places import PREFIX
from projections import publications
from projections.agenda import Verdict
from projections.canonical import canonical
from projections.current import present
from projections.journal import announced, entries
from projections.outlines import OWN
from projections.rebuild import rebuild
from projections.sql import ordered
from projections.tables import AGENDA, MOVEMENTS, NAMES, AgendaRow, JournalRow, NameRow
from schemas.topics import FACTS, POSITIONS, VERDICTS, Topic
from store.log import Log
from store.records import OutcomeKind, Record

SAYS: Final = {
    Verdict.DEADLINE_MOVED: Verdict.DEADLINE_SET,
    Verdict.DEBT_REDATED: Verdict.DEBT_INCURRED,
    Verdict.DEBT_AMOUNT_CHANGED: Verdict.DEBT_INCURRED,
}
"""What a word of the journal says anew."""


class Published(NamedTuple):
    """A record of a topic that we wrote."""

    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    @property
    def name(self) -> tuple[bytes, bytes]:
        """Source and id, by which those who read it drop repeats."""
        found = dict(self.headers)
        return found["ce_source"], found["ce_id"]


def consumer(kafka: str) -> Consumer:
    """Reads whatever it is pointed at, as somebody who belongs to no group."""
    return Consumer(
        {
            "bootstrap.servers": kafka,
            "group.id": "checks",
            "enable.auto.commit": False,
            "log_level": 0,
        }
    )


def published(kafka: str, topic: Topic) -> Iterator[list[Published]]:
    """All records of a topic, partition by partition."""
    with closing(consumer(kafka)) as reading:
        for number in range(topic.partitions):
            place = Place(topic.name, number, 0)
            _, end = reading.get_watermark_offsets(place)
            reading.assign([place])
            found: list[Published] = []
            at = 0
            while at < end:
                for message in reading.consume(5_000, 1.0):
                    assert message.error() is None
                    found.append(_published(message))
                    at = (message.offset() or 0) + 1
            yield found


def _published(message: Message) -> Published:
    return Published(*cast("Any", (message.key(), message.value(), tuple(message.headers() or ()))))


def one_outcome_each(log: Log, kafka: str) -> dict[OutcomeKind, int]:
    """Of each partition every record that was sent has exactly one outcome; how many of each."""
    kinds = Counter[OutcomeKind]()
    names = log.partitions(PREFIX)
    with closing(consumer(kafka)) as reading:
        for name, next_offset in names.items():
            topic, _, number = name.removeprefix(PREFIX).partition("]")[0].rpartition("[")
            _, end = reading.get_watermark_offsets(Place(topic, int(number)))
            outcomes = list(log.outcomes(partition=name))
            assert next_offset == end, name
            assert sorted(each.offset for each in outcomes) == list(range(end)), name
            kinds.update(each.kind for each in outcomes)
    return kinds


def dense(log: Log) -> list[Record]:
    """Indexes and versions have no holes, each record has its leaf; all records."""
    records: list[Record] = []
    while page := log.page(len(records), 5_000):
        records += page
    assert [each.index for each in records] == list(range(1, len(records) + 1))
    versions = dict[str, int]()
    for each in records:
        assert each.version == versions.get(each.stream, 0) + 1, each.stream
        versions[each.stream] = each.version
    assert list(log.verify()) == []
    assert log.head().index == len(records)
    return records


def facts_are_published(records: list[Record], kafka: str) -> int:
    """Each at least once, in the order of its stream, in the same bytes; how many repeats."""
    told = facts(records)
    wanted = {each.name: each for each in (Published(*one[1:]) for one in told)}
    return _each_published(wanted, kafka, FACTS, "ce_streamversion")


def verdicts_are_published(log: Log, kafka: str) -> int:
    """The same of the journal."""
    source = source_of(log)
    with log.connection() as db:
        told = [Published(*verdict(row, source)[1:]) for row in entries(db)]
    return _each_published({each.name: each for each in told}, kafka, VERDICTS, "ce_id")


def _each_published(
    wanted: dict[tuple[bytes, bytes], Published], kafka: str, topic: Topic, order: str
) -> int:
    left, repeats = dict(wanted), 0
    for partition in published(kafka, topic):
        last = defaultdict[bytes, int](int)
        for each in partition:
            assert each == wanted[each.name]
            if left.pop(each.name, None) is None:
                repeats += 1
                continue
            number = int(dict(each.headers)[order].partition(b"/")[0])
            assert number > last[each.key], each.name
            last[each.key] = number
    assert not left
    return repeats


def positions_are_published(log: Log, kafka: str) -> int:
    """Whoever reads the topic knows where the goods of each movement are; of how many movements."""
    latest = Latest()
    for partition in published(kafka, POSITIONS):
        for each in partition:
            latest.take(each.key, each.value)
    with log.connection() as db:
        until = publications.reached(db)
        assert until
        names = [name for (name,) in ordered(db, MOVEMENTS, columns=["movement"])]
        stands = present(db, names, until.instant, until.generation)
    assert latest.values.keys() == stands.keys()
    for name, said in stands.items():
        told = {**orjson.loads(canonical(said._asdict())), "index": None}
        assert {**latest.values[name], "schema": None, "index": None} == {**told, "schema": None}
    return len(stands)


def journal_ends_with_what_is_said(log: Log) -> int:
    """Its last word on each statement is that of the judgement; how many are said."""
    said: dict[tuple[str, str, str], str | None] = {}
    with log.connection() as db:
        until = announced(db)
        names = {
            row.reference: row.movement
            for row in map(NameRow._make, ordered(db, NAMES))
            if row.relation == OWN
        }
        for entry in entries(db):
            movement = names.get(entry.movement, entry.movement)
            said[movement, entry.statement, _first_word(entry)] = entry.now
        agenda = list(map(AgendaRow._make, ordered(db, AGENDA)))
    stands = {
        (row.movement, row.statement, row.verdict): row.body
        for row in agenda
        if row.at is None
        or row.at <= until
        # a debt that was said to be incurred and lies ahead now is re-dated, not taken back
        or said.get((row.movement, row.statement, row.verdict)) is not None
    }
    last = {key: now for key, now in said.items() if now is not None}
    unlike = [key for key in last.keys() | stands.keys() if last.get(key) != stands.get(key)]
    assert not unlike, [(key, last.get(key), stands.get(key)) for key in sorted(unlike)[:3]]
    return len(stands)


def _first_word(entry: JournalRow) -> Verdict:
    """With which the statement was first said; a deadline may also be moved at an instant."""
    word = Verdict(entry.verdict)
    at_once = word is not Verdict.DEADLINE_MOVED or entry.at is None
    return SAYS.get(word, word) if at_once else word


def read_models_equal_a_rebuild(log: Log) -> str:
    """Their digest, which is that of read models made from the log alone."""
    found = rebuild(log)
    assert found.equal, found.differing[:3]
    return found.digest_new
