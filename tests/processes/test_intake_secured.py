"""The intake with a Kafka that asks who comes, and gives each right by itself."""

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from kafka import KafkaAdminClient
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType

from consumers.broker.kafka_python_producer import KafkaPythonProducer
from consumers.broker.ports import BrokerError, Outgoing, Place
from consumers.entitlement import Source, Sources
from consumers.processes.intake import KafkaIntake, kafka_intake
from consumers.settings import KafkaSettings, Settings
from domain.facts.values import Role
from store.sqlite import SqliteLog
from tests.broker.making import Topics, until, write
from tests.processes.test_intake import report
from tests.servers.kafka import Broker, Security, kafka_server

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCES = Sources(Source(name, frozenset(Role)) for name in ("port", "depot"))
PORT, DEPOT = (Place(f"customs.{name}.reports.v1", 0) for name in SOURCES)
USERS = {"admin": "admin-secret", "intake": "intake-secret"}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def broker(authority: trustme.CA) -> Iterator[Broker]:
    """A broker with TLS, SCRAM and rights: the intake may read the topic of the port."""
    with kafka_server(security=Security(USERS, authority, acls=True)) as server:
        with closing(Topics(server.inside)) as topics:
            for place in (PORT, DEPOT):
                topics.make(place.topic)
        write(server.inside, PORT, [report("port", 1), report("port", 2)])
        with closing(KafkaAdminClient(bootstrap_servers=server.inside)) as admin:
            admin.create_acls(
                [
                    ACL(
                        principal="User:intake",
                        host="*",
                        operation=ACLOperation.READ,
                        permission_type=ACLPermissionType.ALLOW,
                        resource_pattern=ResourcePattern(kind, name),
                    )
                    for kind, name in (
                        (ResourceType.TOPIC, PORT.topic),
                        (ResourceType.GROUP, "customs-tracker.intake"),
                    )
                ]
            )
        yield server


@pytest.fixture
def kafka(broker: Broker, authority: trustme.CA, tmp_path: Path) -> KafkaSettings:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    (tmp_path / "password").write_text(USERS["intake"])
    return KafkaSettings(
        bootstrap=broker.bootstrap,
        security="SASL_SSL",
        mechanism="SCRAM-SHA-512",
        user="intake",
        password_file=tmp_path / "password",
        ca_file=tmp_path / "ca.pem",
    )


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    with SqliteLog(tmp_path / "log.db") as opened:
        yield opened


def intake(kafka: KafkaSettings, log: SqliteLog) -> KafkaIntake:
    return kafka_intake(Settings(kafka=kafka), log, SOURCES, lambda: NOW)


def test_what_may_be_read_is_read_and_what_may_not_is_told_of(
    kafka: KafkaSettings, log: SqliteLog
) -> None:
    with closing(intake(kafka, log)) as taking:
        until(lambda: taking.step() and taking.progress().position == 2, "both are taken")
        (incident,) = taking.progress().incidents
    assert f"{DEPOT.topic} may not be read: grant READ" in incident


def test_a_wrong_password_is_told_of_until_it_is_right(
    kafka: KafkaSettings, log: SqliteLog, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("guessed")
    with closing(intake(kafka, log)) as taking:
        with pytest.raises(BrokerError) as raised:
            taking.step()
        said = str(raised.value)
        assert f"No broker of {kafka.bootstrap} let us in" in said
        assert "log in as intake with SCRAM-SHA-512" in said
        assert "a wrong password shows in no other way" in said
        assert "guessed" not in said
        (tmp_path / "password").write_text(USERS["intake"])
        until(lambda: taking.step() and taking.progress().position == 2, "both are taken")


def test_a_group_that_may_not_be_used_is_told_of(kafka: KafkaSettings, log: SqliteLog) -> None:
    settings = Settings(kafka=kafka)
    settings = settings.model_copy(
        update={"intake": settings.intake.model_copy(update={"group": "another"})}
    )
    words = "may not use the consumer group another: grant READ"
    with closing(kafka_intake(settings, log, SOURCES, lambda: NOW)) as taking:  # noqa: SIM117
        with pytest.raises(BrokerError, match=words):
            until(taking.step, "never")


def test_another_authority_is_not_trusted(kafka: KafkaSettings, log: SqliteLog) -> None:
    assert kafka.ca_file
    trustme.CA().cert_pem.write_to_path(str(kafka.ca_file))
    with closing(intake(kafka, log)) as taking:  # noqa: SIM117  (what fails is the step alone)
        with pytest.raises(BrokerError, match=r"certificates and kafka\.ca_file"):
            taking.step()


def test_new_certificates_are_taken_up_by_whoever_is_connected(
    log: SqliteLog, tmp_path: Path
) -> None:
    first, second, trusted = trustme.CA(), trustme.CA(), tmp_path / "ca.pem"
    first.cert_pem.write_to_path(str(trusted))
    with kafka_server(security=Security({}, first)) as server:
        with closing(Topics(server.inside)) as topics:
            topics.make(PORT.topic)
        kafka = KafkaSettings(bootstrap=server.bootstrap, security="SSL", ca_file=trusted)
        taking, producer = intake(kafka, log), KafkaPythonProducer(kafka)
        with closing(taking), closing(producer):
            _write(producer, Outgoing(PORT.topic, b"key", report("port", 1)))
            until(lambda: _taken(taking) == 1, "the first is taken")
            server.stop()
            server.certify(second)
            server.start()
            other = KafkaPythonProducer(kafka)
            with (
                closing(other),
                pytest.raises(BrokerError, match=r"certificates and kafka\.ca_file"),
            ):
                _write(other, Outgoing(PORT.topic, b"key", report("port", 2)))
            second.cert_pem.write_to_path(str(trusted))
            _write(producer, Outgoing(PORT.topic, b"key", report("port", 2)))
            until(lambda: _taken(taking) == 2, "the second is taken")


def _taken(taking: KafkaIntake) -> int:
    """How far the intake has come with another step, be the broker there or not."""
    with suppress(BrokerError):
        taking.step()
    return taking.progress().position


def test_a_topic_that_may_not_be_written_to_is_told_of(kafka: KafkaSettings) -> None:
    producer = KafkaPythonProducer(kafka)
    with closing(producer), pytest.raises(BrokerError, match="AuthorizationFailedError"):
        _write(producer, Outgoing(PORT.topic, b"key", b"value"))


def _write(producer: KafkaPythonProducer, record: Outgoing) -> None:
    producer.send([record])
    producer.settle()
