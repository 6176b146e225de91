"""How good are the answers beside plain BM25, and which questions are won and lost?

    python bench/relevance.py FOLDER [--queries queries.tsv queries-typo.tsv] --out RUN.json

The folder holds `corpus.jsonl.gz`, the articles; `qrels.tsv`, the judgements; and files of queries, as
`depeche evaluate` reads them. A fresh index is made of the articles, and three systems answer every query
that has a judgement:

- `depeche`: the engine, as it is;
- `plain`: BM25 over the same stems of the same articles, worked out here by brute force: title, lead and text
  are one field, function words count for nothing, and a query is its words and no more;
- `keywords`: the engine, but a question is read like any other words, so that articles with all of
  them come first (search.questions is what is left out).

    plain score = Σ_stem n · idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / mean length))

n is how often the query has the stem, k1 1.2, b 0.75, lengths are exact, the idf is that of search.ranking.
Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). An article
that came without a title has its first words for one: they count twice, for all three systems.

A query is won where nDCG@10 of `depeche` is greater. The first file of queries is the one that the
others are variants of: of each variant it is said what it costs, and how much of that `depeche` wins back.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import click
import ir_measures
import numpy as np
import numpy.typing as npt
from peers.machine import describe_commit, describe_file, describe_machine, versions

from index import store
from index.analysis import analyze
from index.articles.article import Article
from index.building import rebuild
from index.errors import DepecheError
from search import SearchRequest, open_index
from search.ranking import idf
from search.snapshot import Snapshot
from web.commands.evaluating import Query, escape_id, read_judgements, read_queries

CORPUS, JUDGEMENTS = "corpus.jsonl.gz", "qrels.tsv"
OURS, PLAIN, KEYWORDS = "depeche", "plain", "keywords"
MEASURES = ("nDCG@10", "R@100")
DEPTH = 100  # the deepest cut of MEASURES
K1, B = 1.2, 0.75
_TOLD = 10  # queries won, and as many lost, that are given with their text
_DIGITS = 4  # of a stored value
_LIBRARIES = ("ir_measures", "numpy", "PyStemmer", "snowballstemmer", "Unidecode")

Answer = Callable[[str], Sequence[str]]
"""Gives the ids of the articles that a query finds, best first, at most DEPTH."""
Values = Mapping[str, Sequence[float]]
"""Of each measure, its value for every query, in the order of the file."""


@dataclass(frozen=True, slots=True)
class OneField:
    """The stems of articles as one field: of each stem its articles, (n,), and how often each has it, (n,).

    `penalties` is k1 · (1 - b + b · length / mean length), (articles,).
    """

    ids: tuple[str, ...]
    postings: Mapping[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]
    penalties: npt.NDArray[np.float64]


def main(arguments: list[str]) -> None:
    """Measure, write one run, and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--queries", nargs="+", default=["queries.tsv"], help="files of the folder")
    parser.add_argument("--out", type=Path, required=True, help="where to write the run")
    options = parser.parse_args(arguments)
    folder: Path = options.folder.resolve()
    try:
        run = {
            "what": "relevance beside plain BM25 over the same stems",
            "machine": describe_machine(),
            "versions": versions(_LIBRARIES),
            "commit": describe_commit(),
            "date": time.strftime("%Y-%m-%d"),
            "command": f"python bench/relevance.py {folder.name} --queries {' '.join(options.queries)} "
            f"--out {options.out.name}",
            "corpus": {"folder": folder.name, **describe_file(folder / CORPUS)},
            "judgements": describe_file(folder / JUDGEMENTS),
            **_measure_folder(folder, options.queries),
        }
    except (DepecheError, click.ClickException, OSError) as error:
        sys.exit(f"relevance: {error}")
    text = json.dumps(run, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    options.out.write_text(text + "\n", encoding="utf-8")
    print("\n".join(_table(run)))


def _measure_folder(folder: Path, files: Sequence[str]) -> dict[str, Any]:
    """Let all systems answer all files of queries."""
    judged = read_judgements(str(folder / JUDGEMENTS))
    with tempfile.TemporaryDirectory() as made:
        articles, index_path = Path(made, "articles"), Path(made, "index")
        articles.mkdir()
        shutil.copy(folder / CORPUS, articles)
        report = rebuild(index_path, [articles])
        field = one_field(_indexed(index_path))
        with open_index(index_path) as engine:

            def ours(text: str) -> list[str]:
                hits = engine.search(SearchRequest(text, limit=DEPTH, snippets=False)).hits
                return [hit.article_id for hit in hits]

            def keywords(text: str) -> list[str]:
                with mock.patch("search.interpretation.is_question", return_value=False):
                    return ours(text)

            systems = {OURS: ours, PLAIN: lambda text: find(field, text), KEYWORDS: keywords}
            measured = [_measure_file(folder / name, judged, systems) for name in files]
    for variant in measured[1:]:
        variant["beside_first"] = _cost(measured[0]["means"], variant["means"])
    return {"articles": report.articles, "rejected": report.rejected, "queries": measured}


def _indexed(index_path: Path) -> list[Article]:
    """Give the articles as they were indexed, their lines in zones."""
    snapshot = Snapshot(store.open_generation(index_path, store.current_name(index_path)))
    articles = [snapshot.article(document) for document in range(snapshot.all_documents)]
    snapshot.close()
    return articles


def one_field(articles: Iterable[Article]) -> OneField:
    """Put the stems of each article into one field."""
    ids: list[str] = []
    lengths: list[int] = []
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, article in enumerate(articles):
        counted = Counter(_stems(f"{article.title}\n{article.lead}\n{article.text}"))
        ids.append(article.article_id)
        lengths.append(counted.total())
        for stem, tf in counted.items():
            found[stem].append((number, tf))
    relative = np.array(lengths) / statistics.fmean(lengths)
    columns = {stem: np.array(rows).T for stem, rows in found.items()}
    return OneField(
        tuple(ids), {stem: (rows[0], rows[1]) for stem, rows in columns.items()}, K1 * (1 - B + B * relative)
    )


def find(field: OneField, text: str) -> list[str]:
    """Answer a query by plain BM25; of articles worth the same, the first of the corpus comes first."""
    scores = np.zeros(len(field.ids))
    for stem, times in Counter(_stems(text)).items():
        if stem in field.postings:
            documents, tf = field.postings[stem]
            weight = times * idf(len(field.ids), len(documents))
            scores[documents] += weight * tf * (K1 + 1) / (tf + field.penalties[documents])
    best = np.argsort(-scores, kind="stable")[:DEPTH]
    return [field.ids[document] for document in best if scores[document] > 0]


def _stems(text: str) -> list[str]:
    """Give the stems of a text, one for each word that is no function word."""
    return [token.stem for token in analyze(text) if token.stem and not token.joined]


def _measure_file(
    path: Path, judged: Mapping[str, Mapping[str, int]], systems: Mapping[str, Answer]
) -> dict[str, Any]:
    """Let all systems answer one file of queries."""
    queries = [query for query in read_queries(str(path)) if query.qid in judged]
    if not queries:
        raise click.ClickException(f"{path.name}: no query has a judgement")
    values = {name: _measure(queries, judged, answer) for name, answer in systems.items()}
    first = MEASURES[0]
    return {
        "file": describe_file(path),
        "judged": len(queries),
        "means": {
            name: {measure: statistics.fmean(found[measure]) for measure in MEASURES}
            for name, found in values.items()
        },
        "beside": {
            name: compare(queries, values[OURS][first], values[name][first]) for name in (PLAIN, KEYWORDS)
        },
        "qids": [query.qid for query in queries],
        "values": {
            name: {measure: [_short(value) for value in column] for measure, column in found.items()}
            for name, found in values.items()
        },
    }


def _measure(queries: Sequence[Query], judged: Mapping[str, Mapping[str, int]], answer: Answer) -> Values:
    """Measure the answers to every query; one that found nothing is worth zero."""
    # The score given is the rank turned round: trec_eval would break ties of the real one its own way.
    found = {
        query.qid: {
            escape_id(article_id): float(DEPTH - rank) for rank, article_id in enumerate(answer(query.text))
        }
        for query in queries
    }
    kept = {qid: judged[qid] for qid in found}
    places = {query.qid: place for place, query in enumerate(queries)}
    values = {measure: [0.0] * len(queries) for measure in MEASURES}
    asked = [ir_measures.parse_measure(measure) for measure in MEASURES]
    for result in ir_measures.iter_calc(asked, kept, found):
        values[str(result.measure)][places[result.query_id]] = result.value
    return values


def compare(queries: Sequence[Query], ours: Sequence[float], theirs: Sequence[float]) -> dict[str, Any]:
    """Count the queries won and lost, and say how far chance would do the same.

    `gain_error` is the standard error of the mean gain; `sign_test` the probability of so uneven a count of
    won and lost if each were as likely.
    """
    gains = [mine - other for mine, other in zip(ours, theirs, strict=True)]
    gain, before = statistics.fmean(gains), statistics.fmean(theirs)
    order = sorted(range(len(queries)), key=lambda place: (-gains[place], queries[place].qid))
    won = [place for place in order if gains[place] > 0]
    lost = [place for place in reversed(order) if gains[place] < 0]

    def told(places: Sequence[int]) -> list[dict[str, Any]]:
        return [
            {
                "qid": queries[place].qid,
                "text": queries[place].text,
                "values": [_short(ours[place]), _short(theirs[place])],
            }
            for place in places[:_TOLD]
        ]

    return {
        "gain": gain,
        "relative_gain": gain / before if before else None,
        "gain_error": statistics.stdev(gains) / math.sqrt(len(gains)) if len(gains) > 1 else None,
        "won": len(won),
        "lost": len(lost),
        "equal": len(gains) - len(won) - len(lost),
        "sign_test": sign_test(len(won), len(lost)),
        "most_won": told(won),
        "most_lost": told(lost),
    }


def sign_test(won: int, lost: int) -> float:
    """Give the probability that a fair coin falls at least so unevenly, whichever side is ahead."""
    thrown = won + lost
    tail = sum(math.comb(thrown, count) for count in range(min(won, lost) + 1))
    return min(1.0, 2 * tail / (1 << thrown))


def _cost(
    first: Mapping[str, Mapping[str, float]], variant: Mapping[str, Mapping[str, float]]
) -> dict[str, Any]:
    """Say what a variant costs in nDCG@10.

    `won_back` is the share of what plain BM25 loses that we do not lose ourselves, and `made_up` the
    share that separates us from plain BM25 on the variant, which a better ranking also fills.
    """
    measure = MEASURES[0]
    changes = {name: variant[name][measure] - first[name][measure] for name in (OURS, PLAIN, KEYWORDS)}
    lost = -changes[PLAIN]
    above = variant[OURS][measure] - variant[PLAIN][measure]
    return {
        "change": changes,
        "won_back": 1 + changes[OURS] / lost if lost > 0 else None,
        "made_up": above / lost if lost > 0 else None,
    }


def _short(value: float) -> float | int:
    rounded = round(value, _DIGITS)
    return int(rounded) if rounded == int(rounded) else rounded


def _table(run: Mapping[str, Any]) -> Iterable[str]:
    """Give the figures of a run as a Markdown table."""
    yield "| queries | system | nDCG@10 | R@100 | depeche: won, lost, equal | sign test | won back |"
    yield "|---|---|---|---|---|---|---|"
    for measured in run["queries"]:
        for name, means in measured["means"].items():
            ndcg, recall = (means[measure] for measure in MEASURES)
            beside = measured["beside"].get(name)
            counts = f"{beside['won']}, {beside['lost']}, {beside['equal']}" if beside else ""
            chance = f"{beside['sign_test']:.2g}" if beside else ""
            back = measured.get("beside_first", {}).get("won_back") if name == OURS else None
            told = "" if back is None else f"{back:.1%}"
            file = measured["file"]["name"]
            yield f"| {file} | {name} | {ndcg:.4f} | {recall:.4f} | {counts} | {chance} | {told} |"


if __name__ == "__main__":
    main(sys.argv[1:])
