"""Opening a store by its name: the path of a file, or the address of a server."""

from pathlib import Path

from store.address import is_address
from store.log import Log
from store.postgres import PostgresLog
from store.sqlite import SqliteLog


def open_log(store: str | Path, create: bool = True, *, insecure: bool = False) -> Log:
    """The log of a store; raises what `SqliteLog` and `PostgresLog` raise.

    `insecure` lets bytes for a server travel over a network without proof of who answers.
    """
    if isinstance(store, str) and is_address(store):
        return PostgresLog(store, create, insecure=insecure)
    return SqliteLog(store, create)
