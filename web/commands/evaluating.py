"""How good are the answers, over many queries at once?

`run` answers a file of queries as a TREC run; `evaluate` compares the answers with known relevance
judgements. Queries are `qid<TAB>text`; judgements are the four columns of TREC qrels (qid, 0, id,
grade), separated by tabs. An article id in a run or in judgements has its white space and % written
%XX, because TREC files have no other way to hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.commands.edge import FrenchCommand, describe, index_option, read_lines, table, whole_number

if TYPE_CHECKING:
    from search import Engine
    from search.results import Hit

MEASURES = ("nDCG@10", "R@100", "RR@10", "P@10", "AP@100")
DEPTH = 100  # the deepest cut of MEASURES
MOST_HITS = 10_000
RUN_NAME = "depeche"
SCORE_STEP = 1e-6  # the last decimal that is written

_UNSAFE = re.compile(r"[\s%\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Query:
    """One line of a file of queries; `place` is where it stands."""

    place: str
    qid: str
    text: str


@click.command("run", cls=FrenchCommand)
@click.argument("queries", metavar="REQUÊTES.tsv")
@click.option(
    "--limit", type=whole_number(1, MOST_HITS), default="100", metavar="N", help="Articles par requête (100)."
)
@index_option
def run(queries: str, limit: int, index_path: Path) -> None:
    """Répond à un fichier de requêtes, au format TREC.

    Chaque ligne lue\u00a0: qid, tabulation, texte («\u00a0-\u00a0»\u00a0: entrée standard). Chaque
    ligne écrite\u00a0: qid Q0 id rang score depeche. Les blancs et les % d’un identifiant d’article
    sont écrits %XX, car TREC sépare ses colonnes par des blancs.
    """
    from search import open_index

    with open_index(index_path) as engine:
        for query in read_queries(queries):
            for line in run_lines(query.qid, _answer(engine, query, limit)):
                click.echo(line)


@click.command("evaluate", cls=FrenchCommand)
@click.argument("queries", metavar="REQUÊTES.tsv")
@click.argument("qrels", metavar="JUGEMENTS.tsv")
@index_option
def evaluate(queries: str, qrels: str, index_path: Path) -> None:
    """Mesure la qualité des réponses.

    Compare les réponses aux requêtes (qid, tabulation, texte) avec des jugements TREC (qid, 0, id, degré).
    Une requête jugée qui ne trouve rien compte pour zéro\u00a0; une requête sans jugement ne compte pas.
    """
    from search import open_index
    from web.wording import count_in_french

    try:
        import ir_measures
    except ImportError as error:
        raise click.ClickException(
            "evaluate demande ir-measures\u00a0; installez-le\u00a0: pip install 'depeche[evaluate]'"
        ) from error
    judged = read_judgements(qrels)
    asked = [query for query in read_queries(queries) if query.qid in judged]
    if not asked:
        raise click.ClickException(f"{queries}\u00a0: aucune requête n’a de jugement dans {qrels}")
    with open_index(index_path) as engine:
        # The score given is made of the rank: trec_eval would break ties of the real one its own way.
        found = {
            query.qid: {
                escape_id(hit.article_id): float(DEPTH - rank)
                for rank, hit in enumerate(_answer(engine, query, DEPTH))
            }
            for query in asked
        }
    kept = {qid: judged[qid] for qid in found}
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    # Averaged here, over every query: the libraries underneath differ on those that found nothing.
    sums = dict.fromkeys(MEASURES, 0.0)
    for result in ir_measures.iter_calc(measures, kept, found):
        sums[str(result.measure)] += result.value
    click.echo(count_in_french(len(kept), "requête évaluée", "requêtes évaluées", none="aucune"))
    for line in table([(name, f"{total / len(kept):.4f}") for name, total in sums.items()]):
        click.echo(line)


def read_queries(path: str) -> Iterator[Query]:
    """Read a file of queries, "-" for standard input. Blank lines are passed over.

    Raises:
        click.ClickException: a line is not `qid<TAB>text`, or a qid comes twice.
    """
    seen: set[str] = set()
    for place, line in read_lines(path):
        if not line.strip():
            continue
        qid, tab, text = line.partition("\t")
        if not tab or not qid or re.search(r"\s", qid) or not text.strip():
            raise _malformed(place, line, "qid, tabulation, texte")
        if qid in seen:
            raise click.ClickException(f"{place}\u00a0: la requête {qid} est déjà plus haut")
        seen.add(qid)
        yield Query(place, qid, text.strip())


def read_judgements(path: str) -> dict[str, dict[str, int]]:
    """Read TREC judgements as qid → article id → grade.

    Raises:
        click.ClickException: a line has not four columns, or its grade is not a whole number.
    """
    judged: dict[str, dict[str, int]] = {}
    for place, line in read_lines(path):
        if not line.strip():
            continue
        columns = line.split("\t") if "\t" in line else line.split()
        if len(columns) != 4 or not re.fullmatch(r"-?[0-9]{1,9}", columns[3].strip()):
            raise _malformed(place, line, "qid, 0, id, degré")
        qid, _, article_id, grade = (column.strip() for column in columns)
        judged.setdefault(qid, {})[re.sub(r"\s", _as_percent, article_id)] = int(grade)
    return judged


def run_lines(qid: str, hits: Iterable[Hit]) -> Iterator[str]:
    """Write the hits of one query, best first, as lines of a TREC run.

    trec_eval and its like sort a run by score again, and break ties their own way: so of equal scores the
    later one is written a step lower.
    """
    bound = float("inf")
    for rank, hit in enumerate(hits, 1):
        score = min(hit.score, bound)
        bound = score - SCORE_STEP
        yield f"{qid} Q0 {escape_id(hit.article_id)} {rank} {score:.6f} {RUN_NAME}"


def escape_id(article_id: str) -> str:
    """Write an article id so that a TREC file can hold it: "a b" is a%20b."""
    return _UNSAFE.sub(_as_percent, article_id)


def _as_percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())


def _answer(engine: Engine, query: Query, limit: int) -> tuple[Hit, ...]:
    from index.errors import DepecheError
    from search import SearchRequest

    try:
        return engine.search(SearchRequest(query.text, limit=limit, snippets=False)).hits
    except DepecheError as error:
        raise click.ClickException(f"{query.place}\u00a0: {describe(error)}") from error


def _malformed(place: str, line: str, expected: str) -> click.ClickException:
    found = line if len(line) <= 60 else f"{line[:60]}…"
    shown = found.replace("\t", "<TAB>")
    return click.ClickException(
        f"{place}\u00a0: trouvé «\u00a0{shown}\u00a0», attendu {expected} (séparés par des tabulations)"
    )
