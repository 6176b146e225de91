"""What else is offered, where a query finds little: whole queries, and only those that find more."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from search import Engine, SearchRequest
from search.suggestions import FEW

OpenArticles = Callable[[Iterable[Any]], Engine]


@pytest.fixture(scope="module")
def engine(open_articles: OpenArticles) -> Engine:
    return open_articles(
        [
            "Le maire a été réélu à Astana",
            "Loukatchenko reçoit Poutine à Minsk",
            "Le poisson et le dessert du jour",
            "Blinken rencontre Tokayev à Paris",
            {"text": "La grève se poursuit", "source": "Le Monde", "date": "2023-02-28"},
            "Un saut dans le vide",
            "Un titre de transport",
            "Un grade dans l’armée",
            *["La garde à vue est prolongée"] * 10,
            "Un plat au fromage",
            *["Une place au soleil"] * 9,
            "La Bourse",
            "La banque centrale",
        ]
    )


def offered(engine: Engine, query: str) -> list[str]:
    return list(engine.search(SearchRequest(query)).suggestions)


def total(engine: Engine, query: str) -> int:
    return engine.search(SearchRequest(query)).total


OFFERED = [
    # a French word that the index does not have, for one that it has
    ("relu", ["réélu"]),
    ("poison", ["poisson"]),
    ("désert", ["dessert"]),
    ("relu à Paris", ["réélu à Paris"]),
    # a word of the index, for one ten times as common
    ("grade", ["garde"]),
    ("un GRADE.", ["un garde."]),
    ("plat", []),  # "place" is nine times as common, and nearer than chance allows
    # what was asked for as written, and is not in the index
    ("+blinkne", ["+blinken"]),
    ('"blinkne"', ['"blinken"']),
    ("=blinkne", ["=blinken"]),
    ("titre:poisson", ["poisson"]),
    # the words alone, where quotation marks, operators and filters left nothing to find
    ('"poutine minsk"', ["poutine minsk"]),
    ('"minsk poutine"~0 paris', ["minsk poutine paris"]),
    ("minsk ET paris", ["minsk paris"]),
    ("minsk ET licorne", ["minsk licorne"]),
    ("(minsk ET paris) OU licorne", ["minsk paris licorne"]),
    ("+minsk +paris", ["minsk paris"]),
    ("minsk SAUF poutine", ["minsk"]),
    ("paris -tokayev", ["paris"]),
    ("titre:minsk", ["minsk"]),
    ("titre:(minsk OU paris)", ["minsk paris"]),
    ("source:figaro grève", ["grève"]),
    ("auteur:dupont source:figaro grève", ["grève"]),
    ("date:2022 grève", ["grève"]),
    ("source:minsk", ["minsk"]),  # a filter alone
    ('auteur:"paris garde" date:1999', ["paris garde"]),
    ("boursecentrale", ["bourse centrale"]),
    # where demands left nothing, those that say least dropped, and then the words alone
    ("garde ET minsk ET poutine", ["minsk ET poutine", "garde minsk poutine"]),
    ("+minsk +poutine +licorne", ["+minsk +poutine", "minsk poutine licorne"]),
    ("minsk poutine ET garde", ["minsk ET poutine", "minsk poutine garde"]),
    ('garde ET "reçoit poutine" ET minsk', ['"reçoit poutine" ET minsk', "garde reçoit poutine minsk"]),
    ("(minsk OU paris) ET garde ET poutine", ["(minsk OU paris) ET poutine", "minsk paris garde poutine"]),
    ("minsk ET poutine ET garde SAUF paris", ["(minsk ET poutine) SAUF paris", "minsk poutine garde"]),
    # no operator and no field is a word to be corrected
    ("kiev SAUF paris", []),
    ("titre:licorne", []),
    # nothing to offer
    ("licorne", []),
    ("source:figaro", []),
    ("-astana -poutine", []),
    ("le", []),
    ("", []),
    # corrected already, and said so
    ("blinkne", []),
    ("tokaev", []),
    # found, and more than a few
    ("garde", []),
    ("garde SAUF licorne", []),
]


@pytest.mark.parametrize(("query", "expected"), OFFERED)
def test_what_is_offered(engine: Engine, query: str, expected: list[str]) -> None:
    assert offered(engine, query) == expected


@pytest.mark.parametrize("query", [query for query, expected in OFFERED if expected])
def test_what_is_offered_finds_more(engine: Engine, query: str) -> None:
    for other in offered(engine, query):
        assert total(engine, other) > total(engine, query)


def test_where_enough_is_found_nothing_is_offered(open_articles: OpenArticles) -> None:
    """With the same words about: two articles are few, three are enough."""
    for few, expected in ((FEW - 1, ["garde"]), (FEW, [])):
        engine = open_articles(["Un grade dans l’armée"] * few + ["La garde à vue"] * 10 * few)
        assert (total(engine, "grade"), offered(engine, "grade")) == (few, expected)


PIECES = (
    "minsk",
    "paris",
    "grade",
    "poison",
    "blinkne",
    "relu",
    "licorne",
    "titre:",
    "source:",
    "texte:",
    "date:2023",
    '"',
    "(",
    ")",
    "ET",
    "OU",
    "SAUF",
    "-",
    "+",
    "=",
)


def test_whatever_is_offered_finds_more(engine: Engine, seed: int) -> None:
    chance = random.Random(seed)
    seen = 0
    for _ in range(400):
        query = "".join(chance.choice(PIECES) + chance.choice(("", " ")) for _ in range(chance.randint(1, 7)))
        answer = engine.search(SearchRequest(query))
        found = answer.total
        for other in offered(engine, query):
            seen += 1
            assert found < FEW or "absent" in {ignored.kind for ignored in answer.ignored}, query
            assert total(engine, other) > found, (query, other)
            assert other != query
    assert seen > 30


def test_for_an_absent_word_another_is_offered_however_many_articles_there_are(
    open_articles: OpenArticles,
) -> None:
    others = [f"Les dirigeants du groupe parlent, {number}" for number in range(5)]
    engine = open_articles([*others, "La résonance d’un drame", "Les résonances d’un autre"])
    assert offered(engine, "résonnance dirigeants") == ["résonance dirigeants"]
    assert offered(engine, "dirigeants") == []


def test_a_rare_word_that_is_nearer_hides_no_common_one(open_articles: OpenArticles) -> None:
    engine = open_articles(["Un grade", "Une garde", *["Une grave question"] * 10])
    assert offered(engine, "grade") == ["grave"]


def test_a_word_is_as_common_as_all_its_accents_together(open_articles: OpenArticles) -> None:
    engine = open_articles(["Une cotte", *["Une côte", "Le côté", "La cote", "Il est coté"] * 3])
    assert offered(engine, "cotte") == ["cote"]
