"""What is found, family by family: tests/data/golden/*.tsv, written from a French grammar and a newsroom.

Each file is one index with one article a row, so that the rows are also each other's vocabulary.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from search import Engine, SearchRequest

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
FAMILIES = (
    "accents",
    "acronyms",
    "booleans",
    "elision",
    "exact-forms",
    "fields",
    "fuzzy",
    "hyphens",
    "inflection",
    "numbers",
    "phrases",
    "prefix",
    "proximity",
    "stop-words",
    # a second set, written from a grammar by somebody who had not seen the first
    "grammar-accents",
    "grammar-acronyms",
    "grammar-booleans",
    "grammar-elision",
    "grammar-exact-forms",
    "grammar-fuzzy",
    "grammar-hyphens",
    "grammar-inflection",
    "grammar-more",
    "grammar-names",
    "grammar-numbers",
    "grammar-over-stemming",
    "grammar-phrases",
    "grammar-prefix",
    "grammar-proximity",
    # a third, from what a linguist found wanting: each row failed once, or is the other side of one that did
    "linguist",
    "loanwords",
    "compound-parts",
    "names-beside-words",
    "newer-words",
)
FILLERS = (
    "La rentrée scolaire concerne douze millions d’élèves dans tout le pays",
    "Un orage a privé plusieurs villages de courant pendant la nuit",
    "Le musée prête trois tableaux pour une grande exposition à Tokyo",
)


def rows(family: str) -> list[tuple[str, str, str]]:
    lines = (GOLDEN / f"{family}.tsv").read_text(encoding="utf-8").split("\n")
    table = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(expect, query, text) for expect, query, text in table]


CASES = [(family, number, *row) for family in FAMILIES for number, row in enumerate(rows(family))]


@pytest.fixture(scope="session")
def family_engine(open_articles: Callable[..., Engine]) -> Callable[[str], Engine]:
    @cache
    def engine_of(family: str) -> Engine:
        written = [
            json.loads(text) if text.startswith("{") else {"text": text} for _, _, text in rows(family)
        ]
        return open_articles([*written, *FILLERS])

    return engine_of


def test_every_family_is_asked() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.tsv")) == sorted(FAMILIES)
    assert len(CASES) >= 1500
    assert {case[2] for case in CASES} == {"find", "miss"}


@pytest.mark.parametrize("family", FAMILIES)
def test_rows_are_indexed_as_they_are_written(family: str, family_engine: Callable[[str], Engine]) -> None:
    """A row that the reader took for furniture, or cut up, would prove nothing."""
    engine = family_engine(family)
    for number, (_, _, text) in enumerate(rows(family)):
        view = engine.view(str(number))
        assert view is not None
        article = view.article
        if text.startswith("{"):
            written = json.loads(text)
            assert article.title == written.get("title", "—")
            assert f"{article.lead} {article.text} {article.boilerplate}".split()
        else:
            assert (article.lead, article.text, article.boilerplate) == ("", text, "")


NOTHING_TO_MARK = (
    "source:",
    "auteur:",
    "author:",
    "date:",
    "-",
    "SAUF ",
    "NOT ",
)  # filters, what is left out


@pytest.mark.parametrize(
    ("family", "number", "expect", "query", "text"),
    CASES,
    ids=[f"{family}-{number}-{query}" for family, number, _, query, _ in CASES],
)
def test_golden(
    family: str,
    number: int,
    expect: str,
    query: str,
    text: str,
    family_engine: Callable[[str], Engine],
) -> None:
    results = family_engine(family).search(SearchRequest(query, limit=1000))
    hit = next((hit for hit in results.hits if hit.article_id == str(number)), None)
    told = f"{query!r} over {text!r}, read as: {results.interpreted}"
    assert (hit is not None) is (expect == "find"), told
    if hit and not query.startswith(NOTHING_TO_MARK):
        assert hit.title_highlights or any(snippet.highlights for snippet in hit.snippets), told
