"""A process that we started: it is ended by its own id, even when we are killed."""

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

SOON: Final = 60.0
"""Seconds within which a process is ready, or has ended: generous, since cores may be shared."""
_PAUSE: Final = 0.02


class ServerFault(Exception):
    """A server of the tests cannot be had, or did not do what was asked: why, and what to do."""


class Child:
    """A running process; what it says goes to a file."""

    def __init__(
        self, command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None
    ) -> None:
        self.log = log
        self._command = command
        self._from = log.stat().st_size if log.exists() else 0
        with log.open("ab") as said:
            # a session of its own: Ctrl-C reaches us alone, and we end it in order
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env=env,
                start_new_session=True,
            )
        self._guard = Guard(self.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def said(self) -> str:
        """What it has said since it was started."""
        with self.log.open("rb") as log:
            log.seek(self._from)
            return log.read().decode(errors="replace")

    def wait_for(self, words: str, within: float = SOON) -> None:
        """Return once it has said `words`; raises ServerFault when it ends or takes too long."""
        end = time.monotonic() + within
        while words not in self.said:
            if not self.running:
                raise ServerFault(f"{self._command[0]} ended before it was ready:\n{self._tail()}")
            if time.monotonic() > end:
                raise ServerFault(f"Not ready within {within:.0f} s:\n{self._tail()}")
            time.sleep(_PAUSE)

    def stop(self, within: float = SOON) -> int:
        """Ask it to end (SIGTERM) and return how it ended; killed when it takes too long."""
        self._process.terminate()
        try:
            return self._ended(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ServerFault(f"Killed, as it did not end within {within:.0f} s.") from None

    def kill(self) -> int:
        """End it by SIGKILL, as after a crash."""
        self._process.kill()
        return self._ended(SOON)

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self, within: float = SOON) -> int:
        """How it ended, by itself."""
        return self._ended(within)

    def close(self) -> None:
        """End it at once if it still runs."""
        if self.running:
            self.kill()

    def _ended(self, within: float) -> int:
        code = self._process.wait(within)
        self._guard.release()
        return code

    def _tail(self) -> str:
        return "\n".join(self.said.splitlines()[-20:])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Guard:
    """Kills a process when this one is gone: then the pipe between us reaches its end."""

    def __init__(self, pid: int, how: signal.Signals = signal.SIGKILL) -> None:
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", f"read -r end || kill -{int(how)} {pid}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def release(self) -> None:
        """The process has ended: its id may become that of another."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
