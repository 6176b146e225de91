"""Is this line part of the article, or of the page around it?

One line at a time: `zoning` decides from the answers where the article begins and ends. The patterns
are `tables/boilerplate.txt`; each function here names the sections of it that it uses.

Invariants: a line is judged whole. A sentence that merely contains "publicité" or "partager cet
article" is never furniture, because lost text is worse than a label left in: every pattern must
account for the line from its first character to its last, except the notices, which are
recognised by how they begin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Literal

from index.articles.bylines import read_byline
from index.articles.dates import may_end_with_date, read_date_line, split_date
from index.articles.patterns import any_of, any_of_by_prefix, opening_with, table_sections

Edge = Literal["head", "foot"]
_Judge = Callable[[str], "re.Match[str] | None"]

_LONGEST_COMPANION = 20
_LONGEST_LABEL = 250  # nothing but a notice is longer
LONGEST_JUDGED = 600  # what is longer is text, whatever it says: the longest notices have 500
_LONGEST_HEADLINE = 200
_LONGEST_SECTION = 45  # "Dernières nouvelles du Haut-Rhin, Colmar"
# A character class first, so that a search runs from mark to mark; a dash only counts between spaces.
_BETWEEN_PARTS = re.compile(r"[|•·–—-](?:(?<=[|•·])|(?<=\s.)\s)")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzàâçéèêëîïôœùûü")
_SENTENCE_END = (".", ",", ";", ":")
_ALONE = ("notice", "whole", "related line", "related heading", "button")
_CHARACTERS = 1 << 10  # how many opening characters are remembered: French has a hundred, a hostile file all
_ENDING = r"[\s:.…!»>→]*"
_ENDINGS = {
    "notice": "",
    "sharing": "",
    "button": r"[\s:;,.!|/•·–—-]*",
    "companion": r"(?!\w)[\s:;,.!|/•·–—-]*",
}


def find_suspects(lines: Iterable[str]) -> list[int]:
    """Return the indices of lines that may be furniture wherever they stand: a cheap test that few pass."""
    return [i for i, line in enumerate(lines) if len(line) <= LONGEST_JUDGED and _opens(line[:1])(line)]


def find_labels(lines: Iterable[str]) -> list[int]:
    """Return the indices of lines that are one label, too short to judge alone: "Facebook", "12"."""
    return [
        i
        for i, line in enumerate(lines)
        if len(line) <= _LONGEST_COMPANION and _fills("companion", line[:1])(line)
    ]


def offers_sharing(line: str) -> bool:
    """Say whether a line begins like one that asks to share the article or to follow its publication."""
    return _pattern("sharing").match(line) is not None


def is_notice(line: str) -> bool:
    """Say whether a line is a notice about the site: archives, cookies, reproduction, subscription."""
    return len(line) <= LONGEST_JUDGED and _pattern("notice").match(line) is not None


def is_furniture(line: str) -> bool:
    """Say whether a line is furniture wherever it stands."""
    if len(line) > _LONGEST_LABEL:
        return False
    return (
        _pattern("whole").fullmatch(line) is not None
        or _pattern("related line").fullmatch(line) is not None
        or is_buttons(line)
    )


def is_edge_furniture(line: str, edge: Edge) -> bool:
    """Say whether a line is furniture before the first paragraph, or after the last."""
    return len(line) <= _LONGEST_LABEL and _fills(edge, line[:1])(line) is not None


def is_credit(line: str, edge: Edge) -> bool:
    """Say whether a line of the head or the foot does nothing but sign or date the article.

    The parts of a line such as "Par Jeanne Martin | Publié le 28/02/2023 | Lecture 3 min" are judged
    one by one. A day alone is not enough (`is_bare_date`): it may belong to anything.
    """
    if len(line) > _LONGEST_LABEL:
        return False
    if _signs_or_dates(line, edge, bare_dates=False):
        return True
    parts = credit_parts(line)
    return len(parts) > 1 and all(
        _signs_or_dates(part, edge, bare_dates=True) or is_furniture(part) or is_edge_furniture(part, edge)
        for part in parts
    )


def credit_parts(line: str) -> list[str]:
    """Return the parts of a line between the bars, bullets and dashes that separate credits."""
    return [stripped for part in _BETWEEN_PARTS.split(line) if (stripped := part.strip())]


def opens_related(line: str) -> bool:
    """Say whether a line opens a list of other articles."""
    if len(line) > 80:
        return False
    return _fills("related heading", line[:1])(line.rstrip(" :>»→…\xa0")) is not None


def looks_like_headline(line: str) -> bool:
    """Say whether a line could be an article's title in a list of them, rather than a sentence."""
    if len(line) > _LONGEST_HEADLINE or line.startswith(("–", "—")):
        return False
    quoted = line.startswith(("«", '"', "“")) and line.endswith(("»", '"', "”"))
    return not quoted and (line.endswith(("...", "…")) or not line.endswith(_SENTENCE_END))


def is_buttons(line: str) -> bool:
    """Say whether a line consists of button labels, one after another, at least one of them unmistakable."""
    at, certain = 0, False
    while at < len(line):  # always the longest label: no backtracking, so no line can take long
        button = _pattern("button").match(line, at)
        found = button or _pattern("companion").match(line, at)
        if not found:
            return False
        certain = certain or button is not None
        at = found.end()
    return certain


def is_bare_date(line: str) -> bool:
    """Say whether a line is a day and nothing else, as opposed to "Publié le …"."""
    stated = read_date_line(line) if len(line) <= _LONGEST_LABEL else None
    return stated is not None and not stated.labelled


def _signs_or_dates(line: str, edge: Edge, *, bare_dates: bool) -> bool:
    if not may_end_with_date(line):
        return read_byline(line) is not None
    stated = read_date_line(line)
    if stated:
        return stated.labelled or stated.printed or bare_dates
    if read_byline(line):
        return True
    named, stated = split_date(line)
    if stated is None:
        return False
    # "Nantes, mardi 14 mars 2023, p. 7": a section or a town may stand before; in the foot it may be a book.
    printed = stated.printed and edge == "head" and len(named) <= _LONGEST_SECTION
    return printed or read_byline(named) is not None


@lru_cache(_CHARACTERS)
def _opens(character: str) -> _Judge:
    """Return the test of whether a line that opens with this character may be furniture."""
    return _openings(_first(character)).match


@lru_cache(_CHARACTERS)
def _fills(section: str, character: str) -> _Judge:
    """Return the test of whether a whole line that opens with this character matches a section."""
    return _pattern(section, _first(character)).fullmatch


def _first(character: str) -> str:
    """A first letter in lower case; "-" for what is no letter, "" for a letter that is not French."""
    if not character.isalpha():
        return "-"
    letter = character.lower()
    return letter if letter in _LETTERS else ""


@cache
def _openings(first: str) -> re.Pattern[str]:
    """Every pattern that judges a line alone and may match one with this `_first`; all of them for ""."""
    alone = any_of_by_prefix(_patterns(_ALONE, first))
    # A companion that opens furniture is followed by another label, which has a letter first or a digit.
    beside = any_of(_patterns(["companion"], first)) + _ENDINGS["companion"] + r"(?=\w)"
    return re.compile(f"{alone}|{beside}", re.IGNORECASE)


@cache
def _pattern(section: str, first: str = "") -> re.Pattern[str]:
    """The patterns of a section; with `first`, those that may match a line with this `_first`."""
    return re.compile(any_of(_patterns([section], first)) + _ENDINGS.get(section, _ENDING), re.IGNORECASE)


def _patterns(sections: Iterable[str], first: str) -> list[str]:
    """The patterns of some sections, longest labels first; with `first`, those that may match such a line."""
    patterns: list[str] = []
    for section in sections:
        rows = _sections()[section]
        patterns += sorted(rows, key=len, reverse=True) if section in ("button", "companion") else rows
    return (opening_with(patterns, first) if first else patterns) or ["(?!)"]  # which matches nothing


@cache
def _sections() -> dict[str, list[str]]:
    return table_sections("boilerplate.txt")
