"""Having everything published once more: for a topic that was lost, or a new cluster."""

from cli import asking, paper
from cli.options import STORE, Store


def republish(*, store: Store = STORE) -> None:
    """Have all facts, verdicts and positions published once more, from the first one on.

    It sends nothing itself: the publisher does, and one that runs begins within a minute. Readers
    drop what they know.
    """
    # what it loads takes as long as a question to answer
    from consumers.processes.outboxes import publish_again  # noqa: PLC0415

    with asking.opened(store) as log:
        many = publish_again(log)
    paper.say(f"{many:,} records of the log are to be published again, with what follows of them.")
