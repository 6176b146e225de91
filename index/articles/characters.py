"""Which kinds of characters that need a closer look does a text have?

Most texts have none, and looking for each kind separately took a quarter of reading time. So one pass finds
which may occur; callers then deal with those.

The pass is compiled (`_characters.c`) if that was possible at installation, and otherwise done here. A
character beyond the table, where French has no letters, is taken to be of every kind.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any

CONTROL = 1
"""What does not belong in a text: controls except tab and newline, line separators, half a character."""
SPACING = 2
"""White space other than a newline or a single space: two spaces, a tab, a no-break space."""
COMPOSING = 4
"""What may not be composed (NFC), such as an accent by itself."""
_EVERY = CONTROL | SPACING | COMPOSING
_TABLED = 0x2100  # up to the punctuation that French takes from beyond Latin

_compiled: Any = None
with suppress(ImportError):  # no compiler when this was installed
    _compiled = import_module("index.articles._characters")


def kinds_of(text: str) -> int:
    """Say which of the kinds above may be in a text, as a sum."""
    if _compiled:
        found: int = _compiled.kinds_of(text, _table(), SPACING, _EVERY)
        return found
    kinds = SPACING if "  " in text else 0
    for character in set(text):
        code = ord(character)
        kinds |= _table()[code] if code < _TABLED else _EVERY
    return kinds


@cache
def _table() -> bytes:
    return bytes(map(_kinds_of_character, map(chr, range(_TABLED))))


def _kinds_of_character(character: str) -> int:
    kinds = 0
    if character not in "\t\n" and unicodedata.category(character) in ("Cc", "Zl", "Zp"):
        kinds |= CONTROL
    if character.isspace() and character not in " \n":
        kinds |= SPACING
    # Below U+0300 no character composes with the one before; in General Punctuation, only non-normal ones.
    if "\u0300" <= character < "\u2000" or not unicodedata.is_normalized("NFC", character):
        kinds |= COMPOSING
    if unicodedata.category(character).startswith("M"):
        kinds |= COMPOSING
    return kinds
