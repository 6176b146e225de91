"""Which line ends of a text file separate paragraphs, and which are only due to its right margin?

A text whose lines were filled up to a margin has a paragraph between two blank lines, not on one line: its
phrases would be cut at the margin. A line was filled if the first word of the next one does not fit in it;
few lines of a list, a poem or a table of names were. So a margin is assumed if most lines of a file were
filled, and only paragraphs whose lines were all filled are joined.
"""

from __future__ import annotations

import re

_NARROWEST, _WIDEST = 40, 100  # characters of the longest line: terminals and mail have 60 to 80
_FEWEST_LINES = 6  # filled lines: fewer may be so by chance
_ENOUGH = 0.7  # of the lines that are not the last of a paragraph; headings and addresses are the rest
_BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_FIRST_WORD = re.compile(r"\S+")
_ITEM = re.compile(r"(?:\d{1,4}[.)°]|\w[.)]|[-–—•*·])\s")
_SENTENCE_ENDS = (".", "!", "?", ":", ";")
_MOST_SENTENCES = 0.4  # of the filled lines may end a sentence: a margin cuts anywhere


def joined_lines(text: str) -> str:
    """Join the lines of each paragraph of a text that a margin has cut; return any other text as it is."""
    if "\n\n" not in text and "\n \n" not in text:
        return text
    paragraphs = [paragraph.split("\n") for paragraph in _BETWEEN_PARAGRAPHS.split(text.strip())]
    broken = [paragraph for paragraph in paragraphs if len(paragraph) > 1]
    margin = max((len(line.strip()) for paragraph in broken for line in paragraph), default=0)
    if not _NARROWEST <= margin <= _WIDEST:
        return text
    followed = [line.strip() for paragraph in broken for line in paragraph[:-1]]
    told = [filled for paragraph in broken for filled in _filled(paragraph, margin)]
    full = [line for line, filled in zip(followed, told, strict=True) if filled]
    sentences = sum(line.endswith(_SENTENCE_ENDS) for line in full)
    if len(full) < max(_FEWEST_LINES, _ENOUGH * len(followed)) or sentences > _MOST_SENTENCES * len(full):
        return text
    return "\n\n".join(
        _one_line(paragraph) if all(_filled(paragraph, margin)) else "\n".join(paragraph)
        for paragraph in paragraphs
    )


def _filled(paragraph: list[str], margin: int) -> list[bool]:
    """For each line but the last, say whether the next line's first word would not have fitted in it.

    An item of a list begins a line of its own anyway: the line before it is not filled.
    """
    lines = [line.strip() for line in paragraph]
    filled = []
    for i, line in enumerate(lines[1:]):
        word = None if _ITEM.match(line) else _FIRST_WORD.match(line)
        filled.append(word is not None and len(lines[i]) + 1 + len(word[0]) > margin)
    return filled


def _one_line(paragraph: list[str]) -> str:
    """Join the lines of a paragraph; a word that its hyphen breaks stays whole."""
    joined = ""
    for line in map(str.strip, paragraph):
        joined += line if not joined or joined.endswith(("-", "\u00ad")) else f" {line}"
    return joined
