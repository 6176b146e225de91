"""How much of the server's speed does a search keep? Requests a second, as a ratio to a bare Flask route.

`python bench/serving.py [--index FOLDER] [--out RUN.json]` serves one index (by default a fresh one of
seeds/) exactly as `depeche serve` does, with a bare Flask application beside it in the same workers, and
loads these in turn with `wrk`: the bare route; queries of one to three words of its texts, no two alike in
the whole run, so that none was ever answered before (a word may have been in another); and one query again
and again. Where tantivy is installed, another route of the bare application asks it queries drawn in the same
way, over the same articles: it answers with the number of hits, and with the titles and the snippets of the
first ten. Each request runs its search. An answer is checked before anything is timed. Times of one machine
mean little elsewhere; the ratios carry over.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from importlib.util import find_spec
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from urllib.request import urlopen

from peers import tantivy
from wrk import run_wrk

from index import store
from index.french.known_words import may_be_stop_word
from index.schema import forms_field, split_form_term
from search.snapshot import Snapshot
from web.config import Config

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BARE, VARIED, REPEATED = "bare route", "queries never asked", "one query again and again"
SEARCH = "/api/v1/search?q="
BARE_PATH = "/bare/"
TANTIVY = "tantivy, queries never asked"
TANTIVY_SEARCH = "/bare/tantivy?q="
WORKERS = 2
CONNECTIONS = 16
MOST_PER_SECOND = 5_000  # requests; so many queries are made
LONGEST_QUERY = 3  # words
SEED = 11
NEXT_PATH = """\
local paths, at = {{}}, 0
for path in io.lines("{file}") do paths[#paths + 1] = path end
request = function()
  at = at + 1
  return wrk.format("GET", (assert(paths[at], "all paths were asked")))
end
"""


def make_application(config: Config, peer: Path | None) -> WSGIApplication:
    """Make what `depeche serve` serves, and a bare Flask application beside it; `peer` is tantivy's index."""
    from flask import Flask, Response, jsonify, request
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    from web import create_app

    bare = Flask("bare")

    @bare.get("/")
    def answer() -> Response:
        return jsonify(answer="souveraineté")

    if peer:
        searcher = tantivy.Searcher(peer)

        @bare.get("/tantivy")
        def search() -> Response:
            total, hits = searcher.hits(request.args["q"])
            return jsonify(total=total, hits=hits)

    return DispatcherMiddleware(create_app(config), {BARE_PATH.rstrip("/"): bare})


def build_peer(index: Path, folder: Path) -> None:
    """Have tantivy index the articles of an index."""
    records = folder.with_suffix(".jsonl")
    with closing(Snapshot(store.open_generation(index))) as snapshot, records.open("wb") as file:
        for document in range(len(snapshot.live)):
            article = snapshot.article(document)
            record = {
                "id": document,
                "source": article.source or "",
                "date": "1970-01-01",
                "title": article.title,
                "text": f"{article.lead}\n{article.text}",
            }
            file.write(json.dumps(record).encode() + b"\n")
    tantivy.build_french(records, folder, WORKERS)


def start(index: Path, peer: Path | None, urls: multiprocessing.Queue[str]) -> None:
    """Serve, in a process of its own."""
    from web.server import serve

    serve(
        Config(index),
        host="127.0.0.1",
        port=0,
        workers=WORKERS,
        on_listening=urls.put,
        make_application=partial(make_application, peer=peer),
    )


def words_of(index: Path) -> dict[str, int]:
    """Give the words of the texts of an index, and how many texts have each."""
    with closing(Snapshot(store.open_generation(index))) as snapshot:
        counted = snapshot.document_frequencies(forms_field("text"), "", sys.maxsize)
    words = ((*split_form_term(term), count) for term, count in counted)
    return {form: count for fold, form, count in words if fold.isalpha() and not may_be_stop_word(fold)}


def draw_queries(words: dict[str, int], rng: random.Random) -> Iterator[str]:
    """Draw queries, as they stand in an address, no two alike; a word comes as often as it does in texts."""
    drawn: set[str] = set()
    known, weights = list(words), list(accumulate(words.values()))
    while len(drawn) < len(known) ** 2:
        length = rng.randint(1, LONGEST_QUERY)
        query = "+".join(map(quote, rng.choices(known, cum_weights=weights, k=length)))
        if query not in drawn:
            drawn.add(query)
            yield query


def load(base: str, path: str, queries: Iterator[str], seconds: int) -> dict[str, Any]:
    """Load one address with wrk; behind a "=" the next of `queries` each time.

    Gives requests a second, p99 and wrk's own words.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = None
        if path.endswith("="):
            file, script = Path(folder, "paths.txt"), Path(folder, "next.lua")
            paths = (path + query for query in islice(queries, MOST_PER_SECOND * seconds))
            file.write_text("\n".join(paths), encoding="ascii")
            script.write_text(NEXT_PATH.format(file=file), encoding="utf-8")
        done = run_wrk(base + path, seconds, CONNECTIONS, script)
    if done.errors:
        raise RuntimeError("\n".join(("not every request was answered:", *done.raw)))
    return {"requests_per_s": done.requests_per_s, "p99": done.latency["99"], "raw": done.raw[2:]}


def measure(base: str, words: dict[str, int], beside: bool, seconds: int, rounds: int) -> dict[str, Any]:
    """Check an answer, then load the bare route and the searches in turn; tantivy's `beside` them."""
    queries = draw_queries(words, random.Random(SEED))
    commonest = quote(max(words, key=lambda word: words[word]))
    kinds = {BARE: BARE_PATH, VARIED: SEARCH, REPEATED: SEARCH + commonest}
    if beside:
        kinds[TANTIVY] = TANTIVY_SEARCH
    hits_answered = {}
    for kind in kinds.keys() - {BARE, REPEATED}:
        with urlopen(base + kinds[kind] + commonest) as response:
            hits_answered[kind] = len(json.load(response)["hits"])
        if not hits_answered[kind]:
            raise RuntimeError(
                f"{kinds[kind]}{commonest} finds nothing in this index: there is nothing to time"
            )
    loads: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    for path in kinds.values():
        load(base, path, queries, 1)  # opens the engines of both workers
    for _ in range(rounds):
        for kind, path in kinds.items():
            loads[kind].append(load(base, path, queries, seconds))
    medians = {kind: statistics.median(run["requests_per_s"] for run in done) for kind, done in loads.items()}
    return {
        "repeated": kinds[REPEATED],
        "hits_answered": hits_answered[VARIED],
        "requests_per_s": medians,
        "ratio": {kind: round(medians[kind] / medians[BARE], 3) for kind in kinds if kind != BARE},
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
        peer = Path(scratch) / "tantivy" if find_spec("tantivy") else None
        if peer:
            build_peer(index, peer)
        spawning = multiprocessing.get_context("spawn")
        urls = spawning.Queue()
        server = spawning.Process(target=start, args=(index, peer, urls))
        server.start()
        try:
            base = urls.get(timeout=30)
            found = measure(base, words_of(index), peer is not None, options.seconds, options.rounds)
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
    for kind, rate in found["requests_per_s"].items():
        print(f"{kind}: {rate:.0f}/s, ratio {found['ratio'].get(kind, 1)}")


if __name__ == "__main__":
    main()
