"""Connecting to Kafka: what may go over the wire, and what to say when no broker answers.

kafka-python tries to bootstrap until its time is over, whatever the cause: a wrong password looks
like a server that is down. So the message names all that may be wrong.
"""

import logging
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Final, NamedTuple

from consumers.broker.ports import BrokerError
from consumers.settings import KafkaSettings

BOOTSTRAP_SECONDS: Final = 3.0
"""How long to try to connect before saying that it failed."""
TOPIC_SECONDS: Final = 3.0
"""How long to wait for a topic to be there before saying that it is not."""
REQUEST_BYTES: Final = 4 << 20
"""What one request may hold: more than the largest fact with its headers."""
LONGEST_PAUSE_MS: Final = 1000
"""How long a client waits at most, before it tries again to connect to a broker."""
CLIENT_ID: Final = "customs-tracker"

# kafka-python logs each of its attempts, and at DEBUG a request to log in whole: what matters of
# it is told by our errors
logging.getLogger("kafka").propagate = False


def faults(kafka: KafkaSettings, *, insecure: bool) -> list[str]:
    """What speaks against connecting so, each with what to do; nothing is tried."""
    return [*_wire(kafka, insecure), *_credentials(kafka), *_certificates(kafka)]


def _wire(kafka: KafkaSettings, insecure: bool) -> list[str]:
    """Off this machine everything goes through TLS."""
    if insecure or kafka.security.endswith("SSL"):
        return []
    far = [server for server in kafka.servers if not is_loopback(host_of(server))]
    better = "SASL_SSL" if kafka.security.startswith("SASL") else "SSL"
    sentence = (
        f"kafka.security is {kafka.security}, so that everybody on the way could read and change"
        f" what goes to {', '.join(far)}. Set it to {better}, or say --insecure where the network"
        " itself is trusted."
    )
    return [sentence] if far else []


def _credentials(kafka: KafkaSettings) -> list[str]:
    if not kafka.security.startswith("SASL"):
        return []
    found = []
    if not kafka.user:
        found.append(f"kafka.security is {kafka.security}, and kafka.user says not who logs in.")
    try:
        if not kafka.secret():
            found.append(
                f"kafka.security is {kafka.security}, and there is no password: put it into a file"
                " and name that in kafka.password_file."
            )
    except (OSError, UnicodeDecodeError) as error:
        found.append(f"kafka.password_file cannot be read: {error}.")
    return found


def _certificates(kafka: KafkaSettings) -> list[str]:
    named = {"ca_file": kafka.ca_file, "cert_file": kafka.cert_file, "key_file": kafka.key_file}
    found = [
        f"kafka.{name} names {path}, which is no file."
        for name, path in named.items()
        if path and not path.is_file()
    ]
    if bool(kafka.cert_file) != bool(kafka.key_file):
        found.append("kafka.cert_file and kafka.key_file are one without the other: name both.")
    return found


def host_of(server: str) -> str:
    """The host of `host:port`; that of `[::1]:9092` is `::1`."""
    return server.rpartition(":")[0].strip("[]")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine for certain; a name other than localhost may be any."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check(kafka: KafkaSettings, *, insecure: bool) -> None:
    """Raises BrokerError where `faults` finds any."""
    if found := faults(kafka, insecure=insecure):
        raise BrokerError(" ".join(found))


def no_topic(topic: str, why: str) -> BrokerError:
    """That a topic cannot be written to."""
    return BrokerError(
        f"The topic {topic} is not there, or may not be written to ({why}): `customs topics` makes"
        " it, or grant WRITE on it."
    )


def unreachable(kafka: KafkaSettings, cause: object = None) -> BrokerError:
    """No broker answered, or none let us in."""
    tried = [f"connect by {kafka.security}"]
    may = ["that the servers run", "their addresses"]
    if kafka.security.endswith("SSL"):
        tried.append(f"trust {kafka.ca_file or 'the authorities of this system'}")
        may.append("their certificates and kafka.ca_file")
    if kafka.security.startswith("SASL"):
        tried.append(f"log in as {kafka.user} with {kafka.mechanism}")
        may.append("user, password and mechanism (a wrong password shows in no other way)")
    heard = f" Last heard: {cause}." if cause else ""
    return BrokerError(
        f"No broker of {', '.join(kafka.servers)} let us in. Tried to {', '.join(tried)}.{heard}"
        f" Check {', '.join(may)}."
    )


def exposed(kafka: KafkaSettings, hosts: list[str], *, insecure: bool) -> BrokerError | None:
    """Why not to go on to the brokers that the first one named, or `None` where nothing is wrong.

    Who asks on this machine may be sent to another one.
    """
    if insecure or kafka.security.endswith("SSL"):
        return None
    far = sorted(host for host in hosts if not is_loopback(host))
    if not far:
        return None
    return BrokerError(
        f"{', '.join(kafka.servers)} sends us on to {', '.join(far)} without TLS. Set"
        " kafka.security to a protocol with TLS, or say --insecure where the network itself is"
        " trusted."
    )


class _Names(NamedTuple):
    """What a client calls the settings that every client has."""

    client: str
    security: str
    longest_pause: str
    make_topics: str
    files: Mapping[str, str]
    credentials: tuple[str, str, str]


_PYTHON: Final = _Names(
    "client_id",
    "security_protocol",
    "reconnect_backoff_max_ms",
    "allow_auto_create_topics",
    {"ca_file": "ssl_cafile", "cert_file": "ssl_certfile", "key_file": "ssl_keyfile"},
    ("sasl_mechanism", "sasl_plain_username", "sasl_plain_password"),
)
_LIBRDKAFKA: Final = _Names(
    "client.id",
    "security.protocol",
    "reconnect.backoff.max.ms",
    "allow.auto.create.topics",
    {
        "ca_file": "ssl.ca.location",
        "cert_file": "ssl.certificate.location",
        "key_file": "ssl.key.location",
    },
    ("sasl.mechanism", "sasl.username", "sasl.password"),
)


def python_arguments(kafka: KafkaSettings) -> dict[str, Any]:
    """How kafka-python connects; holds the password, so show it nowhere."""
    return _arguments(kafka, _PYTHON) | {
        "bootstrap_servers": kafka.servers,
        "bootstrap_timeout_ms": round(BOOTSTRAP_SECONDS * 1000),
        "metrics_enabled": False,
    }


def librdkafka_arguments(kafka: KafkaSettings) -> dict[str, Any]:
    """How librdkafka connects; holds the password, so show it nowhere."""
    return _arguments(kafka, _LIBRDKAFKA) | {"bootstrap.servers": ",".join(kafka.servers)}


def _arguments(kafka: KafkaSettings, names: _Names) -> dict[str, Any]:
    given: dict[str, Any] = {
        names.client: CLIENT_ID,
        names.security: kafka.security,
        names.longest_pause: LONGEST_PAUSE_MS,
        names.make_topics: False,
    }
    if kafka.security.endswith("SSL"):
        files = {name: getattr(kafka, ours) for ours, name in names.files.items()}
        given |= {name: str(path) for name, path in files.items() if path}
    if kafka.security.startswith("SASL"):
        known = (kafka.mechanism, kafka.user, kafka.secret())
        given |= zip(names.credentials, known, strict=True)
    return given
