"""How is one word looked up among hundreds of thousands without loading them?

The large tables of `index.french` are sorted text files, one word a line: `index.lexicon` makes them, and a
diff shows what changes in them. A query looks up a handful of words, in a process that may live for one
query; a dictionary of all of them would cost each process a tenth of a second and tens of megabytes. So the
file is mapped and searched by bisection, in place:

    # Forms that …            lines that open with # come first, and say what the table is
    abaissames\tabaiss        a word, a tab, what the table says of it
    abaissat\tabaiss          lines are in the byte order of their words, which is that of code points

A look-up takes less than 1 µs, or 7 if the loop was not compiled (`_word_table.c`). A rebuild, which looks up
every word of every article, holds the table in memory all the same.

Invariants: every line ends with a newline; nothing is written; several threads may search one table. A
mapped file must not change under its readers: index.lexicon puts new files in the place of the old ones.
"""

from __future__ import annotations

import mmap
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

_compiled: Any = None
with suppress(ImportError):  # no compiler when this was installed
    _compiled = import_module("index._word_table")


class WordTable:
    """A sorted file of words, each with what is said of it ("" where only the word stands there)."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._first = 0
        while self._data[self._first : self._first + 1] == b"#":
            self._first = self._data.find(b"\n", self._first) + 1
        self._held: dict[str, str] | None = None

    def hold(self) -> None:
        """Read the whole table into memory, where a look-up takes 0.2 µs from now on."""
        if self._held is None:
            # Interned: many forms have one stem, and it is kept once.
            self._held = {word: sys.intern(said) for word, said in self._rows()}

    def find(self, word: str) -> str | None:
        """Give what the table says of a word, or None where it does not have it."""
        if self._held is not None:
            return self._held.get(word)
        data = self._data
        key = word.encode("utf-8", "replace")  # a lone surrogate is in no table
        if _compiled:
            said: bytes | None = _compiled.find(data, self._first, key)
            return said if said is None else said.decode()
        low, high = self._first, len(data)  # starts of lines; `high` may be the end of the file
        while low < high:
            middle = (low + high) // 2
            start = data.rfind(b"\n", low, middle) + 1 or low
            if data[start : start + len(key)] < key:
                low = data.find(b"\n", middle) + 1
            else:
                high = start
        end = low + len(key)  # the word's own line is the first that opens with it
        if data[low:end] != key or data[end : end + 1] not in (b"\t", b"\n"):
            return None
        return data[end : data.find(b"\n", end)][1:].decode()

    def __contains__(self, word: str) -> bool:
        """Say whether the table has a word."""
        return self.find(word) is not None

    def __iter__(self) -> Iterator[str]:
        """Give every word of the table, in order."""
        return (word for word, _ in self._rows())

    def _rows(self) -> Iterator[tuple[str, str]]:
        for line in self._data[self._first :].decode().split("\n")[:-1]:  # the file ends with a newline
            word, _, said = line.partition("\t")
            yield word, said
