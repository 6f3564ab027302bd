"""Which reports stand: what later reports retract, and what they put right.

Nothing here depends on the order of arrival.
"""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from domain.facts.fact import Told
from domain.facts.record import ReportRetracted
from domain.facts.values import Role


class Void(NamedTuple):
    """A report without effect, and why: a code, the article, a sentence, and the report that
    stands in its way, where one does.
    """

    code: str
    article: str
    words: str
    told: Told
    against: Told | None = None

    @property
    def cites(self) -> tuple[str, ...]:
        """The reports that this rests on."""
        both = (self.told, *((self.against,) if self.against else ()))
        return tuple(dict.fromkeys(one.cite for one in both))


def report_named(name: str, source: str, reports: Container[str]) -> str:
    """The report that a source names: one of its own by id alone, another's as `<source>/<id>`."""
    own = f"{source}/{name}"
    return name if own not in reports and ("/" in name or name in reports) else own


def not_taken_back(told: Sequence[Told]) -> tuple[list[Told], list[Void]]:
    """The reports that are neither retracted nor put right, and the acts that were void."""
    if not any(one.fact.corrects or type(one.fact) is ReportRetracted for one in told):
        return list(told), []
    return _TakenBack(told).sort()


def _target(told: Told) -> str | None:
    """What a report retracts or corrects, as it names it."""
    fact = told.fact
    return fact.report if isinstance(fact, ReportRetracted) else fact.corrects


class _TakenBack:
    """Retractions and corrections, resolved by rule: earliest cause, never last seen.

    A retracted report takes its corrections with it: what did not happen cannot be put right.
    A retraction that is itself retracted or put right retracts nothing. Of several corrections of
    one report the one made last stands, then the one of greater name, and with it what puts it
    right in turn. Acts that take back each other in a circle have no effect.
    A correction whose report is not there tells its act all the same; of several the last made.
    """

    def __init__(self, told: Sequence[Told]) -> None:
        self.told = {one.cite: one for one in told}
        self.void: list[Void] = []
        self.of_nothing: dict[str, list[str]] = defaultdict(list)
        named = {
            one.cite: report_named(target, one.source, self.told)
            for one in told
            if (target := _target(one))
        }
        entitled = {
            cite: target for cite, target in named.items() if self._is_entitled(cite, target)
        }
        self.acting = {
            cite: target
            for cite, target in entitled.items()
            if not self._in_circle(cite, target, entitled)
        }
        self.corrections: dict[str, list[str]] = defaultdict(list)
        self.retractions: dict[str, list[str]] = defaultdict(list)
        for cite, target in sorted(self.acting.items()):
            by_kind = self.corrections if self._corrects(cite) else self.retractions
            by_kind[target].append(cite)

    def _is_entitled(self, cite: str, target: str) -> bool:
        one, other = self.told[cite], self.told.get(target)
        if other is None:
            words = f"the movement has no report {target}: name one of its reports"
            self.void.append(Void("MATCHES_NOTHING", "15(1)", words, one))
            if self._corrects(cite):
                self.of_nothing[target].append(cite)
            return False
        if other.source != one.source and one.role is not Role.CUSTOMS:
            words = f"only {other.source} or customs can take back {target}"
            self.void.append(Void("NOT_ENTITLED", "15(1)", words, one, other))
            return False
        return True

    def _in_circle(self, cite: str, target: str, acting: Mapping[str, str]) -> bool:
        seen: set[str] = {cite}
        at: str | None = target
        while at is not None and at not in seen:
            seen.add(at)
            at = acting.get(at)
        if at is not None:
            words = f"{cite} and {target} take back each other: send a new report"
            self.void.append(Void("CIRCULAR", "15(1)", words, self.told[cite], self.told[target]))
        return at is not None

    def sort(self) -> tuple[list[Told], list[Void]]:
        """The reports that stand, in no particular order, and the acts that were void."""
        order = self._targets_first()
        retracted = self._retracted(order)
        put_right = {
            cite: max(standing, key=self._made)
            for cite in order
            if (standing := [each for each in self.corrections[cite] if each not in retracted])
        }
        stands: set[str] = set()
        for cite in order:
            target = self.acting.get(cite) if self._corrects(cite) else None
            if cite not in retracted and (
                target is None or (target in stands and put_right[target] == cite)
            ):
                stands.add(cite)
        best = {max(cites, key=self._made) for cites in self.of_nothing.values()}
        inert = {each.told.cite for each in self.void} - best
        kept = stands - inert - put_right.keys()
        return [one for one in self.told.values() if one.cite in kept], self.void

    def _targets_first(self) -> list[str]:
        order = [cite for cite in self.told if cite not in self.acting]
        for cite in order:
            order += [*self.corrections[cite], *self.retractions[cite]]
        return order

    def _retracted(self, order: Sequence[str]) -> set[str]:
        """What a retraction with effect retracts, from the last act on an act backwards."""
        retracted: set[str] = set()
        for cite in reversed(order):
            put_right = any(each not in retracted for each in self.corrections[cite])
            acts = not self._corrects(cite) and cite not in retracted and not put_right
            if acts and (target := self.acting.get(cite)):
                retracted.add(target)
        return retracted

    def _corrects(self, cite: str) -> bool:
        return not isinstance(self.told[cite].fact, ReportRetracted)

    def _made(self, cite: str) -> tuple[datetime, str]:
        return self.told[cite].made_at or datetime.min.replace(tzinfo=UTC), cite
