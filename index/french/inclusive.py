"""What does "élu·e·s" stand for?

A word that is written for women and men is read as the one for men, in the number meant: "candidat(e)s" as
"candidats". What may be put behind which word is tables/inclusive-endings.tsv; a full stop and a bar part
other things, too ("fin.Le jour", "liste/S"), so a single letter behind one is doubted.
"""

from __future__ import annotations

import re

from index.french.folding import APOSTROPHES, HYPHENS, INVISIBLE, LETTER, MARKS, fold
from index.french.known_words import is_french, may_be_stop_word
from index.word_lists import rows_of

_SHORTEST_BASE = 3  # letters before an ending: "candidat(e)", but not "l(e)"
_LONGEST_ENDING = 6  # "trices"
_ENDING = rf"(?:{LETTER}){{1,{_LONGEST_ENDING}}}"
ADDED = (  # what may be such an ending, or the first word of a sentence before which a space was left out
    rf"(?:[·•⋅‧./]{_ENDING}(?:[·•⋅‧./]{LETTER})?|\({_ENDING}(?:\)(?:{LETTER})?)?)"
    rf"(?![\w{MARKS}{INVISIBLE}]|[.{APOSTROPHES}{HYPHENS}][\w{INVISIBLE}])"
)
_AT_THE_END = re.compile(rf"(?:{ADDED}|[{HYPHENS}]{_ENDING}(?:[{HYPHENS}]{LETTER})?)$")
_PARTING = re.compile(f"[{APOSTROPHES}{HYPHENS}]")
_ROWS = list(rows_of("inclusive-endings.tsv"))
_ENDINGS = {ending: tuple(letters) or ("",) for ending, letters, _ in _ROWS}
# What may stand behind a hyphen; nothing of "s", which "candidat-e-s" ends with.
_HYPHENED = {"", *(ending for ending, _, hyphen in _ROWS if hyphen)}


def split_inclusive(word: str) -> tuple[str, str] | None:
    """Split an inclusive word into the form for men and what is added to it; None if it is no such word."""
    added = _AT_THE_END.search(word)
    if added and is_inclusive(base := word[: added.start()], added[0]):
        return base, added[0]
    return None


def may_end_inclusive(piece: str) -> bool:
    """Say whether what follows the last hyphen of a word may be such an ending; most cannot."""
    return len(piece) <= _LONGEST_ENDING and fold(piece).removesuffix("s") in _HYPHENED


def is_inclusive(base: str, added: str) -> bool:
    """Say whether a word and what follows it are one word: "candidat·e·s", but not "fin.Le jour"."""
    word = _PARTING.split(base)[-1]
    folded, letters, sign = fold(word), _letters(added), added[0]
    ending = letters if letters in _ENDINGS else letters.removesuffix("s")
    if len(folded) < _SHORTEST_BASE or not folded.isalpha() or "_" in word:
        return False
    if ending not in _ENDINGS or not folded.endswith(_ENDINGS[ending]):
        return False
    if sign in "-‐‑":
        return ending in _HYPHENED and len(letters) > 1
    # A letter by itself is mostly one: "liste/S", "fig.E".
    return (
        sign not in "./"
        or len(letters) > 1
        or (ending == "e" and is_french(folded) and is_french(folded + "e"))
    )


def word_meant(base: str, added: str) -> str:
    """Give what an inclusive word is read as: "candidats"; "toutes" of "tou·te·s", a function word."""
    letters = _letters(added)
    if may_be_stop_word(fold(base + letters)):
        return base + letters
    several = len(letters) > 1 and letters.endswith("s") and not fold(base).endswith(("s", "x", "z"))
    return f"{base}s" if several else base


def _letters(added: str) -> str:
    """Give the letters of "(e)s"."""
    return fold(re.sub(r"\W", "", added))
