"""Which reader reads which file?

`READERS` is the place where a new format is added: its suffix, and a function that yields the articles
of one file.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator

from index.articles.article import Read, Reject
from index.articles.json_lines import read_json_lines
from index.articles.source_file import SourceFile, has_suffix
from index.articles.text_file import read_text_file
from index.articles.web_page import read_web_page
from index.errors import InvalidInput

Reader = Callable[[SourceFile, Callable[[int], None]], Iterator[Read | Reject]]

READERS: dict[str, Reader] = {
    ".txt": read_text_file,
    ".jsonl": read_json_lines,
    ".jsonl.gz": read_json_lines,
    ".ndjson": read_json_lines,
    ".ndjson.gz": read_json_lines,
    ".html": read_web_page,
    ".htm": read_web_page,
}

_SYSTEM_REASONS = {
    errno.EACCES: "droits de lecture insuffisants",
    errno.EPERM: "droits de lecture insuffisants",
    errno.ENOENT: "fichier disparu pendant la lecture du dossier",
}


def reader_of(name: str) -> Reader | None:
    """Return the reader of a file with this name, whatever the suffix's capitals, or None."""
    return next((reader for suffix, reader in READERS.items() if has_suffix(name, suffix)), None)


def read_source(source: SourceFile, on_bytes: Callable[[int], None]) -> Iterator[Read | Reject]:
    """Yield the articles of a file with their places, and the reasons where there is none.

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
    try:
        if reader is None:
            raise InvalidInput(unknown_format(source.name))
        yield from reader(source, count)
    except InvalidInput as error:
        yield Reject(source.name, str(error))
    except OSError as error:
        yield Reject(source.name, system_reason(error), unread=error.errno != errno.ENOENT)
    count(left)


def unknown_format(name: str) -> str:
    """Say that no reader reads a file with this name, and what is read."""
    suffix = name.rpartition("/")[2].rpartition(".")
    found = f".{suffix[2]}" if suffix[1] else "sans extension"
    return f"format inconnu ({found}) ; attendus : {', '.join(READERS)}"


def system_reason(error: OSError) -> str:
    """Say in French why the system refused to read."""
    return _SYSTEM_REASONS.get(error.errno or 0, f"lecture impossible (erreur système {error.errno})")
