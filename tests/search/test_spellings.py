"""One name, as several languages write it: all its spellings find each other, and no other name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from index.french.folding import fold
from index.schema import fold_prefix
from search import Engine, SearchRequest, spellings
from search.spellings import respellings
from search.vocabulary import Vocabulary
from search.word_lists import rows_of

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


@pytest.mark.parametrize("family", ONE_NAME)
def test_each_spelling_finds_all_of_them_and_itself_first(engine: Engine, family: str) -> None:
    names = family.split()
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
    family_of = {name: family for family in ONE_NAME for name in family.split()}
    for family in ONE_NAME:
        for name in family.split():
            assert {family_of.get(other, other) for other in found(engine, name)} == {family}, name


def test_a_spelling_that_the_index_lacks_finds_the_one_it_has(open_articles: OpenArticles) -> None:
    """Pushkin is three letters from Pouchkine, which no slip of the fingers is."""
    for family in ONE_NAME:
        names = family.split()
        for written in names:
            engine = open_articles([f"Un discours de {written} hier"])
            assert all(found(engine, typed) for typed in names), written


# --- the table -------------------------------------------------------------------------------------------

ONE_LINE = [  # of each line of the table, in order, two spellings that meet by it alone
    ("poutine", "putin"),
    ("ouattara", "wattara"),
    ("soueida", "sweida"),
    ("alaoui", "alawi"),
    ("tymochenko", "timochenko"),
    ("zelensky", "zelenskyy"),
    ("dostoievski", "dostoevski"),
    ("eltsine", "ieltsine"),
    ("alassad", "elassad"),
    ("prokofiev", "prokofieff"),
    ("gorbatchev", "gorbatchov"),
    ("rachmaninov", "rachmaninoff"),
    ("lenine", "lenin"),
    ("milosevic", "milosevitch"),
    ("loukachenko", "loukachenka"),
    ("chevtchenko", "shevchenko"),
    ("kazakhstan", "kazakstan"),
    ("rachmaninov", "rakhmaninov"),
    ("ghannouchi", "gannouchi"),
    ("mossadegh", "mossadeq"),
    ("tourgueniev", "tourgeniev"),
    ("kadhafi", "kadafi"),
    ("matthias", "mattias"),
    ("rhazes", "razes"),
    ("stephan", "stefan"),
    ("nikolas", "nicolas"),
    ("tarik", "tariq"),
    ("kristina", "cristina"),
    ("viktor", "victor"),
    ("haqqani", "hakkani"),
    ("djihad", "jihad"),
    ("karadzic", "karadjic"),
    ("brejnev", "brezhnev"),
    ("tsipras", "tzipras"),
    ("alexei", "aleksei"),
    ("elisabeth", "elizabeth"),
    ("abdallah", "abdalla"),
    ("vladimir", "wladimir"),
    ("schroeder", "schroder"),
    ("mueller", "muller"),
    ("haendel", "handel"),
    ("mccain", "maccain"),
    ("srebrenica", "srebrenitsa"),
    ("haniya", "haniyeh"),
    ("fairouz", "feyrouz"),
    ("odegaard", "odegard"),
]


class Words:
    """A snapshot of some words, as far as `respellings` asks one; `asked` counts how often."""

    def __init__(self, folds: Iterable[str]) -> None:
        self.terms = sorted(fold_prefix(folded) for folded in folds)
        self.asked = 0

    def has_prefix(self, _field: str, prefix: str) -> bool:
        self.asked += 1
        return any(term.startswith(prefix) for term in self.terms)

    def remember(self, _key: object, read: Callable[[], Any]) -> Any:
        return read()


def meet(one: str, other: str) -> bool:
    words: Any = Words((one, other))
    vocabulary = Vocabulary(words, ("text",))
    ways = {respellings(vocabulary, one) == (other,), respellings(vocabulary, other) == (one,)}
    assert len(ways) == 1, f"{one} and {other} meet one way only"
    return ways.pop()


def test_each_line_of_the_table_joins_what_no_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = list(rows_of("transcriptions.tsv"))
    assert len(lines) == len(ONE_LINE)
    try:
        for number, (line, (one, other)) in enumerate(zip(lines, ONE_LINE, strict=True)):
            for kept, expected in ((lines, True), (lines[:number] + lines[number + 1 :], False)):
                monkeypatch.setattr(spellings, "rows_of", lambda _table, kept=kept: kept)
                spellings._spellings.cache_clear()
                assert meet(one, other) is expected, line
    finally:
        monkeypatch.undo()
        spellings._spellings.cache_clear()


@pytest.mark.parametrize("word", ["ou" * 400, "tchakhosh" * 90, "i" * 900])
def test_an_endless_word_has_no_endless_spellings(engine: Engine, word: str) -> None:
    assert found(engine, word) == []
    words: Any = Words([word[:60]])
    assert respellings(Vocabulary(words, ("text",)), word) == ()
    assert words.asked < 3_000  # and not one for each of the spellings, which no machine can count
