"""Which words only join others, which are French, which are names?

A function word ("de", "nous") has no stem and is searched only where it is quoted; an elided one ("l'",
"jusqu'") is cut off what follows; some words are kept whole though they hold one ("aujourd'hui"); what stands
behind a verb ("dit-il") is no part of a compound. `tables/french-folds.txt` has every French word, and so
tells them from names, acronyms and slips.

Functions say whether they want a *form*, lowercase with its accents, or a *folded* word, without.
"""

from __future__ import annotations

from functools import cache

from index.french.folding import fold
from index.word_lists import TABLES, lines_of
from index.word_table import WordTable

FRENCH_FOLDS = TABLES / "french-folds.txt"  # this one is made by index.lexicon
NAMES = TABLES / "names.txt"


def is_stop_word(form: str) -> bool:
    """Say whether a form is a function word."""
    return form in _STOP_WORDS


def may_be_stop_word(folded: str) -> bool:
    """Say whether a function word has this fold ("sur" may stand for "sûr", or say nothing)."""
    return folded in _STOP_FOLDS


def is_elision(folded: str) -> bool:
    """Say whether a folded word is one that an apostrophe cuts short ("d", "qu", "jusqu")."""
    return folded in _ELISIONS


def plain_elisions() -> tuple[str, ...]:
    """Give the elisions that no whole word begins with: what follows one is read as if it stood alone."""
    return tuple(sorted(_ELISIONS - _WHOLE_OPENINGS))


def is_whole_word(folded: str) -> bool:
    """Say whether a word with an apostrophe, folded on both sides of it, is not cut there ("presqu'ile")."""
    return folded in _WHOLE_WORDS


def may_open_whole_word(folded: str) -> bool:
    """Say whether a folded word may be what stands before the apostrophe of "aujourd'hui"."""
    return folded in _WHOLE_OPENINGS


def is_clitic(folded: str) -> bool:
    """Say whether a folded word stands behind a verb ("il" in "dit-il"), or is a noun so made."""
    return folded in _CLITICS


def is_french(folded: str) -> bool:
    """Say whether a French word is written so when accents are left out; names are no words here."""
    return folded in _french_folds() or folded in _WHOLE_FOLDS


def is_listed_name(folded: str) -> bool:
    """Say whether a folded word is one of the names of tables/names.txt."""
    return folded in _listed_names()


@cache
def _french_folds() -> WordTable:
    return WordTable(FRENCH_FOLDS)


@cache
def _listed_names() -> frozenset[str]:
    return frozenset(map(fold, lines_of(NAMES.name)))


_CLITICS = frozenset(lines_of("clitics.txt"))
_ELISIONS = frozenset(lines_of("elisions.txt"))
_STOP_WORDS = frozenset(lines_of("stop-words.txt"))
_STOP_FOLDS = frozenset(map(fold, _STOP_WORDS))
_WHOLE_WORDS = frozenset(lines_of("whole-words.txt"))
_WHOLE_FOLDS = frozenset(map(fold, _WHOLE_WORDS))
_WHOLE_OPENINGS = frozenset(word.partition("'")[0] for word in _WHOLE_WORDS)
