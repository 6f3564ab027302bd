"""Taking in batch after batch, while another process understands the next one.

To understand a batch takes about as long as to file it and needs nothing of the log, so that two
processes take in nearly twice as much as one. Two threads would not: sqlite3 hands the interpreter
over at every row, and gets it back late.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from consumers.entitlement import Sources
from consumers.garbage import collect_seldom
from consumers.intake import Message, understand
from store.log import Log
from store.records import Batch, Incoming, Outcome

Understood = tuple[Incoming, ...]


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
        batch = Batch(partition, first, incoming, first + len(incoming))
        yield log.append(batch, now())
        first = batch.next


def understood(
    batches: Iterable[Sequence[Message]], first: int, sources: Sources
) -> Iterator[Understood]:
    """What the messages of each batch tell, their offsets counted from `first` on.

    The second batch starts the other process. What iterating `batches` raises is raised when all
    batches before it have been given out.
    """
    left, fault = iter(batches), None
    other = _Other(sources)
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
                other.give(first, batch)
            yield told
            told = None if batch is None else other.take()
    finally:
        other.close()
    if fault is not None:
        raise fault


class _Other:
    """The other process, which is started when it is given a batch for the first time.

    Where it cannot be started or is lost, its work is done here.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._given: tuple[int, Sequence[Message]] = (0, ())

    def give(self, first: int, batch: Sequence[Message]) -> None:
        self._given = first, batch
        with suppress(OSError):
            pipe = self._pipe or self._started()
            pipe.send(self._given)

    def take(self) -> Understood:
        """What the messages given last tell."""
        try:
            if self._pipe is not None:
                told: Understood = self._pipe.recv()
                return told
        except (EOFError, OSError):
            pass
        return _understand(*self._given, self._sources)

    def close(self) -> None:
        if self._pipe is not None:
            self._pipe.close()  # which is how the process hears that it is over
        if self._process is not None:
            self._process.join()

    def _started(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._sources), daemon=True)
        with theirs:
            process.start()
        self._pipe, self._process = ours, process
        return ours


def _work(pipe: Connection, sources: Sources) -> None:
    """Understand batches until nobody gives any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever gives them decides when to stop
    collect_seldom()
    with suppress(EOFError, OSError):
        while True:
            first, batch = pipe.recv()
            pipe.send(_understand(first, batch, sources))


def _understand(first: int, batch: Sequence[Message], sources: Sources) -> Understood:
    return tuple(
        [understand(message, offset, sources) for offset, message in enumerate(batch, first)]
    )
