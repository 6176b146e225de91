"""How are the tables under `search/tables` read? As those of `index.word_lists` are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index import word_lists

_FOLDER = Path(__file__).parent / "tables"


def lines_of(table: str) -> Iterator[str]:
    """Yield the lines of a table that are neither blank nor a comment."""
    return word_lists.lines_of(_FOLDER / table)


def groups_of(table: str) -> dict[str, tuple[str, ...]]:
    """Return, for each word of a table, the others of its line, which may stand for it."""
    lines = list(rows_of(table))
    return {word: tuple(other for other in line if other != word) for line in lines for word in line}


def rows_of(table: str) -> Iterator[list[str]]:
    """Yield the columns of each line of a table."""
    return word_lists.rows_of(_FOLDER / table)
