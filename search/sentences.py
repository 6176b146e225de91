"""Where do the sentences of a French text begin and end?

A sentence ends at . ! ? or … with whatever quotation marks or brackets close behind it, before white
space, and at the end of every line. It does not end after an abbreviation ("M. Burns", "p. 12"), after
an initial ("J. Chirac", "J.-C."), inside a number ("7 500", "3.5") or before a lower-case letter
("Yahoo! a annoncé").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
_END = re.compile(r"(?<![.!?…])(?P<mark>[.!?…]+)(?:\s?[»”\"’')\]])*(?=\s|\Z)")
_LONGEST_ABBREVIATION = 12  # how far back from a full stop a word is read; longer ones are no abbreviations
_LAST_WORD = re.compile(r"(\w[\w\u0300-\u036f.\-]*)$")
_NEXT = re.compile(r"[\s\u00a0«“\"'(\[–—-]*(?P<first>\w)?")


def sentences(text: str, near: Iterable[int] | None = None) -> Iterator[tuple[int, int]]:
    """Yield the half-open range of each sentence, in order, without the white space around it.

    With `near`, ascending offsets into the text, only the lines that hold one of them are read.
    """
    for start, end in _lines(text) if near is None else _lines_near(text, near):
        for found in _END.finditer(text, start, end):
            if found.start() >= start and _ends_sentence(text, start, found, end):
                yield from _trimmed(text, start, found.end())
                start = found.end()
        yield from _trimmed(text, start, end)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    return (line.span() for line in _LINE.finditer(text))


def _lines_near(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    end = -1
    for place in places:
        if place > end:
            start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
            end = len(text) if end < 0 else end
            yield start, end


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
    last = word[1]
    letter = last.rpartition("-")[2].rpartition(".")[2]
    is_initial = letter[:1].isupper() and len(fold(letter)) == 1
    return not is_initial and fold(last) not in _ABBREVIATIONS


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
