"""What the sources of a busy port send: reports, repeats, some in disorder, some that are none."""

from collections.abc import Iterator
from random import Random
from typing import Final

import orjson

from benchmarks.generator import deliveries
from benchmarks.port import SOURCES
from consumers.broker.ports import Arrived
from consumers.processes.source_topics import incoming_of
from schemas.topics import REPORTS
from store.records import OutcomeKind
from tests.deployed.site import Sent

DISORDER: Final = 2_000
"""How far apart two records may come the wrong way round."""
REPEATED: Final = 0.03
"""Beside what the generator itself repeats."""


def reports(count: int, chance: Random) -> list[Sent]:
    """So many records, each for the topic of its source."""
    sent = [addressed(each.raw, chance) for each in deliveries(round(count * 0.95), seed=1)]
    at = [*range(len(sent))]
    # repeats and what is no report come at any time, all else at about its own
    sent += chance.sample(sent, round(count * REPEATED))
    sent += [nonsense(chance) for _ in range(count - len(sent))]
    at += [chance.randrange(count) for _ in range(count - len(at))]
    turns = [turn + chance.randrange(DISORDER) for turn in at]
    return [sent[n] for n in sorted(range(count), key=turns.__getitem__)]


def addressed(raw: bytes, chance: Random) -> Sent:
    """Half of the sources' records keep the order of their movement, half are spread."""
    try:
        told = orjson.loads(raw)
        source, subject = told["source"], told["subject"].encode()
    except (orjson.JSONDecodeError, KeyError):
        return nonsense(chance, raw)
    return Sent(REPORTS.of(source), subject if chance.random() < 0.5 else chance.randbytes(4), raw)


def nonsense(chance: Random, raw: bytes | None = None) -> Sent:
    """What no report is: a torn one, noise, nothing at all."""
    torn = (raw, chance.randbytes(200), b"", b"null", b"[]", b'{"id":"\xff"}', None)
    value = raw if raw is not None else chance.choice(torn)
    return Sent(REPORTS.of(chance.choice(list(SOURCES))), chance.randbytes(4), value)


def outcomes(sent: list[Sent]) -> dict[OutcomeKind, int]:
    """What must become of them, whatever order they come in."""
    told: dict[tuple[str, str], bytes] = {}
    aside = 0
    for each in sent:
        speaker = each.topic.split(".")[1]
        read = incoming_of(Arrived(each.topic, 0, 0, None, each.value, (), 0), speaker, SOURCES)
        if each.value is None or read.reason is not None or read.report_id is None:
            aside += 1
        else:
            first = told.setdefault((speaker, read.report_id), each.value)
            assert first == each.value, "two reports of one id"
    return {
        OutcomeKind.RECORDED: len(told),
        OutcomeKind.DUPLICATE: len(sent) - aside - len(told),
        OutcomeKind.QUARANTINED: aside,
    }


def slices(sent: list[Sent], size: int) -> Iterator[list[Sent]]:
    """The records in pieces of a size."""
    for start in range(0, len(sent), size):
        yield sent[start : start + size]
