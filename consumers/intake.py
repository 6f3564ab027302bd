"""Intake: a message becomes facts to file, or is set aside with its reason; no state is loaded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from consumers import native
from consumers.entitlement import Sources
from consumers.feeds import FEEDS, NATIVE
from consumers.feeds.translation import body_of, message_id
from consumers.reasons import Reason, refused
from consumers.wire import read
from domain.facts.fact import NotUnderstood, Report, links, subject_may_be
from domain.records import maker
from domain.references import scheme_of
from store.log import Log
from store.records import Batch, Filing, Incoming, Link, Outcome

NOBODY: Final = "unknown"
"""The source of a message that does not say who sends it."""


class Message(NamedTuple):
    """Bytes that arrived, in which format, and who handed them in.

    A native report names its source itself, and `speaker`, where given, must be the same; a
    message of a feed is spoken by `speaker`.
    """

    raw: bytes
    feed: str = NATIVE
    speaker: str | None = None


class Intake:
    """Takes messages into a log, as sources are entitled to tell them."""

    def __init__(self, log: Log, sources: Sources) -> None:
        self._log = log
        self._sources = sources

    def take(
        self, partition: str, messages: Sequence[Message], recorded_at: datetime
    ) -> list[Outcome]:
        """Take messages as the next ones of a partition, in one transaction: one outcome each.

        Raises what `Log.append` raises; then nothing was taken.
        """
        if not messages:
            return []
        first = self._log.next_offset(partition)
        incoming = tuple(
            understand(message, offset, self._sources)
            for offset, message in enumerate(messages, first)
        )
        batch = Batch(partition, first, incoming, first + len(incoming))
        return self._log.append(batch, recorded_at)


def understand(message: Message, offset: int, sources: Sources) -> Incoming:
    """What a message tells, and whether its source may tell it; a pure function that never raises.

    One of `FEEDS` or `native` must be the message's feed.
    """
    if message.feed == NATIVE:
        return _native(message, offset, sources)
    return _translated(message, offset, sources)


def _native(message: Message, offset: int, sources: Sources) -> Incoming:
    raw, speaker = message.raw, message.speaker
    value: object = None
    try:
        value = read(raw)
        report = native.report(raw, value)
        _nobody_speaks_for_another(speaker, report.source)
        filing = _filing_of(report, raw, sources)
    except NotUnderstood as verdict:
        claim = native.claim(value)
        source = speaker or claim.source or NOBODY
        return _set_aside(message, offset, source, claim.report_id, verdict)
    return Incoming(offset, raw, report.source, report.id, (filing,))


def _translated(message: Message, offset: int, sources: Sources) -> Incoming:
    raw, speaker = message.raw, message.speaker or NOBODY
    report_id = message_id(raw, speaker)
    try:
        _somebody_speaks(message)
        reports = FEEDS[message.feed].reports(raw, sources.known(speaker))
        filings = tuple(_filing_of(report, body_of(report), sources) for report in reports)
    except NotUnderstood as verdict:
        return _set_aside(message, offset, speaker, report_id, verdict)
    return Incoming(offset, raw, speaker, report_id, filings, translated=True)


def _set_aside(
    message: Message, offset: int, source: str, report_id: str | None, verdict: NotUnderstood
) -> Incoming:
    return Incoming(
        offset,
        message.raw,
        source,
        report_id,
        translated=message.feed != NATIVE,
        reason=verdict.reason,
        detail=verdict.detail,
    )


def _nobody_speaks_for_another(speaker: str | None, source: str) -> None:
    if speaker is not None and speaker != source:
        raise refused(
            Reason.SOURCE_NOT_ENTITLED,
            f"the report names the source {source!r}, and {speaker!r} handed it in",
        )


def _somebody_speaks(message: Message) -> None:
    if message.speaker is None:
        raise refused(
            Reason.SOURCE_UNKNOWN, f"a message of the feed {message.feed} must be told who speaks"
        )


def _filing_of(report: Report[Any], body: bytes, sources: Sources) -> Filing:
    """Under which stream and links a report is filed: a function of the report alone (D2)."""
    sources.check(report)
    subject, stored_name = report.subject, report.type
    if not subject_may_be(stored_name, subject):
        what = f"a reference of the scheme {scheme_of(subject)}"
        raise refused(Reason.BAD_SUBJECT, f"{what} cannot be the stream of a {stored_name}")
    linked = tuple(map(_link, links(report)))
    return _filing((subject, stored_name, report.id, body, linked))


_filing, _link = maker(Filing), maker(Link)
