"""run and evaluate: files in, TREC lines and measures out."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from search.results import Hit
from web.commands.evaluating import escape_id, run_lines


@pytest.fixture
def write(tmp_path: Path):
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_run_prints_trec_lines(invoke, built: Path, write) -> None:
    queries = write("q.tsv", "q1\treelu\n\nq2\tmarché de Noël\nq3\tzygomorphe\n")
    result = invoke("run", queries, "--index", built)
    assert result.exit_code == 0
    rows = [line.split(" ") for line in result.stdout.splitlines()]
    assert [(row[0], row[1], row[2], row[3], row[5]) for row in rows] == [
        ("q1", "Q0", "reelu", "1", "depeche"),
        ("q2", "Q0", "dossier/deux%20mots", "1", "depeche"),
    ]
    assert all(float(row[4]) > 0 for row in rows)


def test_run_reads_standard_input(invoke, built: Path) -> None:
    assert invoke("run", "-", "--index", built, stdin="q1\tgrève\r\n").stdout.startswith("q1 Q0 greve 1 ")


def test_run_stops_at_the_limit(invoke, built: Path) -> None:
    lines = invoke(
        "run", "-", "--limit", "2", "--index", built, stdin="q1\tgrève OU maire OU marché\n"
    ).stdout.splitlines()
    assert [line.split(" ")[3] for line in lines] == ["1", "2"]


def test_scores_of_a_run_fall_with_the_rank() -> None:
    # trec_eval knows the score only: equal ones it would put in an order of its own.
    given = [("a", 1.5), ("b", 1.5), ("c", 1.499999), ("d", 0.25), ("e", 0.0), ("f", 0.0)]
    hits = [Hit(name, "", score, ()) for name, score in given]
    assert list(run_lines("q", hits)) == [
        "q Q0 a 1 1.500000 depeche",
        "q Q0 b 2 1.499999 depeche",
        "q Q0 c 3 1.499998 depeche",
        "q Q0 d 4 0.250000 depeche",
        "q Q0 e 5 0.000000 depeche",
        "q Q0 f 6 -0.000001 depeche",
    ]


@pytest.mark.parametrize(
    ("article_id", "written"),
    [
        ("a/b#12", "a/b#12"),
        ("deux mots", "deux%20mots"),
        ("100%", "100%25"),
        ("a\tb\nc", "a%09b%0Ac"),
        ("a\u00a0é", "a%C2%A0é"),
    ],
)
def test_ids_fit_a_column(article_id: str, written: str) -> None:
    assert escape_id(article_id) == written


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "q1\tgrève\nq2 sans tabulation\n",
            "ligne 2\u00a0: trouvé «\u00a0q2 sans tabulation\u00a0», attendu qid, tabulation, texte",
        ),
        ("q1\t\n", "ligne 1"),
        ("\tgrève\n", "ligne 1"),
        ("q 1\tgrève\n", "ligne 1"),
        ("q1\tgrève\nq1\tmaire\n", "ligne 2\u00a0: la requête q1 est déjà plus haut"),
        ("q1\tgrève\n".encode("cp1252"), "ligne 1\u00a0: trouvé l’octet 0xe8, attendu de l’UTF-8"),
        (f"q1\tgrève\nq2\t{'a' * 1001}\n", "ligne 2"),
    ],
)
def test_malformed_queries_are_one_clear_line(
    invoke, built: Path, write, content: str | bytes, said: str
) -> None:
    path = write("q.tsv", content)
    result = invoke("run", path, "--index", built)
    assert result.exit_code == 1
    assert str(path) in result.stderr
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_byte_order_mark_is_no_part_of_a_qid(invoke, built: Path, write) -> None:
    assert invoke("run", write("q.tsv", "\ufeffq1\tgrève\n"), "--index", built).stdout.startswith("q1 Q0 ")


@pytest.mark.parametrize("command", [["run", "absent.tsv"], ["evaluate", "absent.tsv", "absent.tsv"]])
def test_a_file_that_is_not_there(run_process, built: Path, command: list[str]) -> None:
    done = run_process(*command, "--index", built)
    assert done.returncode == 1
    assert done.stderr == "depeche\u00a0: absent.tsv\u00a0: introuvable\n"


def test_evaluate_measures_by_hand(invoke, built: Path, write) -> None:
    # q1: the only relevant article comes first. q2: found nothing, counts for zero. q3: of two relevant
    # articles, one is found, first. q4 has no judgement and does not count.
    queries = write("q.tsv", "q1\treelu\nq2\tzygomorphe\nq3\tmarché\nq4\tgrève\n")
    qrels = write(
        "qrels.tsv",
        "q1\t0\treelu\t1\nq2\t0\tgreve\t1\nq3\t0\tdossier/deux%20mots\t1\nq3\t0\tautre\t1\nq9\t0\tgreve\t1\n",
    )
    result = invoke("evaluate", queries, qrels, "--index", built)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "3\u00a0requêtes évaluées"
    measured = {name: float(value) for name, value in (line.split() for line in lines[1:])}
    ndcg_of_q3 = 1 / (1 + 1 / math.log2(3))
    assert measured == {
        "nDCG@10": round((1 + 0 + ndcg_of_q3) / 3, 4),
        "R@100": round((1 + 0 + 0.5) / 3, 4),
        "RR@10": round(2 / 3, 4),
        "P@10": round(0.2 / 3, 4),
        "AP@100": round((1 + 0 + 0.5) / 3, 4),
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "q1\t0\treelu\n",
            "ligne 1\u00a0: trouvé «\u00a0q1<TAB>0<TAB>reelu\u00a0», attendu qid, 0, id, degré",
        ),
        ("q1\t0\treelu\t1\nq1\t0\tgreve\tbeaucoup\n", "ligne 2"),
        ("q9\t0\treelu\t1\n", "aucune requête n’a de jugement"),
        ("", "aucune requête n’a de jugement"),
    ],
)
def test_judgements_that_cannot_be_used(invoke, built: Path, write, content: str, said: str) -> None:
    result = invoke("evaluate", write("q.tsv", "q1\treelu\n"), write("qrels.tsv", content), "--index", built)
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_evaluate_without_its_library_says_how_to_get_it(run_python, built: Path, write) -> None:
    queries, qrels = write("q.tsv", "q1\treelu\n"), write("qrels.tsv", "q1\t0\treelu\t1\n")
    done = run_python(
        f"""
import sys
from web.commands import main

sys.modules["ir_measures"] = None
main(["evaluate", {str(queries)!r}, {str(qrels)!r}, "--index", {str(built)!r}])
"""
    )
    assert done.returncode == 1
    assert "pip install 'depeche[evaluate]'" in done.stderr
    assert done.stderr.count("\n") == 1
