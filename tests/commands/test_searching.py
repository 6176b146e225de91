"""search, show, analyze and explain."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from search import SearchRequest, open_index
from web.parameters import SearchParameters
from web.responses import search_answer


def test_an_article_is_found_whatever_the_accents(invoke, built: Path) -> None:
    for typed in ("reelu", "réélu", "RÉÉLU"):
        result = invoke("search", typed, "--index", built)
        assert result.exit_code == 0
        lines = result.stdout.splitlines()
        assert lines[0] == f"1\u00a0article trouvé pour «\u00a0{typed}\u00a0»"
        assert lines[2] == "  1. Le maire est réélu"
        assert lines[-1] == "     reelu"


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_to_search_is_a_wrong_call(invoke, built: Path, typed: str) -> None:
    result = invoke("search", typed, "--index", built)
    assert result.exit_code == 2
    assert "recherche vide ; attendu un mot au moins" in result.stderr


def test_words_found_are_bold_on_a_terminal_only(invoke, built: Path) -> None:
    from click.testing import CliRunner

    from web.commands import main

    arguments = ["search", "reelu", "--index", str(built)]
    assert "\x1b[1mréélu\x1b[0m" in CliRunner().invoke(main, arguments, color=True).stdout
    assert "\x1b" not in invoke(*arguments).stdout


# What other commands need, and a search would wait for: servers, readers of articles, builders of an index.
NOT_FOR_A_SEARCH = (
    *("flask", "granian", "prometheus_client", "web.application", "web.server", "web.responses"),
    *("trafilatura", "lxml", "charset_normalizer", "index.articles.folders", "index.articles.formats"),
    *("index.building", "index.batches", "multiprocessing", "importlib.metadata", "gzip"),
    *("web.commands.indexing", "web.commands.evaluating", "web.commands.serving"),
    *("urllib.request", "ssl", "email", "whoosh.lang.morph_en"),  # which Whoosh imports, and nobody calls
)


def test_a_search_imports_what_it_needs_only(run_python, built: Path) -> None:
    done = run_python(
        f"""
import sys
from web.commands import main

try:
    main(["search", "reelu", "--index", {str(built)!r}])
finally:
    print(*sys.modules, sep="\\n", file=sys.stderr)
"""
    )
    assert done.returncode == 0
    assert "Le maire est réélu" in done.stdout
    imported = done.stderr.split()
    assert "search.engine" in imported
    assert [name for name in NOT_FOR_A_SEARCH if name in imported] == []


def test_what_whoosh_was_imported_without_can_be_imported_after(run_python) -> None:
    done = run_python(
        """
import sys
from index import light_whoosh

light_whoosh.load()
import urllib.request
from whoosh import compat, query

assert urllib.request.urlopen
assert query.Term("title", "maire") == query.Term("title", "maire")
try:
    compat.urlretrieve("file:///")
except RuntimeError as error:
    print(error)
light_whoosh.load()
assert sys.modules["urllib.request"] is urllib.request
"""
    )
    assert done.returncode == 0, done.stderr
    assert "light_whoosh.py" in done.stdout


def test_no_result_is_an_answer(invoke, built: Path) -> None:
    result = invoke("search", "zygomorphe", "--index", built)
    assert result.exit_code == 0
    assert result.stdout.startswith("Aucun article trouvé pour «\u00a0zygomorphe\u00a0»\n")
    assert "ignoré\u00a0: zygomorphe (absent de l’index)\n" in result.stdout


def test_words_left_out_for_one_reason_are_one_line(invoke, built: Path) -> None:
    result = invoke("search", "zygomorphe xylophage", "--index", built)
    assert "ignorés\u00a0: zygomorphe, xylophage (absents de l’index)\n" in result.stdout


def test_a_correction_is_said_with_the_way_back(invoke, built: Path) -> None:
    lines = invoke("search", "chemniots mardi", "--index", built).stdout.splitlines()
    assert lines[:2] == [
        "1\u00a0article trouvé pour «\u00a0chemniots mardi\u00a0»",
        "chemniots\u00a0: corrigé en cheminots (tel quel\u00a0: +chemniots mardi)",
    ]


def test_another_query_is_offered_where_nothing_is_found(invoke, built: Path) -> None:
    assert "vouliez-vous dire\u00a0: réélu\n" in invoke("search", "relu", "--index", built).stdout


def test_several_words_are_one_query(invoke, built: Path) -> None:
    apart = invoke("search", "marché", "pluie", "--json", "--index", built)
    together = invoke("search", "marché pluie", "--json", "--index", built)
    assert _ids(apart.stdout) == _ids(together.stdout) == ["dossier/deux mots"]


def test_a_query_may_begin_with_a_dash_after_two(invoke, built: Path) -> None:
    result = invoke("search", "--json", "--index", built, "--", "-grève maire")
    assert _ids(result.stdout) == ["reelu"]


def test_limit_counts_hits(invoke, built: Path) -> None:
    answer = json.loads(
        invoke(
            "search", "le OU la OU marché OU grève OU maire", "--limit", "2", "--json", "--index", built
        ).stdout
    )
    assert answer["total"] == 3
    assert len(answer["hits"]) == 2


def test_links_of_json_are_of_pages_that_the_api_gives(invoke, built: Path) -> None:
    told = json.loads(invoke("search", "maire", "--json", "--limit", "1000", "--index", built).stdout)
    assert told["per_page"] == 1000
    assert told["links"] == {"self": "/api/v1/search?q=maire&per_page=100", "next": None, "prev": None}


def test_json_is_what_the_api_answers(invoke, built: Path) -> None:
    told = json.loads(invoke("search", "reelu", "--json", "--index", built).stdout)
    with open_index(built) as engine:
        expected = search_answer(SearchParameters(q="reelu"), engine.search(SearchRequest("reelu")))
    assert {**told, "took_ms": 0} == {**json.loads(json.dumps(expected)), "took_ms": 0}


def test_a_limit_that_is_exceeded_is_one_line(invoke, built: Path) -> None:
    result = invoke("search", "a" * 1001, "--index", built)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "1" in result.stderr


@pytest.mark.parametrize(
    "typed", ['"', "((((", "ET OU SAUF", "titre:", "date:[", "*", "~", "\udcff", "\x1b[2J", "–"]
)
def test_nothing_typed_is_a_failure(invoke, built: Path, typed: str) -> None:
    result = invoke("search", "--index", built, "--", typed)
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout


def test_show_prints_an_article(invoke, built: Path) -> None:
    result = invoke("show", "dossier/deux mots", "--index", built)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Un marché de Noël sous la pluie"
    assert "Les commerçants espèrent une éclaircie avant les fêtes de fin d’année." in lines


@pytest.mark.parametrize("command", [["show", "absent"], ["explain", "grève", "absent"]])
def test_an_unknown_article_is_a_failure(invoke, built: Path, command: list[str]) -> None:
    result = invoke(*command, "--index", built)
    assert result.exit_code == 1
    assert result.stderr.startswith("depeche\u00a0: absent\u00a0: aucun article")
    assert result.stdout == ""


def test_analyze_shows_each_step(invoke) -> None:
    rows = [
        re.split(r" {2,}", line)
        for line in invoke("analyze", "l’État et 7\u202f500 Élus").stdout.splitlines()
    ]
    assert rows == [
        ["position", "étendue", "écrit", "forme", "sans accents", "racine"],
        ["0", "2–6", "État", "état", "etat", "etat"],
        ["1", "7–9", "et", "et", "et", "– (mot vide)"],
        ["2", "10–15", "7\u202f500", "7500", "7500", "7500"],
        ["3", "16–20", "Élus", "élus", "elus", "elir"],
    ]


def test_analyze_without_a_word(invoke) -> None:
    assert invoke("analyze", "…").stdout == "Aucun mot dans ce texte.\n"


def test_explain_accounts_for_the_score(invoke, built: Path) -> None:
    score = json.loads(invoke("search", "grève gare", "--json", "--index", built).stdout)["hits"][0]["score"]
    told = invoke("explain", "grève gare", "greve", "--index", built)
    assert told.exit_code == 0
    assert f"greve\u00a0: trouvé, score {score:.4f}".replace(".", ",") in told.stdout
    assert "pas trouvé" in invoke("explain", "pluie", "greve", "--index", built).stdout


def _ids(answer: str) -> list[str]:
    return [hit["id"] for hit in json.loads(answer)["hits"]]
