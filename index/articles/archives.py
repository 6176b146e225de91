"""How does a press archive write in plain text what it knows of an article?

With two or three letters before each part ("HD" the title, "LP" and "TD" the text), as Factiva does, one
article after the other; or, without letters, on short lines under the title, one of which is the number of
words ("1 204 mots"): only archives count those.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_DECLARED = {"HD": "title", "BY": "author", "PD": "date", "SN": "source"}
_BODY = ("LP", "TD")
_CODES = (
    *_DECLARED,
    *_BODY,
    *("AN", "ART", "CLM", "CO", "CR", "CT", "CX", "CY", "DLN", "ED", "ET", "IN", "IPC", "IPD", "LA", "NS"),
    *("PG", "PUB", "RE", "RF", "SC", "SE", "VOL", "WC"),
)
_PART = re.compile(rf"^({'|'.join(_CODES)})(?:[ ]{{2,}}|[ ]*\t[ \t]*|[ ]*\n)", re.MULTILINE)
_LAST = re.compile(r"^AN(?:[ ]{2,}|[ ]*\t[ \t]*|[ ]*\n)Document [^\n]*\n?", re.MULTILINE)
MAY_BE_CODED = re.compile(rb"^AN(?:[ ]{2,}|[ ]*\t|[ ]*\r?\n)", re.MULTILINE)
"""Found in every file that marks the parts of articles: a cheap test that rules out nearly all others."""
_WORDS = re.compile(r"\d{1,3}(?:\s?\d{3})?\smots")
_LONGEST = 60  # of a line that says one thing of an article


class Coded(NamedTuple):
    """The marked parts of an article: what they declare, by field, its text, and all but title and text."""

    declared: dict[str, str]
    text: str
    rest: str


def part_articles(text: str) -> list[str]:
    """Split a text into articles whose parts are marked; none unless there are several."""
    ends = [found.end() for found in _LAST.finditer(text)]
    if len(ends) < 2:
        return []
    articles = [text[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    return articles if all(map(read_coded, articles)) and not text[ends[-1] :].strip() else []


def read_coded(text: str) -> Coded | None:
    """Read an article whose parts are marked; None where they are not."""
    start = text.lstrip()
    marks = list(_PART.finditer(start))
    if not marks or marks[0].start():
        return None
    ends = [*(mark.start() for mark in marks[1:]), len(start)]
    parts = [(mark[1], start[mark.end() : end].strip()) for mark, end in zip(marks, ends, strict=True)]
    declared = {
        _DECLARED[code]: " ".join(said.split()) for code, said in reversed(parts) if code in _DECLARED
    }
    body = "\n".join(said for code, said in parts if code in _BODY)
    if "title" not in declared or not body:
        return None
    rest = "\n".join(f"{code} {said}" for code, said in parts if code not in _BODY and code != "HD")
    return Coded(declared, body, rest)


def find_head(lines: Sequence[str]) -> list[int]:
    """Return the indices of the metadata lines an archive put between title and first paragraph."""
    counted = any(_WORDS.fullmatch(line) for line in lines)
    return [i for i, line in enumerate(lines) if counted and len(line) <= _LONGEST]
