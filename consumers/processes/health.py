"""A small HTTP server that tells how the processes are: /live, /ready and /metrics."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socket import AF_INET6
from socketserver import ThreadingTCPServer
from threading import Thread
from typing import Any, Final

import orjson
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from consumers.processes.metrics import Meters
from consumers.processes.vitals import Vitals
from consumers.settings import HealthSettings

JSON: Final = "application/json"
PATIENCE: Final = 5.0
"""Seconds that whoever asks has for asking."""
Answer = tuple[HTTPStatus, str, bytes]


class Health:
    """Answers about the processes that run together."""

    def __init__(
        self, vitals: Sequence[Vitals], meters: Meters, live_seconds: float, ready_seconds: float
    ) -> None:
        self._vitals, self._meters = vitals, meters
        self._live_seconds, self._ready_seconds = live_seconds, ready_seconds
        self.stopping = False

    def live(self) -> Answer:
        """Whether every loop goes round."""
        silent = {each.name: each.silent for each in self._vitals}
        why = {
            name: [f"its loop has not gone round for {seconds:.0f} seconds"]
            for name, seconds in silent.items()
            if seconds > self._live_seconds
        }
        return _answer("live", why, {each.name: {} for each in self._vitals})

    def ready(self) -> Answer:
        """Whether every process gets on."""
        why = {each.name: list(each.not_ready(self._ready_seconds)) for each in self._vitals}
        if self.stopping:
            why = {name: ["it was told to stop"] for name in why}
        return _answer("ready", why, {each.name: _seen(each) for each in self._vitals})

    def metrics(self) -> Answer:
        """All metrics, in Prometheus' text format."""
        return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(self._meters.registry)


def _seen(vitals: Vitals) -> dict[str, object]:
    progress = vitals.state.progress
    if progress is None:
        return {}
    return {"behind": progress.behind, "position": progress.position}


def _answer(what: str, why: dict[str, list[str]], seen: dict[str, dict[str, object]]) -> Answer:
    """A body that says for each process whether it is well and, if not, why."""
    well = not any(why.values())
    body = {
        what: well,
        "processes": {
            name: {what: not why.get(name), **facts, "why": why.get(name, [])}
            for name, facts in seen.items()
        },
    }
    return HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE, JSON, orjson.dumps(body)


class _Handler(BaseHTTPRequestHandler):
    timeout = PATIENCE
    server_version = "customs"
    sys_version = ""

    def __init__(self, health: Health, *arguments: Any) -> None:  # noqa: ANN401  (of http.server)
        self._answers: dict[str, Callable[[], Answer]] = {
            "/live": health.live,
            "/ready": health.ready,
            "/metrics": health.metrics,
        }
        super().__init__(*arguments)

    def do_GET(self) -> None:
        ask = self._answers.get(self.path)
        if ask is None:
            self.send_error(HTTPStatus.NOT_FOUND, "There is /live, /ready and /metrics")
            return
        status, kind, body = ask()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: whoever asks, asks often."""


class _Server(ThreadingTCPServer):  # that of http.server asks DNS for its own name first
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: whoever asked has gone."""


class _Server6(_Server):
    address_family = AF_INET6


@contextmanager
def served(health: Health, settings: HealthSettings) -> Iterator[int]:
    """Answer until this ends; gives the port. Raises OSError where the address cannot be had."""
    kind = _Server6 if ":" in settings.host else _Server
    with kind((settings.host, settings.port), partial(_Handler, health)) as server:
        Thread(target=server.serve_forever, name="health", daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
