"""How is SQLite's full-text search asked? Over the shared tokens, the articles in a table beside them."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path
from typing import Any

from peers.engine import CLASSES, PAGE, PAGE_LENGTH, Answer, Engine, Formula, Query
from peers.lines import read_lines

_FILE = "articles.db"
_CACHE_KIB = 500_000


def build(corpus: Path, folder: Path, threads: int) -> None:
    """Index the shared tokens, store the articles, and compact."""
    folder.mkdir(parents=True)
    database = sqlite3.connect(folder / _FILE)
    database.executescript(
        """
        pragma journal_mode = off;
        create table articles (number integer primary key, title text, text text, source text, date text);
        create virtual table indexed using fts5 (
            tokens, content = '', tokenize = "unicode61 remove_diacritics 0 tokenchars '.,'"
        );
        """
    )
    for record in read_lines(corpus):
        number = int(record["id"])
        values = (number, record["title"], record["text"], record["source"], record["date"])
        database.execute("insert into articles values (?, ?, ?, ?, ?)", values)
        database.execute("insert into indexed (rowid, tokens) values (?, ?)", (number, record["tokens"]))
    database.execute("insert into indexed (indexed) values ('optimize')")
    database.commit()
    database.execute("vacuum")  # what was merged leaves empty pages behind
    database.close()


class Searcher:
    """A database, open."""

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / _FILE)
        self._database.execute(f"pragma cache_size = -{_CACHE_KIB}")

    def ask(self, query: Query) -> Any:
        """Search; there is no count to be had without a second search."""
        words = [f'"{term}"' for term in query.terms]
        match query.kind:
            case "and":
                asked = " AND ".join(words)
            case "or":
                asked = " OR ".join(words)
            case "phrase":
                asked = " + ".join(words)
            case "prefix":
                asked = f"{words[0]}*"
            case _:
                asked = words[0]
        if query.newest:
            statement = """
                select indexed.rowid from indexed join articles on articles.number = indexed.rowid
                where indexed match ? and source = ? order by date desc limit ? offset ?
            """
            values: tuple[Any, ...] = (asked, query.source, PAGE_LENGTH, query.offset)
        else:
            statement = "select rowid from indexed where indexed match ? order by rank limit ? offset ?"
            values = (asked, PAGE_LENGTH, query.offset)
        return self._database.execute(statement, values).fetchall()

    def read(self, query: Query, asked: Any) -> Answer:
        """Read the numbers off the rows."""
        return Answer(tuple(number for (number,) in asked), None)

    def page(self, typed: str) -> int:
        """Show nothing: its snippets would need the text in the index a second time."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _idf(documents: int, df: int) -> float:
    """Give the idf of fts5's bm25(): that of Robertson, and next to nothing where it would be negative."""
    return max(math.log((documents - df + 0.5) / (df + 0.5)), 1e-6)


ENGINE = Engine(
    name="sqlite-fts5",
    distributions=(),
    modules=("sqlite3",),
    tokens="shared",
    classes=frozenset(CLASSES) - {"fuzzy", PAGE},
    build=build,
    open=Searcher,
    formula=Formula(_idf, length_error=0.0),
)
