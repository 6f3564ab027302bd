"""The topics of Kafka, made beforehand."""

import uuid
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from cli.exits import Exit
from schemas.topics import OUT, REPORTS
from tests.cli.conftest import Run


@pytest.fixture
def topic(kafka: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The topic of the only source that is known, which is not there yet."""
    sources, name = tmp_path / "sources.toml", f"port-{uuid.uuid4().hex[:12]}"
    sources.write_text(f'[sources.{name}]\nroles = ["facility"]\n')
    monkeypatch.setenv("CUSTOMS_SOURCES", str(sources))
    monkeypatch.setenv("CUSTOMS_KAFKA__BOOTSTRAP", kafka)
    return REPORTS.of(name)


def test_topics_are_made_once_each_with_its_settings(kafka: str, topic: str, run: Run) -> None:
    first = run("topics")
    assert first.exit_code == Exit.OK, first.stderr
    assert f"{topic} was made." in first.stderr.splitlines()
    wanted = {topic: REPORTS, **{each.name: each for each in OUT}}
    with closing(KafkaAdminClient(bootstrap_servers=kafka)) as admin:
        there = {each["name"]: each for each in admin.describe_topics(list(wanted))}
        asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in wanted]
        told = admin.describe_configs(asked)["topic"]
    for name, each in wanted.items():
        assert len(there[name]["partitions"]) == each.partitions
        assert {key: told[name][key]["value"] for key in each.settings} == each.settings
    second = run("topics")
    assert second.exit_code == Exit.OK
    assert second.stderr.splitlines() == [f"{name} is there." for name in wanted]


def test_what_is_not_as_it_should_be_is_told_and_left(kafka: str, topic: str, run: Run) -> None:
    with closing(KafkaAdminClient(bootstrap_servers=kafka)) as admin:
        admin.create_topics(
            {topic: {"num_partitions": 2, "configs": {"cleanup.policy": "compact"}}},
            wait_for_metadata=True,
        )
    told = run("topics")
    assert told.exit_code == Exit.OK
    assert f"{topic} is there." in told.stderr.splitlines()
    assert "it has 2 partitions, and not 4" in told.stderr
    assert "cleanup.policy is compact, and not delete" in told.stderr


def test_more_copies_than_brokers_are_refused_with_the_reason(topic: str, run: Run) -> None:
    refused = run("topics", "--copies", "1000")
    assert refused.exit_code == Exit.UNREACHABLE
    assert f"{topic} was not made" in refused.stderr


def test_settings_that_cannot_be_used_are_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTOMS_KAFKA__BOOTSTRAP", "nowhere")
    refused = run("topics")
    assert refused.exit_code == Exit.USAGE
    assert "host:port" in refused.stderr
