"""A cache that forgets what was used longest ago."""

from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class Kept(Generic[V]):
    """The latest used values, as many as their sizes allow together; the newest always stays."""

    def __init__(self, room: int) -> None:
        self._room, self._used = room, 0
        self._values: OrderedDict[str, tuple[V, int]] = OrderedDict()

    def get(self, key: str) -> V | None:
        """The value of a key, used just now."""
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: str, value: V, size: int = 1) -> None:
        """Keep a value; what was used longest ago makes room for it."""
        self.drop(key)
        self._values[key] = (value, size)
        self._used += size
        while self._used > self._room and len(self._values) > 1:
            _, (_, less) = self._values.popitem(last=False)
            self._used -= less

    def drop(self, key: str) -> None:
        """Forget a value, where there is one."""
        _, size = self._values.pop(key, (None, 0))
        self._used -= size
