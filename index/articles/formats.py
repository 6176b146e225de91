"""Which reader reads which file?

Add a format to `READERS`: its suffix, and a function that yields one `Content` per article of a file. What
was read before is not parsed again.
"""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Callable, Iterator

from index.articles.article import CHECKSUM_BYTES, Content, Read, Recognised, Reject
from index.articles.json_lines import read_json_lines
from index.articles.pages.reader import read_web_page
from index.articles.source_file import SourceFile, has_suffix
from index.articles.text_file import read_text_file
from index.errors import InvalidInput

Reader = Callable[[SourceFile, Callable[[int], None]], Iterator[Content | Reject]]
Recognise = Callable[[str, bytes], str | None]
"""Gives the identifier of the article that a place and the checksum of its content gave before, or None."""

READERS: dict[str, Reader] = {
    ".txt": read_text_file,
    ".jsonl": read_json_lines,
    ".jsonl.gz": read_json_lines,
    ".ndjson": read_json_lines,
    ".ndjson.gz": read_json_lines,
    ".html": read_web_page,
    ".htm": read_web_page,
}

_SUFFIX_OF_PAGES = re.compile(r"\.(?:php|aspx?|jsp|cgi|shtml|xhtml)", re.IGNORECASE)
"""What copies of sites name pages by ("article.php?id=78", as wget does), though what they hold is HTML."""

_SYSTEM_REASONS = {
    errno.EACCES: "droits de lecture insuffisants",
    errno.EPERM: "droits de lecture insuffisants",
    errno.ENOENT: "fichier disparu pendant la lecture du dossier",
}


def reader_of(name: str) -> Reader | None:
    """Return the reader of a file with this name, whatever the suffix's capitals, or None."""
    return next((reader for suffix, reader in READERS.items() if has_suffix(name, suffix)), None)


def read_source(
    source: SourceFile, on_bytes: Callable[[int], None], recognise: Recognise | None = None
) -> Iterator[Read | Recognised | Reject]:
    """Yield the articles of a file with their places, and the reasons where there is none.

    An article that `recognise` knows is not read.

    `on_bytes` is told how many more bytes of the file have been read, before what they gave is
    yielded; in the end the numbers add up to `source.size_bytes`. Never raises for what is in the file.
    """
    left = source.size_bytes

    def count(read_bytes: int) -> None:
        nonlocal left
        counted = min(read_bytes, left)  # the file may have grown since it was found
        left -= counted
        if counted:
            on_bytes(counted)

    reader = reader_of(source.name)
    if reader is None:
        yield unknown_format(source.name)
        count(left)
        return
    try:
        for found in reader(source, count):
            yield found if isinstance(found, Reject) else _read(found, recognise)
    except InvalidInput as error:
        yield Reject(source.name, str(error))
    except OSError as error:
        yield Reject(source.name, system_reason(error), unread=error.errno != errno.ENOENT)
    count(left)


def _read(content: Content, recognise: Recognise | None) -> Read | Recognised | Reject:
    place, data, read = content
    checksum = hashlib.sha256(data, usedforsecurity=False).digest()[:CHECKSUM_BYTES]
    known = recognise(place, checksum) if recognise else None
    if known is not None:
        return Recognised(place, known, checksum)
    try:
        found = read(data, place)
    except InvalidInput as error:
        return Reject(place, str(error))
    return found if isinstance(found, Reject) else Read(place, *found, checksum)


def unknown_format(name: str) -> Reject:
    """Say that no reader reads a file with this name, and what is read."""
    _, dot, ending = name.rpartition("/")[2].partition("?")[0].rpartition(".")
    suffix = f".{ending}" if dot else ""
    page = "?" in name or _SUFFIX_OF_PAGES.fullmatch(suffix)
    advice = "une page web est lue si elle est renommée en .html ; " if page else ""
    found = suffix or "sans extension"
    reason = f"format inconnu ({found}) ; {advice}attendus : {', '.join(READERS)}"
    return Reject(name, reason, suffix=suffix)


def system_reason(error: OSError) -> str:
    """Say in French why the system refused to read."""
    return _SYSTEM_REASONS.get(error.errno or 0, f"lecture impossible (erreur système {error.errno})")
