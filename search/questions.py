"""Is what was typed a question?

A few words are all meant, and an article with all of them comes first. A question in a sentence is put
in words of its own, which the answer seldom has all: there each word only counts for what it is worth.
"""

from __future__ import annotations

from functools import cache
from itertools import takewhile
from pathlib import Path

from index.analysis import is_elision, may_be_stop_word, read_words

_QUESTION_WORDS = Path(__file__).parent / "tables" / "question-words.txt"
_SHORTEST = 3  # words of a question: "qui est macron"; "où ?" is one word to search


def is_question(text: str) -> bool:
    """Say whether a text of words ends like a question, or opens like one; accents never tell."""
    if text.rstrip().endswith("?"):
        return True
    folds = [
        part.fold for word in read_words(text.replace("'", " ").replace("’", " ")) for part in word.parts
    ]
    opening = takewhile(lambda folded: may_be_stop_word(folded) or is_elision(folded), folds)
    return len(folds) >= _SHORTEST and any(folded in _question_words() for folded in opening)


@cache
def _question_words() -> frozenset[str]:
    lines = _QUESTION_WORDS.read_text(encoding="utf-8").split("\n")
    return frozenset(line for line in lines if line and not line.startswith("#"))
