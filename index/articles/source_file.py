"""What is a file of articles, before it is read?

A `SourceFile` is what `folders` finds and what every reader gets. Nothing is opened to make one.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from index.errors import InvalidInput

MAX_ARTICLE_BYTES = 10 * 1024 * 1024
"""The largest article that is read. A novel has 1 MiB: what is larger is a dump in the wrong format."""

NO_FILE = "n’est pas un fichier ordinaire"
TOO_LARGE = "article de plus de 10 Mio, la taille maximale ; à découper en plusieurs articles"


class Stamp(NamedTuple):
    """The identity of a file, and when its content, and anything else about it, last changed.

    Times are in nanoseconds since 1970.
    """

    device: int = 0
    inode: int = 0
    modified_ns: int = 0
    changed_ns: int = 0


_NO_STAMP = Stamp()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file whose name says that it holds articles.

    `name` is its path relative to the folder given, with "/" whatever the system, safe to print and
    to encode; `path` opens it. `size_bytes` is its size on disk when it was found, and `stamp` what else the
    system said of it then: a file is taken to be unchanged if both are the same.
    """

    path: Path
    name: str
    size_bytes: int
    stamp: Stamp = _NO_STAMP


def open_source(source: SourceFile) -> BinaryIO:
    """Open a file; it may have become something else since it was found, such as a pipe, which would block.

    Raises: InvalidInput when it is no file any more; OSError when it cannot be opened.
    """
    descriptor = os.open(
        source.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    )
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InvalidInput(NO_FILE)
    return os.fdopen(descriptor, "rb")


def read_whole(source: SourceFile) -> bytes:
    """Return the bytes of a file that holds one article.

    Raises: InvalidInput when it is empty or too large; OSError when it cannot be read.
    """
    if source.size_bytes > MAX_ARTICLE_BYTES:
        raise InvalidInput(TOO_LARGE)
    with open_source(source) as file:
        data = file.read(source.size_bytes + 1)  # asking for MAX_ARTICLE_BYTES at once would double the time
        if len(data) > source.size_bytes:  # it has grown since it was found
            data += file.read(MAX_ARTICLE_BYTES - source.size_bytes)
    if len(data) > MAX_ARTICLE_BYTES:
        raise InvalidInput(TOO_LARGE)
    if not data.strip():
        raise InvalidInput("fichier vide")
    return data


def has_suffix(name: str, suffix: str) -> bool:
    """Say whether a name ends with a suffix, whatever its capitals: "A.TXT" is a text file."""
    return _ending(suffix).search(name) is not None


@cache
def _ending(suffix: str) -> re.Pattern[str]:
    return re.compile(re.escape(suffix) + r"\Z", re.IGNORECASE)


def exported_id(place: str) -> str:
    """Return the id of an article of an export, "export.html#2": that of the file, and its number."""
    name, _, number = place.rpartition("#")
    return f"{name_without_suffix(name)}#{number}"


def name_without_suffix(name: str) -> str:
    """Return the name of a file without what follows its last dot: the id of the article it holds."""
    return name.rpartition(".")[0]
