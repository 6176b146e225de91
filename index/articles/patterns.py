"""How do the patterns and names of `index/tables` become regular expressions?

The readers' knowledge of pages is data: `boilerplate.txt`, `agencies.txt`, `publications.txt` and
`months.txt`, each of which opens by saying how it is written. `furniture`, `bylines` and `dates` give the
expressions their meaning.

Patterns are written as a person would write the words, and become regular expressions here: a space
stands for any white space (French pages use five kinds), " ?" for perhaps some, ' for ' or ’.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.word_lists import lines_of

_SECTION = re.compile(r"\[([a-z ]+)\]")  # "[related line]": patterns never look like this
_CHARACTER_CLASS = re.compile(r"((?<!\\)\[(?:\\.|[^\]\\])*\])")
# "(?:la |notre )?suite", with choices in the choice one deep, and "\(?suite"
_OPENING_CHOICE = re.compile(r"(?:\(\?:((?:[^()]|\(\?:[^()]*\))*)\)|(\\\((?=\?)))(\??)(?![*+{])(.*)")
_OUTER_BAR = re.compile(r"\|(?![^()]*\))")
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}(?![?*+{])")
_OPENING_LETTER = re.compile(r"[^\W\d_](?![?*+{])")


def table_sections(name: str) -> dict[str, list[str]]:
    """Return the rows of a table under the names of its [sections]."""
    sections: dict[str, list[str]] = {}
    rows: list[str] = []
    for row in lines_of(name):
        heading = _SECTION.fullmatch(row)
        if heading:
            rows = sections.setdefault(heading[1], [])
        else:
            rows.append(row)
    return sections


def written_forms(pattern: str) -> str:
    """Return the regular expression for a pattern in which spaces and apostrophes stand for all of theirs."""
    parts = _CHARACTER_CLASS.split(pattern)
    for i, part in enumerate(parts):
        if i % 2:  # split() puts what it captured, the character classes, at odd places
            parts[i] = part.replace(" ", r"\s").replace("'", "'’")
        else:
            parts[i] = part.replace(" ?", r"\s*").replace(" ", r"\s+").replace("'", "['’]")
    return "".join(parts)


def opening_with(patterns: Iterable[str], letter: str) -> list[str]:
    """Return, in order, the patterns that may match a line whose first letter, in lower case, is `letter`.

    Of a pattern that opens with a choice, "(?:voir|lire) plus", only what fits is returned: "lire plus".
    No pattern may have a choice outside brackets.
    """
    spelled_out = (spelling for pattern in patterns for spelling in _spelled_out(pattern))
    return [pattern for pattern in spelled_out if pattern[0] == letter or not _OPENING_LETTER.match(pattern)]


def _spelled_out(pattern: str) -> list[str]:
    """Return one pattern for each way to open this one, in the order in which they would be tried."""
    choice = _OPENING_CHOICE.fullmatch(pattern)
    if not choice:
        return [pattern]
    several, bracket, optional, rest = choice.groups()
    openings = [bracket] if bracket else _OUTER_BAR.split(several)
    if optional:
        openings.append("")
    return [spelling for opening in openings for spelling in _spelled_out(opening + rest)]


def any_of(patterns: Iterable[str]) -> str:
    """Return one regular expression for several patterns, in their order."""
    return "(?:" + "|".join(written_forms(pattern) for pattern in patterns) + ")"


def any_of_by_prefix(patterns: Iterable[str]) -> str:
    """Return one regular expression for several patterns, in any order, that quickly finds that none fits.

    Patterns are grouped by their first two letters, so that most are ruled out by these.
    """
    groups: dict[str, list[str]] = {}
    for pattern in patterns:
        prefix = pattern[:2] if _TWO_LETTERS.match(pattern) else ""
        groups.setdefault(prefix, []).append(pattern[len(prefix) :])
    return "(?:" + "|".join(prefix + any_of(group) for prefix, group in groups.items()) + ")"


def any_name(names: Iterable[str]) -> str:
    """Return one regular expression for several literal names, the longest first."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return "(?:" + "|".join(written_forms(re.escape(name).replace(r"\ ", " ")) for name in ordered) + ")"
