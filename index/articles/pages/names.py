"""What does a box of a web page say of itself: that it is hidden, comments, or what stands around an article?

By its element, its attributes and the words of its names (`index/tables/page-boxes.txt`). `roles` decides
whether that is true.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Literal

from index.articles.patterns import table_sections

Role = Literal["", "page", "comments", "hidden"]

_PAGE_NAMES = (  # what stands around an article, or is no sentence of it
    "aside|button|dialog|figcaption|figure|footer|iframe|label|legend|menu|nav|noscript|object|option|select|"
    "textarea|video"
)
_PAGE_TAGS = frozenset(_PAGE_NAMES.split("|"))
_PAGE_ROLES = frozenset(("navigation", "complementary", "contentinfo", "search", "dialog", "alertdialog"))
_WHOLE = frozenset(("body", "main", "article"))  # what is hidden while a page loads, and shown then
_NAMED: tuple[Role, ...] = ("hidden", "comments", "page")  # in the order in which they count
_NAMES_KEPT = 1 << 12  # how many names of boxes are remembered: those of a site return from page to page
_UNSHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CAPITAL_INSIDE = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_NO_LETTERS = re.compile(r"[\W_]+")


def is_hidden(element: Any) -> bool:
    """Say whether an element is not shown."""
    if not element.attrib:
        return False
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return style is not None and _UNSHOWN.search(style) is not None


def own_role(element: Any, tag: str, name: str) -> Role:
    """Give what a box says of itself, by its tag or its names."""
    if tag not in _WHOLE and is_hidden(element):
        return "hidden"
    identity = element.get("id") or ""
    role = _named_role(f"{name} {identity}") if name or identity else ""
    return role or ("page" if tag in _PAGE_TAGS or element.get("role") in _PAGE_ROLES else "")


@lru_cache(_NAMES_KEPT)
def _named_role(names: str) -> Role:
    """Give what the names of a box say of it."""
    return next((role for role in _NAMED if is_named(role, names)), "")


def is_named(section: str, names: str) -> bool:
    """Say whether the names of a box have one of a section of the table."""
    return _names(section).search(f"-{_words_of(names)}-") is not None


def _words_of(names: str) -> str:
    return _NO_LETTERS.sub("-", _CAPITAL_INSIDE.sub("-", names))


@cache
def _names(section: str) -> re.Pattern[str]:
    return re.compile(f"-(?:{'|'.join(table_sections('page-boxes.txt')[section])})s?-", re.IGNORECASE)
