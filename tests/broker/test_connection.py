"""What goes over the wire, what does not, and what is said when no broker answers."""

import logging
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from consumers.broker import confluent, connection, opening
from consumers.broker.confluent import ConfluentProducer
from consumers.broker.connection import exposed, faults, host_of, is_loopback
from consumers.broker.kafka_python import KafkaPythonConsumer
from consumers.broker.kafka_python_producer import KafkaPythonProducer
from consumers.broker.ports import BrokerError, Outgoing
from consumers.settings import KafkaSettings, Settings

SECRET = "hunter2-and-more"  # noqa: S105


def settings(**changes: Any) -> KafkaSettings:  # noqa: ANN401
    return KafkaSettings(**{"bootstrap": "127.0.0.1:9092", **changes})


def with_password(**changes: Any) -> KafkaSettings:  # noqa: ANN401
    return settings(
        **{"security": "SASL_SSL", "user": "intake", "password": SecretStr(SECRET), **changes}
    )


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine_is_known_by_its_addresses(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["kafka", "127.0.0.1.example", "10.0.0.1", "0.0.0.0", "::"])  # noqa: S104
def test_whatever_else_may_be_another_machine(host: str) -> None:
    assert not is_loopback(host)


def test_the_host_of_an_address_may_hold_colons() -> None:
    assert host_of("[::1]:9092") == "::1"
    assert host_of("kafka:9092") == "kafka"


@pytest.mark.parametrize("security", ["PLAINTEXT", "SASL_PLAINTEXT"])
def test_plain_text_goes_to_no_other_machine(security: str) -> None:
    kafka = with_password(security=security, bootstrap="127.0.0.1:9092,kafka-2:9092")
    (fault,) = faults(kafka, insecure=False)
    assert f"kafka.security is {security}" in fault
    assert "goes to kafka-2:9092. Set it to" in fault
    assert "--insecure" in fault


def test_plain_text_goes_to_this_machine_and_wherever_it_is_said_to_be_right() -> None:
    assert faults(settings(bootstrap="localhost:9092,[::1]:9093"), insecure=False) == []
    assert faults(settings(bootstrap="kafka:9092"), insecure=True) == []
    assert faults(settings(bootstrap="kafka:9092", security="SSL"), insecure=False) == []


def test_a_broker_on_this_machine_may_not_send_us_on_without_encryption() -> None:
    hosts = ["127.0.0.1", "kafka-2"]
    refusal = exposed(settings(), hosts, insecure=False)
    assert "sends us on to kafka-2 without TLS" in str(refusal)
    assert exposed(settings(), hosts, insecure=True) is None
    assert exposed(settings(security="SSL"), hosts, insecure=False) is None
    assert exposed(settings(), ["127.0.0.1"], insecure=False) is None


def test_all_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    kafka = settings(
        security="SASL_SSL",
        password_file=tmp_path / "nothing",
        ca_file=tmp_path / "ca.pem",
        cert_file=Path(__file__),
    )
    user, password, authority, pair = faults(kafka, insecure=False)
    assert "kafka.user says not who logs in" in user
    assert "kafka.password_file cannot be read" in password
    assert f"kafka.ca_file names {tmp_path / 'ca.pem'}, which is no file" in authority
    assert "name both" in pair
    (fault,) = faults(settings(security="SASL_SSL", user="intake"), insecure=False)
    assert "there is no password" in fault


Make = Callable[[KafkaSettings], object]


def _consume(kafka: KafkaSettings) -> object:
    return KafkaPythonConsumer(kafka, "group", ["customs.port.reports.v1"])


def _produce(kafka: KafkaSettings) -> None:
    KafkaPythonProducer(kafka).send([Outgoing("topic", b"key", b"value")])


def _produce_fast(kafka: KafkaSettings) -> None:
    ConfluentProducer(kafka).send([Outgoing("topic", b"key", b"value")])


ANY = pytest.mark.parametrize("make", [_consume, _produce, _produce_fast])


@ANY
def test_no_client_connects_without_encryption_to_another_machine(make: Make) -> None:
    with pytest.raises(BrokerError, match="everybody on the way could read"):
        make(settings(bootstrap="kafka.example:9092"))


@pytest.fixture
def turning_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that lets nobody in, and nobody waits for long."""
    monkeypatch.setattr(connection, "BOOTSTRAP_SECONDS", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@ANY
def test_a_failed_connection_says_what_was_tried_and_what_to_check(
    make: Make, turning_away: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kafka = with_password(bootstrap=turning_away, security="SASL_PLAINTEXT")
    with pytest.raises(BrokerError) as raised:
        make(kafka)
    said = str(raised.value)
    assert f"No broker of {turning_away} let us in" in said
    assert "log in as intake with SCRAM-SHA-512" in said
    assert "a wrong password shows in no other way" in said
    assert SECRET not in said
    assert SECRET not in repr(kafka)
    assert SECRET not in caplog.text


def test_a_server_that_is_not_there_is_told_of_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BOOTSTRAP_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = f"127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(BrokerError, match=r"Last heard: .*ECONNREFUSED"):
        _consume(settings(bootstrap=free))


def test_the_password_is_read_when_it_is_needed(tmp_path: Path) -> None:
    file = tmp_path / "password"
    kafka = settings(security="SASL_SSL", user="intake", password_file=file)
    for password in ("first", "second"):
        file.write_text(f"{password}\n")
        assert connection.python_arguments(kafka)["sasl_plain_password"] == password
        assert connection.librdkafka_arguments(kafka)["sasl.password"] == password


def test_certificates_are_named_to_both_libraries(tmp_path: Path) -> None:
    kafka = settings(security="SSL", ca_file=tmp_path / "ca.pem")
    assert connection.python_arguments(kafka)["ssl_cafile"] == str(tmp_path / "ca.pem")
    assert connection.librdkafka_arguments(kafka)["ssl.ca.location"] == str(tmp_path / "ca.pem")


def test_the_library_that_writes_is_chosen_by_the_settings() -> None:
    assert isinstance(opening.producer(Settings()), KafkaPythonProducer)
    fast = Settings(kafka=settings(client="confluent-kafka"))
    assert isinstance(opening.producer(fast), ConfluentProducer)


def test_a_library_that_is_not_installed_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confluent, "INSTALLED", False)
    with pytest.raises(BrokerError, match="install customs-tracker with the extra"):
        opening.producer(Settings(kafka=settings(client="confluent-kafka")))
