"""Which raised number calls a note, and is no part of the word before it?

"rapport<sup>1</sup>" is "rapport" with a note; "m<sup>2</sup>" is a unit.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*){4}\s*$")  # no unit is so long
_NUMBERS = re.compile(r"\s*[\[(]?\d{1,3}(?:\s*[,;-]\s*\d{1,3})*[\])]?\s*")
_NEAR = 40  # characters of what stands before, for the four letters and their accents


def calls_note(before: str, raised: str) -> bool:
    """Say whether what is raised behind a text is the number of a note."""
    return _NUMBERS.fullmatch(raised) is not None and _WORD.search(before[-_NEAR:]) is not None
