"""What is asked of the engine: one search, as plain data."""

from __future__ import annotations

from typing import Literal, NamedTuple

Sort = Literal["relevance", "newest", "oldest"]
FacetName = Literal["source", "year"]


class SearchRequest(NamedTuple):
    """One search.

    `text` is the query (docs/query-language.md); if it is empty, the filters alone select, newest first.
    `limit` hits are returned after skipping `offset` of them. `sources` and `authors` keep articles with one
    of these names: as written; if the index has none written so, ignoring accents, capitals and signs; else
    any name that has all the words. `date_from` and `date_to` are ISO dates, whole or cut after the year or
    the month, both ends included. `facets` names what is counted over all articles found. `snippets` off
    saves reading the texts if only the ranking is wanted.
    """

    text: str
    limit: int = 10
    offset: int = 0
    sort: Sort = "relevance"
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    date_from: str | None = None
    date_to: str | None = None
    facets: tuple[FacetName, ...] = ()
    snippets: bool = True

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the text narrows what is found."""
        return bool(self.sources or self.authors or self.date_from or self.date_to)
