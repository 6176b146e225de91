"""Which lines has a news agency's own system put around a dispatch?

Key words above it ("Mali-conflit-ONU"), the initials of those who wrote it below ("vl"). By themselves such
lines may be anything, a town or the end of a poem: they are recognised where a dateline tells a dispatch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.articles.bylines import read_dateline

_KEY_WORDS = re.compile(r"[\w'’]{2,30}(?:-[\w'’]{2,30}){1,9}(?:[\s,]+[A-ZÀ-Þ]{3,12}){0,4}")
_INITIALS = re.compile(r"[a-z]{2,4}")
_LONGEST = 120
_WITHIN = 4  # lines in which a dateline follows key words: a title, its second line, a byline
_FEWEST_WITHOUT_TITLE = 2  # hyphens: "Saint-Étienne" right above a dateline is rather a title


def is_key_words(lines: Sequence[str], i: int, *, titled: bool) -> bool:
    """Say whether a line holds the key words of the dispatch below; `titled` if its title stands above."""
    line = lines[i]
    if len(line) > _LONGEST or "-" not in line or not _KEY_WORDS.fullmatch(line):
        return False
    following = [read_dateline(each) is not None for each in lines[i + 1 : i + 1 + _WITHIN]]
    if True not in following:
        return False
    return titled or following.index(True) > 0 or line.count("-") >= _FEWEST_WITHOUT_TITLE


def is_initials(line: str, first_paragraph: str) -> bool:
    """Say whether the last line of an article signs the dispatch that a paragraph opens."""
    return _INITIALS.fullmatch(line) is not None and read_dateline(first_paragraph) is not None
