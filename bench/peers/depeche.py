"""How is Dépêche asked, as a whole? As a program that uses it would: a folder in, typed queries out.

Its answers come from three zones, exact forms and proximity, so no oracle of plain BM25 can judge them;
how far they overlap with one is told.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from peers.engine import CLASSES, PAGE_LENGTH, Answer, Engine, Query


def build(corpus: Path, folder: Path, threads: int) -> None:
    """Run `depeche rebuild` over the folder that the corpus is in."""
    from web.commands import main

    main(["rebuild", "--index", str(folder), str(corpus.parent)], standalone_mode=False)


class Searcher:
    """An engine, open."""

    def __init__(self, folder: Path) -> None:
        from search import SearchRequest, open_index

        self._request = SearchRequest  # imported once, not at each query
        self._engine = open_index(folder)

    def ask(self, query: Query) -> Any:
        """Search for what was typed; snippets are for `page`."""
        return self._engine.search(
            self._request(
                query.typed,
                limit=PAGE_LENGTH,
                offset=query.offset,
                sort="newest" if query.newest else "relevance",
                sources=() if query.source is None else (query.source,),
                snippets=False,
            )
        )

    def read(self, query: Query, asked: Any) -> Answer:
        """Read the numbers off the hits."""
        return Answer(tuple(int(hit.article_id) for hit in asked.hits), asked.total)

    def page(self, typed: str) -> int:
        """Search with snippets; count the hits that have one with a mark."""
        hits = self._engine.search(self._request(typed, limit=PAGE_LENGTH)).hits
        return sum(any(snippet.highlights for snippet in hit.snippets) for hit in hits)

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()


ENGINE = Engine(
    name="depeche",
    distributions=("depeche", "whoosh", "numpy"),
    modules=("search",),
    tokens="own",
    classes=frozenset(CLASSES),
    build=build,
    open=Searcher,
    formula=None,
    threads=(0,),
    corpus="articles",
)
