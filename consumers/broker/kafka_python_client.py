"""Making a client of kafka-python: what it connects with, and why it could not."""

import gc
import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import Any, Final, Self

from kafka import KafkaConsumer
from kafka.errors import (
    KafkaError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from consumers.broker import connection
from consumers.settings import KafkaSettings

ANSWER_SECONDS: Final = 3.0
"""How long to wait for what brokers answer at once."""
_OF_A_TOPIC: Final = (UnknownTopicOrPartitionError, TopicAuthorizationFailedError)
_CONNECTING: Final = "kafka.net.manager"


def connected(
    make: Callable[..., Any], kafka: KafkaSettings, *, insecure: bool, **arguments: object
) -> tuple[Any, Any]:
    """A client of the library, and the connections below it; raises BrokerError."""
    connection.check(kafka, insecure=insecure)
    kept: list[Any] = []
    made: Any = None

    def below(**configs: object) -> Any:  # noqa: ANN401  (the library has no types)
        kept.append(KafkaConsumer.DEFAULT_CONFIG["kafka_client"](**configs))
        return kept[-1]

    given = connection.python_arguments(kafka)
    with _Heard() as heard, suppress(KafkaError):
        made = make(**given, **arguments, kafka_client=below)
    if made is None:
        for each in kept:
            each.close()  # else its thread would go on trying
        gc.collect()  # nothing else closes the sockets with which it tried
        raise connection.unreachable(kafka, heard.last)
    hosts = [broker.host for broker in kept[0].cluster.brokers()]
    if error := connection.exposed(kafka, hosts, insecure=insecure):
        with suppress(KafkaError):
            made.close()
        raise error
    return made, kept[0]


def ask(client: Any) -> Any:  # noqa: ANN401  (the library has no types)
    """Begin to ask the brokers for the topics; `await_answer` waits."""
    return client.cluster.request_update()


def await_answer(answer: Any, kafka: KafkaSettings) -> None:  # noqa: ANN401  (as above)
    """Wait until a broker told of the topics; raises BrokerError where none does."""
    answered = Event()
    answer.add_both(lambda _: answered.set())
    if not answered.wait(ANSWER_SECONDS) or not tells(answer):
        raise connection.unreachable(kafka, answer.exception)


def tells(answer: Any) -> bool:  # noqa: ANN401  (as above)
    """Whether a broker told of the topics; of one alone, it may have told what is wrong with it."""
    return answer.succeeded() or isinstance(answer.exception, _OF_A_TOPIC)


class _Heard(logging.Handler):
    """Why it could not connect: the library logs it, and raises the same error for everything."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        causes = [each for each in record.args or () if isinstance(each, Exception)]
        if causes and "connection" in str(record.msg):
            self.last = str(causes[0])

    def __enter__(self) -> Self:
        logging.getLogger(_CONNECTING).addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger(_CONNECTING).removeHandler(self)
