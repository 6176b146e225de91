"""What does one engine do, in a process of its own?

    python -m peers.worker build ENGINE THREADS CORPUS.jsonl.gz FOLDER
    python -m peers.worker search ENGINE FOLDER QUERIES.json ROUNDS

`build` is timed from outside, as a whole process, and prints how much memory it took. `search` prints what
it measured, as JSON: for each class the answers, and the microseconds of each query the first time it is
asked ("cold", over an index that was opened for this class) and of every later round ("warm"). Rounds go
through all queries, so that no query follows itself. "cpu_share" is the part of that time in which this
process had a processor: well below 1, something else ran on the machine.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peers.engine import PAGE, Engine, Query, Searcher
from peers.engines import ENGINES

_PATIENCE_S = 15.0  # for one class; what was not asked by then is not
_UNITS = {"VmRSS": "resident_bytes", "RssAnon": "private_bytes", "VmHWM": "peak_bytes"}


def search(engine: Engine, folder: Path, queries: dict[str, list[Query]], rounds: int) -> dict[str, Any]:
    """Measure one engine."""
    before = memory()
    started = time.perf_counter()
    engine.open(folder).close()  # pays for the imports
    start_ms = (time.perf_counter() - started) * 1e3
    started = time.perf_counter()
    searcher = engine.open(folder)
    open_ms = (time.perf_counter() - started) * 1e3
    searcher.close()
    classes = {
        name: _measure(engine, folder, name, asked, rounds)
        for name, asked in queries.items()
        if name in engine.classes
    }
    return {
        "start_ms": round(start_ms, 2),
        "open_ms": round(open_ms, 3),
        "memory_before": before,
        "memory": memory(),
        "classes": classes,
    }


def _measure(engine: Engine, folder: Path, name: str, queries: list[Query], rounds: int) -> dict[str, Any]:
    """Time one class over an index opened for it; the first query is only there to warm up."""
    deadline = time.perf_counter() + _PATIENCE_S
    searcher = engine.open(folder)
    call = _call(searcher, name)
    call(queries[0])
    answers: list[Any] = []
    cold: list[float] = []
    warm: list[list[float]] = []
    for query in queries[1:]:
        if cold and time.perf_counter() > deadline:
            break
        asked, taken = _timed(call, query)
        cold.append(taken)
        if name == PAGE:
            answers.append(asked)
        else:
            answer = searcher.read(query, asked)
            answers.append([answer.documents, answer.total])
    started, used = time.perf_counter(), time.process_time()
    for _ in range(rounds):
        if warm and time.perf_counter() > deadline:
            break
        warm.append([_timed(call, query)[1] for query in queries[1 : len(cold) + 1]])
    share = (time.process_time() - used) / (time.perf_counter() - started)
    searcher.close()
    return {"answers": answers, "cold_us": cold, "warm_us": warm, "cpu_share": round(share, 3)}


def _call(searcher: Searcher, name: str) -> Callable[[Query], Any]:
    return (lambda query: searcher.page(query.typed)) if name == PAGE else searcher.ask


def _timed(call: Callable[[Query], Any], query: Query) -> tuple[Any, float]:
    started = time.perf_counter()
    asked = call(query)
    return asked, round((time.perf_counter() - started) * 1e6, 1)


def memory() -> dict[str, int]:
    """Read the memory of this process; `private_bytes` leaves out what is mapped from files."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = dict(re.findall(r"^(\w+):\s+(\d+) kB$", status, re.MULTILINE))
    return {name: int(found[key]) * 1024 for key, name in _UNITS.items()}


def read_queries(path: Path) -> dict[str, list[Query]]:
    """Read what `peers.run` wrote."""
    classes = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: [Query(**{**fields, "terms": tuple(fields["terms"])}) for fields in asked]
        for name, asked in classes.items()
    }


def main(arguments: list[str]) -> None:
    """Build or search."""
    match arguments:
        case ["build", name, threads, corpus, folder]:
            ENGINES[name].build(Path(corpus), Path(folder), int(threads))
            # Its own, not what the parent measures: that starts from the memory of the parent.
            children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
            peak = memory()["peak_bytes"]
            print(json.dumps({"peak_bytes": peak, "largest_child_bytes": children}))  # the last line
        case ["search", name, folder, queries, rounds]:
            measured = search(ENGINES[name], Path(folder), read_queries(Path(queries)), int(rounds))
            json.dump(measured, sys.stdout)
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
