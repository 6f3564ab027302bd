"""Taking in batch after batch, while another process understands the next one.

To understand a batch takes about as long as to file it and needs nothing of the log, so that two
processes take in nearly twice as much as one. Two threads would not: sqlite3 hands the interpreter
over at every row, and gets it back late.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from consumers.entitlement import Sources
from consumers.intake import Message, understand
from consumers.understanding import Understanding, Understood
from store.log import Log
from store.records import Batch, Outcome


def take_all(
    log: Log,
    sources: Sources,
    partition: str,
    batches: Iterable[Sequence[Message]],
    now: Callable[[], datetime],
) -> Iterator[list[Outcome]]:
    """Take each batch as the next one of a partition, in a transaction of its own: one outcome for
    each message. `now` tells when a batch is recorded.

    Raises what `Log.append` raises; then that batch and those behind it were not taken.
    """
    first = log.next_offset(partition)
    for incoming in understood(batches, first, sources):
        batch = Batch(partition, first, incoming, first + len(incoming), again=True)
        yield log.append(batch, now())
        first = batch.next


def understood(
    batches: Iterable[Sequence[Message]], first: int, sources: Sources
) -> Iterator[Understood]:
    """What the messages of each batch tell, their offsets counted from `first` on.

    The second batch starts the second process. What iterating `batches` raises is raised when all
    batches before it have been given out.
    """
    left, fault = iter(batches), None
    second = _SecondProcess(sources)
    try:
        batch = next(left, None)
        told = None if batch is None else _understand(first, batch, sources)
        while told is not None:
            first += len(told)
            try:
                batch = next(left, None)
            except Exception as error:  # noqa: BLE001  (raised below, in its turn)
                batch, fault = None, error
            if batch is not None:
                second.give(first, batch)
            yield told
            told = None if batch is None else second.take()
    finally:
        second.close()
    if fault is not None:
        raise fault


class _SecondProcess:
    """It is started when it is given a batch for the first time.

    Where it cannot be started or is lost, its work is done here.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._process: Understanding | None = None
        self._given: tuple[int, Sequence[Message]] = (0, ())

    def give(self, first: int, batch: Sequence[Message]) -> None:
        self._given = first, batch
        with suppress(OSError):
            if self._process is None:
                self._process = Understanding(self._sources)
            self._process.give(batch)

    def take(self) -> Understood:
        """What the messages given last tell."""
        if self._process is not None:
            with suppress(EOFError, OSError):
                return self._process.take(*self._given)
        return _understand(*self._given, self._sources)

    def close(self) -> None:
        if self._process is not None:
            self._process.close()


def _understand(first: int, batch: Sequence[Message], sources: Sources) -> Understood:
    return tuple(
        [understand(message, offset, sources) for offset, message in enumerate(batch, first)]
    )
