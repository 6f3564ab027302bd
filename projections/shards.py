"""Which movements a shard of the read models holds: those whose names hash into it."""

from typing import Final, NamedTuple
from zlib import crc32


class Shard(NamedTuple):
    """One of so many shards. It reads the whole log and writes only what bears a name of its own,
    so that shards stand where they stand, whoever advances them.
    """

    number: int
    of: int

    @property
    def whole(self) -> bool:
        """Whether there is no other."""
        return self.of == 1

    def holds(self, movement: str) -> bool:
        """Whether rows under this name are written here."""
        return self.whole or crc32(movement.encode()) % self.of == self.number


WHOLE: Final = Shard(0, 1)
