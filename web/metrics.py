"""What does an operator see? Counters and latencies in the Prometheus text format.

With several worker processes a scrape reaches only one of them. Where PROMETHEUS_MULTIPROC_DIR
names a folder before this module is imported (a server that starts several workers sets it),
prometheus_client keeps every worker's numbers in files there and a scrape adds them up; otherwise
the numbers are those of the process that answers. `depeche_metrics_scope` says which of the two it
is, so that nobody reads one worker's share as the whole.

Facts about the index are read at each scrape and are the same whichever worker answers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from index.errors import DepecheError
from web.engines import EngineOpener

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""From a search in memory-mapped arrays (about a millisecond) to one that ran into its time budget."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """The counters of one application."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram


class _IndexFacts(Collector):
    """Reads the index at each scrape: a gauge that was set could speak of an old generation."""

    def __init__(self, engines: EngineOpener) -> None:
        self._engines = engines

    def collect(self) -> Iterator[Metric]:
        scope = GaugeMetricFamily(
            "depeche_metrics_scope", "Whose requests are counted: one process, or all.", labels=["processes"]
        )
        scope.add_metric(["all" if _are_shared() else "one"], 1)
        yield scope
        ready = GaugeMetricFamily("depeche_index_ready", "1 where there is an index to search, else 0.")
        try:
            engine = self._engines.get()
            name, manifest = engine.generation, engine.manifest
        except DepecheError:
            ready.add_metric([], 0)
            yield ready
            return
        ready.add_metric([], 1)
        yield ready
        yield GaugeMetricFamily("depeche_index_articles", "Articles in the index.", value=manifest.articles)
        yield GaugeMetricFamily(
            "depeche_index_size_bytes", "Size of the index on disk.", value=manifest.size_bytes
        )
        generation = GaugeMetricFamily(
            "depeche_index_generation", "The generation being searched, as a label.", labels=["generation"]
        )
        generation.add_metric([name], 1)
        yield generation


def new_metrics() -> Metrics:
    """Make counters that belong to one application and to no other."""
    registry = CollectorRegistry()
    return Metrics(
        registry=registry,
        requests=Counter(
            "depeche_requests",
            "Requests answered, by route and status.",
            ["method", "route", "status"],
            registry=registry,
        ),
        seconds=Histogram(
            "depeche_request_seconds",
            "Seconds from a request's arrival to its answer, by route.",
            ["route"],
            buckets=BUCKETS_S,
            registry=registry,
        ),
    )


def _are_shared() -> bool:
    """Say whether the workers' counters are added up; not if somebody has removed their folder."""
    return os.path.isdir(os.environ.get(SHARED_FOLDER, ""))


def exposition(metrics: Metrics, engines: EngineOpener) -> bytes:
    """Write all metrics in the Prometheus text format."""
    counted = metrics.registry
    if _are_shared():
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    facts = CollectorRegistry(auto_describe=False)
    facts.register(_IndexFacts(engines))
    return generate_latest(counted) + generate_latest(facts)
