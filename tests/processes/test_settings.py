"""Settings: where they come from, and that all that is wrong with them is told at once."""

import os
from pathlib import Path
from typing import Any

import pytest

from consumers.configuration import SettingsFault, load
from consumers.settings import DELIMITER, PREFIX, KafkaSettings, Settings, known

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
HIDDEN = "canary-7f3a"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "customs.toml"
    file.write_text(text)
    return file


def faults(config: Path | None = None, *, insecure: bool = False) -> dict[str, str]:
    """What is wrong with which setting."""
    with pytest.raises(SettingsFault) as raised:
        load(config, insecure=insecure)
    return {".".join(each.setting): each.what for each in raised.value.faults}


def test_without_anything_said_the_defaults_hold() -> None:
    settings = load()
    assert settings == Settings()
    assert (settings.store, settings.insecure) == ("customs.sqlite", False)
    assert settings.kafka.servers == ["127.0.0.1:9092"]


def test_the_environment_wins_over_the_file_key_by_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, '[kafka]\nbootstrap = "localhost:1"\n[intake]\nbatch = 7\n')
    monkeypatch.setenv("CUSTOMS_KAFKA__BOOTSTRAP", "localhost:2, [::1]:3")
    settings = load(file)
    assert settings.kafka.servers == ["localhost:2", "[::1]:3"]
    assert settings.intake.batch == 7


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTOMS_KAFKA__USER", "")
    assert load() == Settings()


def test_all_that_is_wrong_is_told_at_once_with_both_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(
        tmp_path,
        'stroe = "x"\n'
        '[kafka]\nsecurity = "SASL_SSL"\nbootstrap = "kafka"\npasword = "x"\n'
        '[alarms]\nevery = "never"\n',
    )
    monkeypatch.setenv("CUSTOMS_HEALTH__PORT", "99999")
    monkeypatch.setenv("CUSTOMS_INTAKE__GROUPS", "x")
    monkeypatch.setenv("CUSTOMS_COLOUR", "x")
    monkeypatch.setenv("CUSTOMS_SOURCES", str(tmp_path / "none.toml"))
    with pytest.raises(SettingsFault) as raised:
        load(file)
    words = str(raised.value)
    assert words.startswith("10 settings cannot be used\n")
    told = {".".join(each.setting) for each in raised.value.faults}
    assert told == {
        *("stroe", "colour", "sources", "alarms.every", "health.port", "intake.groups"),
        *("kafka.bootstrap", "kafka.pasword", "kafka.user", "kafka.password_file"),
    }
    for each in told:
        variable = PREFIX + each.replace(".", DELIMITER).upper()
        assert f"{each} in {file}, or {variable}: " in words


@pytest.mark.parametrize(
    ("name", "meant"),
    [("CUSTOMS_STROE", "CUSTOMS_STORE"), ("CUSTOMS_KAFKA__PASWORD", "CUSTOMS_KAFKA__PASSWORD")],
)
def test_a_misspelt_name_is_refused_with_the_one_that_was_meant(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    monkeypatch.setenv(name, HIDDEN)
    (what,) = faults().values()
    assert f"was {meant} or " in what
    assert HIDDEN not in what


def test_a_table_is_set_key_by_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTOMS_KAFKA", '{"bootstrap": "localhost:1"}')
    assert "set each of its keys, such as CUSTOMS_KAFKA__BOOTSTRAP" in faults()["kafka"]


def test_insecurity_is_said_on_the_command_line_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"insecure": "it is no setting: say --insecure on the command line"}
    assert faults(written(tmp_path, "insecure = true\n")) == said
    monkeypatch.setenv("CUSTOMS_INSECURE", "1")
    assert faults() == said


@pytest.mark.parametrize("text", ["[kafka", None, 'kafka = "here"\n'])
def test_a_file_that_is_no_settings_is_refused(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "customs.toml" if text is None else written(tmp_path, text)
    (what,) = faults(file).values()
    assert str(file) in what or "dictionary" in what


@pytest.mark.parametrize("security", ["PLAINTEXT", "SASL_PLAINTEXT"])
@pytest.mark.parametrize("far", ["kafka-1:9092", "127.0.0.1:9092,10.0.0.7:9092", "[::2]:9092"])
def test_plain_text_leaves_the_machine_only_where_insecure_is_said(
    monkeypatch: pytest.MonkeyPatch, security: str, far: str
) -> None:
    monkeypatch.setenv("CUSTOMS_KAFKA__BOOTSTRAP", far)
    monkeypatch.setenv("CUSTOMS_KAFKA__SECURITY", security)
    if security.startswith("SASL"):
        monkeypatch.setenv("CUSTOMS_KAFKA__USER", "u")
        monkeypatch.setenv("CUSTOMS_KAFKA__PASSWORD", HIDDEN)
    safe = {"PLAINTEXT": "SSL", "SASL_PLAINTEXT": "SASL_SSL"}[security]
    assert f"write {safe}, or say --insecure" in faults()["kafka.security"]
    assert load(insecure=True).insecure


@pytest.mark.parametrize("near", ["127.0.0.1:9092", "localhost:9092", "[::1]:9092"])
def test_plain_text_may_stay_on_the_machine(monkeypatch: pytest.MonkeyPatch, near: str) -> None:
    monkeypatch.setenv("CUSTOMS_KAFKA__BOOTSTRAP", near)
    assert not load().insecure


def test_a_store_over_a_network_without_tls_is_told_among_the_other_faults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CUSTOMS_STORE", f"postgresql://u:{HIDDEN}@far/customs")
    monkeypatch.setenv("CUSTOMS_ALARMS__EVERY", "0")
    told = faults()
    assert told.keys() == {"store", "alarms.every"}
    assert "sslmode=verify-full" in told["store"]
    assert HIDDEN not in str(told)


@pytest.mark.parametrize(
    ("kafka", "at_fault"),
    [
        ({"user": "u"}, "kafka.security"),
        ({"ca_file": "pyproject.toml"}, "kafka.security"),
        ({"security": "SASL_SSL", "password": "p"}, "kafka.user"),
        ({"security": "SASL_SSL", "user": "u"}, "kafka.password_file"),
        ({"security": "SSL", "ca_file": "/none/ca.pem"}, "kafka.ca_file"),
        ({"security": "SSL", "key_file": "pyproject.toml"}, "kafka.cert_file"),
        (
            {"security": "SASL_SSL", "user": "u", "password": "p", "password_file": "README.md"},
            "kafka.password",
        ),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    monkeypatch: pytest.MonkeyPatch, kafka: dict[str, str], at_fault: str
) -> None:
    monkeypatch.chdir(OPERATIONS.parents[1])
    for name, value in kafka.items():
        monkeypatch.setenv(f"CUSTOMS_KAFKA__{name.upper()}", value)
    assert list(faults()) == [at_fault]


def test_what_rests_on_a_setting_that_is_wrong_is_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CUSTOMS_KAFKA__BOOTSTRAP", "far:9092")
    monkeypatch.setenv("CUSTOMS_KAFKA__SECURITY", "TLS")
    assert list(faults()) == ["kafka.security"]


def test_a_client_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTOMS_KAFKA__CLIENT", "confluent-kafka")
    monkeypatch.setattr("consumers.configuration.find_spec", lambda _: None)
    assert "pip install 'customs-tracker[librdkafka]'" in faults()["kafka.client"]


def test_no_secret_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTOMS_STORE", f"postgresql://u:{HIDDEN}@localhost/customs")
    monkeypatch.setenv("CUSTOMS_KAFKA__SECURITY", "SASL_SSL")
    monkeypatch.setenv("CUSTOMS_KAFKA__USER", "u")
    monkeypatch.setenv("CUSTOMS_KAFKA__PASSWORD", HIDDEN)
    settings = load()
    assert settings.kafka.secret() == HIDDEN
    assert HIDDEN not in f"{settings!r} {settings}"

    monkeypatch.setenv("CUSTOMS_KAFKA__PASSWORD_FILE", str(tmp_path / "none"))
    with pytest.raises(SettingsFault) as raised:
        load()
    assert HIDDEN not in str(raised.value)


def test_a_password_in_a_file_is_read_anew_each_time(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("old\n")
    kafka = KafkaSettings(security="SASL_SSL", user="u", password_file=file)
    assert kafka.secret() == "old"
    file.write_text("new\n")
    assert kafka.secret() == "new"


def test_the_page_on_operating_lists_every_setting() -> None:
    page = OPERATIONS.read_text()
    start = page.index("| setting | default | meaning |\n|---|---|---|\n")
    rows = page[start : page.index("\n\n", start)].splitlines()[2:]
    assert rows == [_row(".".join(path), field) for path, field in known().items()]


def _row(name: str, field: Any) -> str:  # noqa: ANN401  (a field of pydantic)
    default = field.default
    shown = "" if default is None else f"{default:g}" if isinstance(default, float) else default
    return f"| `{name}` | {f'`{shown}`' if shown != '' else ''} | {field.description} |"
