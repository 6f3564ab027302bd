"""The address of a PostgreSQL server, and that it is not spoken to in plain text over a network."""

from ipaddress import ip_address
from typing import Final

from psycopg import ProgrammingError, pq
from psycopg.conninfo import conninfo_to_dict

from store.records import LogError

SCHEMES: Final = ("postgresql://", "postgres://")
_SECRETS: Final = ("password", "sslpassword")


def is_address(store: str) -> bool:
    """Whether a store is named by the address of a server, and not by the path of a file."""
    return store.startswith(SCHEMES)


def parsed(address: str, *, insecure: bool = False) -> dict[str, str]:
    """The settings that an address names.

    Raises LogError when it cannot be read, or leads over a network without proof of who answers,
    which `insecure` allows.
    """
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(address).items()}
    except ProgrammingError as error:
        raise LogError(
            "The address of the store cannot be read. It looks like "
            "postgresql://user@host:5432/database; what else may stand in it is told by "
            f"PostgreSQL's page on connection URIs. ({error})".replace(address, "…")
        ) from None
    if not insecure:
        _refuse_plain_text({**_defaults(), **given}, given)
    return given


def public(store: str) -> str:
    """How a store is named to people: by the path of its file, or by its server, without secrets.

    Raises LogError where it is an address that cannot be read.
    """
    return shown(parsed(store, insecure=True)) if is_address(store) else store


def shown(given: dict[str, str]) -> str:
    """Where the settings lead, without secrets."""
    host = given.get("host") or given.get("hostaddr") or "the local server"
    port = f":{given['port']}" if "port" in given else ""
    return f"PostgreSQL at {host}{port}, database {given.get('dbname', '(default)')}"


def _defaults() -> dict[str, str]:
    """What libpq takes from its environment."""
    return {
        option.keyword.decode(): option.val.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar and option.val is not None
    }


def _refuse_plain_text(settings: dict[str, str], given: dict[str, str]) -> None:
    hosts = f"{settings.get('host', '')},{settings.get('hostaddr', '')}".split(",")
    # a service of pg_service.conf may name any host
    far = [host for host in hosts if not _is_near(host)] or (["a service"] * ("service" in given))
    if far and settings.get("sslmode") != "verify-full":
        raise LogError(
            f"The store leads to {far[0]} without proof of who answers there. Add "
            "?sslmode=verify-full&sslrootcert=system to its address (or the path of your "
            "authority's certificate in place of `system`). Only a Unix socket or loopback "
            "may do without; `customs run` and `customs migrate` give that up with --insecure."
        )


def _is_near(host: str) -> bool:
    """Whether bytes for this host stay on this machine."""
    if host in ("", "localhost") or host.startswith(("/", "@")):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
