"""The compose file and the image: what can be said of them where no container runs."""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import typer
import yaml
from pydantic import SecretStr

from cli.main import app
from consumers.broker import topics
from consumers.broker.ports import BrokerError
from consumers.configuration import SettingsFault, load
from consumers.settings import KafkaSettings, Settings
from schemas.topics import REPORTS
from tests.servers.child import Child
from tests.servers.kafka import QUICK, READY, class_path, free_ports, java, saying

ROOT: Final = Path(__file__).parents[2]
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
OURS: Final = {name for name, each in SERVICES.items() if "build" in each}
ONCE: Final = {"migrate", "topics", "customs"}
"""Commands that end, and so have no health."""
SECRET: Final = "s3cret"  # noqa: S105
KAFKA: Final[dict[str, Any]] = SERVICES["intake"]["environment"]
DOCKERFILE: Final = (ROOT / "deploy" / "Dockerfile").read_text()


def filled(text: str) -> str:
    """A value as compose fills it in, with every variable that it asks for given."""
    text = re.sub(r"\$\{\w+:\?[^}]+\}", SECRET, text)
    return re.sub(r"\$\{\w+:-([^}]+)\}", r"\1", text)


def test_the_whole_deployed_form_is_there() -> None:
    assert SERVICES.keys() >= {"kafka", "postgres", "migrate", "topics"}
    assert SERVICES.keys() >= {"intake", "publisher", "projector", "alarms"}


@pytest.mark.parametrize("service", sorted(OURS))
def test_a_service_calls_a_command_that_there_is(service: str) -> None:
    command: Any = typer.main.get_command(app)
    words = SERVICES[service]["command"]
    if words == ["--help"]:
        return
    while hasattr(command, "commands"):
        command = command.commands[words[0]]
        words = words[1:]
    command.make_context(service, words)


@pytest.mark.parametrize("service", sorted(OURS))
def test_the_settings_of_a_service_can_be_used(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SERVICES[service]["environment"].items():
        monkeypatch.setenv(name, filled(value))
    (mounted,) = (each for each in SERVICES[service]["volumes"] if "sources.toml" in each)
    monkeypatch.setenv("CUSTOMS_SOURCES", str(ROOT / filled(mounted).partition(":")[0]))
    insecure = "--insecure" in SERVICES[service]["command"]
    load(insecure=insecure)
    if insecure:
        with pytest.raises(SettingsFault, match="--insecure"):
            load()


def scalars(node: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for name, each in node.items():
            yield from scalars(each, f"{path}.{name}")
    elif isinstance(node, list):
        for each in node:
            yield from scalars(each, path)
    else:
        yield path, str(node)


def test_no_password_stands_in_the_file_and_none_has_a_default() -> None:
    secret = [(path, value) for path, value in scalars(COMPOSE) if "PASSWORD" in path]
    assert len(secret) > 3
    for path, value in secret:
        assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), path


def test_images_are_pinned() -> None:
    from_ = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    for image in [each["image"] for each in SERVICES.values()] + from_:
        assert re.search(r":\d+\.\d+(\.\d+)?(-[a-z-]+)?$", image), image


def test_ports_are_heard_on_this_machine_only() -> None:
    ports = [port for each in SERVICES.values() for port in each.get("ports", ())]
    assert ports
    for port in ports:
        assert port.startswith("127.0.0.1:")


def test_what_runs_has_a_health_check_and_is_started_again() -> None:
    for name in SERVICES.keys() - ONCE:
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD", name
        assert SERVICES[name]["restart"] == "unless-stopped", name


def test_data_lies_in_named_volumes() -> None:
    mounted = {volume.partition(":")[0] for each in SERVICES.values() for volume in each["volumes"]}
    assert COMPOSE["volumes"].keys() == {name for name in mounted if name.isalpha()}
    assert COMPOSE["volumes"].keys() >= {"kafka", "postgres"}


def test_our_containers_may_do_nothing_but_run() -> None:
    for name in OURS:
        assert SERVICES[name]["cap_drop"] == ["ALL"], name
        assert SERVICES[name]["read_only"] is True, name


def test_the_image_holds_packages_of_known_hashes_and_runs_as_nobody() -> None:
    installs = re.findall(r"pip install (.*)", DOCKERFILE)
    assert installs
    for line in installs:
        assert "--require-hashes" in line or "--no-index" in line
    assert int(re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)[-1]) > 0


def test_the_image_is_made_of_the_packages_of_the_wheel() -> None:
    let_in = set((ROOT / ".dockerignore").read_text().splitlines())
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert "*" in let_in
    assert {f"!{package}" for package in wheel["targets"]["wheel"]["packages"]} <= let_in


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """The broker of the file, started by its script; where the image is, the tests' packages are.

    The address for programs of this machine.
    """
    programs = {"kafka-storage": "kafka.tools.StorageTool", "kafka-server-start": "kafka.Kafka"}
    (tmp_path / "bin").mkdir()
    for name, program in programs.items():
        script = tmp_path / "bin" / f"{name}.sh"
        called = (
            f'{java()} {" ".join(QUICK)} {saying(tmp_path)} -cp "{class_path()}" {program} "$@"'
        )
        script.write_text(f"#!/bin/sh\nexec {called}\n")
        script.chmod(0o755)
    told = (ROOT / "deploy" / "kafka" / "server.properties").read_text()
    told = told.replace("0.0.0.0", "127.0.0.1").replace("//kafka:", "//127.0.0.1:")  # noqa: S104
    told = told.replace("/var/lib/kafka/data", str(tmp_path / "data"))
    ports = dict(zip(("9092", "9093", "9094", "9095"), free_ports(4), strict=True))
    for meant, port in ports.items():
        told = told.replace(f":{meant}", f":{port}")
    (tmp_path / "server.properties").write_text(told)
    env = {
        **os.environ,
        "CUSTOMS_PASSWORD": SECRET,
        "KAFKA_HOME": str(tmp_path),
        "KAFKA_PROPERTIES": str(tmp_path / "server.properties"),
    }
    with Child([ROOT / "deploy" / "kafka" / "start.sh"], tmp_path / "log", env) as child:
        child.wait_for(READY)
        yield f"127.0.0.1:{ports['9094']}"


def test_the_broker_lets_in_who_knows_the_password_and_nobody_else(broker: str) -> None:
    def settings(password: str) -> Settings:
        return Settings(
            kafka=KafkaSettings(
                bootstrap=broker,
                security=KAFKA["CUSTOMS_KAFKA__SECURITY"],
                user=KAFKA["CUSTOMS_KAFKA__USER"],
                password=SecretStr(password),
            )
        )

    wanted = {"customs.port.reports.v1": REPORTS}
    assert topics.make(settings(SECRET), wanted, 1) == list(wanted)
    with pytest.raises(BrokerError, match="let us in"):
        topics.make(settings("wrong"), wanted, 1)
