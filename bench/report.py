"""What came out of a comparison, for people to read?

    python bench/report.py RUN.json [RUN.json …] [--plot COST.svg] > TABLES.md

Makes Markdown tables of runs that `bench/compare.py` stored, and a plot of cost against size. Nothing is
measured here, and nothing is told that is not in the runs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from peers.engine import CLASSES
from peers.figures import KERNEL, OURS, by_size, disturbed, engines, latency, peer_of, ratio, targets
from peers.plot import plot

_MEGA = 1e6


def report(runs: Sequence[Mapping[str, Any]]) -> str:
    """Write the whole report as Markdown."""
    parts = [_provenance(runs), "## Targets\n", _targets(runs)]
    for documents, size in by_size(runs).items():
        parts += [
            f"## {documents:,} documents, {size['text_bytes'] / _MEGA:.1f} MB of text\n",
            "Dépêche and its evaluator alone beside tantivy, µs, p50 / p95 / p99; the first time a query is "
            "asked (cold), p50; p50 ÷ tantivy’s:\n",
            _beside_tantivy(size),
            "Every engine, µs, p50, or how many answers were right where no time was kept:\n",
            _every_engine(size),
            "Overlap of the first ten with exact BM25 (the formula of each engine, exact lengths; "
            f"`{OURS}` ranks by more than BM25 and is not judged):\n",
            _overlaps(size),
            _disturbances(size),
            "Building, each a whole process that starts from the file, and the process that searched:\n",
            _building(size),
        ]
    return "\n".join(parts)


def _provenance(runs: Iterable[Mapping[str, Any]]) -> str:
    lines = []
    for run in runs:
        machine, corpus = run["machine"], run["corpus"]
        versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
        ram = f"{machine['ram_bytes'] / 1e9:.0f} GB" if machine["ram_bytes"] else "unknown memory"
        lines += [
            f"- `{run['command']}`, seed {run['seed']}, {run['date']}, commit {run['commit']}",
            f"  - {machine['cpu']}, {machine['cores']} cores, {ram}, Python {machine['python']}; {versions}",
            f"  - {corpus['name']}, {corpus['size_bytes']:,} bytes, sha256 `{corpus['sha256']}`",
        ]
    return "\n".join(lines) + "\n"


def _targets(runs: Sequence[Mapping[str, Any]]) -> str:
    rows = (
        (target.name, where, _number(measured), _number(target.must), _number(target.aim), verdict)
        for where, target, measured in targets(runs)
        for verdict in (target.verdict(measured),)
    )
    return _table(("", "documents", "measured", "must", "aim", "reached"), rows)


def _beside_tantivy(size: Mapping[str, Any]) -> str:
    heads = ("", OURS, "cold", KERNEL, "cold", "tantivy", "cold", f"{OURS} ÷", "cold", f"{KERNEL} ÷", "cold")
    rows = []
    for name in CLASSES:
        row = [name]
        for engine in (OURS, KERNEL, peer_of(name)):
            warm, cold = latency(size, engine, name), latency(size, engine, name, "cold")
            row.append(f"{warm.p50:,.0f} / {warm.p95:,.0f} / {warm.p99:,.0f}" if warm else "")
            row.append(f"{cold.p50:,.0f}" if cold else "")
        for engine in (OURS, KERNEL):
            row += [_number(ratio(size, engine, name)), _number(ratio(size, engine, name, "cold"))]
        rows.append(row)
    return _table(heads, rows)


def _every_engine(size: Mapping[str, Any]) -> str:
    def cell(engine: str, name: str) -> str:
        if found := latency(size, engine, name):
            return f"{found.p50:,.0f}"
        measured = engines(size)[engine]["classes"].get(name)
        return f"{measured['right']} of {measured['asked']} right" if measured else ""

    names = list(engines(size))
    rows = [[name, *(cell(engine, name) for engine in names)] for name in CLASSES]
    skipped = {name: engine["skipped"] for name, engine in size["engines"].items() if "skipped" in engine}
    notes = "".join(f"- {name}: {reason}\n" for name, reason in skipped.items())
    return _table(("", *names), rows) + ("\n" + notes if notes else "")


def _disturbances(size: Mapping[str, Any]) -> str:
    found = disturbed(size)
    return f"Something else ran on the machine during: {', '.join(found)}.\n" if found else ""


def _overlaps(size: Mapping[str, Any]) -> str:
    names = list(engines(size))
    rows = (
        [
            name,
            *(_number(engines(size)[engine]["classes"].get(name, {}).get("overlap")) for engine in names),
        ]
        for name in CLASSES
    )
    return _table(("", *names), [row for row in rows if any(row[1:])])


def _building(size: Mapping[str, Any]) -> str:
    heads = (
        *("", "tokens", "threads", "documents/s", "a CPU second", "index ÷ text", "peak MB of building"),
        *("import and open, ms", "open again, ms", "private MB of searching"),
    )
    rows = []
    for name, engine in engines(size).items():
        for built in engine["builds"]:
            peak = built["peak_bytes"] + built["largest_child_bytes"]
            row = [
                name,
                engine["tokens"],
                str(built["threads"] or "own choice"),
                f"{built['documents_per_s']:,.0f}",
            ]
            row.append(f"{size['documents'] / built['cpu_seconds']:,.0f}")
            row += [_number(built["size_bytes"] / size["text_bytes"]), f"{peak / _MEGA:.0f}"]
            if built is engine["builds"][0]:
                private = engine["memory"]["private_bytes"] / _MEGA
                row += [f"{engine['start_ms']:.0f}", f"{engine['open_ms']:.1f}", f"{private:.0f}"]
            rows.append(row)
    return _table(heads, rows)


def _number(value: float | None) -> str:
    """Write a ratio with the digits that it deserves."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    filled = ((*row, *[""] * (len(heads) - len(row))) for row in rows)
    lines = [heads, ("---", *("---:" for _ in heads[1:])), *filled]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def main(arguments: list[str]) -> None:
    """Read runs, print tables, draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--plot", type=Path, help="where to draw cost against size")
    options = parser.parse_args(arguments)
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in options.runs]
    sys.stdout.write(report(runs))
    if options.plot:
        options.plot.write_text(plot(runs), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
