"""A name that stands only where authors and sources do: never corrected, and the way to find it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from search import Engine, SearchRequest, SearchResults

OpenArticles = Callable[[Iterable[Any]], Engine]


@pytest.fixture(scope="module")
def engine(open_articles: OpenArticles) -> Engine:
    return open_articles(
        [
            {"text": "Le scrutin se tient dimanche", "author": "Marie Durand", "source": "Le Monde"},
            {"text": "Un durian au marché de Sète", "author": "Luc Petit", "source": "L’Équipe"},
            {"text": "Marie a voté à Toulouse, dit-on dans le monde entier", "author": "Zoé Kovačik-Roy"},
            {"text": "La pluie tombe à Sète", "agency": "Reuters", "source": "Agence Keystone"},
        ]
    )


def asked(engine: Engine, query: str) -> SearchResults:
    return engine.search(SearchRequest(query))


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("Durand", "auteur:Durand"),
        ("durand", "auteur:durand"),
        ('"Marie Durand"', "auteur:(Marie Durand)"),
        ("Marie Durand", "auteur:(Marie Durand)"),
        ("kovacik", "auteur:kovacik"),
        ("l'équipe", "source:l'équipe"),
        ("Keystone pluie", "source:Keystone pluie"),
        ("reuters", "source:reuters"),
    ],
)
def test_the_query_that_finds_a_name_is_offered(engine: Engine, query: str, offered: str) -> None:
    found = asked(engine, query)
    assert [expansion for expansion in found.expansions if expansion.undo] == []
    told = asked(engine, offered)
    assert told.total == 1
    if found.total:  # of the other words
        assert any("auteur:" in ignored.reason or "source:" in ignored.reason for ignored in found.ignored)
    else:
        assert found.suggestions[0] == offered


def test_a_name_is_left_out_with_the_way_to_find_it(engine: Engine) -> None:
    assert [(each.text, each.reason) for each in asked(engine, "scrutin Durand").ignored] == [
        ("Durand", "absent des articles, mais « auteur:Durand » en trouve")
    ]


def test_what_articles_hold_is_a_word_like_any_other(engine: Engine) -> None:
    for query in ("monde", "le monde", "pluie"):
        found = asked(engine, query)
        assert found.total == 1
        assert not found.ignored


def test_a_misspelling_of_a_word_that_is_no_name_is_still_corrected(engine: Engine) -> None:
    assert asked(engine, "scruttin").total == 1


@pytest.mark.parametrize("query", ["Durand-Petit", "scrutin Durand-Petit"])
def test_two_authors_with_a_hyphen_between_are_not_said_to_be_one(engine: Engine, query: str) -> None:
    assert not any("auteur:" in ignored.reason for ignored in asked(engine, query).ignored)


@pytest.mark.parametrize("query", ["titre:monde", "titre:Marie"])
def test_a_word_of_the_texts_is_not_said_to_be_in_no_article(engine: Engine, query: str) -> None:
    found = asked(engine, query)
    assert found.total == 0
    assert not any("absent des articles" in ignored.reason for ignored in found.ignored)


def test_the_name_of_a_newspaper_is_not_searched_as_its_words(open_articles: OpenArticles) -> None:
    """It found every article with "ouest" or "France", and none of the newspaper's came first."""
    engine = open_articles(
        [
            {"text": "Un bourg sans médecin", "source": "Ouest-France"},
            {"text": "Le vent tourne à l’ouest"},
            {"text": "La France vote"},
        ]
    )
    found = engine.search(SearchRequest("Ouest-France"))
    assert (found.total, found.suggestions) == (0, ("source:Ouest-France",))
    assert [each.reason for each in found.ignored] == [
        "absent des articles, mais « source:Ouest-France » en trouve"
    ]
    assert [hit.article_id for hit in engine.search(SearchRequest("bourg - Ouest-France")).hits] == ["0"]
