"""What does the comparison ask of a search engine?

A query is asked over the shared tokens (`terms`); Dépêche as a whole reads what a person would have
typed instead (`typed`). Documents are numbered as the lines of the prepared corpus, from 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, Protocol

Kind = Literal["term", "and", "or", "phrase", "prefix", "fuzzy"]
Tokens = Literal["shared", "own"]
PAGE_LENGTH = 10  # hits asked for, by every query
K1 = 1.2  # of BM25, in every engine compared; not all of them can be told otherwise
B = 0.75

CLASSES = (
    "rare",
    "common",
    "and2",
    "or3",
    "or10",
    "phrase",
    "prefix",
    "fuzzy",
    "filter+sort",
    "page 100",
    "page",
)
PAGE = "page"  # search, stored hits and snippets: what a person waits for


@dataclass(frozen=True, slots=True)
class Query:
    """One query, in every form that an engine may want it in.

    `source` keeps the articles of one source; `newest` sorts by date instead of relevance; `offset`
    skips the first hits.
    """

    kind: Kind
    terms: tuple[str, ...]
    typed: str
    source: str | None = None
    newest: bool = False
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The documents of one page of hits, in order, and how many there are in all, where it was counted."""

    documents: tuple[int, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class Formula:
    """How an engine scores, so that its answers are judged by its own formula and nobody else's.

    `idf` takes the number of documents and of those with the term. `length_error` is by how much the
    length that the engine stores may be too small, as a part of it. `phrase` and `expansion` say
    whether a phrase, and all that a prefix or a fuzzy word stands for, is scored as one term, as the sum
    of its words, or not at all.
    """

    idf: Callable[[int, int], float]
    length_error: float
    phrase: Literal["one term", "its words"] = "one term"
    expansion: Literal["one term", "unscored"] = "one term"


def lucene_idf(documents: int, df: int) -> float:
    """Give the idf of Lucene, which is never negative; tantivy, bm25s and Dépêche took it over."""
    return math.log(1 + (documents - df + 0.5) / (df + 0.5))


class Searcher(Protocol):
    """An index, open for searching, in one thread."""

    def ask(self, query: Query) -> Any:
        """Answer a query; this is what is timed. What it gives is for `read` only."""

    def read(self, query: Query, asked: Any) -> Answer:
        """Say which documents an answer names; not timed."""

    def page(self, typed: str) -> int:
        """Search for words as typed, load the stored hits and cut a snippet of each; count the snippets."""

    def close(self) -> None:
        """Let go of the index."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A search engine under comparison.

    `build` reads a prepared .jsonl.gz and writes an index into a folder that does not exist yet, with
    so many threads (0: as many as it finds useful); it is called once for each number in `threads`, and the
    first index is searched.
    `formula` is None where the ranking is the engine's own affair: its answers are then told, not judged.
    `largest` is the largest number of documents that it is worth waiting for.
    """

    name: str
    distributions: tuple[str, ...]
    modules: tuple[str, ...]
    tokens: Tokens
    classes: frozenset[str]
    build: Callable[[Path, Path, int], None]
    open: Callable[[Path], Searcher]
    formula: Formula | None
    threads: tuple[int, ...] = (1,)
    corpus: Literal["articles", "tokens", "articles of tokens"] = "tokens"
    largest: int | None = None

    @property
    def installed(self) -> bool:
        """Say whether what it needs is there."""
        return all(find_spec(module) for module in self.modules)
