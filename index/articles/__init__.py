"""How do the files of a folder become articles?

    folders       which files are there                                    find_sources
    formats       which reader reads them: the table of formats            read_source
      text_file · json_lines · pages                                       one module a format, or a package
        front_matter · archives · line_ends · twice_encoded                what only a .txt needs
        json_values · markup                                               what JSON holds
    encoding      bytes → text
      characters  which kinds of them need a closer look
    zoning        lines → title, lead, text, boilerplate
      furniture   one line: article or page?                               tables/boilerplate.txt
      wire        what an agency's system adds
    bylines       who wrote it, for whom         tables/agencies.txt, tables/publications.txt
    dates         when                                                     tables/months.txt
    composing     all that → Article

Invariants: nothing that a file holds is fatal: what cannot be read becomes a `Reject`. No line is lost: what
is not the article goes to its `boilerplate`. Nothing is guessed: a date, an author or a source that is not
certain is None. Memory is bounded by one article.

The readers are imported only when one of them is used: a search needs to know what an article is, not how it
is read.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from index.articles.article import Article, Read, Recognised, Reject

if TYPE_CHECKING:
    from index.articles.folders import find_sources
    from index.articles.formats import READERS, read_source
    from index.articles.source_file import SourceFile

__all__ = ["READERS", "Article", "Read", "Recognised", "Reject", "SourceFile", "find_sources", "read_source"]

_MODULES = {
    "READERS": "formats",
    "SourceFile": "source_file",
    "find_sources": "folders",
    "read_source": "formats",
}


def __getattr__(name: str) -> Any:
    """Import what reads articles when it is first asked for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
