"""Are the words of the pieces of a text those of the text, whichever way it is cut?"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index import pieces as pieces_module
from index.analysis import analyze, readings
from index.french.cutting import find_words
from index.inversion import Lexicon
from index.pieces import Pieces, PiecesInPython, is_compiled, no_pieces, spread

Begin = Callable[[], Pieces]
compiled = pytest.param(
    no_pieces, marks=pytest.mark.skipif(not is_compiled(), reason="installed without a compiler")
)
both_ways = pytest.mark.parametrize("begin", [compiled, PiecesInPython])

# Letters that are hard to write small or to fold, what joins or parts words, digits and their spaces.
_CHARACTERS = (
    "aAéÉœŒßÿŸİΣς²½ªºʼ's-l’‐.,;!«»\"()_/·€#中😀٣0127 \n\t\u00a0\u202f\u2009\u3000\x1c\x85\u0301\u00ad\u200b"
)
TEXTS = st.lists(
    st.one_of(
        st.text(st.sampled_from(_CHARACTERS), max_size=12),
        st.text(max_size=8),
        st.sampled_from(
            [
                "L'ex-U.R.S.S. ",
                "élu·e·s ",
                "d'un(e) candidat(e)s-",
                "anti-U.E. ",
                "fin.Le ",
                "7 500 élus",
                "12\u202f345\u00a0678,9 ",
                "aujourd’hui, ",
                "J.-C. ",
                "l'#GiletsJaunes",
                "#E\u0301te\u0301Indien2024 ",
            ]
        ),
    ),
    max_size=6,
).map("".join)


def words_of(texts: Iterable[str], pieces: Pieces) -> list[list[object]]:
    """Cut texts, and read what the pieces of each say."""
    known: list[str] = []
    found = []
    for text in texts:
        numbers = array("I", pieces.cut(text))
        known += pieces.take_new()
        found.append([meant(word) for number in numbers for word in find_words(known[number])])
    assert len(pieces) == len(known)
    return [[word for word in text if word] for text in found]


def meant(word: str) -> list[tuple[str, str, str, int, bool]]:
    """What is read of a word, but where: a piece does not know its place."""
    return [(r.form, r.fold, r.stem, r.place, r.joined) for r in readings(word)]


@both_ways
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
@example(texts=["7 500", "7 x", "1 2 3", " 7 ", "7\n500"])
@example(
    texts=["l'l'eau l'« eau l'_ l'_eau l'ʼeau l'", "L’U.R.S.S. d'7 500 jusqu'à-ce qu''il", "m'bappé n'est"]
)
@example(texts=["a" * 255, "a" * 256, "a" * 257, "A" * 257 + " " + "a" * 256])
@settings(max_examples=400, deadline=None)
def test_the_words_of_the_pieces_are_those_of_the_text(texts: list[str], begin: Begin) -> None:
    expected = [[said for word in find_words(text) if (said := meant(word))] for text in texts]
    assert words_of(texts, begin()) == expected


@both_ways
def test_a_piece_that_comes_again_is_not_new(begin: Begin) -> None:
    pieces = begin()
    first = array("I", pieces.cut("le chat et le chien"))
    assert pieces.take_new() == ["le", "chat", "et", "chien"]
    assert first.tolist() == [0, 1, 2, 0, 3]
    assert array("I", pieces.cut("un chien et un chat")).tolist() == [4, 3, 2, 4, 1]
    assert pieces.take_new() == ["un"]
    assert len(pieces) == 5


@both_ways
def test_many_pieces_are_kept_apart(begin: Begin) -> None:
    pieces = begin()
    text = " ".join(f"mot{number}" for number in range(50_000))
    assert array("I", pieces.cut(text)).tolist() == list(range(50_000))
    assert array("I", pieces.cut(text)).tolist() == list(range(50_000))
    assert len(pieces.take_new()) == 50_000


@both_ways
def test_what_is_no_text_is_refused(begin: Begin) -> None:
    with pytest.raises((TypeError, AttributeError)):
        begin().cut(b"octets")  # type: ignore[arg-type]


@pytest.mark.skipif(not is_compiled(), reason="installed without a compiler")
def test_punctuation_capitals_and_elisions_make_no_other_piece() -> None:
    pieces = no_pieces()
    numbers = array("I", pieces.cut("Été, été. « ÉTÉ » (été) été… l’été ! Qu'il m’aime"))
    assert len(set(numbers)) == 3
    assert pieces.take_new() == ["été", "il", "m’aime"]  # as "m’bala" is one word


@pytest.mark.skipif(not is_compiled(), reason="installed without a compiler")
@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_both_ways_spread_the_same_readings(texts: list[str]) -> None:
    lexicon = Lexicon()
    pieces = [lexicon.cut(text) for text in texts]
    readings = lexicon.readings()
    documents = np.arange(0, 3 * len(texts), 3, dtype=np.int32)
    counts = np.array([len(each) // 4 for each in pieces], dtype=np.int32)
    given_pieces = np.frombuffer(b"".join(pieces), dtype=np.int32)
    compiled_way = spread(given_pieces, counts, documents, readings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces_module, "_compiled", None)
        numpy_way = spread(given_pieces, counts, documents, readings)
    assert [each.tolist() for each in compiled_way] == [each.tolist() for each in numpy_way]
    expected = [
        (document, token.form, token.position)
        for document, text in zip(documents.tolist(), texts, strict=True)
        for token in analyze(text)
    ]
    written = [form.decode().split("\0")[1] for form in lexicon.forms]
    forms, holders, positions = (each.tolist() for each in compiled_way)
    found = list(zip(holders, [written[form] for form in forms], positions, strict=True))
    assert found == expected


def test_a_lexicon_reads_each_piece_once() -> None:
    lexicon = Lexicon()
    lexicon.cut("les élus, les élues")
    first = lexicon.readings()
    lexicon.cut("les élus")
    again = lexicon.readings()
    assert len(lexicon) == 3
    assert first.forms.tolist() == again.forms.tolist() == [0, 1, 2]
    assert [form.split(b"\0")[0] for form in lexicon.forms] == [b"les", b"elus", b"elues"]
    assert lexicon.stem_of_form.tolist() == [-1, 0, 0]


def alike(count: int) -> list[str]:
    """Make pieces of four letters that have one hash by the public FNV-1a (Fowler, Noll, Vo; 32 bits)."""
    prime, inverse, target = 16777619, pow(16777619, -1, 1 << 32), 12345
    letters = np.array([*range(0x4E00, 0x9FA5), *range(0x20000, 0x2A6D6)], dtype=np.uint32)
    known = np.zeros(1 << 20, dtype=bool)
    known[letters] = True
    before_last = (np.uint32(target * inverse & 0xFFFFFFFF) ^ letters) * np.uint32(inverse)
    found: dict[str, None] = {}
    for second in letters.tolist():
        begun = ((((2166136261 ^ 0x4E00) * prime) ^ second) * prime) & 0xFFFFFFFF
        third = before_last ^ np.uint32(begun)
        fits = np.flatnonzero(third < len(known))
        fits = fits[known[third[fits]]]
        for at in fits.tolist():
            found[f"\u4e00{chr(second)}{chr(third[at])}{chr(letters[at])}"] = None
        if len(found) >= count:
            break
    return list(found)[:count]


@pytest.mark.skipif(not is_compiled(), reason="installed without a compiler")
def test_pieces_written_to_be_alike_take_no_longer() -> None:
    def seconds(words: list[str]) -> float:
        text, started = " ".join(words), time.thread_time()
        pieces = no_pieces()
        pieces.cut(text)
        assert len(pieces) == len(words)
        return time.thread_time() - started

    hostile = alike(30_000)
    assert len(hostile) == 30_000
    harmless = [f"mot{number}" for number in range(len(hostile))]
    assert seconds(hostile) < 20 * seconds(harmless)  # 300 times, before hashes had a seed
