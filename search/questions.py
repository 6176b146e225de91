"""Is what was typed a question?

If someone types a few words, all are meant, and an article with all of them comes first. A question is a
sentence in words of its own, and an answer seldom has them all: there each word only counts for what it is
worth. Some words only ask: what answers "dans quelle ville" names one, and need not say "ville".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import takewhile

from index.analysis import read_words
from index.french.known_words import is_elision, may_be_stop_word
from search.units import Unit
from search.word_lists import lines_of

ASKING_WEIGHT = 0.6  # of a word that asks, beside those that tell (docs/decisions/evaluation.md)
_CONJUNCTIONS = ("que", "qu")
_SUBJECTS = ("je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "l", "le", "la", "les")
_SHORTEST = 3  # words of a question: "qui est macron"; "où ?" is one word to search


def is_question(text: str) -> bool:
    """Say whether a text of words ends like a question, or opens like one; accents never tell."""
    if text.rstrip().endswith(("?", "!")):
        return text.rstrip().endswith("?")
    folds = [
        part.fold for word in read_words(text.replace("'", " ").replace("’", " ")) for part in word.parts
    ]
    opening = list(takewhile(lambda folded: may_be_stop_word(folded) or is_elision(folded), folds))
    return len(folds) >= _SHORTEST and any(
        folded in _question_words() and not _joins_clauses(opening, place)
        for place, folded in enumerate(opening)
    )


def _joins_clauses(opening: Sequence[str], place: int) -> bool:
    """Say whether what might ask only joins: "ce que l’on sait", "qu’on disait"; but "est-ce que"."""
    if opening[place - 1 : place] == ["ce"]:
        return opening[place - 2 : place - 1] != ["est"]
    follows = opening[place + 1 : place + 2]
    return opening[place] in _CONJUNCTIONS and (place > 0 or (bool(follows) and follows[0] in _SUBJECTS))


def asking(words: Sequence[Unit]) -> frozenset[Unit]:
    """Return the words of a question that only ask: "nom" in "quel est le nom", and the word after "quel"."""
    folds = [word.token.fold for word in words]
    before = ["", *folds]
    return frozenset(
        word
        for word, folded, last in zip(words, folds, before, strict=False)
        if folded in _asking_words() or (last in _determiners() and not word.may_be_function_word)
    )


@cache
def _question_words() -> frozenset[str]:
    return _read("question-words.txt")


@cache
def _asking_words() -> frozenset[str]:
    return _read("asking-words.txt")


@cache
def _determiners() -> frozenset[str]:
    return _read("question-determiners.txt")


def _read(table: str) -> frozenset[str]:
    return frozenset(word for line in lines_of(table) for word in line.split())
