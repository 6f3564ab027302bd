"""Killing processes at moments that chance chooses, again and again."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from tests.deployed.site import Running, Site

LIFE: Final = 0.6
"""Seconds that a process has at most, once it has got something done."""
YOUNG: Final = 0.25
"""How many of all are killed before they may have, within so many seconds of their start."""
PATIENCE: Final = 20.0
"""Seconds after which one is killed that has got nothing done."""


class Life:
    """One process from its start until it is killed."""

    def __init__(self, running: Running, before: int, chance: Random) -> None:
        self.running, self._before, self._chance = running, before, chance
        self._born = time.monotonic()
        young = chance.random() < YOUNG
        self._ends = self._born + chance.uniform(0, LIFE) if young else None
        self.moved = False

    def is_over(self, stands: int) -> bool:
        """Whether its moment has come; `stands` is how far its work has got."""
        now = time.monotonic()
        self.moved = self.moved or stands != self._before
        if self._ends is None and (self.moved or now - self._born > PATIENCE):
            self._ends = now + self._chance.uniform(0, LIFE)
        return self._ends is not None and now >= self._ends


class Storm:
    """Kills processes, and starts another for each; `work` tells how far each kind has got."""

    def __init__(
        self,
        site: Site,
        work: Mapping[str, Callable[[], int]],
        chance: Random,
    ) -> None:
        self._site, self._work, self._chance = site, work, chance
        self.kills = Counter(dict.fromkeys(work, 0))
        self.at_work = Counter(self.kills)
        """Those kills that struck one that had got something done."""
        self._lives = {kind: self._begin(kind) for kind in work}

    def strike(self) -> bool:
        """Kill those whose moment has come, and start others in their place; whether there were."""
        over = [kind for kind, life in self._lives.items() if life.is_over(self._work[kind]())]
        for kind in over:
            self._lives[kind].running.child.kill()
            self.kills[kind] += 1
            self.at_work[kind] += self._lives[kind].moved
            self._lives[kind] = self._begin(kind)
        return bool(over)

    def calm(self) -> None:
        """Kill those that are left."""
        for life in self._lives.values():
            life.running.child.kill()

    def _begin(self, kind: str) -> Life:
        running = self._site.start(kind, intake__member="intake-1")
        return Life(running, self._work[kind](), self._chance)
