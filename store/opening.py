"""Opening a store by its name: the path of a file, or the address of a server."""

from pathlib import Path

from store.address import is_address
from store.log import Log
from store.postgres import PostgresLog
from store.sqlite import SqliteLog


def open_log(store: str | Path, create: bool = True) -> Log:
    """The log of a store; raises what `SqliteLog` and `PostgresLog` raise."""
    if isinstance(store, str) and is_address(store):
        return PostgresLog(store, create)
    return SqliteLog(store, create)
