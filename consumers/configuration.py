"""Reading the settings: all that is wrong with them is told at once, with what to do."""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource, SettingsError, TomlConfigSettingsSource

from consumers.broker.connection import host_of, is_loopback
from consumers.entitlement import Sources, SourcesFault
from consumers.settings import DELIMITER, PREFIX, TABLES, KafkaSettings, Settings, known
from store.address import is_address, parsed
from store.records import LogError

SetPath = tuple[str, ...]
Gathered = dict[str, Any]
ELSEWHERE: Final = re.compile("CUSTOMS_(CONFIG|TODAY|TEST_.*)")
"""Variables that are no settings: they name the file, pin the clock, serve the tests."""
SECRETS: Final = (("store",), ("kafka", "password"))


class Fault(NamedTuple):
    """What is wrong with a setting; `rests_on` are others that the sentence depends on."""

    setting: SetPath
    what: str
    rests_on: tuple[SetPath, ...] = ()


class SettingsFault(ValueError):
    """Settings that cannot be used: each with its names and what to write."""

    def __init__(self, faults: Iterable[Fault], config: Path | None) -> None:
        self.faults = tuple(faults)
        lines = "\n".join(f"  {_names(each.setting, config)}: {each.what}" for each in self.faults)
        many = len(self.faults)
        super().__init__(f"{many} setting{'s'[: many != 1]} cannot be used\n{lines}")


def load(config: Path | None = None, *, insecure: bool = False) -> Settings:
    """The settings of the environment and of a TOML file; raises `SettingsFault` with all faults.

    `insecure` lets bytes for other machines travel in plain text.
    """
    gathered, faults = _gathered(config)
    if "insecure" in gathered:
        del gathered["insecure"]
        faults.append(Fault(("insecure",), "it is no setting: say --insecure on the command line"))
    settings, wrong = _validated(gathered)
    faults += wrong
    settings = settings.model_copy(update={"insecure": insecure})
    doubtful = {each.setting for each in faults}
    for each in _checked(settings):
        if doubtful.isdisjoint((each.setting, *each.rests_on, ())):
            faults.append(each)
    if faults:
        raise SettingsFault(faults, config)
    return settings


def _gathered(config: Path | None) -> tuple[Gathered, list[Fault]]:
    """What stands in the file, and over it what the environment says."""
    gathered: Gathered = {}
    faults = list(_unknown_variables())
    if config:
        try:
            gathered = _readable(TomlConfigSettingsSource(Settings, config).toml_data, config)
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(Fault((), f"the file {config} cannot be read as TOML in UTF-8: {error}"))
    try:
        told = EnvSettingsSource(Settings)()
    except SettingsError as error:
        faults.append(Fault((), f"the environment cannot be read: {error}. {_WHOLE}"))
        return gathered, faults
    for name, value in told.items():
        under: object = gathered.get(name)
        if isinstance(value, dict) and isinstance(under, dict):
            gathered[name] = under | value
        else:
            gathered[name] = value
    return gathered, faults


def _readable(told: Gathered, config: Path) -> Gathered:
    """What the file says; the source passes over one that is missing."""
    if not config.is_file():
        raise FileNotFoundError(f"there is no such file: {config}")
    return dict(told)


def _unknown_variables() -> Iterator[Fault]:
    """Variables that begin like ours and name nothing; those within a table are seen later."""
    for name in sorted(os.environ):
        first, *inner = name.removeprefix(PREFIX).lower().split(DELIMITER)
        if not name.startswith(PREFIX) or ELSEWHERE.fullmatch(name):
            continue
        if first in TABLES and not inner:
            yield Fault((first,), _WHOLE)
        elif first not in TABLES and (first, *inner) not in (*known(), ("insecure",)):
            yield Fault((first, *inner), _no_such((first, *inner)))


def _validated(gathered: Gathered) -> tuple[Settings, list[Fault]]:
    """The settings, with the default in place of each that is wrong."""
    faults: list[Fault] = []
    while True:
        try:
            return Settings(**gathered), faults
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                where = tuple(str(part) for part in detail["loc"][:2])
                faults.append(Fault(where, _sentence(where, detail)))
                _drop(gathered, where)


def _drop(gathered: Gathered, where: SetPath) -> None:
    *tables, name = where
    for table in tables:
        gathered[table] = gathered = dict(gathered[table])
    gathered.pop(name, None)


def _sentence(where: SetPath, detail: ErrorDetails) -> str:
    if detail["type"] == "extra_forbidden":
        return _no_such(where)
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    told = detail["input"]
    shown = where not in SECRETS and isinstance(told, str | int | float)
    return f"{message} (it says {told!r})" if shown else message


def _no_such(where: SetPath) -> str:
    spelled = {".".join(path): path for path in known()}
    near = get_close_matches(".".join(where), spelled, 1)
    meant = f": was {' or '.join(_spellings(spelled[near[0]]))} meant?" if near else ""
    return f"there is no such setting{meant or '; take it out'}"


def _checked(settings: Settings) -> Iterator[Fault]:
    """What the values together, or the files that they name, make impossible."""
    yield from _kafka(settings.kafka, insecure=settings.insecure)
    try:
        if is_address(settings.store):
            parsed(settings.store, insecure=settings.insecure)
    except LogError as error:
        yield Fault(("store",), str(error))
    try:
        if settings.sources:
            Sources.load(settings.sources)
    except (OSError, SourcesFault) as error:
        yield Fault(("sources",), str(error))


def _kafka(kafka: KafkaSettings, *, insecure: bool) -> Iterator[Fault]:
    yield from _wire(kafka, insecure=insecure)
    yield from _log_in(kafka)
    for name in ("ca_file", "cert_file", "key_file", "password_file"):
        file: Path | None = getattr(kafka, name)
        if file and not (file.is_file() and os.access(file, os.R_OK)):
            yield Fault(("kafka", name), f"there is no file {file} that can be read")
    if kafka.key_file and not kafka.cert_file:
        yield Fault(_CERT, "name the certificate that belongs to the key_file")
    if kafka.client == "confluent-kafka" and find_spec("confluent_kafka") is None:
        what = "it is not installed: pip install 'customs-tracker[librdkafka]', or kafka-python"
        yield Fault(("kafka", "client"), what)


def _wire(kafka: KafkaSettings, *, insecure: bool) -> Iterator[Fault]:
    far = [each for each in kafka.servers if not is_loopback(host_of(each))]
    if kafka.security in ("PLAINTEXT", "SASL_PLAINTEXT") and far and not insecure:
        safe = kafka.security.replace("PLAINTEXT", "SSL").replace("SASL_SASL", "SASL")
        what = (
            f"{kafka.security} leads over a network to {far[0]}, where others read and change what"
            f" passes: write {safe}, or say --insecure where the network itself is safe"
        )
        yield Fault(_SECURITY, what, (("kafka", "bootstrap"),))
    tls = [name for name in ("ca_file", "cert_file", "key_file") if getattr(kafka, name)]
    if tls and kafka.security in ("PLAINTEXT", "SASL_PLAINTEXT"):
        what = f"{kafka.security} does not use {' and '.join(tls)}: write SSL or SASL_SSL"
        yield Fault(_SECURITY, what)


def _log_in(kafka: KafkaSettings) -> Iterator[Fault]:
    said = (kafka.user, kafka.password, kafka.password_file)
    if not kafka.security.startswith("SASL"):
        if any(said):
            what = f"{kafka.security} logs nobody in: write SASL_SSL, or take user and password out"
            yield Fault(_SECURITY, what)
        return
    if not kafka.user:
        yield Fault(("kafka", "user"), f"name who logs in: {kafka.security} asks for it")
    secrets = ("kafka", "password"), ("kafka", "password_file")
    if kafka.password and kafka.password_file:
        yield Fault(secrets[0], "take it out: password_file is set too", secrets)
    elif not kafka.password and not kafka.password_file:
        yield Fault(secrets[1], "name the file that holds the password of the user", secrets)


def _spellings(setting: SetPath) -> tuple[str, str]:
    """How a setting is named in the environment and in the file."""
    return PREFIX + DELIMITER.join(setting).upper(), ".".join(setting)


def _names(setting: SetPath, config: Path | None) -> str:
    if not setting:
        return "everything"
    variable, key = _spellings(setting)
    return f"{key} in {config or 'the file of --config'}, or {variable}"


_SECURITY: Final = ("kafka", "security")
_CERT: Final = ("kafka", "cert_file")
_WHOLE: Final = (
    "a variable cannot hold a whole table: set each of its keys, such as CUSTOMS_KAFKA__BOOTSTRAP"
)
