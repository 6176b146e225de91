"""How is bm25s asked? Over the shared tokens; it adds up words and does nothing else."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from peers.engine import K1, PAGE_LENGTH, Answer, B, Engine, Formula, Query, lucene_idf
from peers.lines import read_lines


def build(corpus: Path, folder: Path, threads: int) -> None:
    """Index the shared tokens, all in memory, and store the articles."""
    import bm25s

    records = list(read_lines(corpus))
    retriever = bm25s.BM25(method="lucene", k1=K1, b=B)
    retriever.index([record.pop("tokens").split() for record in records], show_progress=False)
    retriever.save(str(folder), corpus=records)


class Searcher:
    """An index, open."""

    def __init__(self, folder: Path) -> None:
        import bm25s

        self._retriever = bm25s.BM25.load(str(folder), mmap=True)
        if find_spec("numba"):
            self._retriever.backend = "numba"
            self._retriever.activate_numba_scorer()

    def ask(self, query: Query) -> Any:
        """Score all documents, give the best."""
        return self._retriever.retrieve([list(query.terms)], k=PAGE_LENGTH, show_progress=False)

    def read(self, query: Query, asked: Any) -> Answer:
        """Drop what scored nothing: it gives ten documents even where fewer have the word."""
        documents, scores = asked
        hits = zip(documents[0].tolist(), scores[0].tolist(), strict=True)
        return Answer(tuple(document for document, score in hits if score > 0), None)

    def page(self, typed: str) -> int:
        """Show nothing: it has no snippets."""
        raise NotImplementedError

    def close(self) -> None:
        """Nothing has to be closed."""


ENGINE = Engine(
    name="bm25s",
    distributions=("bm25s", "numba"),
    modules=("bm25s",),
    tokens="shared",
    classes=frozenset({"rare", "common", "or3", "or10"}),
    build=build,
    open=Searcher,
    formula=Formula(lucene_idf, length_error=0.0),
)
