"""How does a French text become the tokens that are searched?

The one analysis of Dépêche: the index, the query, the snippets and the suggestions all call
`read_words` or `analyze`.

    "L'ex-U.R.S.S. et 7 500 préfets"
    tokenise    L' | ex-U.R.S.S. | et | 7 500 | préfets       offsets into the original text
    lowercase   l' | ex-u.r.s.s. | et | 7 500 | préfets
    elision            ex-u.r.s.s. | et | 7 500 | préfets       tables/elisions.txt
    parts              ex · urss (also joined: exurss) | et | 7500 | préfets
    stop words         ex · urss · exurss | – | 7500 | préfets   tables/stop-words.txt
    stem               ex · urss · exurss | – | 7500 | préfet    Snowball, on the accented form, and what
                                                                 index.french.stems knows better
    fold               ex · urss · exurss | – | 7500 | prefet    Unidecode, on each token

A token therefore has three readings. Its *form* is what was written, in lower case, accents kept.
Its *fold* is the form without accents. Its *stem* is folded after stemming, because Snowball needs
the accents ("élevé" is cut, "eleve" is not); a stop word has none. A word that is written for women and
men, "élu·e·s", is the one for men, in the number meant (tables/inclusive-endings.tsv). A hashtag of
several words, "#GiletsJaunes", is a compound as "gilets-jaunes" is.

Invariants: offsets are half-open code-point ranges into the text given, whatever its normalisation; a
token depends on its own word only, never on its neighbours, so that a word met before costs one dictionary
look-up; whether a word is cut, joined or dropped never depends on its accents.

Each step is a module of `index.french`; what is here puts them together.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from index.french.cutting import MAX_TERM_LENGTH, cut_word, raw_words
from index.french.folding import fold_form
from index.french.known_words import is_stop_word
from index.french.stems import stem

_MAX_MEMO = 1_000_000  # distinct words kept analysed; about 300 MB at worst, never reached by press text


class Token(NamedTuple):
    """One searchable reading of a piece of text.

    `form`, `fold` and `stem` are described above; `stem` is "" for a stop word. `position` counts
    words from the start of the text. `joined` is set on the reading of a compound as one word,
    which stands at the position of its first part.
    """

    form: str
    fold: str
    stem: str
    position: int
    start: int
    end: int
    joined: bool = False


class Word(NamedTuple):
    """What stands between two spaces: its parts in order, and their joined reading if there is one.

    "porte-parole" has two parts and the joined reading "porteparole"; "l'État" has one part.
    """

    start: int
    end: int
    parts: tuple[Token, ...]
    joined: Token | None


class Reading(NamedTuple):
    """A token relative to its word: offsets from the word's start, `place` among the word's parts."""

    form: str
    fold: str
    stem: str
    place: int
    start: int
    end: int
    joined: bool


_memo: dict[str, tuple[Reading, ...]] = {}


def read_words(text: str) -> Iterator[Word]:
    """Read a text word by word.

    Words without any token, such as a lone underscore, are skipped. Positions are those that `analyze`
    gives.
    """
    position = 0
    for start, word in raw_words(text):
        found = readings(word)
        parts = tuple(
            Token(r.form, r.fold, r.stem, position + r.place, start + r.start, start + r.end)
            for r in found
            if not r.joined
        )
        if not parts:
            continue
        last = found[-1]
        joined = None
        if last.joined:
            joined = Token(
                last.form, last.fold, last.stem, position, start + last.start, start + last.end, joined=True
            )
        yield Word(start, start + len(word), parts, joined)
        position += len(parts)


def analyze(text: str) -> Iterator[Token]:
    """Give every token of a text, by position; a joined reading follows the parts of its compound."""
    for word in read_words(text):
        yield from word.parts
        if word.joined:
            yield word.joined


def readings(word: str) -> tuple[Reading, ...]:
    """Analyse one of the words that `raw_words` gives: its parts in order, then their joined reading."""
    known = _memo.get(word)
    if known is None:
        known = tuple(
            Reading(form, *fold_and_stem(form), place, start, end, joined)
            for form, place, start, end, joined in cut_word(word)
        )
        if len(word) <= MAX_TERM_LENGTH:
            if len(_memo) >= _MAX_MEMO:
                _memo.clear()
            _memo[word] = known
    return known


def fold_and_stem(form: str) -> tuple[str, str]:
    """Give the fold of a form, and its stem: "" for a function word."""
    return fold_form(form), "" if is_stop_word(form) else stem(form)
