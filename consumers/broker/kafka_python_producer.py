"""Writing to Kafka through kafka-python.

Its cost is Python for each record. So batches are large, `partition` is given (its own hash of the
key takes as long as the rest of a send, and the keys of a page repeat), and nobody formats what no
log shows. docs/kafka.md has what was measured.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

from kafka import KafkaProducer
from kafka.errors import KafkaError
from kafka.partitioner.default import murmur2

from consumers.broker import connection, kafka_python_client
from consumers.broker.ports import BrokerError, Outgoing
from consumers.settings import KafkaSettings

SETTLE_SECONDS: Final = 4.0
"""How long to wait until everything is acknowledged."""

LINGER: Final = 1_000
"""Milliseconds for which a batch waits to be filled; `settle` sends what there is at once.

While the client's thread sends, it is in the way of whoever hands over, and batches are small.
"""


class KafkaPythonProducer:
    """Writes idempotently, acknowledged by all replicas in sync; see `BrokerProducer`.

    The connection is made when it is first needed, and anew after a failure, with the password as
    it stands then. What was under way is given up with it: it may be written or not.
    """

    def __init__(self, kafka: KafkaSettings, *, insecure: bool = False) -> None:
        self._kafka, self._insecure = kafka, insecure
        self._producer: Any = None
        self._client: Any = None
        self._sent: list[Any] = []

    def send(self, records: Sequence[Outgoing]) -> None:
        with self._told():
            producer = self._opened()
            counts = {topic: _count(producer, topic) for topic in {each.topic for each in records}}
            send, sent = producer.send, self._sent.append
            for topic, key, value, headers in records:
                sent(send(topic, value, key, list(headers), partition_of(key, counts[topic])))

    def settle(self) -> None:
        if not self._sent:
            return
        with self._told():
            self._producer.flush(SETTLE_SECONDS)
            for each in self._sent:
                if not each.succeeded():
                    raise each.exception or KafkaError("a record was not acknowledged")
            self._sent.clear()

    def reach(self, topics: Collection[str] = ()) -> None:
        with self._told():
            producer = self._opened()
            kafka_python_client.await_answer(kafka_python_client.ask(self._client), self._kafka)
            for topic in topics:
                _count(producer, topic)

    def close(self) -> None:
        """Give up what is not acknowledged, and disconnect."""
        producer, self._producer, self._client = self._producer, None, None
        self._sent.clear()
        if producer is not None:
            producer.close(timeout=0)

    def _opened(self) -> Any:  # noqa: ANN401  (the library has no types)
        if self._producer is None:
            self._producer, self._client = _connected(self._kafka, insecure=self._insecure)
        return self._producer

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the client raises, in our words; it is connected anew then."""
        try:
            yield
        except KafkaError as error:
            self.close()
            raise BrokerError(
                f"Kafka did not take what was written: {error}. It is to be written again, from the"
                " first record on that was not acknowledged."
            ) from error
        except BrokerError:
            self.close()
            raise


def opened(kafka: KafkaSettings, *, insecure: bool = False) -> Any:  # noqa: ANN401  (as above)
    """The client's producer, with the settings that pay; raises BrokerError."""
    return _connected(kafka, insecure=insecure)[0]


def _connected(kafka: KafkaSettings, *, insecure: bool) -> tuple[Any, Any]:
    return kafka_python_client.connected(
        KafkaProducer,
        kafka,
        insecure=insecure,
        enable_idempotence=True,
        acks="all",
        linger_ms=LINGER,
        batch_size=262_144,
        compression_type="lz4",
        max_request_size=connection.REQUEST_BYTES,
        max_block_ms=round(connection.TOPIC_SECONDS * 1000),
    )


def partition_of(key: bytes, count: int) -> int:
    """The partition that Java's clients choose for a key, so that others may join our topics."""
    return _hashed(key) % count


@lru_cache(maxsize=1 << 16)
def _hashed(key: bytes) -> int:
    return int(murmur2(key)) & 0x7FFFFFFF


def _count(producer: Any, topic: str) -> int:  # noqa: ANN401  (as above)
    try:
        return len(producer.partitions_for(topic))
    except KafkaError as error:
        raise connection.no_topic(topic, str(error)) from error
