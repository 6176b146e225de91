"""Where in a text may a word with one of these beginnings stand?

A query marks few of the words of a text, and reading a word costs far more than passing over it. A text
is therefore sketched, one byte for each code point, and searched for how the words wanted may begin:

    "L’Œuvre, réélue d'É."    text
    "l'?uvre  reelue d'e'"    sketch: a letter or a digit without case and accents, "'" for what may stand
                              inside a word, "?" for what may be any letter, " " for what parts words

`find_pieces` gives the *pieces* around those places: all that stands between two spaces, because no token
depends on more. It finds every word of which `index.analysis` makes a wanted token, and some others, which
only cost time: a caller analyses the pieces found. That a stem shows how its forms begin rests on Snowball's
French rules, which cut and replace endings; tests/search/test_beginnings.py tries them all.

The search is compiled (`_scanning.c`) if that was possible at installation, and otherwise done here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from typing import Any

from index.french.folding import fold
from index.french.stems import irregular_forms, without_prefixes

_compiled: Any = None
with suppress(ImportError):  # no compiler when this was installed
    _compiled = import_module("search._scanning")

Beginnings = bytes
"""How the words wanted may begin, as they stand in a sketch: sorted, with a space between them."""

_BEGINNING = re.compile(r"[a-z]{0,6}[0-9]?")  # more letters say little more
_ENDING = 3  # letters at the end of a stem that a form need not have: "pratiqu", of "praticien"
_SURE = 3  # letters at the start of a stem that all its forms share, with the exceptions below
_MOST = 40  # beginnings looked for one by one; beyond, initials alone are, and more words are read
_ABILITY = "abilité"  # the one ending of which Snowball changes the third letter: "abil" → "abl"
_INNER = "'"
_ANY = "?"
_INSIDE = ".-'_`´\u00ad"  # of "U.R.S.S.", "porte-parole", "l'État", and of what is put together without it
_HASHTAG = "#"  # inside one, words begin that nothing parts
_DIAERESES = "ËÏëï"  # Snowball counts them as two letters, and may change the third of "ïamment"
# Beyond Latin-1, what press text is full of; all the rest may be any letter.
_BEYOND = {"’": _INNER} | dict.fromkeys("–—…“”\u202f", " ")
# What stands between two spaces, from anywhere in it; "7 500" is one number, and one piece.
_REST = re.compile(r"(?:[^ \n]+|(?<=\d) (?=\d))*")


def _byte(character: str) -> str:
    if character == _HASHTAG:
        return _ANY
    if character in _INSIDE:
        return _INNER
    if not character.isalnum():
        return " "
    folded = fold(character)
    plain = len(folded) == 1 and folded.isascii() and character not in _DIAERESES
    return folded if plain else _ANY


_LATIN = "".join(_byte(chr(code)) for code in range(256))
_TABLE = (_LATIN + "".join(_BEYOND.get(chr(code), _ANY) for code in range(256, 0x2100))).encode("ascii")
# What Python cannot encode in Latin-1 becomes "?"; a "?" of the text has been made a space before.
_ENCODED = (_LATIN[: ord(_ANY)] + _ANY + _LATIN[ord(_ANY) + 1 :]).encode("ascii")


def beginnings(folds: Iterable[str] = (), stems: Iterable[str] = ()) -> Beginnings:
    """Return how tokens may begin that have one of these stems, or whose fold begins with one of `folds`."""
    wanted = {_of_fold(folded) for folded in folds}
    for stem in stems:
        wanted.update(_of_stem(stem))
    wanted.discard("")  # any other letter is sketched as "?", and found whatever is wanted
    if len(wanted) > _MOST:
        wanted = {word[:1] for word in wanted}
    return " ".join(sorted(wanted)).encode("ascii")


@lru_cache(maxsize=4_096)
def _of_stem(stem: str) -> tuple[str, ...]:
    """Give how the forms of a stem may begin."""
    letters = stem.rstrip("_")  # which only tells it from another stem
    wanted = [_of_fold(letters[: max(_SURE, len(letters) - _ENDING)])]
    wanted += [_of_fold(fold(form)) for form in irregular_forms(stem)]
    wanted += [prefix + begin for prefix, rest in without_prefixes(stem) for begin in _of_stem(rest)]
    if len(stem) <= _SURE and stem.endswith("i"):  # "joyeux", "pays": Snowball ends a stem with no "y"
        wanted.append(_of_fold(stem[:-1] + "y"))
    if stem[:_SURE] == "abl":
        wanted.append(_ABILITY[:_SURE])
    return tuple(wanted)


def _of_fold(folded: str) -> str:
    """Give the first letters of a fold, up to the first digit: spaces may stand inside a number."""
    return _BEGINNING.match(folded)[0]  # type: ignore[index]  # nothing is a match, too


def find_pieces(text: str, wanted: Beginnings) -> list[tuple[int, str]]:
    """Find the pieces that may hold wanted words, ascending, each with its start."""
    if _compiled:
        found: list[tuple[int, str]] = _compiled.find_pieces(text, wanted, _TABLE)
        return found
    return list(_find_pieces(text, wanted))


def _find_pieces(text: str, wanted: Beginnings) -> Iterator[tuple[int, str]]:
    end = 0
    for place in _places(text, wanted):
        if place >= end:
            start = piece_start(text, place, end)
            end = piece_end(text, place)
            yield start, text[start:end]


def piece_start(text: str, place: int, lowest: int = 0) -> int:
    """Return the start of the piece that holds a place; it is known not to start before `lowest`."""
    start = place
    while True:
        space = text.rfind(" ", lowest, start)
        line = text.rfind("\n", space + 1 or lowest, start)
        if line >= 0:
            return line + 1
        if space <= lowest or not (text[space + 1].isdecimal() and text[space - 1].isdecimal()):
            return space + 1 or lowest
        start = space


def piece_end(text: str, place: int) -> int:
    """Give where the piece ends that holds a place."""
    return _REST.match(text, place).end()  # type: ignore[union-attr]  # nothing is a match, too


def _places(text: str, wanted: Beginnings) -> Iterator[int]:
    """Find a character of each word that may be wanted: offsets, ascending."""
    latin = text.replace(_ANY, " ")
    for character, alike in _BEYOND.items():
        latin = latin.replace(character, alike)
    for found in _pattern(wanted).finditer(latin.encode("latin-1", "replace").translate(_ENCODED)):
        yield found.start()


@lru_cache(maxsize=64)
def _pattern(wanted: Beginnings) -> re.Pattern[bytes]:
    """Match what may be any letter, and the words wanted, whatever stands inside them."""
    ways = [rb"\?"]
    for word in wanted.decode("ascii").split():
        # What stands before the first letter is checked after it: a pattern that starts with a letter is fast
        first, rest = word[:1], "".join(f"'*{letter}" for letter in word[1:])
        ways.append(f"{first}(?<![a-z0-9]{first}){rest}".encode("ascii"))
    return re.compile(b"|".join(ways))
