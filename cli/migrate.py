"""The tables of a store made beforehand, and who may do what with them."""

from typing import Annotated

import typer

from cli import asking, clock, paper
from cli.exits import Exit, Refused
from cli.options import STORE, Store
from cli.run import Insecure
from projections import state
from projections.migration import ROLES, grant, grants
from projections.migration import migrate as made
from projections.migration import restored as brought_back
from store.address import is_address
from store.log import Log

Roles = Annotated[
    str | None,
    typer.Option(
        "--roles", metavar="PREFIX", show_default="rights stay as they are",
        help="On a server, give each process its role and rights: PREFIX_intake and others.",
    ),
]  # fmt: skip
Print = Annotated[
    bool,
    typer.Option(
        "--print", help="Print the SQL of --roles instead, for somebody who may make roles.",
    ),
]  # fmt: skip
Restored = Annotated[
    bool,
    typer.Option(
        "--restored", help="The store was brought back from a copy: positions go out once more.",
    ),
]  # fmt: skip


def migrate(
    *,
    store: Store = STORE,
    roles: Roles = None,
    show: Print = False,
    restored: Restored = False,
    insecure: Insecure = False,
) -> None:
    """Migrate: makes all tables of a store, so that the processes need no right to make any.

    It may be run again at any time, and must be after a new release. With --roles PREFIX each
    process has a role of its own on the server, which may do what the process does and no more.
    With --restored all positions are published once more, as later ones than those that were
    published in the time that was lost.
    """
    if roles and not is_address(store):
        raise Refused(f"{store} is a file, and a file has no roles.", Exit.USAGE)
    with asking.opened(store, create=True, insecure=insecure) as log:
        new = made(log)
        if restored:
            brought_back(log, clock.now())
        if roles:
            _give(log, roles, show=show)
        with log.connection() as db:
            stands = state.found(db)
    paper.say(f"Made {', '.join(new)}." if new else "All tables are there.")
    if stands and (stands.rules, stands.format) != (state.RULES, state.FORMAT):
        paper.say(
            f"The read models were made by release {stands.rules}: `customs rebuild` makes them"
            " anew."
        )


def _give(log: Log, prefix: str, *, show: bool) -> None:
    """Give the roles their rights, or print how."""
    try:
        if not show:
            grant(log, prefix)
            for name, what in ROLES.items():
                paper.say(f"{prefix}_{name} {what}.")
            return
        with log.connection() as db:
            for statement in grants(db, prefix):
                paper.data().print(f"{statement};", soft_wrap=True)
    except ValueError as error:
        raise Refused(str(error), Exit.USAGE) from None
