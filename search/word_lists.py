"""How are the tables under `search/tables` read?

Each line says one thing, in columns that a tab parts; blank lines and those that begin with # say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_FOLDER = Path(__file__).parent / "tables"


def lines_of(table: str) -> Iterator[str]:
    """Yield the lines of a table."""
    for line in (_FOLDER / table).read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#"):
            yield line


def groups_of(table: str) -> dict[str, tuple[str, ...]]:
    """Give each word of a table the others of its line, which stand for it."""
    lines = list(rows_of(table))
    return {word: tuple(other for other in line if other != word) for line in lines for word in line}


def rows_of(table: str) -> Iterator[list[str]]:
    """Yield the columns of each line of a table."""
    return (line.split("\t") for line in lines_of(table))
