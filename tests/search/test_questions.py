"""A question in a sentence is no list of words that an answer has to have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from search import Engine, SearchRequest
from search.questions import asking, is_question
from search.units import units

OpenArticles = Callable[[Iterable[Any]], Engine]

QUESTIONS = [
    "Qu’est-ce que la médiation familiale ?",
    "qu'est-ce que la laicite",
    "Combien d’habitants à Astana",
    "Où se trouve Astana",
    "ou se trouve astana",
    "dans quelle ville vit Tokaïev",
    "D'où vient le pétrole",
    "À qui appartient la Crimée",
    "Peut-on changer de nom ?",
    "paix en Ukraine ?",
    "QUI GOUVERNE LE KAZAKHSTAN",
    "que faire à Lyon ce week-end",
    "est-ce que la grève continue",
]
NO_QUESTIONS = [
    "",
    "?paix",
    "paix Ukraine",
    "la paix en Ukraine",
    "le maire qui démissionne",  # "qui" opens no question here
    "paix ou guerre",
    "où",
    "qui veut",  # as likely a title
    "le président de la République",
    "chien OU chat",
    "Quel cirque à Lyon !",
    "ce que l'on sait du casse",
    "Ce qui change au 1er janvier",
    "qu'on disait finlandais",
    "que le meilleur gagne",
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_what_is_a_question(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", NO_QUESTIONS)
def test_what_is_none(text: str) -> None:
    assert not is_question(text)


ASKING = [
    # a question, the words of it that ask
    ("Quel est le nom du maire ?", ["nom"]),
    ("Comment s’appelle le fleuve ?", ["appelle"]),
    ("Dans quelle ville est né Tokaïev ?", ["ville"]),
    ("dans quelle ville est ne tokaiev", ["ville"]),
    ("En quelle année Astana est-elle devenue capitale ?", ["année"]),
    ("Combien d’habitants compte Astana ?", []),  # the answer has "habitants"
    ("Quelle est la longueur de la frontière ?", []),  # nothing is right behind "quelle"
    ("Qui gouverne la ville d’Astana ?", []),
]


@pytest.mark.parametrize(("text", "expected"), ASKING)
def test_which_words_of_a_question_ask(text: str, expected: list[str]) -> None:
    asks = asking(units(text))
    assert [word.typed for word in units(text) if word in asks] == expected


@pytest.fixture(scope="module")
def engine(open_articles: OpenArticles) -> Engine:
    filler = "Le vent souffle sur la plaine et la pluie tombe depuis hier. " * 30
    return open_articles(
        [
            {"id": "toutes", "title": "Plaine", "text": f"{filler} Une ville. {filler} Astana. On gouverne."},
            {"id": "réponse", "title": "La ville d’Astana", "text": "Astana : la ville et son maire."},
            *["On gouverne bien la plaine."] * 8,
        ]
    )


def order(engine: Engine, query: str) -> list[str]:
    return [hit.article_id for hit in engine.search(SearchRequest(query)).hits][:2]


def test_the_answer_comes_before_an_article_that_happens_to_have_every_word(engine: Engine) -> None:
    assert order(engine, "gouverne ville Astana") == ["toutes", "réponse"]
    for question in ("Qui gouverne la ville d’Astana", "gouverne la ville d'Astana ?"):
        assert order(engine, question) == ["réponse", "toutes"], question
        assert engine.search(SearchRequest(question)).interpreted == "question sur : gouverne, ville, Astana"


def test_what_is_asked_for_counts_less_than_what_is_told(press_of_rivers: Engine) -> None:
    assert order(press_of_rivers, "nom gouverneur")[0] == "nom"
    assert order(press_of_rivers, "Quel est le nom du gouverneur ?")[0] == "gouverneur"


@pytest.fixture(scope="module")
def press_of_rivers(open_articles: OpenArticles) -> Engine:
    return open_articles(
        [
            {"id": "nom", "title": "Fleuve", "text": "Un fleuve sans nom."},
            {"id": "gouverneur", "title": "Steppe", "text": "Le gouverneur longe un fleuve bleu."},
            "La steppe dort.",
        ]
    )


def test_a_demand_in_a_question_is_a_demand(engine: Engine) -> None:
    assert order(engine, "qui +gouverne la ville d'Astana ?")[0] == "toutes"
    assert order(engine, "gouverne ET ville ET Astana ?") == ["toutes"]
