"""A question in a sentence is no list of words that an answer has to have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from search import Engine, SearchRequest
from search.questions import is_question

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
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_what_is_a_question(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", NO_QUESTIONS)
def test_what_is_none(text: str) -> None:
    assert not is_question(text)


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


def test_a_demand_in_a_question_is_a_demand(engine: Engine) -> None:
    assert order(engine, "qui +gouverne la ville d'Astana ?")[0] == "toutes"
    assert order(engine, "gouverne ET ville ET Astana ?") == ["toutes"]
