"""From the log to the read models: all shards kept in step, by any number of processes.

Whoever writes a shard first has advanced it; others see that and go on with the next one.
"""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from domain.law.citation import Law
from domain.policies import Policies
from projections import state
from projections.advancing import PAGE, PIECE, Advancing, Manner
from projections.judging import Terms
from projections.shards import Shard
from store.log import Log

Progress = Callable[[int, int], None]
"""Told (done, total) in records of the log."""


class Lag(NamedTuple):
    """Where the read models stand: the records that are not read, the movements that wait."""

    position: int
    unread: int
    waiting: int


class Projector:
    """Keeps the read models in step with the log.

    `suffix` names the tables to write; `journals` says whether changed verdicts are journalled;
    `shards` is how many are made where there are no read models yet.
    """

    def __init__(
        self,
        log: Log,
        law: Law,
        policies: Policies,
        *,
        page: int = PAGE,
        piece: int = PIECE,
        suffix: str = "",
        journals: bool = True,
        shards: int = 1,
    ) -> None:
        self.log, self.terms = log, Terms(law, policies)
        self._manner = Manner(page, piece, suffix, journals)
        self._many = shards
        self._shards: deque[Advancing] = deque()

    def catch_up(self, limit: int | None = None, progress: Progress | None = None) -> int:
        """Read on to the head of the log, or `limit` records of it; return how many were read.

        All movements that wait are judged before it returns. Of several shards each reads them.
        Raises `OtherReadModels` where the read models were made under other terms or by other
        software.
        """

        def told() -> None:
            if progress:
                progress(self._position(), self.log.head().index)

        return max(one.catch_up(limit, told) for one in [*self._all()])

    def advance(self, limit: int | None = None) -> int | None:
        """One bounded piece of work, such as a page; return how many records were read.

        `None`: all is done. Raises `OtherReadModels` as `catch_up` does.
        """
        shards = self._all()
        for _ in range(len(shards)):
            try:
                step = shards[0].advance(limit)
            except state.Moved:
                shards.rotate(-1)
                return 0
            if step is not None:
                return step
            shards.rotate(-1)
        return None

    def lag(self) -> Lag:
        """How far the read models are behind the log."""
        suffix = self._manner.suffix
        with self.log.connection() as db:
            stands = state.found(db, suffix)
            query = f"SELECT COUNT(*) FROM queue{suffix}"
            waiting = db.execute(query).fetchone()[0] if stands else 0
        position = stands.position if stands else 0
        return Lag(position, max(self.log.head().index - position, 0), waiting)

    def _position(self) -> int:
        return min(one.stands().position for one in self._all())

    def _all(self) -> deque[Advancing]:
        """The shards that there are, the one to be advanced first."""
        if not self._shards:
            with self.log.transaction() as db:
                stand = state.prepared(db, self.terms, self._manner.suffix, self._many)
            self._shards.extend(
                Advancing(self.log, self.terms, Shard(each.shard, each.shards), self._manner)
                for each in stand
            )
        return self._shards
