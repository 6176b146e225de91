"""How is Whoosh asked, as it comes? Over the shared tokens, with its own codec, searcher and scoring."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from peers.engine import CLASSES, PAGE, PAGE_LENGTH, Answer, Engine, Formula, Query
from peers.lines import read_lines

_MEMORY_MB = 256
_LARGEST = 10_000  # it indexes some 200 documents a second


def build(corpus: Path, folder: Path, threads: int) -> None:
    """Index the shared tokens, store the articles."""
    from whoosh import analysis, fields, index

    folder.mkdir(parents=True)
    blanks = analysis.SpaceSeparatedTokenizer()
    schema = fields.Schema(
        number=fields.STORED,
        stored=fields.STORED,
        source=fields.ID,
        date=fields.ID(sortable=True),
        tokens=fields.TEXT(analyzer=blanks, phrase=True),
    )
    writer = index.create_in(folder, schema).writer(limitmb=_MEMORY_MB)
    for record in read_lines(corpus):
        writer.add_document(
            number=int(record["id"]),
            stored=(record["title"], record["text"]),
            source=record["source"],
            date=record["date"],
            tokens=record["tokens"],
        )
    writer.commit()


class Searcher:
    """An index, open."""

    def __init__(self, folder: Path) -> None:
        from whoosh import index

        self._index = index.open_dir(folder)
        self._searcher = self._index.searcher()

    def ask(self, query: Query) -> Any:
        """Search; the count of what was found is Whoosh's, exact or not."""
        from whoosh import query as trees

        restricted = None if query.source is None else trees.Term("source", query.source)
        order = {"sortedby": "date", "reverse": True} if query.newest else {}
        return self._searcher.search(
            self._tree(query), limit=query.offset + PAGE_LENGTH, filter=restricted, **order
        )

    def _tree(self, query: Query) -> Any:
        from whoosh import query as trees

        terms = [trees.Term("tokens", term) for term in query.terms]
        match query.kind:
            case "and":
                return trees.And(terms)
            case "or":
                return trees.Or(terms)
            case "phrase":
                return trees.Phrase("tokens", list(query.terms))
            case "prefix":
                return trees.Prefix("tokens", query.terms[0])
            case "fuzzy":
                return trees.FuzzyTerm("tokens", query.terms[0], maxdist=1, prefixlength=0)
            case _:
                return terms[0]

    def read(self, query: Query, asked: Any) -> Answer:
        """Load the numbers of the hits."""
        return Answer(tuple(hit["number"] for hit in list(asked)[query.offset :]), None)

    def page(self, typed: str) -> int:
        """Show nothing: it reads stems here, and could mark nothing of the text."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the searcher and the index."""
        self._searcher.close()
        self._index.close()


def _idf(documents: int, df: int) -> float:
    """Give the idf of Whoosh's BM25F."""
    return math.log(documents / (df + 1)) + 1


ENGINE = Engine(
    name="whoosh",
    distributions=("whoosh",),
    modules=("whoosh",),
    tokens="shared",
    classes=frozenset(CLASSES) - {PAGE},
    build=build,
    open=Searcher,
    formula=Formula(_idf, length_error=0.1, phrase="its words", expansion="unscored"),
    largest=_LARGEST,
)
