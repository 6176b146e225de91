"""Which characters make a word, and when are two of them the same letter?

Nothing elsewhere lowercases a word or takes its accents off. A *form* is what was written, in lower case and
composed (NFC), its accents kept; its *fold* is the form without them. Unidecode gets one character at a time,
never a whole text, where it would move every offset.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from unidecode import unidecode

# What regular expressions put in their brackets.
MARKS = "\u0300-\u036f"  # combining accents: NFD text
INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"  # soft hyphens and zero-width joints inside a word
LETTER_APOSTROPHE = "ʼ"  # a letter to Unicode
APOSTROPHES = f"'’‘{LETTER_APOSTROPHE}`´′＇"
HYPHENS = r"\-‐‑"
LETTER = rf"[^\W\d_][{MARKS}]*"  # a regular expression: with its accents, composed or not

_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_DROPPED = re.compile(rf"[{INVISIBLE}]")
_NOTE_CALL = re.compile(r"(?<=^n)º+|(?<=[^\W\d_⁰¹²³⁴-⁹]{4})[⁰¹²³⁴-⁹]+$")  # "nº"; "rapport¹", but not "m²"
_LIGATURES = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)
}  # of PDF files
_NOT_FOLDED = re.compile(r"[^a-z0-9.,]+")


def form_of(text: str) -> str:
    """Give the form of a word, or of a part of one: lower case, composed, with one kind of apostrophe."""
    if text.isascii():  # most words, several times each: nothing to compose or to drop
        return text.lower().replace("`", "'")
    plain = unicodedata.normalize("NFC", _DROPPED.sub("", text).lower()).translate(_LIGATURES)
    return _APOSTROPHE.sub("'", _NOTE_CALL.sub("", plain))


def fold(word: str) -> str:
    """Take case and accents off one word: "Œuvre" → "oeuvre", "aujourd’hui" → "aujourdhui".

    A word that has no Latin rendering is given back in lower case.
    """
    return fold_form(form_of(word))


def fold_form(form: str) -> str:
    """Take the accents off what `form_of` gave."""
    if form.isascii() and form.isalnum():
        return form
    return "".join(map(_fold_character, form)) or form


@lru_cache(maxsize=4096)  # more than the characters of press text
def _fold_character(character: str) -> str:
    written = unidecode(character).lower()
    return "" if "/" in written else _NOT_FOLDED.sub("", written)  # "½" is not 12
