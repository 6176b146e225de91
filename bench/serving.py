"""How much of the server's speed does a search keep? Requests a second, as a ratio to a bare Flask route.

`python bench/serving.py [--index FOLDER] [--out RUN.json]` serves one index (by default a fresh one of
seeds/) exactly as `depeche serve` does, with a bare Flask application beside it in the same workers, and
loads the two in turn with `wrk`. The search is not cached anywhere: each request runs it. The answer is
checked before anything is timed. Times of one machine mean little elsewhere; the ratio carries over.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

from web.config import Config

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

QUERY = "/api/v1/search?q=souverainet%C3%A9"
BARE = "/bare/"
WORKERS = 2
CONNECTIONS = 16


def make_application(config: Config) -> WSGIApplication:
    """Make what `depeche serve` serves, and a Flask application of one route beside it."""
    from flask import Flask, Response, jsonify
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    from web import create_app

    bare = Flask("bare")

    @bare.get("/")
    def answer() -> Response:
        return jsonify(answer="souveraineté")

    return DispatcherMiddleware(create_app(config), {BARE.rstrip("/"): bare})


def start(index: Path, urls: multiprocessing.Queue[str]) -> None:
    """Serve, in a process of its own."""
    from web.server import serve

    serve(
        Config(index),
        host="127.0.0.1",
        port=0,
        workers=WORKERS,
        on_listening=urls.put,
        make_application=make_application,
    )


def load(url: str, seconds: int) -> dict[str, Any]:
    """Load one address with wrk; give requests a second, p99 and wrk's own words."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"not every request was answered:\n{said}")
    rate, p99 = re.search(r"Requests/sec:\s+(\S+)", said), re.search(r"99%\s+(\S+)", said)
    assert rate is not None
    assert p99 is not None
    return {"requests_per_s": float(rate[1]), "p99": p99[1], "raw": said.splitlines()[2:]}


def measure(base: str, seconds: int, rounds: int) -> dict[str, Any]:
    """Check the answer, then load the bare route and the search in turn."""
    with urlopen(base + QUERY) as response:
        answer = json.load(response)
    if not answer["hits"]:
        raise RuntimeError(f"{QUERY} finds nothing in this index: there is nothing to time")
    loads: dict[str, list[dict[str, Any]]] = {BARE: [], QUERY: []}
    for path in loads:
        load(base + path, 1)  # opens the engines of both workers
    for _ in range(rounds):
        for path, done in loads.items():
            done.append(load(base + path, seconds))
    medians = {path: statistics.median(run["requests_per_s"] for run in done) for path, done in loads.items()}
    return {
        "articles_found": answer["total"],
        "hits_answered": len(answer["hits"]),
        "requests_per_s": medians,
        "ratio": round(medians[QUERY] / medians[BARE], 3),
        "loads": loads,
    }


def main() -> None:
    """Measure, and print or write one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--commit", default="uncommitted")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        index = options.index
        if index is None:
            from index.building import rebuild

            index = Path(scratch) / "index"
            rebuild(index, [Path(__file__).parents[1] / "seeds"])
        spawning = multiprocessing.get_context("spawn")
        urls = spawning.Queue()
        server = spawning.Process(target=start, args=(index, urls))
        server.start()
        try:
            found = measure(urls.get(timeout=30), options.seconds, options.rounds)
        finally:
            server.terminate()
            server.join(30)
    run = {
        "what": "requests a second of a search over a bare Flask route, same server, same run",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "commit": options.commit,
        "date": time.strftime("%Y-%m-%d"),
        "command": f"python bench/serving.py --seconds {options.seconds} --rounds {options.rounds}",
        "corpus": options.index.name if options.index else "seeds",
        "workers": WORKERS,
        "load_average": os.getloadavg()[0],
        **found,
    }
    if options.out:
        options.out.write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    rates = ", ".join(f"{path} {rate:.0f}/s" for path, rate in found["requests_per_s"].items())
    print(f"{rates}; ratio {found['ratio']}")


if __name__ == "__main__":
    main()
