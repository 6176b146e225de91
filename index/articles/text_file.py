"""How does a .txt file become an article?

One scraped page each: title, credits and text on lines of their own, as `zoning` finds them. The
article's id is the file's name without its suffix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from index.articles.article import Read
from index.articles.composing import Declared, compose
from index.articles.encoding import clean, decode
from index.articles.source_file import SourceFile, name_without_suffix, read_whole


def read_text_file(source: SourceFile, on_bytes: Callable[[int], None]) -> Iterator[Read]:
    """Yield the article of a text file. Raises: InvalidInput, OSError."""
    data = read_whole(source)
    on_bytes(len(data))
    yield Read(source.name, compose(name_without_suffix(source), clean(decode(data)), Declared()))
