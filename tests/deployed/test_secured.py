"""A site whose wire is kept: TLS, passwords, and for each process the rights that it needs."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType
from trustme import CA

from projections import journal
from schemas.topics import OUT, REPORTS
from store.log import Log
from store.opening import open_log
from tests.deployed import checks
from tests.deployed.site import Sender, Site, settle, until
from tests.deployed.test_faults import feed, taken
from tests.servers.kafka import Broker, Security, kafka_server
from tests.servers.postgres import user

USERS: Final = {name: f"canary-of-{name}-4711" for name in ("admin", "intake", "publisher", "port")}
"""Users of Kafka with their passwords."""
ALLOW: Final = ACLPermissionType.ALLOW
READ, WRITE, DESCRIBE = ACLOperation.READ, ACLOperation.WRITE, ACLOperation.DESCRIBE
PORT: Final = REPORTS.of("port")
RIGHTS: Final = (
    ("port", ResourceType.TOPIC, PORT, (WRITE, DESCRIBE)),
    ("intake", ResourceType.TOPIC, PORT, (READ, DESCRIBE)),
    ("intake", ResourceType.GROUP, "customs-tracker.intake", (READ,)),
    *(("publisher", ResourceType.TOPIC, topic.name, (WRITE, DESCRIBE)) for topic in OUT),
)
"""Who may do what with which resource: what docs/kafka.md says, and no more."""


@pytest.fixture
def broker() -> Iterator[Broker]:
    with kafka_server(security=Security(USERS, CA(), acls=True)) as server:
        with closing(KafkaAdminClient(bootstrap_servers=server.inside)) as admin:
            admin.create_acls(
                [
                    ACL(f"User:{user}", "*", right, ALLOW, ResourcePattern(kind, name))
                    for user, kind, name, rights in RIGHTS
                    for right in rights
                ]
            )
        yield server


def login(name: str, folder: Path) -> dict[str, str]:
    """The settings by which a user comes in: the password lies in a file."""
    file = folder / f"{name}.password"
    file.write_text(f"{USERS[name]}\n")
    return {"kafka__user": name, "kafka__password_file": str(file)}


def announced(log: Log) -> bool:
    with log.connection() as db:
        return journal.announced(db) != journal.NEVER


def test_each_process_comes_in_by_its_own_password_and_tells_nobody(
    broker: Broker,
    postgres: str,
    roles: str,
    sources: Callable[..., Path],
    tmp_path: Path,
) -> None:
    logs, secrets = tmp_path / "logs", tmp_path / "secrets"
    logs.mkdir()
    secrets.mkdir()
    tls = {"kafka__security": "SASL_SSL", "kafka__ca_file": str(broker.folder / "authority.pem")}
    site = Site(logs, broker.bootstrap, postgres, sources("port"), tls)
    site.call("migrate", "--roles", roles)
    site.call("topics", **login("admin", secrets))
    port = {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-256",
        "sasl.username": "port",
        "sasl.password": USERS["port"],
        "ssl.ca.location": str(broker.folder / "authority.pem"),
    }
    told: list[str] = []
    with ExitStack() as stack:
        log = stack.enter_context(open_log(postgres, create=False))
        running = [
            stack.enter_context(
                site.start(name, store=user(postgres, f"{roles}_{name}"), **login(known, secrets))
            )
            for name, known in (
                ("intake", "intake"),
                ("publisher", "publisher"),
                ("projector", "intake"),
                ("alarms", "intake"),
            )
        ]
        with closing(Sender(broker.bootstrap, port)) as sender:
            sender.send(feed("port", 0, 200))
        settle(log, sender.sent)
        until(lambda: announced(log), "the alarms say what legal time brings")
        settle(log, sender.sent)
        told += [Path(f"/proc/{each.child.pid}/cmdline").read_text() for each in running]
        told += [repr(each.told()) for each in running]
        # whoever lost the right to come in is told of, and waits
        wrong = secrets / "wrong"
        wrong.write_text(f"{USERS['intake']}0")
        other = stack.enter_context(
            site.start("intake", kafka__user="intake", kafka__password_file=str(wrong))
        )
        until(lambda: "a wrong password shows in no other way" in other.child.said, "it says why")
        assert other.told()["ready"] == 0
        assert [each.stop() for each in (*running, other)] == [0, 0, 0, 0, 0]
        assert taken(log) == sender.sent
        records = checks.dense(log)
        checks.facts_are_published(records, broker.inside)
        checks.verdicts_are_published(log, broker.inside)
        checks.positions_are_published(log, broker.inside)
        site.call("rebuild", store=user(postgres, f"{roles}_owner"))
        assert "debts" in site.call("board", store=user(postgres, f"{roles}_reader"))
    told += [file.read_text() for file in logs.iterdir()]
    assert len(told) > len(running) * 3
    assert not [text for text in told if "canary" in text]
