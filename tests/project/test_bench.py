"""Does the comparison with other engines measure what it says, and refuse what it should?"""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = 200
QUERIES = 4
SEED = 20_260_101
ALWAYS_THERE = (
    "depeche",
    "depeche-kernel",
    "sqlite-fts5",
    "whoosh",
)  # they need nothing of the extra `bench`
TABLES = ("## Targets", f"## {DOCUMENTS} documents")
TARGETS = ("p99 of search", "index with stored text ÷ text", "cold `depeche search`", "memory of a searching")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles of made-up words, a few of them frequent and most of them rare, as in any language."""
    rng = random.Random(SEED)
    words = ["".join(rng.choice("bdfglmnprtv") + rng.choice("aiou") for _ in range(4)) for _ in range(1_500)]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(DOCUMENTS // 2):  # the other half is the same articles again
            drawn = rng.choices(words, weights, k=rng.randrange(40, 160))
            record = {
                "id": f"a-{number}",
                "title": " ".join(drawn[:4]).capitalize(),
                "text": " ".join(drawn[4:]).capitalize() + ".",
                "source": rng.choice(("Le Jour", "La Nuit")),
            }
            file.write(json.dumps(record) + "\n")
    return path


@pytest.fixture(scope="module")
def run_path(corpus: Path) -> Path:
    """A run over all engines that are installed."""
    path = corpus.with_name("run.json")
    command = [sys.executable, ROOT / "bench/compare.py", corpus, "--out", path, "--seed", str(SEED)]
    sizes = ["--documents", str(DOCUMENTS), "--queries", str(QUERIES), "--rounds", "1"]
    done = subprocess.run([*command, *sizes], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"seed {SEED}" in done.stderr
    return path


@pytest.fixture(scope="module")
def engines(run_path: Path) -> dict[str, Any]:
    (size,) = json.loads(run_path.read_text(encoding="utf-8"))["sizes"]
    return {name: engine for name, engine in size["engines"].items() if "skipped" not in engine}


@pytest.fixture
def peers(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The modules of bench/peers that a test looks into."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    from peers import engine, figures, oracle

    return SimpleNamespace(engine=engine, oracle=oracle, figures=figures)


def test_a_run_says_where_it_comes_from(run_path: Path, corpus: Path) -> None:
    run = json.loads(run_path.read_text(encoding="utf-8"))
    assert run["corpus"]["size_bytes"] == corpus.stat().st_size
    assert len(run["corpus"]["sha256"]) == 64
    assert run["machine"]["cores"] >= 1
    assert run["versions"]["numpy"] == np.__version__
    assert run["command"].startswith("python bench/compare.py corpus.jsonl --out run.json")
    assert run["seed"] == SEED


@pytest.mark.parametrize("name", ALWAYS_THERE)
def test_the_engines_that_need_nothing_are_compared(
    name: str, run_path: Path, engines: dict[str, Any]
) -> None:
    (size,) = json.loads(run_path.read_text(encoding="utf-8"))["sizes"]
    assert name in engines, size["engines"][name]


def test_answers_agree_with_the_oracle(engines: dict[str, Any]) -> None:
    judged = {
        (name, kind): found
        for name, engine in engines.items()
        for kind, found in engine["classes"].items()
        if found["judged"]
    }
    assert judged
    wrong = {place: found for place, found in judged.items() if found["right"] != found["asked"]}
    assert not wrong


def test_every_class_is_timed_cold_and_warm(engines: dict[str, Any], peers: SimpleNamespace) -> None:
    assert set(engines["depeche"]["classes"]) == set(peers.engine.CLASSES)
    for name, engine in engines.items():
        for kind, found in engine["classes"].items():
            times = (found["cold_us"], *found["warm_us"])
            assert [len(row) for row in times] == [QUERIES, QUERIES], (name, kind)
            assert min(map(min, times)) > 0


def test_pages_show_snippets(engines: dict[str, Any], peers: SimpleNamespace) -> None:
    shown = {name: engine["classes"].get(peers.engine.PAGE) for name, engine in engines.items()}
    assert shown["depeche"]
    assert all(page["snippets"] > 1 for page in shown.values() if page)


def test_the_report_tells_what_was_measured(run_path: Path, peers: SimpleNamespace) -> None:
    plot = run_path.with_name("cost.svg")
    command = [sys.executable, ROOT / "bench/report.py", run_path, "--plot", plot]
    told = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    assert [part for part in (*TABLES, *TARGETS) if part not in told] == []
    assert [name for name in peers.engine.CLASSES if f"\n| {name} |" not in told] == []
    drawn = {text for element in ElementTree.parse(plot).iter() if (text := element.text)}
    assert drawn > {*peers.engine.CLASSES, *ALWAYS_THERE}


# Three documents of 2, 3 and 1 tokens: "a b", "a a c", "b". Mean length 2, k1 = 1.2, b = 0.75.
# a: df 2 of 3, idf = ln(1 + 1.5 / 2.5) = ln 1.6. In "a b": 2.2 / (1 + 1.2) = 1; in "a a c":
# 2 · 2.2 / (2 + 1.2 · (0.25 + 0.75 · 1.5)) = 4.4 / 3.65.
IDF = math.log(1.6)
HAND_MADE = [
    (("term", ("a",)), {0: IDF, 1: IDF * 4.4 / 3.65}),
    (("and", ("a", "b")), {0: 2 * IDF}),
    (("or", ("a", "b")), {0: 2 * IDF, 1: IDF * 4.4 / 3.65, 2: IDF * 2.2 / (1 + 1.2 * 0.625)}),
    (("phrase", ("a", "c")), {1: math.log(1 + 2.5 / 1.5) * 2.2 / (1 + 1.2 * 1.375)}),
    (("phrase", ("b", "a")), {}),  # next to each other, but in two documents
    (("prefix", ("z",)), {}),
    (("fuzzy", ("z",)), {0: 2.2 * 2 / 3.2, 1: 2.2 * 3 / (3 + 1.2 * 1.375), 2: 2.2 / (1 + 1.2 * 0.625)}),
]


@pytest.fixture
def oracle(peers: SimpleNamespace) -> Any:
    tiny = SimpleNamespace(
        documents=3,
        terms=("a", "b", "c"),
        tokens=np.array([0, 1, 0, 0, 2, 1], dtype=np.int32),
        starts=np.array([0, 2, 5, 6]),
        sources=("x", "x", "y"),
        dates=np.array([30, 10, 20]),
    )
    return peers.oracle.Oracle(tiny)


@pytest.mark.parametrize(("asked", "scores"), HAND_MADE)
def test_the_oracle_scores_as_worked_by_hand(
    asked: tuple[Any, Any], scores: dict[int, float], oracle: Any, peers: SimpleNamespace
) -> None:
    query = peers.engine.Query(*asked, typed="")
    idf = (lambda documents, df: 1.0) if query.kind == "fuzzy" else peers.engine.lucene_idf
    found = oracle.scores(query, peers.engine.Formula(idf, length_error=0.0))
    assert {int(place): found[place] for place in np.flatnonzero(found)} == pytest.approx(scores)


VERDICTS = [  # hits given for "a OU b", total → kept?
    ((0, 2, 1), 3, True),
    ((0, 2, 1), None, True),  # it does not count
    ((0, 2, 1), 2, False),
    ((0, 1, 2), 3, False),  # in the wrong order
    ((0, 2), 3, False),
    ((0, 2, 2), 3, False),
    ((), 0, False),
]


@pytest.mark.parametrize(("documents", "total", "right"), VERDICTS)
def test_wrong_answers_are_refused(
    documents: tuple[int, ...], total: int | None, right: bool, oracle: Any, peers: SimpleNamespace
) -> None:
    formula = peers.engine.Formula(peers.engine.lucene_idf, length_error=0.0)
    answer = peers.engine.Answer(documents, total)
    query = peers.engine.Query("or", ("a", "b"), "a OU b")
    assert oracle.judge(query, answer, formula).right is right


def test_dates_decide_where_they_are_asked_for(oracle: Any, peers: SimpleNamespace) -> None:
    formula = peers.engine.Formula(peers.engine.lucene_idf, length_error=0.5)
    query = peers.engine.Query("term", ("a",), "a", source="x", newest=True)
    judge = [
        oracle.judge(query, peers.engine.Answer(hits, 2), formula).right for hits in ((0, 1), (1, 0), (0, 2))
    ]
    assert judge == [True, False, False]


def made_up_size(documents: int, ours_us: float, theirs_us: float) -> dict[str, Any]:
    """One size of a run in which two engines answered one class."""

    def engine(p50: float) -> dict[str, Any]:
        times = {"cold_us": [3 * p50, 3 * p50], "warm_us": [[p50, p50], [9 * p50, p50], [p50, p50]]}
        return {
            "classes": {"common": {"judged": True, **times}},
            "builds": [{"threads": 2, "documents_per_s": 100, "size_bytes": 80}],
            "memory": {"private_bytes": 150_000_000},
            "cold_start": {"search_s": [0.3, 0.2], "imports_s": [0.1, 0.1]},
        }

    engines = {"depeche": engine(ours_us), "tantivy": engine(theirs_us), "tantivy-french": engine(theirs_us)}
    return {"documents": documents, "text_bytes": 100, "engines": engines}


def test_targets_are_worked_out_from_the_numbers(peers: SimpleNamespace) -> None:
    sizes = [made_up_size(100, 20.0, 40.0), made_up_size(500, 30.0, 40.0), made_up_size(1000, 80.0, 40.0)]
    found = list(peers.figures.targets([{"sizes": sizes}]))
    figures = peers.figures
    told = {(where, target): (value, target.verdict(value)) for where, target, value in found}
    assert told["100, common", figures.LATENCY] == (0.5, "aim")
    assert told["500, common", figures.LATENCY] == (0.75, "must")
    assert told["1,000, common", figures.LATENCY] == (2.0, "missed")
    assert told["100 → 1,000, common", figures.GROWTH] == (4.0, "must")
    assert [where for where, target in told if target == figures.GROWTH] == ["100 → 1,000, common"]
    assert told["100", figures.DOCUMENTS] == (1.0, "must")
    assert told["100", figures.SIZE] == (0.8, "must")
    assert told["100", figures.COLD_START] == (2.0, "must")
    assert told["100", figures.MEMORY] == (150.0, "must")
    assert figures.latency(sizes[0], "depeche", "common", "cold").p50 == 60


def test_percentiles_are_values_that_were_measured(peers: SimpleNamespace) -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert [peers.figures.percentile(values, part) for part in (0.5, 0.95, 0.99)] == [50, 95, 99]
    assert peers.figures.percentile([7.0], 0.5) == 7
