"""Where is it? Every address that an answer or a page contains is written here.

Addresses are relative to the host and made of ASCII only, so that they can stand in a header as
they are. A search has one address whatever URL led to it: parameters in a fixed order, those at
their default left out. That makes addresses comparable, and the ETag a function of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from web.parameters import PER_PAGE, SearchParameters

API = "/api/v1"

_UNSAFE_SEGMENT = re.compile(r"(?:^|/)\.{0,2}(?=/|$)")


def search_path(path: str, parameters: SearchParameters, **changes: object) -> str:
    """Give the address under `path` of a search, some of its parameters changed."""
    wanted = parameters._replace(**changes) if changes else parameters  # type: ignore[arg-type]
    return _with_query(path, _search_pairs(wanted))


def page_path(parameters: SearchParameters, **changes: object) -> str:
    """Give the address of a page of results for people, where facets and page size are fixed."""
    return search_path("/", parameters, facets=(), per_page=PER_PAGE, **changes)


def article_path(article_id: str, parameters: SearchParameters | None = None) -> str:
    """Give the address of an article's page, which remembers the search that led to it."""
    path = "/articles/" + quote_id(article_id)
    if parameters is None:
        return path
    return search_path(path, parameters, facets=(), per_page=PER_PAGE)


def api_article_path(article_id: str, text: str = "") -> str:
    """Give the address of an article in the API, marked with the words of `text`."""
    return _with_query(f"{API}/articles/" + quote_id(article_id), [("q", text)] if text else [])


def suggest_path(text: str) -> str:
    """Give the address of the completions of `text`."""
    return _with_query(f"{API}/suggest", [("q", text)])


def quote_id(article_id: str) -> str:
    """Write an article id as a URL path.

    Slashes stay, as in the folder the article came from, unless a browser would take a segment for
    a step up or fold two slashes into one: an id may be "../a", "/a" or "a//b".
    """
    safe = "" if _UNSAFE_SEGMENT.search(article_id) else "/"
    return quote(article_id, safe=safe, errors="replace")


def _search_pairs(parameters: SearchParameters) -> Iterable[tuple[str, str]]:
    if parameters.q:
        yield "q", parameters.q
    if parameters.page != 1:
        yield "page", str(parameters.page)
    if parameters.per_page != PER_PAGE:
        yield "per_page", str(parameters.per_page)
    if parameters.sort != "relevance":
        yield "sort", parameters.sort
    for source in parameters.sources:
        yield "source", source
    for author in parameters.authors:
        yield "author", author
    if parameters.date_from:
        yield "from", parameters.date_from
    if parameters.date_to:
        yield "to", parameters.date_to
    if parameters.facets:
        yield "facets", ",".join(parameters.facets)


def _with_query(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    query = "&".join(f"{name}={quote_plus(value, errors='replace')}" for name, value in pairs)
    return f"{path}?{query}" if query else path
