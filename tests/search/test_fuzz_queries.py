"""A few hundred strings of bench/fuzz_queries.py: nothing typed breaks a search, or takes it long."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from statistics import median

from search import Engine

_BENCH = Path(__file__).parents[2] / "bench" / "fuzz_queries.py"
_COUNT = 400
_TIMES = 300  # as long as half of them take: what is slower by that is another kind of work


def test_nothing_typed_breaks_a_search_or_takes_it_long(seeds_engine: Engine, seed: int) -> None:
    spec = importlib.util.spec_from_file_location("fuzz_queries", _BENCH)
    assert spec
    assert spec.loader
    bench = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = bench  # dataclasses look themselves up there
    spec.loader.exec_module(bench)
    typist = bench.Typist(seed, bench.sentences_of(bench.SEEDS))
    outcomes = list(bench.outcomes(seeds_engine, typist, _COUNT))
    assert len({one.query for one in outcomes}) > _COUNT / 2
    assert [(one.query, one.failure) for one in outcomes if one.failure] == []
    slowest = max(outcomes, key=lambda one: one.seconds)
    assert slowest.seconds < _TIMES * median(one.seconds for one in outcomes), slowest.query
