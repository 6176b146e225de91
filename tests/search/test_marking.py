"""Which words are marked: whole, once, and those that made the article match."""

from __future__ import annotations

import random
import time
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import analyze, read_words
from search import Engine, SearchRequest
from search.marking import Mark, PhraseMark, WordMark, find_marks
from search.results import MarkReason

OpenArticles = Callable[[Iterable[Any]], Engine]

TEXT = frozenset({"text"})


def phrase(*folds: str, slop: int | None = None) -> PhraseMark:
    return PhraseMark(TEXT, tuple(frozenset({fold}) for fold in folds), slop)


MARKED = [  # query, then the text with what is marked between brackets
    ("reelu", "Il a été [réélu] hier, comme les [réélus] d’avant."),
    ("réélus", "Il a été [réélu] hier."),
    ("RÉÉLU", "[Réélu], [REELU], [ré\u00adélu]."),
    ("etat", "L’[État], d’[État] et des [états]."),
    ("l'état", "L’[État]."),
    ("élection", "<NFD>Une [élection] à Évreux."),
    ("evreux", "<NFD>Une élection à [Évreux]."),
    ("oeuvre", "Une [œuvre] et des [oeuvres]."),
    ("urss", "L’ex-[U.R.S.S.] et l’[URSS]."),
    ("7500", "Sur [7 500] km, [7\u202f500], [7.500] et [7500]."),
    ("81", "Avec [81]% des voix."),
    ("porte-parole", "Le [porte-parole], le [porte parole], le [porteparole]. La parole porte."),
    ("parole", "Le porte-[parole] a la [parole]."),
    ("la paix", "La [paix] et la guerre."),
    ("paix guerre", "La [paix] et la [guerre]."),
    ("paix -guerre", "La [paix] et la vie."),
    ("paix SAUF (guerre OU trêve)", "La [paix] et la vie."),
    ('"la paix"', "Vive [la paix], la vraie paix."),
    ('"chef de l’État"', "Le [chef de l’État] et le chef d’un État."),
    ('"chef de l’état"', "Le [CHEF DE L'ÉTAT] parle."),
    ('"porte parole"', "Le [porte-parole] parle."),
    ('"paix guerre"~3', "La [paix] ou la [guerre], disait-il, [guerre] et [paix] des braves."),
    ('"une paix" "paix durable"', "C’est [une paix durable] et [une paix] armée."),
    ("paix*", "La [paix], les [paixhans]."),
    ("pai*", "Le [pain]t, le [paiement].".replace("[pain]t", "pont")),
    ("tokayev~", "Le président [Tokaïev] parle."),
    ("=marché", "Le [marché], la marche, les marchés."),
    ("marche", "Le [marché], la [marche], les [marchés]."),
    ("titre:paix", "La paix ne se marque pas ici."),
    ("texte:paix", "La [paix] se marque ici."),
    ("source:paix", "La paix ne se marque pas ici."),
    ("date:2023 paix", "En 2023, la [paix]."),
    ("+la paix", "[La] [paix] de [la] mer."),
    ("le", "Le chat dort."),
    ("aujourd'hui", "La Bourse [aujourd’hui]."),
    ("o'brien", "Le sénateur [O’Brien] parle."),
    ("covid-19", "La [Covid-19] et la [covid 19]."),
    ("", "Rien du tout."),
]


def with_brackets(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(("query", "expected"), MARKED)
def test_what_is_marked(open_articles: OpenArticles, query: str, expected: str) -> None:
    if expected.startswith("<NFD>"):
        expected = unicodedata.normalize("NFD", expected.removeprefix("<NFD>"))
    text = expected.replace("[", "").replace("]", "")
    view = open_articles([{"text": text, "source": "Paix"}, "Tout autre chose"]).view("0", query)
    assert view is not None
    assert view.article.text == text
    assert with_brackets(text, view.highlights["text"]) == expected


REASONS: list[tuple[str, MarkReason, str, str]] = [  # query, why, the words marked, in this text
    ("réélu", "exact", "réélu", "Il est réélu"),
    ("Réélu", "exact", "RÉÉLU", "Il est RÉÉLU"),
    ("+réélu", "exact", "réélu", "Il est réélu"),
    ("=réélu", "exact", "réélu", "Il est réélu"),
    ("porte-parole", "exact", "porte-parole", "Le porte-parole parle"),
    ("reelu", "accent", "réélu", "Il est réélu"),
    ("=reelu", "accent", "réélu", "Il est réélu"),
    ("marché", "accent", "marche", "Une marche blanche"),
    ("oeuvre", "accent", "œuvre", "Une œuvre exposée"),
    ("réélus", "inflection", "réélu", "Il est réélu"),
    ("travail", "inflection", "travaux", "De grands travaux"),
    ("sous-marins", "inflection", "sous-marin", "Un sous-marin coule"),
    ("réél*", "prefix", "réélu", "Il est réélu"),
    ("tokayev~", "fuzzy", "Tokaïev", "Ainsi parle Tokaïev"),
    ("blinkne", "typo", "Blinken", "Ainsi parle Blinken"),
    ("loukachenko", "sound", "Loukatchenko", "Ainsi parle Loukatchenko"),
    ("tokayev", "variant", "Tokaïev", "Ainsi parle Tokaïev, dit Tokayev"),
    ("asiecentrale", "phrase", "Asie centrale", "Un sommet en Asie centrale"),  # announced as "split"
    ('"un sommet"', "phrase", "Un sommet", "Un sommet en Asie centrale"),
    ('"asie sommet"~5', "phrase", "sommet", "Un sommet en Asie centrale"),
    ("porte-parole", "phrase", "porte parole", "Le porte parole parle"),
    ("porte-paroles", "phrase", "porte parole", "Le porte parole parle"),
]


def test_every_reason_has_its_example() -> None:
    assert {reason for _, reason, _, _ in REASONS} == set(get_args(MarkReason)) - {"split"}


@pytest.mark.parametrize(("query", "reason", "marked", "text"), REASONS)
def test_why_a_word_is_marked(
    open_articles: OpenArticles, query: str, reason: MarkReason, marked: str, text: str
) -> None:
    engine = open_articles([{"text": text, "title": text}, "Tout autre chose"])
    (hit,) = engine.search(SearchRequest(query)).hits
    (snippet,) = hit.snippets
    words = [snippet.text[start:end] for start, end in snippet.highlights]
    assert (marked, reason) in list(zip(words, snippet.reasons, strict=True))
    assert marked in {text[start:end] for start, end in hit.title_highlights}


PHRASES = [  # folds, slop, text with marks
    (("a", "b"), None, "[a b] c [a b] [a b]"),
    (("a", "a"), None, "[a a a] b [a a]"),
    (("a", "b"), 0, "[b] [a] c b"),
    (("a", "b"), 1, "[a] c [b] c c b"),
    (("a", "b"), 1, "a c c b"),
    (("a", "a"), 3, "a b c"),
    (("a", "a"), 3, "[a] b [a]"),
    (("a", "b", "c"), 1, "[c] x [a] [b] x x c"),
    (("a", "b"), 2, "[a] [b] x [a] x x x b"),
    (("a",), 5, "[a] b [a]"),
    (("a", "b"), 100, ""),
]


@pytest.mark.parametrize(("folds", "slop", "expected"), PHRASES)
def test_phrases(folds: tuple[str, ...], slop: int | None, expected: str) -> None:
    text = expected.replace("[", "").replace("]", "")
    found = find_marks(text, "text", [phrase(*folds, slop=slop)])
    assert with_brackets(text, [(mark.start, mark.end) for mark in found]) == expected


def test_marks_that_overlap_are_one() -> None:
    marks = [phrase("a", "b"), phrase("b", "c"), WordMark(TEXT, folds=frozenset("c"))]
    found = find_marks("a b c d c", "text", marks)
    assert [(mark.start, mark.end, mark.rule) for mark in found] == [(0, 5, 0), (8, 9, 2)]


def test_a_mark_is_for_its_zones_only() -> None:
    mark = WordMark(TEXT, folds=frozenset({"paix"}))
    assert find_marks("La paix", "title", [mark]) == ()
    assert len(find_marks("La paix", "text", [mark])) == 1


WORDS = (
    "paix",
    "L’État",
    "porte-parole",
    "7 500",
    "U.R.S.S.",
    "e\u0301lu",
    "aujourd’hui",
    "a-t-il",
    "de",
    "là",
)
BETWEEN = (" ", ", ", ". ", "\n", "’", "-", " « ", " » ", "\u00a0", "\u200b", "")
FOLDS = (
    "paix",
    "etat",
    "porte",
    "parole",
    "porteparole",
    "7500",
    "urss",
    "elu",
    "aujourdhui",
    "de",
    "la",
    "il",
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    pieces = st.tuples(st.sampled_from(WORDS), st.sampled_from(BETWEEN))
    return "".join(word + between for word, between in draw(st.lists(pieces, max_size=25)))


folds_of_a_phrase = st.lists(st.sampled_from(FOLDS), min_size=2, max_size=3).map(tuple)
RULES = st.lists(
    st.one_of(
        st.builds(WordMark, st.just(TEXT), folds=st.frozensets(st.sampled_from(FOLDS), max_size=3)),
        st.builds(WordMark, st.just(TEXT), prefix=st.sampled_from(("p", "7", "aujour", "e"))),
        st.builds(
            lambda folds, slop: phrase(*folds, slop=slop),
            folds_of_a_phrase,
            st.one_of(st.none(), st.integers(0, 4)),
        ),
    ),
    max_size=4,
)


@settings(max_examples=1_000, deadline=None)
@given(texts(), RULES)
def test_marks_are_whole_words_in_order(text: str, rules: list[Mark]) -> None:
    starts = {token.start for token in analyze(text)}
    ends = {token.end for token in analyze(text)}
    last = 0
    for mark in find_marks(text, "text", rules):
        assert last <= mark.start < mark.end <= len(text)
        assert mark.start in starts
        assert mark.end in ends
        assert 0 <= mark.rule < len(rules)
        last = mark.end


@settings(max_examples=500, deadline=None)
@given(texts(), st.sampled_from(FOLDS))
def test_every_word_that_matches_is_marked(text: str, fold: str) -> None:
    found = find_marks(text, "text", [WordMark(TEXT, folds=frozenset({fold}))])
    covered = {place for mark in found for place in range(mark.start, mark.end)}
    for word in read_words(text):
        for token in (*word.parts, *((word.joined,) if word.joined else ())):
            assert (token.fold != fold) or set(range(token.start, token.end)) <= covered


@pytest.mark.parametrize("rule", [phrase("de", "la", slop=5), phrase("de", "la")], ids=["~5", "exact"])
def test_a_long_text_full_of_the_words_is_marked_in_time(rule: Mark) -> None:
    """Ten times the text takes about ten times as long: a square would take a hundred."""
    chance = random.Random(1)
    text = " ".join(chance.choices(("de", "la", "mer"), k=40_000))

    def seconds(size: int) -> float:
        best = float("inf")
        for _ in range(3):
            started = time.perf_counter()
            assert find_marks(text[:size], "text", [rule])
            best = min(best, time.perf_counter() - started)
        return best

    assert seconds(len(text)) < 40 * seconds(len(text) // 10)
