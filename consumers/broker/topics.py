"""Making the topics: what is not there is made, and what is there is left as it is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError, TopicAlreadyExistsError

from consumers.broker import kafka_python_client
from consumers.broker.ports import BrokerError
from consumers.settings import Settings
from schemas.topics import Topic

BROKERS_CHOICE: Final = -1
"""As many copies as the brokers keep where nothing is said."""
SAFE_COPIES: Final = 3
"""From so many copies on, a record is acknowledged when two of them have it."""
_EXISTS: Final = TopicAlreadyExistsError.errno


def make(
    settings: Settings, topics: Mapping[str, Topic], copies: int = BROKERS_CHOICE
) -> list[str]:
    """Make the topics of these names that are not there; returns their names.

    Raises BrokerError where no broker can be reached, or one of them cannot be made.
    """
    with _admin(settings) as admin:
        asked = {name: _asked(topic, copies) for name, topic in topics.items()}
        answer = admin.create_topics(asked, raise_errors=False)["topics"]
        if refused := [each for each in answer if each["error_code"] not in (0, _EXISTS)]:
            raise BrokerError(" ".join(map(_refusal, refused)))
        admin.wait_for_topics([*topics])
    there = {each["name"] for each in answer if each["error_code"]}
    return [name for name in topics if name not in there]


def unlike(settings: Settings, topics: Mapping[str, Topic]) -> dict[str, list[str]]:
    """What is not as it should be of topics that are there, in words; raises BrokerError."""
    with _admin(settings) as admin:
        asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in topics]
        told = admin.describe_configs(asked, config_filter="all")["topic"]
        there = admin.describe_topics([*topics])
    counts = {each["name"]: len(each["partitions"]) for each in there}
    return {
        name: found
        for name, topic in topics.items()
        if (found := list(_unlike(topic, counts[name], told[name])))
    }


def _asked(topic: Topic, copies: int) -> dict[str, Any]:
    safe = {"min.insync.replicas": "2"} if copies >= SAFE_COPIES else {}
    return {
        "num_partitions": topic.partitions,
        "replication_factor": copies,
        "configs": {**topic.settings, **safe},
    }


def _refusal(answer: Mapping[str, Any]) -> str:
    why = (answer["error_message"] or "no reason given").rstrip(".")
    return (
        f"The topic {answer['name']} was not made: {why}. Have as many brokers as copies,"
        " and let kafka.user CREATE topics."
    )


def _unlike(topic: Topic, partitions: int, settings: Mapping[str, Any]) -> Iterator[str]:
    if partitions != topic.partitions:
        yield f"it has {partitions} partitions, and not {topic.partitions}"
    for name, wanted in topic.settings.items():
        if (found := settings[name]["value"]) != wanted:
            yield f"{name} is {found}, and not {wanted}"


@contextmanager
def _admin(settings: Settings) -> Iterator[Any]:
    def opened(**given: object) -> Any:  # noqa: ANN401  (the client has no types)
        known = KafkaAdminClient.DEFAULT_CONFIG
        return KafkaAdminClient(**{name: each for name, each in given.items() if name in known})

    insecure = settings.insecure
    admin, _ = kafka_python_client.connected(opened, settings.kafka, insecure=insecure)
    try:
        yield admin
    except KafkaError as error:
        raise BrokerError(f"Kafka did not do what was asked of its topics: {error}.") from error
    finally:
        admin.close()
