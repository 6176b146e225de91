"""How does a line of a web page read: as a sentence, as a link, as the same words again?

What `text` and its neighbours ask of one line. It is judged by its length, its end and its links, never by
its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.articles.pages.blocks import Line, Page
from index.articles.zoning import LONGEST_UNFINISHED, SENTENCE_ENDS

SHORTEST_STANDFIRST = 40
SHORTEST_SENTENCE = 60  # a shorter line may be a label, even with a full stop
_MOST_LINKED = 0.3  # of the characters of a paragraph
_ALL_LINKED = 0.9
_OTHER_LETTERS = re.compile(r"[\W_]+")


def letters(words: str) -> str:
    """Reduce words to their letters and digits, to compare two versions. Not an analysis: it is not kept."""
    return _OTHER_LETTERS.sub("", words).casefold()


def is_prose(line: Line, shortest: int = SHORTEST_SENTENCE) -> bool:
    """Say whether a line reads as a sentence of a text, rather than as a label or a link."""
    words = line.words
    if len(words) < shortest or line.linked > _MOST_LINKED * len(words):
        return False
    return len(words) >= LONGEST_UNFINISHED or words.endswith(SENTENCE_ENDS)


def prose(page: Page, text: Iterable[int], shortest: int = SHORTEST_SENTENCE) -> list[int]:
    """Give those lines of a text that read as sentences, in their order."""
    return [i for i in sorted(text) if is_prose(page.lines[i], shortest)]


def is_linked(line: Line) -> bool:
    """Say whether all of a line is links."""
    return line.linked >= _ALL_LINKED * len(line.words)


def is_link_list(lines: list[Line]) -> bool:
    """Say whether links take more of some lines than they do of a text."""
    return sum(line.linked for line in lines) > _MOST_LINKED * sum(len(line.words) for line in lines)


def is_timed(line: Line) -> bool:
    """Say whether a line is a date that the page marks up as one."""
    return line.dated >= _ALL_LINKED * len(line.words)
