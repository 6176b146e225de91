"""Which lines of a page are in what trafilatura takes for its text?

It gives text, not elements, and the same words stand on a page more than once. So each line is marked first,
and the marks in the text tell which lines it holds. A mark is two characters of SignWriting: they are
symbols, so that nothing takes them for words, and no newspaper prints them.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from index.articles.pages.blocks import Page
from index.articles.pages.lines import letters

_FIRST = 0x1D800
_SYMBOLS = 512
_MARK = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + _SYMBOLS - 1)}]{{2}}")
_MOST_COMPARED = 1000  # lines without a mark that are looked for; most pages have few
_NEAR = 6  # lines after the last that was marked in which words without a mark are looked for
_LONGEST_COMPARED = 20_000


class Chosen(NamedTuple):
    """The lines of the page that a text holds, and what it holds besides, by the line that precedes it.

    A page may have text that it does not show, in its linked data.
    """

    lines: set[int]
    besides: dict[int, list[str]]


def mark_lines(page: Page) -> None:
    """Write the mark of each line before its first word, in the elements of the page."""
    for number, line in enumerate(page.lines[: _SYMBOLS * _SYMBOLS]):
        mark = chr(_FIRST + number // _SYMBOLS) + chr(_FIRST + number % _SYMBOLS)
        written = (line.node.tail if line.behind else line.node.text) or ""
        begin = len(written) - len(written.lstrip())
        _write(line.node, line.behind, f"{written[:begin]}{mark}{written[begin:]}")


def _write(node: Any, behind: bool, words: str) -> None:
    if behind:
        node.tail = words
    else:
        node.text = words


def read_marks(text: str, page: Page) -> Chosen:
    """Return the lines of a page that a text holds, by the marks in it."""
    chosen = Chosen(set(), {})
    last, compared = -1, 0
    for line in text.split("\n"):
        numbers = [_number(found[0]) for found in _MARK.finditer(line)]
        numbers = [number for number in numbers if number < len(page.lines)]
        if numbers:
            chosen.lines.update(numbers)
            last = numbers[-1]
        elif line.strip():
            compared += 1
            near = _line_of(letters(line), page, last) if last >= 0 and compared <= _MOST_COMPARED else -1
            if near >= 0:
                chosen.lines.add(near)
            else:
                chosen.besides.setdefault(last, []).append(line.strip())
    return chosen


def _number(mark: str) -> int:
    return (ord(mark[0]) - _FIRST) * _SYMBOLS + ord(mark[1]) - _FIRST


def _line_of(written: str, page: Page, last: int) -> int:
    """Return the line, near the last one, that contains these letters; -1 if there is none."""
    for number in range(last, min(last + _NEAR, len(page.lines))):
        words = page.lines[number].words
        if len(words) <= _LONGEST_COMPARED and written in letters(words):
            return number
    return -1
