"""Does a text become the tokens that a French reader expects, with offsets into what was written?"""

from __future__ import annotations

import re
import time
import unicodedata
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index import analysis
from index.analysis import Token, analyze, read_words
from index.french import stems
from index.french.folding import fold
from index.french.known_words import is_stop_word, may_be_stop_word
from index.french.stems import stem

TABLE = Path(__file__).parents[1] / "data" / "analysis.tsv"
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\U([0-9a-f]{8})|\\n")


class Case(NamedTuple):
    family: str
    text: str
    forms: list[str]
    folds: list[str]
    stop_words: list[str]


def unescape(written: str) -> str:
    return _ESCAPE.sub(lambda m: "\n" if m[0] == r"\n" else chr(int(m[1] or m[2], 16)), written)


def cases() -> list[Case]:
    found = []
    for line in TABLE.read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#"):
            family, text, forms, folds, stop_words = map(unescape, line.split("\t"))
            listed = [column.split(" | ") if column else [] for column in (forms, folds or forms, stop_words)]
            found.append(Case(family, text, *listed))
    return found


CASES = cases()


def marked(token: Token, reading: str) -> str:
    return f"+{reading}" if token.joined else reading


def strip_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(character for character in decomposed if unicodedata.category(character) != "Mn")


# The table


def test_the_table_has_every_family() -> None:
    assert len({case.family for case in CASES}) >= 14
    assert len(CASES) >= 130


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.family}: {case.text!a}")
def test_a_text_has_these_tokens(case: Case) -> None:
    tokens = list(analyze(case.text))
    assert [marked(token, token.form) for token in tokens] == case.forms
    assert [marked(token, token.fold) for token in tokens] == case.folds
    assert [token.form for token in tokens if not token.stem] == case.stop_words


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("l’État", ["État"]),
        ("L'e\u0301tat", ["e\u0301tat"]),
        ("co\u00adopération.", ["co\u00adopération"]),
        ("un porte-parole dit", ["un", "porte", "parole", "porte-parole", "dit"]),
        ("l'ex-U.R.S.S.", ["ex", "U.R.S.S.", "ex-U.R.S.S."]),
        ("(7\u202f500 €)", ["7\u202f500"]),
        ("81%", ["81"]),
        ("«\u00a0Aujourd’hui\u00a0»", ["Aujourd’hui"]),
        ("a-t-on dit", ["a", "t", "on", "dit"]),
    ],
)
def test_offsets_are_those_of_the_words_as_written(text: str, marks: list[str]) -> None:
    assert [text[token.start : token.end] for token in analyze(text)] == marks


def test_positions_count_words_and_a_joined_reading_stands_with_its_first_part() -> None:
    tokens = analyze("Le porte-parole de l’ex-U.R.S.S. a dit")
    assert [(token.position, token.form, token.joined) for token in tokens] == [
        (0, "le", False),
        (1, "porte", False),
        (2, "parole", False),
        (1, "porteparole", True),
        (3, "de", False),
        (4, "ex", False),
        (5, "urss", False),
        (4, "exurss", True),
        (6, "a", False),
        (7, "dit", False),
    ]


# Words that are found by one another


@pytest.mark.parametrize(
    "spellings",
    [
        ("dépêche", "depeche", "DÉPÊCHE", "de\u0301pe\u0302che"),
        ("U.R.S.S.", "URSS", "urss"),
        ("7 500", "7500", "7\u00a0500", "7\u202f500", "7.500"),
        ("81%", "81", "81 %"),
        ("3,5", "3.5"),
        ("œuvre", "oeuvre", "ŒUVRE", "l’œuvre"),
        ("aujourd'hui", "aujourd’hui", "AUJOURD'HUI"),
        ("l'État", "État", "d’État", "qu'État"),
    ],
)
def test_spellings_of_one_word_share_their_folds(spellings: tuple[str, ...]) -> None:
    (folds,) = {tuple(token.fold for token in analyze(spelling)) for spelling in spellings}
    assert len(folds) == 1


@pytest.mark.parametrize("typed", ["porte parole", "porte-parole", "porteparole"])
def test_a_compound_is_found_by_each_of_its_spellings(typed: str) -> None:
    indexed = {token.fold for token in analyze("Le porte-parole parle")}
    assert {token.fold for token in analyze(typed)} <= indexed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("réélu", "réélus"),
        ("réélue", "réélues"),
        ("marché", "marchés"),
        ("cheval", "chevaux"),
        ("travail", "travaux"),
        ("national", "nationaux"),
        ("élection", "élections"),
        ("gouvernement", "gouvernements"),
        ("numéro", "numéros"),
        ("œil", "yeux"),
        ("manifestant", "manifestants"),
        ("annoncer", "annonçait"),
        ("heureux", "heureuse"),
    ],
)
def test_inflected_forms_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("maire", "mer"), ("poisson", "poison"), ("port", "porc"), ("grève", "grave"), ("avion", "avenir")],
)
def test_different_words_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_stems_are_folded() -> None:
    for word in ("élevé", "Noël".lower(), "œuvre", "aîné", "ambiguë", "garçon"):
        assert stem(word).isascii()
        assert stem(word) == fold(stem(word))


def test_a_word_with_an_accent_is_not_the_stop_word_without() -> None:
    assert is_stop_word("sur")
    assert not is_stop_word("sûr")
    assert may_be_stop_word("sur")
    assert not may_be_stop_word("maire")


@pytest.mark.parametrize("length", [63, 64, 65, 5_000])
def test_a_very_long_word_is_one_token_of_bounded_length(length: int) -> None:
    (token,) = analyze("é" * length)
    assert (token.start, token.end) == (0, length)
    assert token.form == "é" * min(length, 64)
    assert token.fold == "e" * min(length, 64)


@pytest.mark.parametrize(
    "unit", ["la-", "l'", "a.", "1,", "1 111 ", "a-", "_a", "e\u0301", "\u00ad", "d'aujourd'hui-"]
)
def test_the_time_of_a_text_grows_with_its_length_only(unit: str) -> None:
    """An article may be one word of ten million characters: nothing may take the square of its length."""

    def cpu_s(repetitions: int) -> float:
        text = unit * repetitions
        analysis._memo.clear()
        started = time.process_time()
        for _ in analyze(text):
            pass
        return time.process_time() - started

    cpu_s(1_000)
    short, long = (min(cpu_s(count) for _ in range(2)) for count in (20_000, 80_000))
    assert long < 9 * short + 0.05, f"{short:.3f} s, then {long:.3f} s for four times the text"


# For every text

LETTERS = "aeimnsuxzLDQÉéèêëçœŒæßİıǅﬁ"
SIGNS = "'’ʼ`-‐‑.,_ \u00a0\u202f\u2009\n%°€"
ODD = "\u0000\u0301\u0302\u0327\u00ad\u200b\u2060\ufeff\ud800\udfff½²٣५🙂中Ⅷªﷺ"
TEXTS = st.text(
    st.one_of(st.sampled_from(LETTERS + "0123456789"), st.sampled_from(SIGNS + ODD), st.characters()),
    max_size=40,
)
WORDS = st.text(st.sampled_from(LETTERS + "àâîïôùûüÿñ'’-." + "tlqu5"), min_size=1, max_size=12)
thorough = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)


@given(TEXTS)
@example("\u00ad")
@example("\ud800")
@example("l'")
@example("a\u0000b")
@thorough
def test_offsets_point_into_the_text_and_positions_only_grow(text: str) -> None:
    last_position, last_end = -1, 0
    for word in read_words(text):
        assert word.parts
        assert last_end <= word.start < word.end <= len(text)
        for token in word.parts:
            assert token.position == last_position + 1
            assert max(last_end, word.start) <= token.start < token.end <= word.end
            assert not token.joined
            last_position, last_end = token.position, token.end
        if word.joined:
            assert len(word.parts) >= 2
            assert word.joined.joined
            assert word.joined.position == word.parts[0].position
            assert word.start <= word.joined.start == word.parts[0].start
            assert word.parts[1].end <= word.joined.end <= word.end
        last_end = word.end


@given(TEXTS)
@thorough
def test_every_token_can_be_indexed(text: str) -> None:
    for token in analyze(text):
        assert 0 < len(token.form) <= 64
        assert token.fold
        assert (token.stem == "") == is_stop_word(token.form)
        for reading in (token.form, token.fold, token.stem):
            assert "\u0000" not in reading
            assert " " not in reading
            reading.encode()  # no lone surrogate


@given(TEXTS)
@thorough
def test_folding_a_fold_changes_nothing(text: str) -> None:
    for token in analyze(text):
        assert fold(token.fold) == token.fold
        assert fold(token.form) == token.fold


@given(TEXTS)
@thorough
def test_analysis_of_a_text_is_that_of_its_words(text: str) -> None:
    for word in read_words(text):
        alone = list(read_words(text[word.start : word.end]))
        assert len(alone) == 1
        shift, place = word.start, word.parts[0].position
        moved = [
            (
                token.form,
                token.fold,
                token.stem,
                token.position + place,
                token.start + shift,
                token.end + shift,
            )
            for token in alone[0].parts
        ]
        assert moved == [(t.form, t.fold, t.stem, t.position, t.start, t.end) for t in word.parts]
        assert (alone[0].joined and alone[0].joined.form) == (word.joined and word.joined.form)


@given(st.lists(WORDS, min_size=1, max_size=5), st.integers(0, 4))
@thorough
def test_a_word_does_not_depend_on_its_neighbours(words: list[str], which: int) -> None:
    """Spaces join nothing but the groups of a number, so each word reads as it does alone."""
    letters = [re.sub(r"\d", "", word) for word in words]
    together = [(token.form, token.fold, token.stem) for token in analyze(" ".join(letters))]
    apart = [(token.form, token.fold, token.stem) for word in letters for token in analyze(word)]
    assert together == apart


@given(WORDS)
@example("s\u0302i")
@example("L'É\u0301.É.")
@example("é" * 70)
@thorough
def test_a_word_is_read_alike_with_its_accents_and_without(word: str) -> None:
    accented, plain = list(read_words(word)), list(read_words(strip_accents(word)))
    assert [[part.fold for part in read.parts] for read in accented] == [
        [part.fold for part in read.parts] for read in plain
    ]
    assert [read.joined and read.joined.fold for read in accented] == [
        read.joined and read.joined.fold for read in plain
    ]


@given(WORDS)
@thorough
def test_composed_and_decomposed_are_read_alike(word: str) -> None:
    forms = {
        tuple((token.form, token.fold, token.stem) for token in analyze(unicodedata.normalize(form, word)))
        for form in ("NFC", "NFD")
    }
    assert len(forms) == 1


@given(TEXTS)
@thorough
def test_the_analysis_is_the_same_every_time(text: str) -> None:
    analysis._memo.clear()
    first = list(analyze(text))
    assert list(analyze(text)) == first


def test_stems_are_the_same_before_and_after_the_exceptions_are_held() -> None:
    words = ("travaux", "élus", "yeux", "mers", "chevaux", "dépêches")
    stems._stem_exceptions.cache_clear()
    before = [stem(word) for word in words]
    assert stems._stem_exceptions()._held is None
    stems.expect_articles()
    assert stems._stem_exceptions()._held
    assert [stem(word) for word in words] == before
    stems._stem_exceptions.cache_clear()
