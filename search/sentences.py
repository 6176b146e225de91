"""Where do the sentences of a French text begin and end?

A sentence ends at . ! ? or … with whatever quotation marks or brackets close behind it, before white
space, and at the end of every line. It does not end after an abbreviation ("M. Burns", "p. 12"), after
an initial ("J. Chirac", "J.-C."), inside a number ("7 500", "3.5") or before a lower-case letter
("Yahoo! a annoncé").

`sentences_at` is compiled (`_scanning.c`) if that was possible at installation, and otherwise done here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from typing import Any

from index.french.folding import fold
from search.word_lists import lines_of

_compiled: Any = None
with suppress(ImportError):  # no compiler when this was installed
    _compiled = import_module("search._scanning")

_ABBREVIATIONS = frozenset(map(fold, lines_of("abbreviations.txt")))
_LINE = re.compile(r"[^\n]+")
# A run of marks is tried only from its start, and what closes behind it one by one, so that no text is slow.
# What may not stand before the first mark is checked after it: a pattern that begins with a set is fast.
_END = re.compile(r"(?P<mark>[.!?…](?<![.!?…].)[.!?…]*)(?:\s?[»”\"’')\]])*(?=\s|\Z)")
_LONGEST_ABBREVIATION = 12  # how far back from a full stop a word is read; longer ones are no abbreviations
_LAST_WORD = re.compile(r"(\w[\w\u0300-\u036f.\-]*)$")
_NEXT = re.compile(r"[\s\u00a0«“\"'(\[–—-]*(?P<first>\w)?")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open range of each sentence, in order, without the white space around it."""
    for line in _LINE.finditer(text):
        end, stop = line.span()
        while end < stop:
            start, end = _sentence_at(text, end, end, stop)
            if start == end:
                break  # white space at the end of a line
            yield start, end


def sentences_at(text: str, places: list[int]) -> list[tuple[int, int]]:
    """Return the sentences that hold one of these places; lines without any are not read.

    The places are the starts of words, ascending.
    """
    if _compiled:
        found: list[tuple[int, int]]
        found = _compiled.sentences_at(text, places, _LONGEST_ABBREVIATION, _is_shortened)
        return found
    return list(_sentences_at(text, places))


def _sentences_at(text: str, places: list[int]) -> Iterator[tuple[int, int]]:
    end = stop = -1
    for place in places:
        if place < end:
            continue
        if place >= stop:
            end = text.rfind("\n", 0, place) + 1
            stop = text.find("\n", place)
            stop = len(text) if stop < 0 else stop
        start, end = _sentence_at(text, place, end, stop)
        yield start, end


def _sentence_at(text: str, place: int, start: int, stop: int) -> tuple[int, int]:
    """Return the sentence that holds a place; `start` begins one in its line, which ends at `stop`."""
    end = start
    while end <= place:
        start, end = end, _sentence_end(text, end, stop)
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _sentence_end(text: str, start: int, stop: int) -> int:
    """Give where the sentence ends that starts here."""
    for found in _END.finditer(text, start, stop):
        if _ends_sentence(text, start, found, stop):
            return found.end()
    return stop


def _ends_sentence(text: str, start: int, found: re.Match[str], stop: int) -> bool:
    following = _NEXT.match(text, found.end(), stop)
    first = following and following["first"]
    if first and first.islower():
        return False
    if found["mark"] != ".":
        return True
    word = _LAST_WORD.search(text, max(start, found.start() - _LONGEST_ABBREVIATION), found.start())
    return not (word and _is_shortened(word[1]))


@lru_cache(maxsize=10_000)
def _is_shortened(word: str) -> bool:
    """Say whether a full stop behind a word belongs to it: an abbreviation or an initial."""
    letter = word.rpartition("-")[2].rpartition(".")[2]
    is_initial = letter[:1].isupper() and len(fold(letter)) == 1
    return is_initial or fold(word) in _ABBREVIATIONS
