"""The servers to measure on: those of the tests, or what the environment names instead."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from benchmarks.server import Site
from consumers.broker import topics
from consumers.settings import KafkaSettings, Settings
from schemas.topics import Topic
from tests.servers.postgres import VARIABLE, own_server


@contextmanager
def store() -> Iterator[str]:
    """The address of an empty schema on PostgreSQL, as durable as it comes."""
    if named := os.environ.get(VARIABLE):
        with Site(named, 0).schema() as address:
            yield address
        return
    with own_server() as server, Site(server.address, server.pid).schema() as address:
        yield address


def settings(kafka: str) -> Settings:
    """What says where Kafka is."""
    return Settings(kafka=KafkaSettings(bootstrap=kafka))


def made(kafka: str, topic: Topic) -> str:
    """The name of a new topic that is like another one, with one copy of its records."""
    name = f"measured.{uuid4().hex}.{topic.name}"
    topics.make(settings(kafka), {name: topic}, 1)
    return name
