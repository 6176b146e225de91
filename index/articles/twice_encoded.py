"""Was a text encoded once too often on its way, and what did it say before?

Two accidents leave a French text without a single accented letter, and with strange signs in their place: its
UTF-8 was read as windows-1252 and written as UTF-8 again ("VigÃ©e"), or its accents stayed HTML entities
("Vig&eacute;e"). Either is undone if the text has several such signs and no correct accented letter: French
has one in nearly every line, so that a text that only talks of such signs has both.
"""

from __future__ import annotations

import re

from index.articles.entities import without_entities

_FEWEST = 3
_RIGHT = re.compile("[éèêàçùûôîëïÉÈÀ]")
_HIGH = "".join(bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xC0))
_TWICE = re.compile(f"[Â-ß][{re.escape(_HIGH)}]|[à-ï][{re.escape(_HIGH)}]{{2}}|ð[{re.escape(_HIGH)}]{{3}}")
_BYTES = {ord(character): chr(code) for code, character in enumerate(_HIGH, 0x80)}


def as_meant(text: str) -> str:
    """Give a text as it was before it was encoded twice, and any other as it is."""
    if "Ã" in text or "â€" in text:
        return _decoded_again(text)
    if "é" not in text and text.count("&eacute;") >= _FEWEST:
        return without_entities(text)
    return text


def _decoded_again(text: str) -> str:
    without = _TWICE.sub("", text)
    if _RIGHT.search(without) or "\ufffd" in without or len(_TWICE.findall(text)) < _FEWEST:
        return text
    try:
        return _TWICE.sub(lambda found: found[0].translate(_BYTES).encode("latin-1").decode("utf-8"), text)
    except UnicodeDecodeError:
        return text
