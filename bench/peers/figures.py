"""What do the raw numbers of stored runs say? Percentiles, ratios, and what is asked of them.

Times are in microseconds. A ratio between two engines is taken at one size of one run, never across runs; of
sizes that stand in several runs, the last one given counts. Growth is of one engine, between two sizes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Any, Literal

from peers.engine import CLASSES, PAGE

OURS, KERNEL = "depeche", "depeche-kernel"
PEER, PEER_ALONE = "tantivy", "tantivy-french"
Pass = Literal["warm", "cold"]
_PEER_THREADS = 2
_UNDISTURBED = 0.9  # of the processor, for one thread that waits for nothing
_GROWN = 10  # times the documents between the two sizes whose costs are compared


@dataclass(frozen=True, slots=True)
class Figures:
    """Three percentiles of the times of one class."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Target:
    """What has to be reached: `must`, and better `aim`. Larger is better where `larger` is set."""

    name: str
    must: float
    aim: float
    larger: bool = False

    def verdict(self, measured: float) -> str:
        """Say what is reached."""
        sign = 1 if self.larger else -1
        if sign * measured >= sign * self.aim:
            return "aim"
        return "must" if sign * measured >= sign * self.must else "missed"


DOCUMENTS = Target("full index, documents/s ÷ tantivy’s (2 threads, stored text)", 0.8, 1.5, larger=True)
LATENCY = Target("p50 ÷ tantivy’s with count, the worst class", 1.0, 0.5)
KERNEL_LATENCY = Target("the same of the evaluator alone, on the same tokens", 1.0, 0.5)
TAIL = Target("p99 of search in ms, any class but fuzzy", 2.0, 1.0)
PAGES = Target("page p50 ÷ tantivy’s with its snippets", 1.0, 0.5)
SIZE = Target("index with stored text ÷ text", 1.0, 0.7)
GROWTH = Target("p50 at ten times the documents ÷ p50, the worst class", 5.0, 3.0)
COLD_START = Target("cold `depeche search` ÷ bare `import whoosh, numpy`", 2.0, 1.3)
MEMORY = Target("memory of a searching process in MB, page cache aside", 200.0, 100.0)


def percentile(values: Sequence[float], part: float) -> float:
    """Give the smallest value that is not exceeded by `part` (0 to 1) of the values."""
    return sorted(values)[max(0, math.ceil(part * len(values)) - 1)]


def by_size(runs: Sequence[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """Give the comparisons of all runs by their number of documents, ascending."""
    found = {size["documents"]: size for run in runs for size in run["sizes"]}
    return dict(sorted(found.items()))


def engines(size: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Give the engines that were measured, by name."""
    return {name: engine for name, engine in size["engines"].items() if "skipped" not in engine}


def latency(size: Mapping[str, Any], engine: str, name: str, kind: Pass = "warm") -> Figures | None:
    """Give the percentiles of a class over its queries; None where no times were kept.

    Warm, a query counts with the median of its rounds, so that what else happens on the machine does
    not pass for a slow query.
    """
    measured = engines(size).get(engine, {}).get("classes", {}).get(name, {})
    if f"{kind}_us" not in measured:
        return None
    rounds = [measured["cold_us"]] if kind == "cold" else measured["warm_us"]
    times = [median(of_one_query) for of_one_query in zip(*rounds, strict=True)]
    return Figures(*(percentile(times, part) for part in (0.5, 0.95, 0.99)))


def disturbed(size: Mapping[str, Any]) -> list[str]:
    """Name the engines and classes during which something else kept the processors busy."""
    return [
        f"{name} {kind}"
        for name, engine in engines(size).items()
        for kind, measured in engine["classes"].items()
        if measured.get("cpu_share", 1) < _UNDISTURBED
    ]


def peer_of(name: str) -> str:
    """Name the tantivy that a class is compared with: a page needs the text, not the shared tokens."""
    return PEER_ALONE if name == PAGE else PEER


def ratio(size: Mapping[str, Any], engine: str, name: str, kind: Pass = "warm") -> float | None:
    """Give the p50 of an engine over tantivy's."""
    one, other = latency(size, engine, name, kind), latency(size, peer_of(name), name, kind)
    return one.p50 / other.p50 if one and other else None


def targets(runs: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Target, float]]:
    """Yield where it was measured, what was asked, and what came out."""
    sizes = by_size(runs)
    for documents, size in sizes.items():
        for target, name, measured in _of_one_size(size):
            yield f"{documents:,}{name and ', '}{name}", target, measured
    for (fewer, small), (more, large) in combinations(sizes.items(), 2):
        growths = {
            name: after.p50 / before.p50
            for name in CLASSES
            if (before := latency(small, OURS, name)) and (after := latency(large, OURS, name))
        }
        if more == _GROWN * fewer and growths:
            name, measured = _worst(growths)
            yield f"{fewer:,} → {more:,}, {name}", GROWTH, measured


def _worst(by_class: Mapping[str, float]) -> tuple[str, float]:
    return max(by_class.items(), key=lambda item: item[1])


def _of_one_size(size: Mapping[str, Any]) -> Iterator[tuple[Target, str, float]]:
    """Yield what was asked, of which class, and what came out."""
    measured = engines(size)
    if OURS not in measured:
        return
    ours = measured[OURS]
    built = ours["builds"][0]
    for peer in measured.get(PEER_ALONE, {}).get("builds", ()):
        if peer["threads"] == _PEER_THREADS:
            yield DOCUMENTS, "", built["documents_per_s"] / peer["documents_per_s"]
    for target, engine in ((LATENCY, OURS), (KERNEL_LATENCY, KERNEL)):
        ratios = {name: found for name in CLASSES if name != PAGE and (found := ratio(size, engine, name))}
        if ratios:
            yield target, *_worst(ratios)
    tails = {
        name: figures.p99 / 1000
        for name in CLASSES
        if name not in ("fuzzy", PAGE) and (figures := latency(size, OURS, name))
    }
    yield TAIL, *_worst(tails)
    if shown := ratio(size, OURS, PAGE):
        yield PAGES, "", shown
    yield SIZE, "", built["size_bytes"] / size["text_bytes"]
    starts = ours["cold_start"]
    yield COLD_START, "", percentile(starts["search_s"], 0.5) / percentile(starts["imports_s"], 0.5)
    yield MEMORY, "", ours["memory"]["private_bytes"] / 1e6
