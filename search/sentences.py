"""Where do the sentences of a French text begin and end?

A sentence ends at . ! ? or … with whatever quotation marks or brackets close behind it, before white
space, and at the end of every line. It does not end after an abbreviation ("M. Burns", "p. 12"), after
an initial ("J. Chirac", "J.-C."), inside a number ("7 500", "3.5") or before a lower-case letter
("Yahoo! a annoncé").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from index.analysis import fold

_ABBREVIATIONS = frozenset(
    fold(line)
    for line in (Path(__file__).parent / "tables" / "abbreviations.txt")
    .read_text(encoding="utf-8")
    .split("\n")
    if line and not line.startswith("#")
)
_LINE = re.compile(r"[^\n]+")
# A run of marks is tried once, from its start, and what closes behind it one by one: no text takes long.
# What may not stand before the first mark is asked after it: a pattern that begins with a set is fast.
_END = re.compile(r"(?P<mark>[.!?…](?<![.!?…].)[.!?…]*)(?:\s?[»”\"’')\]])*(?=\s|\Z)")
_LONGEST_ABBREVIATION = 12  # how far back from a full stop a word is read; longer ones are no abbreviations
_LAST_WORD = re.compile(r"(\w[\w\u0300-\u036f.\-]*)$")
_NEXT = re.compile(r"[\s\u00a0«“\"'(\[–—-]*(?P<first>\w)?")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open range of each sentence, in order, without the white space around it."""
    for line in _LINE.finditer(text):
        start, end = line.span()
        for found in _END.finditer(text, start, end):
            if _ends_sentence(text, start, found, end):
                yield from _trimmed(text, start, found.end())
                start = found.end()
        yield from _trimmed(text, start, end)


def sentences_at(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield, as `sentences` does, those that hold one of these places; the others are not read.

    The places are the starts of words, ascending.
    """
    end = line_end = -1
    for place in places:
        if place < end:
            continue
        if place < line_end:
            start = end
        else:
            start = text.rfind("\n", 0, place) + 1
            line_end = text.find("\n", place)
            line_end = len(text) if line_end < 0 else line_end
        # Whether a sentence ends somewhere depends on the words around, not on where it began.
        for found in reversed(list(_END.finditer(text, start, place + 1))):
            if _ends_sentence(text, start, found, line_end):
                start = found.end()
                break
        end = line_end
        for found in _END.finditer(text, place, line_end):
            if _ends_sentence(text, start, found, line_end):
                end = found.end()
                break
        yield from _trimmed(text, start, end)


def _ends_sentence(text: str, start: int, found: re.Match[str], end: int) -> bool:
    following = _NEXT.match(text, found.end(), end)
    first = following and following["first"]
    if first and first.islower():
        return False
    if found["mark"] != ".":
        return True
    word = _LAST_WORD.search(text, max(start, found.start() - _LONGEST_ABBREVIATION), found.start())
    if not word:
        return True
    return not _is_shortened(word[1])


@lru_cache(maxsize=10_000)
def _is_shortened(word: str) -> bool:
    """Say whether a full stop behind a word belongs to it: an abbreviation or an initial."""
    letter = word.rpartition("-")[2].rpartition(".")[2]
    is_initial = letter[:1].isupper() and len(fold(letter)) == 1
    return is_initial or fold(word) in _ABBREVIATIONS


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
