"""What do the entities of HTML stand for, in an article or in a query that was pasted?"""

from __future__ import annotations

import re

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


def without_entities(text: str) -> str:
    """Put the character for each: "&eacute;" is "é". What only looks like one stays."""
    if "&" not in text or not _ENTITY.search(text):
        return text
    return _ENTITY.sub(_character, text)


def _character(entity: re.Match[str]) -> str:
    from html import unescape  # its table takes a millisecond to load, and most texts have none
    from html.entities import html5

    named = entity[0][1] != "#"
    return unescape(entity[0]) if not named or entity[0][1:] in html5 else entity[0]
