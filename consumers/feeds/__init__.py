"""Formats that other systems send: each is detected, and translated into our reports."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from consumers.entitlement import Source
from consumers.feeds import ncts
from domain.facts.fact import Report


class Feed(NamedTuple):
    """A format: whether bytes look like it, and which reports a message of a source tells.

    `reports` raises `NotUnderstood`; it returns at least one report otherwise.
    """

    detects: Callable[[bytes], bool]
    reports: Callable[[bytes, Source], Sequence[Report[Any]]]


NATIVE: Final = "native"
"""Our own CloudEvents, which need no translation."""

FEEDS: Final[dict[str, Feed]] = {
    "ncts": Feed(ncts.detects, ncts.reports),
}
"""The formats that are translated, by name."""


def detect(raw: bytes) -> str:
    """The name of the feed that a message looks like; `native` where it looks like no other."""
    return next((name for name, feed in FEEDS.items() if feed.detects(raw)), NATIVE)
