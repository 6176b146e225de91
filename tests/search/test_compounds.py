"""A compound typed in pieces: it is found, comes first, is said, and there is a way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from search import Engine, SearchRequest, SearchResults
from search.units import units

OpenArticles = Callable[[Iterable[Any]], Engine]

ARTICLES = {
    "sous-préfet": "Le sous-préfet de Brest a parlé",
    "préfet": "Le préfet, encore le préfet, toujours le préfet de Brest",
    "avant-garde": "L’avant-garde russe expose",
    "garde": "La garde avant tout, rien que la garde",
    "après-midi": "Une réunion l’après-midi",
    "midi": "Il est midi, midi juste",
    "porte-monnaie": "Un porte-monnaie perdu",
    "portemonnaie": "Un portemonnaie trouvé",
    "porte": "La porte cède, la porte et la monnaie",
    "week-end": "Un weekend prolongé",
    "week end": "Un week end pluvieux",
    "premier-ministre": "Le Premier-ministre démissionne",
    "premier": "Le premier ministre part, le premier ministre revient",
    "aujourd’hui": "Le maire parle aujourd’hui",
    "hui": "Hui Ka Yan arrêté",
    "dupont": "Le professeur Dupont enseigne",
    "pont": "Le pont cède, les piles du pont aussi",
    "désaccords": "De profonds désaccords demeurent",
    "accords": "La signature des accords approche",
}


@pytest.fixture(scope="module")
def engine(open_articles: OpenArticles) -> Engine:
    return open_articles([{"id": article_id, "text": text} for article_id, text in ARTICLES.items()])


def search(engine: Engine, query: str) -> SearchResults:
    return engine.search(SearchRequest(query, limit=50))


def order(results: SearchResults) -> list[str]:
    return [hit.article_id for hit in results.hits]


def told(results: SearchResults) -> list[tuple[str, tuple[str, ...], str | None]]:
    return [(one.typed, one.forms, one.undo) for one in results.expansions if one.kind == "variant"]


TYPED_APART = [  # query, what it finds in this order, as the index writes it, the way back
    ("sous préfet", ["sous-préfet", "préfet"], "sous-préfet", "+sous +préfet"),
    ("Sous Prefet", ["sous-préfet", "préfet"], "sous-préfet", "+Sous +Prefet"),
    ("sous préfet Brest", ["sous-préfet", "préfet"], "sous-préfet", "+sous +préfet Brest"),
    ("sous préfet ET Brest", ["sous-préfet", "préfet"], "sous-préfet", "+sous +préfet ET Brest"),
    ("texte:(sous préfet)", ["sous-préfet", "préfet"], "sous-préfet", "texte:(+sous +préfet)"),
    ("avant garde", ["avant-garde", "garde"], "avant-garde", "+avant +garde"),
    ("l'avant garde", ["avant-garde", "garde"], "avant-garde", "+l'avant +garde"),
    ("apres midi", ["après-midi", "midi"], "après-midi", "+apres +midi"),
    ("week end", ["week end", "week-end"], "weekend", "+week +end"),
]


@pytest.mark.parametrize(("query", "found", "written", "undo"), TYPED_APART)
def test_a_compound_typed_apart_comes_first(
    engine: Engine, query: str, found: list[str], written: str, undo: str
) -> None:
    results = search(engine, query)
    assert order(results) == found
    assert [(forms, back) for _, forms, back in told(results)] == [((written,), undo)]
    assert told(search(engine, undo)) == []


def test_both_writings_of_a_compound_come_before_its_parts(engine: Engine) -> None:
    assert sorted(order(search(engine, "porte monnaie"))[:2]) == ["porte-monnaie", "portemonnaie"]
    assert order(search(engine, "porte monnaie"))[2:] == ["porte"]


@pytest.mark.parametrize(
    "query", ["aujourd hui", "aujourd'hui", "Aujourd’hui", "aujourdhui", "d’aujourd hui"]
)
def test_aujourd_hui_is_one_word(engine: Engine, query: str) -> None:
    results = search(engine, query)
    assert (order(results), told(results)) == (["aujourd’hui"], [])


@pytest.mark.parametrize("typed", ["aide-soignant", "aide-soignante", "aides-soignants", "aides-soignantes"])
def test_of_the_forms_of_a_compound_the_one_typed_comes_first(
    open_articles: OpenArticles, typed: str
) -> None:
    forms = ["aides-soignantes", "aides-soignants", "aide-soignante", "aide-soignant"]
    engine = open_articles([{"id": form, "text": f"Hier, on a parlé de l’{form}."} for form in forms])
    found = order(search(engine, typed))
    assert found[0] == typed
    assert sorted(found) == sorted(forms)


NO_COMPOUND = [
    ("premier ministre", ["premier", "premier-ministre"]),  # far more often apart
    ("du pont", ["pont"]),  # no Dupont
    ("des accords", ["accords"]),  # no désaccords
    ("sous, préfet", ["préfet", "sous-préfet"]),
    ("sous +préfet", ["préfet", "sous-préfet"]),
    ('"sous préfet"', ["sous-préfet"]),
    ("sous la garde", ["garde", "avant-garde"]),
]


@pytest.mark.parametrize(("query", "found"), NO_COMPOUND)
def test_words_that_only_follow_each_other(engine: Engine, query: str, found: list[str]) -> None:
    results = search(engine, query)
    assert (sorted(order(results)), told(results)) == (sorted(found), [])


def test_a_space_that_one_article_lost_is_no_compound(open_articles: OpenArticles) -> None:
    texts = ["Les conditions prévues par la loi sont remplies."] * 9 + ["Les conditionsprévues par la loi."]
    articles = [{"id": str(i), "text": text} for i, text in enumerate(texts)]
    results = open_articles(articles).search(SearchRequest("conditions prévues"))
    assert not results.expansions
    assert "9" not in [hit.article_id for hit in results.hits]


def test_what_few_write_apart_counts_for_no_more_than_the_word(open_articles: OpenArticles) -> None:
    texts = ["La ville de Beaufort est calme."] * 9 + ["C’est beau fort, beau fort, dit-il."]
    articles = [{"id": str(i), "text": text} for i, text in enumerate(texts)]
    hits = open_articles(articles).search(SearchRequest("Beaufort")).hits
    assert [hit.article_id for hit in hits][:9] == [str(i) for i in range(9)]


def test_a_compound_that_was_not_typed_excludes_nothing(engine: Engine) -> None:
    for query in ("trouvé SAUF (porte monnaie)", "trouvé -(porte monnaie)"):
        assert order(search(engine, query)) == ["portemonnaie"], query


def test_a_word_with_an_apostrophe_in_it_is_read_whole_without_it() -> None:
    read = [unit.typed for unit in units("L'aujourd hui, presqu ile ; aujourd, hui")]
    assert read == ["aujourd hui", "presqu ile", "aujourd", "hui"]


TOLD = [
    ("chien", "chien"),
    ("chien chat", "tous ces mots d’abord : chien, chat"),
    ("chien OU chat SAUF loup", "chien ou (chat, sauf loup)"),
    ("(chien OU chat) SAUF loup", "(chien ou chat), sauf loup"),
    ("chien OU chat ET loup", "chien ou (chat et loup)"),
    ("(chien OU chat) ET loup", "(chien ou chat) et loup"),
    ("chien chat OU loup", "(chien et chat) ou loup"),
    ("chien SAUF chat SAUF loup", "(chien, sauf chat), sauf loup"),
    ("chien SAUF (chat OU loup)", "chien, sauf (chat ou loup)"),
    ("chien -chat -loup", "chien, sauf chat ni loup"),
    ("SAUF chien", "tous les articles, sauf chien"),
    ("+chien chat loup", "chien, de préférence (tous ces mots d’abord : chat, loup)"),
    ("+chien +chat", "chien et chat"),
    ("+(chien chat) SAUF loup", "(chien et chat), sauf loup"),
    ("titre:chien chat", "titre : chien, de préférence chat"),
    ("titre:(chien OU chat) ET loup", "titre : (chien ou chat) et loup"),
    ("chien chat source:AFP", "(tous ces mots d’abord : chien, chat) et source : AFP"),
    ("sous préfet chat", "tous ces mots d’abord : sous préfet, chat"),
]


@pytest.mark.parametrize(("query", "expected"), TOLD)
def test_how_a_query_was_read_can_be_read_in_one_way_only(engine: Engine, query: str, expected: str) -> None:
    assert search(engine, query).interpreted == expected
