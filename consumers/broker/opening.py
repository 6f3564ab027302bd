"""The clients of the broker, as the settings choose them."""

from collections.abc import Collection

from consumers.broker.confluent import ConfluentProducer
from consumers.broker.kafka_python import KafkaPythonConsumer
from consumers.broker.kafka_python_producer import KafkaPythonProducer
from consumers.broker.ports import BrokerProducer, Consumer
from consumers.settings import Settings


def producer(settings: Settings) -> BrokerProducer:
    """Whoever writes to Kafka; it connects when that is first needed.

    Raises BrokerError where confluent-kafka is chosen and not installed.
    """
    if settings.kafka.client == "confluent-kafka":
        return ConfluentProducer(settings.kafka, insecure=settings.insecure)
    return KafkaPythonProducer(settings.kafka, insecure=settings.insecure)


def consumer(
    settings: Settings, group: str, topics: Collection[str], member: str | None = None
) -> Consumer:
    """A member of a consumer group; raises BrokerError where no broker lets it in.

    Reading is no bottleneck with kafka-python, so there is no other.
    """
    return KafkaPythonConsumer(
        settings.kafka, group, topics, member=member, insecure=settings.insecure
    )
