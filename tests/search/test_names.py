"""One name, several spellings: each finds the others, says so, and comes first itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from search import Engine, SearchRequest, SearchResults

OpenArticles = Callable[[Iterable[Any]], Engine]

ARTICLES = {
    "tokaïev": "Le président Tokaïev parle à Astana",
    "tokayev": "Le président Tokayev parle à Astana",
    "gorbatchev": "La mort de Gorbatchev à Moscou",
    "gorbatchov": "La mort de Gorbatchov à Moscou",
    "kazakhstan": "Le sommet du Kazakhstan reporté",
    "kazakstan": "Le sommet du Kazakstan reporté",
    "kirghizistan": "Le sommet du Kirghizistan reporté",
    "kirghizstan": "Le sommet du Kirghizstan reporté",
    "poutine": "Un discours de Poutine à Sotchi",
    "putin": "Un discours de Putin à Sotchi",
    "ali": "Le boxeur Ali gagne",
    "aly": "Le peintre Aly expose",
    "iran": "Une visite en Irane lundi",
    "irak": "Une visite en Irake lundi",
    "poison": "Du poison trouvé",
    "poisson": "Du poisson trouvé",
    "cousin": "Un cousin trouvé",
    "coussin": "Un coussin trouvé",
}


@pytest.fixture(scope="module")
def engine(open_articles: OpenArticles) -> Engine:
    return open_articles([{"id": article_id, "text": text} for article_id, text in ARTICLES.items()])


def search(engine: Engine, query: str) -> SearchResults:
    return engine.search(SearchRequest(query, limit=50))


def order(results: SearchResults) -> list[str]:
    return [hit.article_id for hit in results.hits]


def variants(results: SearchResults) -> list[tuple[str, ...]]:
    return [one.forms for one in results.expansions if one.kind == "variant"]


PAIRS = [
    ("tokaïev", "tokayev"),
    ("gorbatchev", "gorbatchov"),
    ("kazakhstan", "kazakstan"),
    ("kirghizistan", "kirghizstan"),
    ("poutine", "putin"),
]


@pytest.mark.parametrize(("typed", "other"), [*PAIRS, *[(b, a) for a, b in PAIRS]])
def test_each_spelling_finds_the_other_after_itself(engine: Engine, typed: str, other: str) -> None:
    results = search(engine, typed)
    assert order(results) == [typed, other]
    assert variants(results) == [(other,)]


@pytest.mark.parametrize("query", ["tokaiev", "TOKAÏEV", "Tokaïev", "tokaïév"])
def test_accents_change_no_spelling(engine: Engine, query: str) -> None:
    results = search(engine, query)
    assert order(results) == ["tokaïev", "tokayev"]
    assert variants(results) == [("tokayev",)]


UNDONE = [  # query, what it finds once the other spelling is declined
    ("tokayev", "+tokayev", ["tokayev"]),
    ("Tokaïev", "+Tokaïev", ["tokaïev"]),
    ("astana tokayev", "astana +tokayev", ["tokayev"]),
    ("texte:tokayev", "texte:(+tokayev)", ["tokayev"]),
    ("tokayev ET astana", "+tokayev ET astana", ["tokayev"]),
]


@pytest.mark.parametrize(("query", "undo", "found"), UNDONE)
def test_the_way_back_finds_the_spelling_typed_only(
    engine: Engine, query: str, undo: str, found: list[str]
) -> None:
    (variant,) = (one for one in search(engine, query).expansions if one.kind == "variant")
    assert variant.undo == undo
    undone = search(engine, undo)
    assert (order(undone), variants(undone)) == (found, [])


ONE_SPELLING = [
    ("+tokayev", ["tokayev"]),
    ('"tokayev"', ["tokayev"]),
    ("=tokayev", ["tokayev"]),
    ("tokayev*", ["tokayev"]),
    ("ali", ["ali"]),  # may be somebody else than Aly
    ("irane", ["iran"]),
    ("poison", ["poison"]),
    ("poisson", ["poisson"]),
    ("cousin", ["cousin"]),
    ("coussins", ["coussin"]),
]


@pytest.mark.parametrize(("query", "found"), ONE_SPELLING)
def test_words_that_have_one_spelling(engine: Engine, query: str, found: list[str]) -> None:
    results = search(engine, query)
    assert (order(results), variants(results)) == (found, [])


def test_a_spelling_that_was_not_typed_excludes_nothing(engine: Engine) -> None:
    """A guess may find more articles; it never took one away that nobody had named."""
    for query in ("astana -tokayev", "astana SAUF tokayev"):
        results = search(engine, query)
        assert (order(results), variants(results)) == (["tokaïev"], [])


def test_a_misspelt_name_finds_all_its_spellings_and_names_them(engine: Engine) -> None:
    results = search(engine, "tokaev")
    (typo,) = results.expansions
    assert sorted(order(results)) == sorted(typo.forms) == ["tokayev", "tokaïev"]
    assert search(engine, str(typo.undo)).total == 0


def test_a_form_found_by_its_stem_is_no_other_spelling(open_articles: OpenArticles) -> None:
    """Announced once as another spelling, with a way back that led nowhere: the stem is the same."""
    results = search(open_articles(["Vladimir Poutine parle"]), "poutin")
    assert (results.total, results.expansions) == (1, ())
