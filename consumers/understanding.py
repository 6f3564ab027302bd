"""Understanding batches in a process of its own, and what passes between it and who started it.

To the process go messages, and back comes what they tell without their bytes, which are still
here. Both ends are one interpreter, so that plain tuples can pass by marshal; objects by pickle
took five times as long.
"""

import marshal
import pickle
import sys
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from subprocess import Popen
from typing import Final

from consumers.entitlement import Sources
from consumers.garbage import collect_seldom
from consumers.intake import Message, understand
from domain.records import maker
from store.records import Filing, Incoming, Link

Understood = tuple[Incoming, ...]
_Links = tuple[tuple[str, ...], ...]
_Native = tuple[str, str, str, str, _Links]
"""Source, id, stream, topic and links of one fact whose body is these bytes: nearly all are so."""
_Filing = tuple[str, str, str, bytes | None, _Links]
_Whole = tuple[str, str | None, tuple[_Filing, ...], bool, str | None, str | None]
"""Any other `Incoming`, whole but for its offset and bytes; a body that is None is these bytes."""

# multiprocessing would load whatever program this is once more, for nothing
_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[2:];"
    " from consumers.understanding import work; work(int(sys.argv[1]))"
)


class Understanding:
    """The process; raises OSError where it cannot be started."""

    def __init__(self, sources: Sources) -> None:
        self._pipe, theirs = Pipe()
        with theirs:
            handle = theirs.fileno()
            command = [sys.executable, "-c", _PROGRAM, str(handle), *sys.path]
            try:
                # in a group of its own, for who started it decides when to stop
                self._process = Popen(  # noqa: S603  (this very interpreter)
                    command, pass_fds=[handle], process_group=0
                )
            except OSError:
                self._pipe.close()
                raise
        with suppress(OSError):  # whoever takes an answer hears that it is lost
            self._pipe.send_bytes(pickle.dumps(sources))

    @property
    def id(self) -> int:
        """Of the process."""
        return self._process.pid

    def give(self, batch: Sequence[Message]) -> None:
        """Have a batch understood; raises OSError when the process is lost."""
        self._pipe.send_bytes(marshal.dumps(tuple(zip(*batch, strict=True))))

    def take(self, first: int, batch: Sequence[Message]) -> Understood:
        """What the batch given last tells, its offsets counted from `first` on.

        Raises OSError or EOFError when the process is lost.
        """
        told: list[_Native | _Whole] = marshal.loads(self._pipe.recv_bytes())  # noqa: S302  (of our process)
        pairs = enumerate(zip(batch, told, strict=True), first)
        return tuple([_incoming(offset, message.raw, each) for offset, (message, each) in pairs])

    def close(self) -> None:
        self._pipe.close()  # which is how the process hears that it is over
        self._process.wait()


def work(handle: int) -> None:
    """Understand batches until nobody gives any more."""
    with suppress(EOFError, OSError), Connection(handle) as pipe:
        sources = pickle.loads(pipe.recv_bytes())  # noqa: S301  (of the process that started this)
        collect_seldom()
        while True:
            columns = marshal.loads(pipe.recv_bytes())  # noqa: S302  (as above)
            batch = map(_message, zip(*columns, strict=True))
            told = [_plain(understand(message, 0, sources)) for message in batch]
            pipe.send_bytes(marshal.dumps(told))


def _plain(incoming: Incoming) -> _Native | _Whole:
    _, raw, source, report_id, filings, translated, reason, detail, _ = incoming
    if len(filings) == 1 and not translated and reason is None:
        ((stream, topic, name, body, links),) = filings
        if name == report_id and body is raw:
            return source, name, stream, topic, tuple(map(tuple, links)) if links else ()
    plain = [
        (stream, topic, name, None if body is raw else body, tuple(map(tuple, links)))
        for stream, topic, name, body, links in filings
    ]
    # as of an enumeration the reason would not pass
    return source, report_id, tuple(plain), translated, reason and str(reason), detail


def _incoming(offset: int, raw: bytes, told: _Native | _Whole) -> Incoming:
    match told:
        case (source, report_id, stream, topic, links):
            linked = tuple(map(_link, links)) if links else ()
            filing = _filing((stream, topic, report_id, raw, linked))
            return _understood((offset, raw, source, report_id, (filing,), False, None, None, None))
        case (source, report_id, plain, translated, reason, detail):
            filings = [
                _filing(
                    (stream, topic, name, raw if body is None else body, tuple(map(_link, links)))
                )
                for stream, topic, name, body, links in plain
            ]
            return Incoming(
                offset, raw, source, report_id, tuple(filings), translated, reason, detail
            )


_message, _understood, _filing, _link = maker(Message), maker(Incoming), maker(Filing), maker(Link)
