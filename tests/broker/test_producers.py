"""Writing to a real Kafka, with either client."""

from collections.abc import Callable, Iterator
from random import Random

import pytest
from confluent_kafka import Consumer as Librdkafka
from confluent_kafka import TopicPartition

from consumers.broker import connection, kafka_python_client
from consumers.broker.confluent import ConfluentProducer
from consumers.broker.kafka_python_producer import KafkaPythonProducer, partition_of
from consumers.broker.ports import BrokerError, BrokerProducer, Outgoing, Place, Producer
from consumers.settings import KafkaSettings
from tests.broker.making import SOON, Topics, some_name, until
from tests.servers.kafka import kafka_server

Make = Callable[[KafkaSettings], BrokerProducer]
CLIENTS: list[Make] = [KafkaPythonProducer, ConfluentProducer]
ANY = pytest.mark.parametrize("make", CLIENTS)


@pytest.fixture(scope="module")
def topics(kafka: str) -> Iterator[Topics]:
    made = Topics(kafka)
    yield made
    made.close()


def write(producer: Producer, record: Outgoing) -> None:
    producer.send([record])
    producer.settle()


def read(kafka: str, topic: str, partitions: int, many: int) -> list[Outgoing]:
    """The records of a topic, those of each partition in order."""
    reader = Librdkafka(
        {"bootstrap.servers": kafka, "group.id": some_name(), "enable.auto.commit": False}
    )
    reader.assign([TopicPartition(topic, each, 0) for each in range(partitions)])
    found = reader.consume(many, SOON)
    reader.close()
    return [
        Outgoing(topic, each.key() or b"", each.value(), tuple(each.headers() or ()))  # type: ignore[arg-type]
        for each in sorted(found, key=lambda each: (each.partition() or 0, each.offset() or 0))
    ]


@ANY
def test_what_is_settled_is_written_in_the_order_of_each_key(
    make: Make, topics: Topics, kafka: str
) -> None:
    topic = topics.make(f"facts-{some_name()}", 3)
    records = [
        Outgoing(topic, b"mrn:%d" % (number % 7), b"%d" % number, (("ce_id", b"%d" % number),))
        for number in range(500)
    ]
    records.append(Outgoing(topic, b"mrn:1", None))
    producer = make(topics.settings)
    producer.send(records[:300])
    producer.send(records[300:])
    producer.settle()
    producer.settle()
    producer.close()
    found = read(kafka, topic, 3, len(records))
    for key in {each.key for each in records}:
        assert [each for each in found if each.key == key] == [
            each for each in records if each.key == key
        ]


def test_both_clients_write_a_key_to_the_same_partition(topics: Topics, kafka: str) -> None:
    topic = topics.make(f"facts-{some_name()}", 5)
    keys = [b"mrn:26BG%06d" % number for number in range(40)]
    for make in CLIENTS:
        producer = make(topics.settings)
        producer.send([Outgoing(topic, key, b"") for key in keys])
        producer.settle()
        producer.close()
    placed = sorted(keys, key=lambda key: partition_of(key, 5))
    found = [each.key for each in read(kafka, topic, 5, 80)]
    assert sorted(placed + placed) == sorted(found)
    assert {partition_of(key, 5) for key in keys} == set(range(5))
    for number in range(5):
        mine = [key for key in keys if partition_of(key, 5) == number]
        start = sum(2 for key in keys if partition_of(key, 5) < number)
        assert found[start : start + 2 * len(mine)] == mine + mine


@ANY
def test_a_topic_that_is_not_there_is_told_of(
    make: Make, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "TOPIC_SECONDS", 0.3)
    producer = make(topics.settings)
    missing = f"facts-{some_name()}"
    with pytest.raises(BrokerError):
        write(producer, Outgoing(missing, b"key", b"value"))
    write(producer, Outgoing(topics.make(missing), b"key", b"value"))
    producer.close()


@ANY
def test_a_record_that_is_too_large_is_told_of(make: Make, topics: Topics) -> None:
    topic = topics.make(f"facts-{some_name()}", settings={"max.message.bytes": "1000"})
    producer = make(topics.settings)
    noise = Random(1).randbytes(3000)  # noqa: S311
    with pytest.raises(BrokerError):
        write(producer, Outgoing(topic, b"key", noise))
    producer.close()


@ANY
def test_whether_a_topic_is_there_is_told_each_time(make: Make, topics: Topics) -> None:
    there, gone = (topics.make(f"facts-{some_name()}") for _ in range(2))
    producer = make(topics.settings)
    producer.reach([there, gone])
    write(producer, Outgoing(gone, b"key", b"value"))
    topics.delete(gone)
    until(lambda: topics.ends(Place(gone, 0)) is None, "the topic is gone")
    for _ in range(2):
        with pytest.raises(BrokerError, match=f"The topic {gone} is not there"):
            producer.reach([there, gone])
    producer.reach([there])
    producer.close()


def test_whether_a_broker_answers_is_told_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BOOTSTRAP_SECONDS", 2.0)
    monkeypatch.setattr(kafka_python_client, "ANSWER_SECONDS", 2.0)
    with kafka_server() as broker:
        producers = [make(KafkaSettings(bootstrap=broker.bootstrap)) for make in CLIENTS]
        for each in producers:
            each.reach()
            each.reach()
        broker.kill()
        for each in producers:
            with pytest.raises(BrokerError, match=f"No broker of {broker.bootstrap} let us in"):
                each.reach()
            with pytest.raises(BrokerError, match="Check that the servers run"):
                each.reach()
        broker.start()
        for each in producers:
            each.reach()
            each.close()
