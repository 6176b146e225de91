"""One name, as several languages write it: all its spellings find each other, and no other name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from index.analysis import fold
from search import Engine, SearchRequest

OpenArticles = Callable[[Iterable[Any]], Engine]

ONE_NAME = [
    "Poutine Putin",
    "Eltsine Ieltsine Yeltsin",
    "Khrouchtchev Khrushchev",
    "Gorbatchev Gorbachev Gorbatchov",
    "Loukachenko Loukatchenko Lukashenko Loukachenka",
    "Ianoukovitch Yanoukovitch Yanukovych",
    "Porochenko Poroshenko",
    "Tymochenko Timochenko Tymoshenko",
    "Zelensky Zelenski Zelenskiy Zelenskyy",
    "Medvedev Medviedev",
    "Dostoïevski Dostoïevsky Dostoyevsky Dostoevsky",
    "Tolstoï Tolstoy",
    "Tchekhov Chekhov",
    "Tourgueniev Turgenev",
    "Soljenitsyne Solzhenitsyn",
    "Pouchkine Pushkin",
    "Chostakovitch Shostakovich",
    "Rachmaninov Rachmaninoff Rakhmaninov",
    "Prokofiev Prokofieff",
    "Lénine Lenin",
    "Prigojine Prigozhin",
    "Brejnev Brezhnev",
    "Serguei Sergei Sergey",
    "Nazarbaïev Nazarbayev Nazarbaev",
    "Pachinian Pashinyan",
    "Moubarak Mubarak",
    "Khomeiny Khomeini",
    "Mossadegh Mossadeq",
    "Netanyahou Netanyahu",
    "Ouattara Wattara",
    "Müller Mueller",
    "Schröder Schroeder",
    "Goebbels Göbbels",
    "Milosevic Milošević Milosevitch",
    "Karadzic Karadžić Karadjic",
    "Mohammed Mohamed Mohammad Muhammad",
    "Hussein Houssein Hossein",
    "Hezbollah Hizbollah Hizbullah",
    "Kadhafi Khadafi Gaddafi",
    "Irak Iraq",
    "Al-Assad El-Assad",
    "Al-Qaïda Al-Qaeda",
    "Elisabeth Elizabeth",
]
OTHER_NAMES = [
    ("Roger", "Rogers"),
    ("Andrea", "Andreas"),
    ("Guérin", "Gérin"),
    ("Gilbert", "Guilbert"),
    ("Chang", "Khang"),
    ("Martin", "Martine"),
    ("Justin", "Justine"),
    ("Ahmad", "Hamas"),
    ("Morin", "Maurin"),
    ("Vincent", "Vince"),
    ("Valls", "Walls"),
    ("Alain", "Elaine"),
    ("Jasmin", "Yasmin"),
]


@pytest.fixture(scope="module")
def engine(open_articles: OpenArticles) -> Engine:
    names = {name for names in ONE_NAME for name in names.split()}
    names |= {name for names in OTHER_NAMES for name in names}
    return open_articles([{"id": name, "text": f"Un discours de {name} hier"} for name in sorted(names)])


def found(engine: Engine, query: str) -> list[str]:
    return [hit.article_id for hit in engine.search(SearchRequest(query, limit=100)).hits]


@pytest.mark.parametrize("spellings", ONE_NAME)
def test_each_spelling_finds_all_of_them_and_itself_first(engine: Engine, spellings: str) -> None:
    names = spellings.split()
    for name in names:
        answer = found(engine, fold(name))
        same_letters = {other for other in names if fold(other) == fold(name)}
        assert set(answer) >= set(names)
        assert answer[0] in same_letters


@pytest.mark.parametrize(("one", "other"), [*OTHER_NAMES, *[(b, a) for a, b in OTHER_NAMES]])
def test_another_name_is_not_found(engine: Engine, one: str, other: str) -> None:
    answer = found(engine, one)
    assert one in answer
    assert other not in answer


def test_no_two_of_these_names_are_taken_for_one(engine: Engine) -> None:
    family_of = {name: spellings for spellings in ONE_NAME for name in spellings.split()}
    for spellings in ONE_NAME:
        for name in spellings.split():
            assert {family_of.get(other, other) for other in found(engine, name)} == {spellings}, name


def test_a_spelling_that_the_index_lacks_finds_the_one_it_has(open_articles: OpenArticles) -> None:
    """Pushkin is three letters from Pouchkine, which no slip of the fingers is."""
    for spellings in ONE_NAME:
        names = spellings.split()
        for written in names:
            engine = open_articles([f"Un discours de {written} hier"])
            assert all(found(engine, typed) for typed in names), written


@pytest.mark.parametrize("word", ["ou" * 400, "tchkhsh" * 100, "i" * 900])
def test_an_endless_word_has_no_endless_spellings(engine: Engine, word: str) -> None:
    assert found(engine, word) == []
