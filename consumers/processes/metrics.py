"""The metrics of the processes, in the form of Prometheus.

Labels hold words of ours only, never anything of a person or a movement.
"""

from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from consumers.processes.vitals import Vitals

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Gauges(Collector):
    """What the vitals say at the moment at which somebody asks."""

    def __init__(self, vitals: Sequence[Vitals], ready_seconds: float) -> None:
        self._vitals, self._ready_seconds = vitals, ready_seconds

    def collect(self) -> Iterator[Metric]:
        """The families of all processes."""
        for each in self._vitals:
            yield from self._of(each, f"customs_{each.name}")

    def _of(self, vitals: Vitals, prefix: str) -> Iterator[Metric]:
        state = vitals.state
        ready = not any(vitals.not_ready(self._ready_seconds))
        yield GaugeMetricFamily(f"{prefix}_ready", "Whether it gets on", ready)
        yield GaugeMetricFamily(
            f"{prefix}_seconds_since_progress", "Since nothing waited, or it moved", vitals.still
        )
        yield CounterMetricFamily(f"{prefix}_retries", "Tries that came to nothing", state.retries)
        if state.progress is None:
            return
        behind, incidents, position, done, _ = state.progress
        yield GaugeMetricFamily(f"{prefix}_behind", "What waits for it", behind)
        yield GaugeMetricFamily(f"{prefix}_position", "How far it has got", position)
        yield GaugeMetricFamily(f"{prefix}_incidents", "What needs a person", len(incidents))
        records = CounterMetricFamily(
            f"{prefix}_records", "What was done, by outcome", labels=["outcome"]
        )
        for outcome, many in sorted(done.items()):
            records.add_metric([outcome], many)
        yield records


class Meters:
    """Everything that is measured of the processes that run together."""

    def __init__(self, vitals: Sequence[Vitals], ready_seconds: float) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(Gauges(vitals, ready_seconds))
        ProcessCollector(registry=self.registry)
        self.step_seconds = {
            each.name: Histogram(
                f"customs_{each.name}_step_seconds",
                "How long the steps take that found work",
                buckets=BUCKETS,
                registry=self.registry,
            )
            for each in vitals
        }
