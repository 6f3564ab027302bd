"""The topics of Kafka made beforehand: no process makes any, so a wrong name shows at once."""

from typing import Annotated

import typer

from cli import paper
from cli.exits import Exit, Refused
from cli.run import Config, Insecure
from consumers.broker.ports import BrokerError
from consumers.configuration import SettingsFault, load
from consumers.entitlement import Sources
from schemas.topics import OUT, REPORTS

Copies = Annotated[
    int | None,
    typer.Option(
        "--copies", min=1, show_default="as the brokers choose",
        help="On how many brokers each record is kept: 3, where there are three or more.",
    ),
]  # fmt: skip


def topics(config: Config = None, *, copies: Copies = None, insecure: Insecure = False) -> None:
    """Topics: makes the topics of Kafka that are not there, one for each source and those out.

    A topic that is there stays as it is, and is compared with what it should be. Run it before the
    first start, and again when a source is new, before the intakes are started again.
    """
    # loading the client takes long
    from consumers.broker import topics as broker  # noqa: PLC0415
    from consumers.processes import source_topics  # noqa: PLC0415

    try:
        settings = load(config, insecure=insecure)
        sources = Sources.load(settings.sources) if settings.sources else Sources.local()
        wanted = dict.fromkeys(source_topics.topics(sources), REPORTS)
        wanted |= {topic.name: topic for topic in OUT}
        made = broker.make(settings, wanted, copies or broker.BROKERS_CHOICE)
        unlike = broker.unlike(settings, wanted)
    except SettingsFault as fault:
        raise Refused(str(fault), Exit.USAGE) from None
    except BrokerError as error:
        raise Refused(str(error), Exit.UNREACHABLE) from None
    for name in wanted:
        paper.say(f"{name} {'was made' if name in made else 'is there'}.")
        for difference in unlike.get(name, ()):
            paper.say(f"  But {difference}.", "bold")
