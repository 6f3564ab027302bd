"""Where processes of ours come from when many are needed: forked from one that has loaded all.

`customs run` takes a second of the processor until it begins, and a test that kills it hundreds of
times would do little else. What is forked here goes on as `customs` does: it reads its words and
its own environment, opens connections of its own and can be killed by its own id.
"""

import gc
import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, NoReturn, Self

import orjson

ROOT: Final = Path(__file__).parents[2]


class Nursery:
    """A process that forks others; they end with it, and it ends with us."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.deployed.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def start(self, words: Sequence[str], env: Mapping[str, str], log: Path) -> "Forked":
        """Begin `customs` with these words in a process of its own, which writes to `log`."""
        return Forked(self, self._ask({"words": words, "env": dict(env), "log": str(log)}), log)

    def wait(self, pid: int) -> int:
        """Wait until a process has ended; its exit code, negative for a signal."""
        return self._ask({"wait": pid})

    def _ask(self, order: Mapping[str, object]) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(orjson.dumps(order) + b"\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


class Forked:
    """A process that the nursery began."""

    def __init__(self, nursery: Nursery, pid: int, log: Path) -> None:
        self.pid, self.log = pid, log
        self._nursery = nursery
        self._code: int | None = None

    @property
    def said(self) -> str:
        return self.log.read_text()

    def kill(self) -> int:
        """End it by SIGKILL."""
        return self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end, and wait until it does; its exit code."""
        return self._end(signal.SIGTERM)

    def wait(self) -> int:
        """Wait until it ends by itself; its exit code."""
        self._code = self._nursery.wait(self.pid)
        return self._code

    def close(self) -> None:
        if self._code is None:
            self.kill()

    def _end(self, by: signal.Signals) -> int:
        # nobody else can have its id: it is not waited for before it has ended
        os.kill(self.pid, by)
        return self.wait()


def main() -> None:
    """Fork as told on stdin, until its end; then end whoever is left."""
    import_module("cli.main")
    import_module("cli.site")
    import_module("consumers.broker.topics")
    gc.freeze()
    children = set[int]()
    for line in sys.stdin.buffer:
        order = orjson.loads(line)
        if pid := order.get("wait"):
            children.discard(pid)
            answer = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        else:
            answer = os.fork() or _become(**order)
            children.add(answer)
        print(answer, flush=True)  # noqa: T201
    for pid in children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _become(words: Sequence[str], env: Mapping[str, str], log: str) -> NoReturn:
    """Be `customs` with these words."""
    app = import_module("cli.main").app
    random.seed()
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number, file in enumerate((os.open(os.devnull, os.O_RDONLY), out, out)):
        os.dup2(file, number)
    os.environ.clear()
    os.environ.update(env)
    code: object = 1
    try:
        app(words)
    except SystemExit as ended:
        code = ended.code or 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    main()
