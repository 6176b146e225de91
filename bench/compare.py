"""How does Dépêche stand beside tantivy, SQLite, Whoosh, bm25s and Xapian, on your own articles?

    python bench/compare.py CORPUS.jsonl.gz --documents 10000,50000 [--engines A,B] [--out RUN.json]

Everything happens in one run, on the same tokens: answers are compared first, with those of an oracle that
looks through all tokens, then times. `pip install -e '.[bench]'` brings the peers that pip can
install; an engine that is not there is passed over. `bench/report.py` makes the table and the plot. How the
comparison works is said in bench/peers.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import sys
import time
from pathlib import Path

from peers.engines import ENGINES
from peers.machine import describe_commit, describe_file, describe_machine, versions
from peers.run import compare, narrator


def main(arguments: list[str]) -> None:
    """Compare, and write one run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=_sizes, default=[10_000], help="sizes, separated by commas")
    parser.add_argument(
        "--engines", type=_engines, default=list(ENGINES), help=f"some of {', '.join(ENGINES)}"
    )
    parser.add_argument("--queries", type=int, default=50, help="of each class")
    parser.add_argument("--rounds", type=int, default=5, help="after the first, cold one")
    parser.add_argument("--seed", type=int, help="of queries and invented dates; drawn where not given")
    parser.add_argument("--out", type=Path, help="where to write the run; standard output where not given")
    options = parser.parse_args(arguments)
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    say = narrator(time.monotonic(), sys.stderr.write)
    say(f"seed {seed}")
    run = {
        "what": "search engines compared on the same articles and tokens",
        "machine": describe_machine(),
        "versions": {
            **versions(name for engine in ENGINES.values() for name in engine.distributions),
            "sqlite": sqlite3.sqlite_version,
        },
        "commit": describe_commit(),
        "date": time.strftime("%Y-%m-%d"),
        "command": " ".join(["python", "bench/compare.py", *(_shown(argument) for argument in arguments)]),
        "seed": seed,
        "rounds": options.rounds,
        "load_average": round(os.getloadavg()[0], 2),
        "corpus": describe_file(options.corpus),
        "sizes": [
            compare(options.corpus, size, options.engines, options.queries, options.rounds, seed, say)
            for size in options.documents
        ],
    }
    text = json.dumps(run, ensure_ascii=False, separators=(",", ":")) + "\n"
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


def _sizes(text: str) -> list[int]:
    return [int(size.replace("_", "")) for size in text.split(",")]


def _engines(text: str) -> list[str]:
    names = text.split(",")
    if unknown := sorted(set(names) - set(ENGINES)):
        raise argparse.ArgumentTypeError(f"no engine {', '.join(unknown)}; there are {', '.join(ENGINES)}")
    return names


def _shown(argument: str) -> str:
    """Name a file without the folders of the machine it lay on."""
    return Path(argument).name if Path(argument).is_absolute() else argument


if __name__ == "__main__":
    main(sys.argv[1:])
