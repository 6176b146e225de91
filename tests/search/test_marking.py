"""Which words are marked: whole, once, and those that made the article match."""

from __future__ import annotations

import random
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Reading, analyze, read_words, readings
from index.articles.article import Zone
from index.french.cutting import raw_words
from search import Engine, SearchRequest
from search.marking import Mark, Marked, PhraseMark, WordMark, find_marks, prepare
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
    ("gilets jaunes", "Les [gilets jaunes] : #[GiletsJaunes], #[giletsjaunes]."),
    ("jaunes", "Les #Gilets[Jaunes]."),
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
    ("le", "[Le] chat dort."),
    ("la une", "Il fait [la une] de la presse."),
    ('"ville Lyon"~3', "Le maire de la [ville] de [Lyon]."),
    ('"le président"~3', "C’est [le] nouveau [président]."),
    ('"XXe siècle"~3', "Le grand [siècle], le [XXe]."),
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
    ("asiecentrale", "split", "Asie centrale", "Un sommet en Asie centrale"),
    ('"un sommet"', "phrase", "Un sommet", "Un sommet en Asie centrale"),
    ('"asie sommet"~5', "phrase", "sommet", "Un sommet en Asie centrale"),
    ("porte-parole", "phrase", "porte parole", "Le porte parole parle"),
    ("porte-paroles", "phrase", "porte parole", "Le porte parole parle"),
]


def test_every_reason_has_its_example() -> None:
    assert {reason for _, reason, _, _ in REASONS} == set(get_args(MarkReason))


@pytest.mark.parametrize(("query", "reason", "marked", "text"), REASONS)
def test_why_a_word_is_marked(
    open_articles: OpenArticles, query: str, reason: MarkReason, marked: str, text: str
) -> None:
    engine = open_articles([{"text": text, "title": text}, "Tout autre chose"])
    (hit,) = engine.search(SearchRequest(query)).hits
    (snippet,) = hit.snippets
    words = [snippet.text[start:end] for start, end in snippet.highlights]
    assert (marked, reason) in list(zip(words, snippet.reasons, strict=True))
    in_title = [hit.title[start:end] for start, end in hit.title_highlights]
    assert (marked, reason) in list(zip(in_title, hit.title_reasons, strict=True))
    view = engine.view(hit.article_id, query)
    assert view is not None
    assert marked in [text[start:end] for start, end in view.highlights[snippet.zone]]


def test_a_phrase_says_why_it_is_marked() -> None:
    mark = PhraseMark(TEXT, (frozenset({"porte"}), frozenset({"monnaie"})), kind="split")
    assert [found.reason for found in find("Un porte monnaie", [mark])] == ["split"]


def find(text: str, marks: Sequence[Mark], zone: Zone = "text") -> tuple[Marked, ...]:
    return find_marks(text, zone, prepare(marks))


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
    found = find(text, [phrase(*folds, slop=slop)])
    assert with_brackets(text, [(mark.start, mark.end) for mark in found]) == expected


def test_marks_that_overlap_are_one() -> None:
    marks = [phrase("a", "b"), phrase("b", "c"), WordMark(TEXT, folds=frozenset("c"))]
    found = find("a b c d c", marks)
    assert [(mark.start, mark.end, mark.rule) for mark in found] == [(0, 5, 0), (8, 9, 2)]


def test_a_mark_is_for_its_zones_only() -> None:
    mark = WordMark(TEXT, folds=frozenset({"paix"}))
    assert find("La paix", [mark], "title") == ()
    assert len(find("La paix", [mark])) == 1


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
        st.frozensets(st.sampled_from(FOLDS), max_size=3).map(lambda folds: WordMark(TEXT, folds=folds)),
        st.sampled_from(("p", "7", "aujour", "e")).map(lambda prefix: WordMark(TEXT, prefix=prefix)),
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
    for mark in find(text, rules):
        assert last <= mark.start < mark.end <= len(text)
        assert mark.start in starts
        assert mark.end in ends
        assert 0 <= mark.rule < len(rules)
        last = mark.end


@settings(max_examples=500, deadline=None)
@given(texts(), st.sampled_from(FOLDS))
def test_every_word_that_matches_is_marked(text: str, fold: str) -> None:
    found = find(text, [WordMark(TEXT, folds=frozenset({fold}))])
    covered = {place for mark in found for place in range(mark.start, mark.end)}
    for word in read_words(text):
        for token in (*word.parts, *((word.joined,) if word.joined else ())):
            assert (token.fold != fold) or set(range(token.start, token.end)) <= covered


# --- as if every word were read ----------------------------------------------------------------------


def is_marked(token: Reading, mark: WordMark) -> bool:
    return (
        token.stem in mark.stems
        or token.fold in mark.folds
        or token.form in mark.forms
        or (mark.prefix is not None and token.fold.startswith(mark.prefix))
    )


def read_whole(text: str, marks: Sequence[Mark]) -> list[tuple[int, int, int, str]]:
    """What the rules say, word by word."""
    found: list[tuple[int, int, int, str]] = [
        (start + reading.start, start + reading.end, rule, mark.reason(reading))
        for start, word in raw_words(text)
        for reading in readings(word)
        for rule, mark in enumerate(marks)
        if isinstance(mark, WordMark) and is_marked(reading, mark)
    ]
    parts = [token for token in analyze(text) if not token.joined]
    for rule, mark in enumerate(marks):
        if not isinstance(mark, PhraseMark):
            continue
        size = len(mark.places)
        place_of = {fold: place for place in mark.places for fold in place}
        for at in range(len(parts)):
            near = parts[at : at + size + (mark.slop or 0)]
            if mark.slop is None:
                if len(near) == size and all(
                    part.fold in place for part, place in zip(near, mark.places, strict=True)
                ):
                    found.append((near[0].start, near[-1].end, rule, mark.kind))
            elif parts[at].fold in place_of:
                held = [part for part in near if part.fold in place_of]
                if Counter(place_of[part.fold] for part in held) >= Counter(mark.places):
                    found += [(part.start, part.end, rule, mark.kind) for part in held]
    joined: list[tuple[int, int, int, str]] = []
    for start, end, rule, reason in sorted(found, key=lambda one: (one[0], -one[1])):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]), *joined[-1][2:])
        else:
            joined.append((start, end, rule, reason))
    return joined


STRANGE = (
    *WORDS,
    *"aeéÉEioœŒæßﬁïëçñÿ²½ªµЖёПАＡ日ー٣ʼ",
    *"\u0301\u0308\u00ad\u200b\u2060\u202f\u00a0\u2009\u2011\u2028\t\n",
    *".-_'’‘`´/?!…—–“”«,;7   ",
    "500",
    " 500",
    "Put",
    "J.-C.",
    "abilité",
    "ïamment",
    "joyeux",
    "pays",
    "quelqu’",
    "presqu'",
    "île",
)
strange_texts = st.one_of(
    st.lists(st.sampled_from(STRANGE), max_size=30).map("".join), st.text(max_size=30), texts()
)


@st.composite
def texts_and_rules(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    """A text and rules that mark words of it, by all that they are known by."""
    text = draw(strange_texts)
    tokens = list(analyze(text))
    parts = [token.fold for token in tokens if not token.joined]
    if not tokens:
        return text, draw(RULES)
    one = st.sampled_from(tokens)
    words = st.one_of(
        one.map(lambda token: WordMark(TEXT, stems=frozenset({token.stem} - {""}), typed=token.form)),
        one.map(lambda token: WordMark(TEXT, folds=frozenset({token.fold}), kind="fuzzy")),
        one.map(lambda token: WordMark(TEXT, forms=frozenset({token.form}))),
        st.builds(lambda token, size: WordMark(TEXT, prefix=token.fold[:size]), one, st.integers(1, 4)),
    )
    starts = st.integers(0, len(parts) - 1)
    phrases = st.builds(lambda at, size: phrase(*parts[at : at + size]), starts, st.integers(1, 4))
    near = st.builds(
        lambda folds, slop: phrase(*folds, slop=slop),
        st.lists(st.sampled_from(parts), min_size=1, max_size=3),
        st.integers(0, 4),
    )
    return text, draw(st.lists(st.one_of(words, phrases, near), min_size=1, max_size=3))


@settings(max_examples=1_500, deadline=None)
@given(texts_and_rules())
def test_nothing_is_missed_by_not_reading_every_word(drawn: tuple[str, list[Mark]]) -> None:
    text, rules = drawn
    assert [tuple(mark) for mark in find(text, rules)] == read_whole(text, rules)


def test_marks_are_those_of_any_other_text_of_the_search() -> None:
    marks = prepare([WordMark(TEXT, folds=frozenset({"paix"})), phrase("la", "paix")])
    for text in ("La paix, la paix", "paix. Paix", "rien", "La paix, la paix"):
        assert find_marks(text, "text", marks) == find_marks(
            text, "text", prepare([WordMark(TEXT, folds=frozenset({"paix"})), phrase("la", "paix")])
        )


LONG_RULES: dict[str, Mark] = {
    "~5": phrase("de", "la", slop=5),
    "exact": phrase("de", "la"),
    "word": WordMark(TEXT, folds=frozenset({"de"})),
    "number": WordMark(TEXT, folds=frozenset({"7"})),
    "numbers": phrase("7", "7"),
}


@pytest.mark.parametrize("between", [" ", "\n", "-"])
@pytest.mark.parametrize("words", [("de", "la", "mer"), ("7", "mer"), ("7", "de")], ids=" ".join)
@pytest.mark.parametrize("rule", LONG_RULES.values(), ids=LONG_RULES.keys())
def test_a_long_text_full_of_the_words_is_marked_in_time(
    rule: Mark, words: tuple[str, ...], between: str
) -> None:
    """Ten times the text takes about ten times as long: a square would take a hundred."""
    chance = random.Random(1)
    text = between.join(chance.choices(words, k=10_000))

    def seconds(size: int) -> float:
        best = float("inf")
        for _ in range(3):
            started = time.thread_time()
            find(text[:size], [rule])
            best = min(best, time.thread_time() - started)
        return best

    assert seconds(len(text)) < 40 * seconds(len(text) // 10) + 0.001


def test_a_prefix_of_thousands_of_words_marks_them_all_again_and_again() -> None:
    words = [f"mot{number:04d}" for number in range(3_000)]
    marks = [WordMark(TEXT, prefix="mot", typed="mot", kind="prefix")]
    for _ in range(2):
        found = find_marks(" ".join(words), "text", prepare(marks))
        assert [(mark.start, mark.end) for mark in found] == [(8 * at, 8 * at + 7) for at in range(3_000)]
    assert prepare(marks) is prepare(list(marks))


def test_a_text_without_spaces_is_marked_and_not_kept() -> None:
    prepared = prepare([WordMark(TEXT, folds=frozenset({"paix"}), typed="paix")])
    text = f"paix {'«paix»/' * 1_000} paix"
    for _ in range(2):
        assert len(find_marks(text, "text", prepared)) == 1_002
    assert max(map(len, prepared.words["text"].known)) < 300
