"""How are the lists under `index/tables` read?

Each line is one entry, in columns separated by tabs; blank lines and those that begin with # are skipped.
The few large ones that `index.lexicon` makes are looked up in place instead: index.word_table.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

TABLES = Path(__file__).parent / "tables"


def lines_of(table: str | Path) -> Iterator[str]:
    """Yield the lines of a table of this folder, or at a whole path, that are neither blank nor a comment."""
    for line in (TABLES / table).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def rows_of(table: str | Path) -> Iterator[list[str]]:
    """Yield the columns of each line of a table."""
    return (line.split("\t") for line in lines_of(table))


def month_spellings() -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each month with the ways to write its name."""
    for number, spellings in rows_of("months.txt"):
        yield int(number), spellings.split()
