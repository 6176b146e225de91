"""How does what someone typed become ranked articles with snippets?

    text ─ parser ─▶ tree ─ interpretation ─▶ Whoosh query + marks ─ evaluation ─▶ documents, scores
                               (vocabulary)                            (ranking)          │
    SearchResults ◀─ engine ─ snippets, marking, facets ◀─────────────────────────────────┘

    from search import SearchRequest, open_index

    with open_index(".depeche") as engine:
        for hit in engine.search(SearchRequest("reelu")).hits:
            print(hit.title)

This package knows nothing of HTTP or HTML; it returns plain data.
"""

from __future__ import annotations

from pathlib import Path

from search.engine import Engine
from search.request import SearchRequest
from search.results import ArticleView, Hit, IndexStats, SearchResults, Snippet

__all__ = [
    "ArticleView",
    "Engine",
    "Hit",
    "IndexStats",
    "SearchRequest",
    "SearchResults",
    "Snippet",
    "open_index",
]


def open_index(path: str | Path) -> Engine:
    """Open an index for searching.

    Raises:
        IndexMissing: no index has been built at this path.
        IndexOutdated: another version of Dépêche built it.
        IndexDamaged: its files cannot be read.
    """
    return Engine(Path(path))
