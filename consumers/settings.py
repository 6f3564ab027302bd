"""The settings of the processes: from the environment, from a TOML file, or their defaults.

`CUSTOMS_KAFKA__USER` in the environment is `user` in the table `[kafka]` of the file; the
environment wins. What cannot be used is told of all at once, with what to do.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX: Final = "CUSTOMS_"
DELIMITER: Final = "__"
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Many = Annotated[int, Field(ge=1, le=100_000)]
Name = Annotated[str, Field(min_length=1)]


class Table(BaseModel):
    """A table of the TOML file."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class KafkaSettings(Table):
    """Where Kafka is, and how to log in there."""

    bootstrap: str = "127.0.0.1:9092"
    """The brokers to ask first, as `host:port` with commas between them."""
    security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """How the wire is kept: without TLS only on this machine, or with `--insecure`."""
    mechanism: Literal["SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"] = "SCRAM-SHA-512"
    """How to log in, where `security` begins with `SASL`."""
    user: str | None = None
    """Who logs in."""
    password: SecretStr | None = None
    """The password; better, name a file that holds it."""
    password_file: Path | None = None
    """The file that holds the password; it is read again at each log-in."""
    ca_file: Path | None = None
    """The certificates of the authorities that vouch for the brokers; else those of the system."""
    cert_file: Path | None = None
    """Our own certificate, where the brokers ask for one."""
    key_file: Path | None = None
    """The key of our own certificate."""
    client: Literal["kafka-python", "confluent-kafka"] = "kafka-python"
    """The library that writes to Kafka; confluent-kafka is faster and comes with an extra."""

    @field_validator("bootstrap")
    @classmethod
    def _addresses(cls, told: str) -> str:
        for address in told.split(","):
            host, _, port = address.strip().rpartition(":")
            if not host or not port.isdecimal() or not 0 < int(port) < 65_536:  # noqa: PLR2004
                raise ValueError("write host:port, such as kafka-1:9092,kafka-2:9092")
        return told

    @property
    def servers(self) -> list[str]:
        """The brokers to ask first, one `host:port` each."""
        return [each.strip() for each in self.bootstrap.split(",")]

    def secret(self) -> str | None:
        """The password as it stands now, from wherever it comes; raises OSError."""
        if self.password_file:
            return self.password_file.read_text("utf-8").strip()
        return self.password.get_secret_value() if self.password else None


class IntakeSettings(Table):
    """The intake: from Kafka into the log."""

    group: Name = "customs-tracker.intake"
    """The consumer group that shares the topics out among the intakes."""
    member: Name | None = None
    """The name of this intake in its group, its own for each: it keeps its topics at a restart."""
    batch: Many = 5_000
    """Records in one poll, which is one transaction, at most."""
    poll_seconds: Seconds = 0.5
    """How long a poll waits for records."""


class ReplicaSettings(Table):
    """The replica: the facts that another site publishes, from Kafka into a log of one's own."""

    group: Name = "customs-tracker.replica"
    """The consumer group that shares the topic out; each site needs a name of its own for it."""
    member: Name | None = None
    """The name of this replica in its group, its own for each: it keeps its partitions."""
    batch: Many = 5_000
    """Records in one poll, which is one transaction, at most."""
    poll_seconds: Seconds = 0.5
    """How long a poll waits for records."""


class PublisherSettings(Table):
    """The publisher: from the log to Kafka."""

    batch: Many = 5_000
    """Facts of the log, and entries of the journal, that are published in one step, at most."""
    poll_seconds: Seconds = 0.1
    """How long to wait before the log is looked at again, when there was nothing to publish."""


class ProjectorSettings(Table):
    """The projector: from the log to the read models."""

    page: Many = 10_000
    """Records of the log in one step, at most: more catch up faster, fewer stop sooner."""
    poll_seconds: Seconds = 0.1
    """How long to wait before the log is looked at again, when there was nothing to derive."""
    shards: Many = 1
    """Into how many shards movements are divided when the read models are first made."""


class AlarmsSettings(Table):
    """The alarms: what legal time brings, announced when it comes."""

    every: Seconds = 60.0
    """How long legal time stands where nothing starts; what starts is announced within a second."""


class HealthSettings(Table):
    """The address at which a process tells how it is, and when that is not well."""

    host: Name = "127.0.0.1"
    """The address to listen on; the default is heard on this machine only."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 0
    """The port of /live, /ready and /metrics; 0 opens none."""
    live_seconds: Seconds = 60.0
    """A step that takes longer means that the process is not alive."""
    ready_seconds: Seconds = 30.0
    """Work that waits for longer, and does not get less, means that the process is not ready."""


class Settings(BaseSettings):
    """All settings; made directly it asks neither the environment nor a file: `load` does."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        env_prefix=PREFIX,
        env_nested_delimiter=DELIMITER,
        env_ignore_empty=True,
    )

    store: Annotated[str, Field(min_length=1, repr=False)] = "customs.sqlite"
    """The store: an SQLite file, or `postgresql://user@host/database`."""
    sources: Path | None = None
    """The file that says who may say what; without it one source, `local`, may say everything."""
    insecure: bool = False
    kafka: KafkaSettings = KafkaSettings()
    intake: IntakeSettings = IntakeSettings()
    replica: ReplicaSettings = ReplicaSettings()
    publisher: PublisherSettings = PublisherSettings()
    projector: ProjectorSettings = ProjectorSettings()
    alarms: AlarmsSettings = AlarmsSettings()
    health: HealthSettings = HealthSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  (the signature of pydantic-settings)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given: `load` gathers the rest, to tell of all faults together."""
        return (init_settings,)


TABLES: Final[Mapping[str, type[Table]]] = {
    name: field.annotation
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Table)
}


def known() -> dict[tuple[str, ...], Any]:
    """Every setting that may be given, by its path such as ("kafka", "user"), with its field."""
    found: dict[tuple[str, ...], Any] = {
        (name,): field
        for name, field in Settings.model_fields.items()
        if name not in TABLES and name != "insecure"
    }
    for table, model in TABLES.items():
        found |= {(table, name): field for name, field in model.model_fields.items()}
    return found
