"""Writing to Kafka through confluent-kafka, which is librdkafka: C, several times faster.

An extra of this distribution (`librdkafka`), chosen by `kafka.client`. It gives each key the same
partition as kafka-python does, so that either may take the place of the other.
"""

from __future__ import annotations  # which names types of a library that may be absent

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from consumers.broker import connection
from consumers.broker.ports import BrokerError, Outgoing
from consumers.settings import KafkaSettings

try:
    from confluent_kafka import KafkaError, KafkaException, Message, Producer
except ImportError:
    INSTALLED = False
else:
    INSTALLED = True

MISSING: Final = (
    "kafka.client is confluent-kafka, which is not installed: install customs-tracker with the"
    " extra librdkafka, or set kafka.client to kafka-python."
)
SETTLE_SECONDS: Final = 4.0
"""How long to wait until everything is acknowledged."""


class ConfluentProducer:
    """Writes idempotently, acknowledged by all replicas in sync; see `BrokerProducer`.

    The connection is made when it is first needed, and anew after a failure, with the password as
    it stands then. What was under way is given up with it: it may be written or not. Raises
    BrokerError where the library is not installed.
    """

    def __init__(self, kafka: KafkaSettings, *, insecure: bool = False) -> None:
        if not INSTALLED:
            raise BrokerError(MISSING)
        self._kafka, self._insecure = kafka, insecure
        self._producer: Producer | None = None
        self._failed: KafkaError | None = None
        self._heard = ""

    def send(self, records: Sequence[Outgoing]) -> None:
        with self._told():
            producer = self._opened()
            for topic, key, value, headers in records:
                while True:
                    try:
                        producer.produce(
                            topic, value, key, headers=list(headers), on_delivery=self._delivered
                        )
                        break
                    except BufferError:  # its queue is full: have some of it acknowledged
                        if not producer.poll(SETTLE_SECONDS):
                            raise self._unanswered(len(producer)) from None
                producer.poll(0)
            self._check()

    def settle(self) -> None:
        if self._producer is None:
            return
        with self._told():
            if left := self._producer.flush(SETTLE_SECONDS):
                raise self._unanswered(left)
            self._check()

    def reach(self, topics: Collection[str] = ()) -> None:
        with self._told():
            there = self._reach(self._opened())
            if missing := [topic for topic in topics if topic not in there]:
                raise connection.no_topic(missing[0], "no broker knows of it")

    def close(self) -> None:
        """Give up what is not acknowledged, and disconnect."""
        producer, self._producer, self._failed = self._producer, None, None
        self._heard = ""
        if producer is not None:
            producer.purge()
            producer.flush(0)

    def _opened(self) -> Producer:
        if self._producer is None:
            connection.check(self._kafka, insecure=self._insecure)
            self._producer = Producer(
                {
                    **connection.librdkafka_arguments(self._kafka),
                    "enable.idempotence": True,
                    "acks": "all",
                    "linger.ms": 20,
                    "batch.size": 262_144,
                    "compression.type": "lz4",
                    "message.max.bytes": connection.REQUEST_BYTES,
                    "partitioner": "murmur2",
                    "queue.buffering.max.messages": 200_000,
                    "topic.metadata.propagation.max.ms": round(connection.TOPIC_SECONDS * 1000),
                    "log_level": 2,  # else each attempt to connect is told
                    "error_cb": self._hear,
                }
            )
            self._reach(self._producer)
        return self._producer

    def _reach(self, producer: Producer) -> Collection[str]:
        """Find the brokers and the topics, and see whether they may be spoken to."""
        try:
            found = producer.list_topics(timeout=connection.BOOTSTRAP_SECONDS)
        except KafkaException as error:
            raise connection.unreachable(self._kafka, self._heard or error.args[0].str()) from None
        hosts = [broker.host for broker in found.brokers.values()]
        if refusal := connection.exposed(self._kafka, hosts, insecure=self._insecure):
            raise refusal
        return [name for name, topic in found.topics.items() if topic.error is None]

    def _delivered(self, error: KafkaError | None, _: Message) -> None:
        if error is not None and self._failed is None:
            self._failed = error

    def _hear(self, error: KafkaError) -> None:
        self._heard = error.str()

    def _check(self) -> None:
        if self._failed is not None:
            raise KafkaException(self._failed)

    def _unanswered(self, left: int) -> BrokerError:
        return BrokerError(
            f"Kafka did not acknowledge {left} records within {SETTLE_SECONDS:g} s. {self._heard}"
            " They are to be written again."
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the client raises, in our words; it is connected anew then."""
        try:
            yield
        except KafkaException as error:
            self.close()
            raise BrokerError(
                f"Kafka did not take what was written: {error.args[0].str()}. It is to be written"
                " again, from the first record on that was not acknowledged."
            ) from None
        except BrokerError:
            self.close()
            raise
