"""The topics of Kafka, made beforehand."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from cli.exits import Exit
from schemas.topics import OUT, REPORTS
from tests.cli.conftest import Run
from tests.servers.kafka import kafka_server


@pytest.fixture(scope="module")
def empty() -> Iterator[str]:
    """A broker without topics: these have names that are no test's own."""
    with kafka_server() as server:
        yield server.bootstrap


def test_topics_are_made_once_each_with_its_settings(
    empty: str, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text('[sources.port]\nroles = ["facility"]\n[sources.ncts]\nroles = ["customs"]')
    monkeypatch.setenv("CUSTOMS_SOURCES", str(sources))
    monkeypatch.setenv("CUSTOMS_KAFKA__BOOTSTRAP", empty)
    wanted = {REPORTS.of("port"): REPORTS, REPORTS.of("ncts"): REPORTS}
    wanted |= {topic.name: topic for topic in OUT}
    first = run("topics")
    assert first.exit_code == Exit.OK, first.stderr
    assert first.stderr.splitlines() == [f"{name} was made." for name in wanted]
    with closing(KafkaAdminClient(bootstrap_servers=empty)) as admin:
        there = {each["name"]: each for each in admin.describe_topics(list(wanted))}
        asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in wanted]
        told = admin.describe_configs(asked)["topic"]
    for name, topic in wanted.items():
        assert len(there[name]["partitions"]) == topic.partitions
        assert {key: told[name][key]["value"] for key in topic.settings} == topic.settings
    second = run("topics")
    assert second.exit_code == Exit.OK
    assert second.stderr.splitlines() == [f"{name} is there." for name in wanted]


def test_more_copies_than_brokers_are_refused_with_the_reason(
    empty: str, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text('[sources.airport]\nroles = ["facility"]\n')
    monkeypatch.setenv("CUSTOMS_SOURCES", str(sources))
    monkeypatch.setenv("CUSTOMS_KAFKA__BOOTSTRAP", empty)
    refused = run("topics", "--copies", "3")
    assert refused.exit_code == Exit.UNREACHABLE
    assert "customs.airport.reports.v1" in refused.stderr


def test_settings_that_cannot_be_used_are_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTOMS_KAFKA__BOOTSTRAP", "nowhere")
    refused = run("topics")
    assert refused.exit_code == Exit.USAGE
    assert "host:port" in refused.stderr
