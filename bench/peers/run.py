"""How does one comparison go, from a corpus to numbers that may be believed?

For each size: prepare the corpus and its queries; then, engine by engine, build (a process for each number
of threads, timed as a whole), search (one process), judge. Times of a class are kept only where every
answer was right; otherwise the class says how far it was.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from peers import depeche
from peers.corpus import Corpus, prepare
from peers.engine import PAGE, Answer, Engine, Formula, Query, lucene_idf
from peers.engines import ENGINES
from peers.machine import ProcessFailed, run_process, size_of
from peers.oracle import Oracle
from peers.queries import draw_queries

Say = Callable[[str], None]
Queries = Mapping[str, Sequence[Query]]
_WORKER = ("-m", "peers.worker")
_QUERIES = "queries.json"
_PLAIN = Formula(lucene_idf, length_error=0.0)  # what rankings of their own are compared with


def compare(
    path: Path, documents: int, names: Sequence[str], per_class: int, rounds: int, seed: int, say: Say
) -> dict[str, Any]:
    """Compare some engines over the first `documents` articles of a corpus."""
    with tempfile.TemporaryDirectory(prefix="compare-") as scratch:
        folder = Path(scratch)
        say(f"{documents} documents: preparing")
        corpus = prepare(path, documents, folder, seed, lambda done: say(f"{done} of {documents} prepared"))
        queries = draw_queries(corpus, per_class, seed)
        written = {name: [asdict(query) for query in drawn] for name, drawn in queries.items()}
        (folder / _QUERIES).write_text(json.dumps(written), encoding="utf-8")
        bench = _Bench(folder, corpus, queries, Oracle(corpus), rounds, say)
        measured = {name: _compare_one(bench, ENGINES[name]) for name in names}
    return {
        "documents": documents,
        "text_bytes": corpus.text_bytes,
        "tokens": len(corpus.tokens),
        "terms": len(corpus.terms),
        "queries": {
            name: [{"typed": query.typed, "terms": query.terms, "source": query.source} for query in drawn]
            for name, drawn in queries.items()
        },
        "engines": measured,
    }


@dataclass(frozen=True, slots=True)
class _Bench:
    """What all engines are compared on, at one size."""

    folder: Path
    corpus: Corpus
    queries: Queries
    oracle: Oracle
    rounds: int
    say: Say

    def index_of(self, engine: Engine, threads: int) -> Path:
        """Name the folder of an index."""
        return self.folder / f"{engine.name}-{threads}"


def _compare_one(bench: _Bench, engine: Engine) -> dict[str, Any]:
    """Build, search and judge with one engine; what cannot be measured says why."""
    if not engine.installed:
        return {"skipped": "not installed"}
    if engine.largest is not None and bench.corpus.documents > engine.largest:
        return {"skipped": f"more than {engine.largest:,} documents take too long"}
    load = os.getloadavg()[0]
    try:
        builds = [_build(bench, engine, threads) for threads in engine.threads]
        found = _search(bench, engine)
    except ProcessFailed as error:
        bench.say(f"{engine.name}: {error}")
        return {"skipped": str(error)}
    return {"tokens": engine.tokens, "load_average": round(load, 2), "builds": builds, **found}


def _build(bench: _Bench, engine: Engine, threads: int) -> dict[str, Any]:
    """Build once, in a process that is timed as a whole."""
    corpus, index = bench.corpus, bench.index_of(engine, threads)
    bench.say(f"{engine.name}: building, {threads or 'its own choice of'} thread(s)")
    command = ("build", engine.name, str(threads), str(corpus.files[engine.corpus]), str(index))
    done = run_process([*_WORKER, *command])
    bench.say(f"{engine.name}: {corpus.documents / done.seconds:.0f} documents/s")
    return {
        "threads": threads,
        "seconds": round(done.seconds, 3),
        "cpu_seconds": round(done.cpu_seconds, 3),
        "documents_per_s": round(corpus.documents / done.seconds, 1),
        "size_bytes": size_of(index),
        **json.loads(done.printed.splitlines()[-1]),
    }


def _search(bench: _Bench, engine: Engine) -> dict[str, Any]:
    """Search in a process of its own, and put judgements in the place of the answers."""
    index = bench.index_of(engine, engine.threads[0])
    bench.say(f"{engine.name}: searching")
    command = ("search", engine.name, str(index), str(bench.folder / _QUERIES), str(bench.rounds))
    found: dict[str, Any] = json.loads(run_process([*_WORKER, *command]).printed)
    found["classes"] = {
        name: _judged(bench, engine, name, measured) for name, measured in found["classes"].items()
    }
    if engine is depeche.ENGINE:
        found["cold_start"] = _cold_starts(index, bench.queries["rare"][0].typed, bench.rounds)
    return found


def _judged(bench: _Bench, engine: Engine, name: str, measured: dict[str, Any]) -> dict[str, Any]:
    """Judge the answers of a class, and drop its times where one of them is wrong."""
    answers = measured.pop("answers")
    if name == PAGE:
        return {"judged": False, "snippets": round(fmean(answers), 2), **measured}
    formula = engine.formula or _PLAIN
    verdicts = [
        bench.oracle.judge(query, Answer(tuple(hits), total), formula)
        for query, (hits, total) in zip(bench.queries[name][1:], answers, strict=False)
    ]
    totals = [verdict.total for verdict in verdicts if verdict.total is not None]
    right = sum(verdict.right for verdict in verdicts)
    judgement = {
        "judged": engine.formula is not None,
        "asked": len(verdicts),
        "overlap": round(fmean(verdict.exact for verdict in verdicts), 4),
        "within_rounding": round(fmean(verdict.rounded for verdict in verdicts), 4),
        "totals_right": sum(totals) if totals else None,
        "right": right,
    }
    if engine.formula and right < len(verdicts):
        bench.say(f"{engine.name}: {name}: {right} of {len(verdicts)} answers right, no times kept")
        return judgement
    return {**judgement, **measured}


def _cold_starts(index: Path, typed: str, rounds: int) -> dict[str, list[float]]:
    """Time whole processes: one search from the command line, and the imports that nobody can do without."""
    search = ["-c", "from web.commands import main; main()", "search", "--index", str(index), typed]
    imports = ["-c", "import whoosh, numpy"]
    taken: dict[str, list[float]] = {"search_s": [], "imports_s": []}
    run_process(search)  # which leaves the bytecode of what it imports, as an installation does
    for _ in range(rounds):
        taken["search_s"].append(round(run_process(search).seconds, 4))
        taken["imports_s"].append(round(run_process(imports).seconds, 4))
    return taken


def narrator(started: float, write: Callable[[str], Any]) -> Say:
    """Make what tells of progress, one line each, with the seconds since the start."""
    return lambda text: write(f"[{time.monotonic() - started:7.1f} s] {text}\n")
