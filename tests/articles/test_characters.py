"""Does one pass over a text tell which kinds of characters are in it, and never miss one?"""

from __future__ import annotations

import random
import sys
import unicodedata

import pytest

from index.articles import characters
from index.articles.characters import COMPOSING, CONTROL, SPACING, kinds_of
from index.articles.encoding import clean

EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1)]


@pytest.fixture(params=["compiled", "python"], autouse=True)
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(characters, "_compiled", None)
    elif characters._compiled is None:
        pytest.skip("installed without a compiler")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", 0),
        ("L’État, réélu à 7,5 % — « œuvre »…\nC’est tout.", 0),
        ("deux  espaces", SPACING),
        ("7\u00a0500", SPACING),
        ("7\u202f500", SPACING),
        ("une\ttabulation", SPACING),
        ("Windows\r\n", CONTROL | SPACING),
        ("a\x92b", CONTROL),
        ("a\x00b", CONTROL),
        ("e\u0301lu", COMPOSING),
        ("100 €", 0),
        ("\U0001f600", CONTROL | SPACING | COMPOSING),  # it is not in the table: look closer
    ],
)
def test_kinds_are_told(text: str, kinds: int) -> None:
    assert kinds_of(text) == kinds


def test_no_character_of_a_kind_is_missed() -> None:
    for character in EVERY_CHARACTER:
        kinds = kinds_of(character)
        if clean(character) != character:
            assert kinds & CONTROL, repr(character)
        if character.isspace() and character not in " \n":
            assert kinds & SPACING, repr(character)
        if unicodedata.normalize("NFC", character) != character:
            assert kinds & COMPOSING, repr(character)


def test_texts_without_what_composes_are_composed() -> None:
    """Whatever stands side by side: random runs of all that is in the table."""
    rng = random.Random(7)
    plain = [character for character in EVERY_CHARACTER[:0x2100] if not kinds_of(character) & COMPOSING]
    for _ in range(2_000):
        text = "".join(rng.choices(plain, k=50))
        assert unicodedata.is_normalized("NFC", text)


def test_a_text_has_the_kinds_of_its_characters() -> None:
    rng = random.Random(8)
    for _ in range(2_000):
        text = "".join(rng.choices("ab é’\u00a0\t\n\x01\u0301漢\U0001f600", k=rng.randint(0, 6)))
        kinds = SPACING if "  " in text else 0
        for character in text:
            kinds |= kinds_of(character)
        assert kinds_of(text) == kinds, repr(text)
