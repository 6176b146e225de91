"""How is Xapian asked? Over the shared tokens, with its BM25; its Python bindings come from the system."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

from peers.engine import CLASSES, K1, PAGE, PAGE_LENGTH, Answer, B, Engine, Formula, Query
from peers.lines import read_lines

_SOURCE, _DATE, _NUMBER = 0, 1, 2  # slots of values
_FLUSH_EVERY = 1_000_000  # documents: never before the end
_MAX_TERM_BYTES = 240  # it refuses longer ones
_SOURCE_PREFIX = "XS"


def build(corpus: Path, folder: Path, threads: int) -> None:
    """Index the shared tokens, store the articles, and compact."""
    os.environ["XAPIAN_FLUSH_THRESHOLD"] = str(_FLUSH_EVERY)
    import xapian

    folder.parent.mkdir(parents=True, exist_ok=True)
    loose = folder.with_name(f"{folder.name}-loose")
    database = xapian.WritableDatabase(str(loose), xapian.DB_CREATE_OR_OVERWRITE)
    for record in read_lines(corpus):
        document = xapian.Document()
        for position, token in enumerate(record["tokens"].split()):
            document.add_posting(token.encode()[:_MAX_TERM_BYTES], position)
        document.add_boolean_term(f"{_SOURCE_PREFIX}{record['source']}")
        document.add_value(_DATE, record["date"])
        document.add_value(_NUMBER, record["id"])
        document.set_data(f"{record['title']}\n{record['text']}")
        database.add_document(document)
    database.commit()
    database.close()
    xapian.Database(str(loose)).compact(str(folder))


class Searcher:
    """A database, open."""

    def __init__(self, folder: Path) -> None:
        import xapian

        self._xapian = xapian
        self._database = xapian.Database(str(folder))

    def ask(self, query: Query) -> Any:
        """Search; its count is an estimate."""
        enquire = self._xapian.Enquire(self._database)
        enquire.set_weighting_scheme(self._xapian.BM25Weight(K1, 0, 1, B, 0.0))
        if query.newest:
            enquire.set_sort_by_value(_DATE, True)
        enquire.set_query(self._tree(query))
        return enquire.get_mset(query.offset, PAGE_LENGTH)

    def _tree(self, query: Query) -> Any:
        tree, terms = self._xapian.Query, list(query.terms)
        match query.kind:
            case "and":
                asked = tree(tree.OP_AND, terms)
            case "or":
                asked = tree(tree.OP_OR, terms)
            case "phrase":
                asked = tree(tree.OP_PHRASE, terms, len(terms))
            case "prefix":
                asked = tree(tree.OP_WILDCARD, terms[0], 0, tree.WILDCARD_LIMIT_ERROR, tree.OP_SYNONYM)
            case _:
                asked = tree(terms[0])
        if query.source is None:
            return asked
        return tree(tree.OP_FILTER, asked, tree(f"{_SOURCE_PREFIX}{query.source}"))

    def read(self, query: Query, asked: Any) -> Answer:
        """Load the numbers of the hits."""
        return Answer(tuple(int(hit.document.get_value(_NUMBER)) for hit in asked), None)

    def page(self, typed: str) -> int:
        """Show nothing: it reads stems here, and could mark nothing of the text."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _idf(documents: int, df: int) -> float:
    """Give the idf of Xapian's BM25Weight: that of Robertson, lifted where it would be small or negative."""
    odds = (documents - df + 0.5) / (df + 0.5)
    return math.log(odds if odds >= 2 else odds * 0.5 + 1)


ENGINE = Engine(
    name="xapian",
    distributions=(),
    modules=("xapian",),
    tokens="shared",
    classes=frozenset(CLASSES) - {"fuzzy", PAGE},
    build=build,
    open=Searcher,
    formula=Formula(_idf, length_error=0.0, phrase="its words"),
)
