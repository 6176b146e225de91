"""Bytes → text, whatever wrote them."""

from __future__ import annotations

import pytest

from index.articles.encoding import clean, decode
from index.errors import InvalidInput

FRENCH = [
    "Le président a été réélu.",
    "Dépêche",
    "déjà",
    "Noël où ça ?",
    "cœur à l'œuvre",
    "PRÉSIDENT ÉLU À L'ÉLYSÉE",
    "« L'État, c'est moi », dit-il à l'été",
]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "mac_roman", "iso8859_15"]
)
@pytest.mark.parametrize("text", FRENCH)
def test_french_texts_are_read_in_all_their_encodings(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_typography_of_windows_is_kept() -> None:
    text = "Élysée : « L’État… » – 3 €"
    assert decode(text.encode("cp1252")) == text


def test_a_file_in_two_encodings_is_read_in_both() -> None:
    assert (
        decode("Président réélu, ".encode() + "élu à l’été".encode("cp1252"))
        == "Président réélu, élu à l’été"
    )


def test_capitals_of_windows_are_not_taken_for_utf8() -> None:
    text = "« L’ÉTÉ»"  # É» is also one character of UTF-8
    assert decode(text.encode("cp1252")) == text


def test_other_languages_are_detected() -> None:
    text = "Президент России принял делегацию и говорил о мире в своей столице"
    assert decode(text.encode("cp1251")) == text


def test_a_declared_encoding_is_believed_unless_it_fails() -> None:
    assert decode("źródło".encode("iso8859_2"), "iso8859-2") == "źródło"
    assert decode("réélu".encode("cp1252"), "utf-8") == "réélu"
    assert decode("réélu".encode("cp1252"), "inconnu") == "réélu"


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00", "réélu".encode("utf-16-le"), bytes(range(1, 256)) * 8]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"octets nuls|pas du texte"):
        decode(data)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\x0bd\x0ce\u2028f", "a\nb\nc\nd\ne\nf"),
        ("a\tb", "a\tb"),
        ("a\x00b\x1fc\x7fd", "a b c d"),
        ("l\x92État\x85", "l’État…"),
        ("\ud800 réélu \udfff", "\ufffd réélu \ufffd"),
        ("\U0001f600", "\U0001f600"),
    ],
)
def test_characters_that_no_article_has_are_replaced(text: str, expected: str) -> None:
    assert clean(text) == expected
