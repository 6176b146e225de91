"""Where does a word begin and end, and which parts has it?

A *word* is what stands between two spaces or marks: "l'ex-U.R.S.S.", "7 500", "porte-parole". `raw_words`
finds them in a text; `cut_word` cuts one into what is searched: its elisions are left out, "l'"; its parts
follow each other, "porte", "parole"; and several parts are one word, too, "porteparole", but for what stands
behind a verb ("dit-il").

Most words are plain letters, and most texts are read for their words, not for where these stand: the short
cuts `find_words`, `find_pieces` and `plain_form` give what the long way would.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from index.french.folding import (
    APOSTROPHES,
    HYPHENS,
    INVISIBLE,
    LETTER,
    LETTER_APOSTROPHE,
    MARKS,
    fold,
    form_of,
)
from index.french.inclusive import ADDED, is_inclusive, may_end_inclusive, split_inclusive, word_meant
from index.french.known_words import is_clitic, is_elision, is_whole_word

MAX_TERM_LENGTH = 64  # longer than any French word; what exceeds it is base64 or a broken page
_MAX_COMPOUND_PARTS = 4  # "c'est-à-dire", "vice-premier-ministre"; beyond, it is a list of words

_ACRONYM = rf"(?:{LETTER}\.-?)+{LETTER}(?:\.|(?![\w{MARKS}]))"
_THIN_SPACES = " \u00a0\u202f\u2009"
_GROUPING = f"{_THIN_SPACES}'’"  # between thousands; the apostrophe in Switzerland
# "12.03.2023" is a day, a month and a year.
_NO_DATE = r"(?!(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:1[6-9]|2[01])\d\d(?![.,]?\d))"
_NUMBER = rf"(?<!\d\.){_NO_DATE}(?:\d{{1,3}}(?:[{_GROUPING}]\d{{3}})+(?:,\d+)?|\d+(?:[.,]\d+)+)(?!\w)"
_WORD = re.compile(
    rf"(?:{_ACRONYM}|{_NUMBER}|#?[\w{MARKS}{INVISIBLE}]+)"
    rf"(?:[{APOSTROPHES}{HYPHENS}](?:{_ACRONYM}|{_NUMBER}|[\w{MARKS}{INVISIBLE}]+))*"
    rf"(?P<added>{ADDED})?"
)
_UNIT = re.compile(
    rf"{_ACRONYM}|{_NUMBER}|[^\W_{LETTER_APOSTROPHE}](?:[^\W_{LETTER_APOSTROPHE}]|[{MARKS}{INVISIBLE}])*"
)
_SPACED_NUMBER = re.compile(rf"\d[{_THIN_SPACES}]\d")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_AFRICAN_NAME = re.compile("[mn]'[^aeiouyh]")  # "N'Krumah": nothing is elided before a consonant

Cut = tuple[str, int, int, int, bool]  # form, place among the parts, start, end in the word, whether joined


def raw_words(text: str) -> Iterator[tuple[int, str]]:
    """Give every word of a text uncut, with where it starts."""
    for match in _WORD.finditer(text):
        start, end = match.span()
        added = match["added"]
        if not added or is_inclusive(text[start : end - len(added)], added):
            yield start, text[start:end]
            continue
        yield start, text[start : end - len(added)]
        for at, word in raw_words(added[1:]):
            yield end - len(added) + 1 + at, word


def find_words(text: str) -> list[str]:
    """Give every word of a text uncut, as `raw_words` does, without saying where."""
    if text.isalpha() or all(map(str.isalnum, text.split("-"))):  # most of the pieces that are read
        return [text]
    return [word for _, word in raw_words(text)]


def find_pieces(text: str) -> list[str]:
    """Cut a text at white space, where no word goes on: the words of the pieces are those of the text.

    Several times faster than looking for the words themselves, if each different piece is read only once.
    Some full stops and commas are lost, but none that belongs to a number.
    """
    if _SPACED_NUMBER.search(text):
        return find_words(text)
    return text.replace(", ", " ").replace(". ", " ").split()


def plain_form(word: str) -> str | None:
    """Return the form of a plain word, as most are; None if something may have to be cut off.

    A piece of a text (`find_pieces`) that has a plain form is one word.
    """
    return form_of(word)[:MAX_TERM_LENGTH] if word.isalnum() and LETTER_APOSTROPHE not in word else None


def cut_word(word: str) -> list[Cut]:
    """Cut one of the words that `raw_words` gives: its parts in order, then all of them as one word."""
    whole = plain_form(word)
    if whole is not None:
        return [(whole, 0, 0, len(word), False)]
    pieces = word.split("-")
    plain = LETTER_APOSTROPHE not in word and all(map(str.isalnum, pieces))  # most others: "porte-parole"
    if (not plain or may_end_inclusive(pieces[-1])) and (inclusive := split_inclusive(word)):
        return _cut_inclusive(word, *inclusive)
    if plain:
        units = _spans(pieces)
        kept: Sequence[int] = range(len(units))
        forms = [form_of(piece)[:MAX_TERM_LENGTH] for piece in pieces]
    else:
        unit = _hashtag_unit() if word[0] == "#" else _UNIT
        units = _merge_whole_words(word, [match.span() for match in unit.finditer(word)])
        kept = [i for i in range(len(units)) if not _is_elided(word, units, i)]
        forms = [_unit_form(word[start:end]) for start, end in units]
    cuts = [(forms[i], place, *units[i], False) for place, i in enumerate(kept)]
    if len(kept) < 2:
        return cuts
    first = kept[0]
    last = first + len(_without_clitics(word, units[first:])) - 1
    if 2 <= last - first + 1 <= _MAX_COMPOUND_PARTS and kept[1] <= last:
        joined = forms[first : last + 1]
        form = form_of(join_parts(joined))
        if len(form) <= MAX_TERM_LENGTH and not all(map(str.isdigit, joined)):  # "2019-2023" is no number
            cuts.append((form, 0, units[first][0], units[last][1], True))
    return cuts


def join_parts(parts: Sequence[str]) -> str:
    """Write the parts of a compound as one word; a point separates two digits: L1241-1 is not L124-11."""
    joined = parts[0]
    for part in parts[1:]:
        joined += f".{part}" if joined[-1:].isdigit() and part[:1].isdigit() else part
    return joined


def _cut_inclusive(word: str, base: str, added: str) -> list[Cut]:
    """Cut what an inclusive word is read as; its last part ends where the word does."""
    cuts = cut_word(word_meant(base, added))
    last = cuts[-1][3]
    return [(*cut[:3], len(word) if cut[3] == last else cut[3], cut[4]) for cut in cuts]


@cache
def _hashtag_unit() -> re.Pattern[str]:
    """Match one of the words of "#GiletsJaunes" or "#JO2024", which only capitals and digits separate."""
    capital, small = rf"[A-ZÀ-ÖØ-ÞŒ][{MARKS}]*", rf"[a-zß-öø-ÿœ][{MARKS}]*"
    other = rf"[^\W\d_A-Za-zÀ-ÿŒœ][{MARKS}]*"
    return re.compile(rf"(?:{capital})+(?![{MARKS}]|{small})|(?:{capital})?(?:{small})+|\d+|(?:{other})+")


def _spans(pieces: Iterable[str]) -> list[tuple[int, int]]:
    """Return where each piece of a word starts and ends; one character stands between two pieces."""
    spans: list[tuple[int, int]] = []
    start = 0
    for piece in pieces:
        spans.append((start, start + len(piece)))
        start += len(piece) + 1
    return spans


def _merge_whole_words(word: str, units: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put together again what an apostrophe cuts in the words of tables/whole-words.txt."""
    merged: list[tuple[int, int]] = []
    for start, end in units:
        if merged:
            first_start, first_end = merged[-1]
            between = word[first_end:start]
            if between in APOSTROPHES and between:
                both = f"{fold(word[first_start:first_end])}'{fold(word[start:end])}"
                if is_whole_word(both) or (not first_start and _AFRICAN_NAME.match(both)):
                    merged[-1] = (first_start, end)
                    continue
        merged.append((start, end))
    return merged


def _is_elided(word: str, units: list[tuple[int, int]], i: int) -> bool:
    start, end = units[i]
    return i + 1 < len(units) and word[end] in APOSTROPHES and is_elision(fold(word[start:end]))


def _without_clitics(word: str, units: list[tuple[int, int]]) -> list[tuple[int, int]]:
    end = len(units)
    while end > 1 and is_clitic(fold(word[slice(*units[end - 1])])):
        if end <= _MAX_COMPOUND_PARTS and _is_noun(word, units[:end]):
            break
        end -= 1
    return units[:end]


def _is_noun(word: str, units: list[tuple[int, int]]) -> bool:
    """Say whether a compound is a noun that only looks like a verb and its pronoun: "rendez-vous"."""
    return is_clitic("-".join(fold(word[start:end]) for start, end in units))


def _unit_form(unit: str) -> str:
    """Write one unit the way it is compared: lower case, NFC, numbers and acronyms without dressing."""
    form = form_of(unit)
    if form.isalnum():
        return form[:MAX_TERM_LENGTH]
    if form[0].isdecimal():
        form = re.sub(rf"[{_GROUPING}]", "", form)
        if _GROUPED.fullmatch(form):  # "7.500" is 7500 in French, as "7 500" is
            form = form.replace(".", "")
        elif form.count(".") == 1 and form.replace(".", "").isdigit():  # "3.5" is written "3,5"
            form = form.replace(".", ",")
    elif "." in form:
        form = form.replace(".", "").replace("-", "")
    return form[:MAX_TERM_LENGTH]
