"""Where in a text may a word stand that begins so?

A query marks few of the words of a text, and reading a word costs far more than passing over it. A text
is therefore sketched, one byte for each code point, and searched for how the words wanted may begin:

    "L’Œuvre, réélue d'É."    text
    "l'?uvre  reelue d'e'"    sketch: a letter or a digit without case and accents, "'" for what may stand
                              inside a word, "?" for what may be any letter, " " for what parts words

`find_beginnings` misses no word of which `index.analysis` makes a token that is wanted, and finds some in
excess, which only costs time: a caller reads the words found. That a stem tells how its forms begin rests on
Snowball's French rules, which cut and replace endings; tests/search/test_beginnings.py tries them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from index.analysis import fold, irregular_forms

_LENGTH = 3  # letters of a beginning; of two, "de" and "pr" are too many words, and four say little more
_MOST = 40  # beginnings looked for one by one; beyond, initials alone are, and more words are read
_ENDING = "abilité"  # the one ending of which Snowball changes the third letter: "abil" → "abl"
_INNER = "'"
_ANY = "?"
_INSIDE = ".-'_`´\u00ad"  # of "U.R.S.S.", "porte-parole", "l'État", and of what is put together without it
_DIAERESES = "ËÏëï"  # Snowball counts them as two letters, and may change the third of "ïamment"
# Beyond Latin-1, what press text is full of; all the rest may be any letter. So may "?", which stands for it.
_LATIN = (("’", "'"), ("–", " "), ("—", " "), ("…", " "), ("“", " "), ("”", " "), ("\u202f", " "), ("?", " "))


def _byte(character: str) -> str:
    if character in _INSIDE:
        return _INNER
    if not character.isalnum():
        return _ANY if character == _ANY else " "
    folded = fold(character)
    plain = len(folded) == 1 and folded.isascii() and character not in _DIAERESES
    return folded if plain else _ANY


_SKETCH = "".join(_byte(chr(code)) for code in range(256)).encode("ascii")
_PARTED = bytes.maketrans((_INNER + _ANY).encode("ascii"), b"  ")


@dataclass(frozen=True, slots=True)
class Beginnings:
    """How the words wanted may begin, as they stand in a sketch.

    `whole` are found as they are; `cut` are those of which a sign inside the word leaves one or two letters.
    """

    whole: tuple[bytes, ...]
    cut: tuple[bytes, ...]


def beginnings(folds: Iterable[str] = (), stems: Iterable[str] = ()) -> Beginnings:
    """Say how the tokens begin that have one of these stems, or a fold that begins with one of these."""
    wanted = {_beginning(folded) for folded in folds}
    for stem in stems:
        wanted.update(_beginning(fold(form)) for form in irregular_forms(stem))
        wanted.add(_beginning(stem))
        if len(stem) <= _LENGTH and stem.endswith("i"):  # "joyeux", "pays": Snowball ends a stem with no "y"
            wanted.add(stem[:-1] + "y")
        if stem[:_LENGTH] == "abl":
            wanted.add(_ENDING[:_LENGTH])
    # Any other letter is sketched as "?", and a word with one of these is found whatever is wanted.
    latin = {word for word in wanted if word.isascii() and word[:1].isalnum()}
    if len(latin) > _MOST:
        latin = {word[:1] for word in latin}
    cuts = {word[:size] for word in latin for size in range(1, len(word))}
    return Beginnings(
        tuple(f" {word}".encode("ascii") for word in sorted(latin)),
        tuple(f" {word} ".encode("ascii") for word in sorted(cuts)),
    )


def _beginning(folded: str) -> str:
    """Give the first letters of a fold; of a number, which may have spaces inside, the first digit."""
    return folded[:1] if folded[:1].isdigit() else folded[:_LENGTH]


def find_beginnings(text: str, wanted: Beginnings) -> list[int]:
    """Find where words may stand that are wanted: offsets of a character of each, ascending."""
    latin = text
    for character, alike in _LATIN:
        latin = latin.replace(character, alike)
    sketch = b" " + latin.encode("latin-1", "replace").translate(_SKETCH)
    parted = sketch.translate(_PARTED)
    found: list[int] = []
    for start in wanted.whole:
        at = parted.find(start)
        while at >= 0:
            found.append(at)
            at = parted.find(start, at + 1)
    inner = ord(_INNER)
    for start in wanted.cut:
        last = len(start) - 1
        at = parted.find(start)
        while at >= 0:
            if sketch[at + last] == inner:
                found.append(at)
            at = parted.find(start, at + 1)
    at = sketch.find(b"?")
    while at >= 0:
        found.append(at - 1)
        at = sketch.find(b"?", at + 1)
    found.sort()
    return found
