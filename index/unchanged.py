"""Which files need not be read again?

A build notes of every file from which nothing was rejected which file it is for the system, how large it is,
when it was changed last, and which articles it gave. An update passes over a file of which all that is as it
was; `index.building` sees to it that those articles are there, and that no other file has taken their
identifiers meanwhile.

The notes are `files.json`, beside the generations, and belong to the one that they name. Where they are of
another one, gone or damaged, every file is read: they only save time, and may be removed whenever one likes.
What they say is also over when files are read in another way (`_reading_fingerprint`). docs/index-format.md
shows them.

A change is believed to be the last one only where it is `SETTLED_NS` old: a file that is written again
within the same tick of the clock has the times that it had. Besides its content, most systems date each
change of a file's name and rights, which nobody can set. What they do not date (a page of memory written
again, a file system without such a date) is seen by a rebuild only.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from index import articles
from index.articles import SourceFile
from index.articles.source_file import Stamp
from index.articles.tables import TABLES

FILE_NAME = "files.json"
SETTLED_NS = 2_000_000_000
_LIBRARIES = ("charset-normalizer", "htmldate", "justext", "lxml", "orjson", "trafilatura")  # that read files
_Place = tuple[bytes, str]  # a folder and a file of it, as SourceFile names it


class _Noted(NamedTuple):
    """What was noted of a file."""

    size_bytes: int
    stamp: Stamp
    articles: tuple[str, ...]


class UnchangedFiles:
    """The files that were read whole, and what they gave."""

    def __init__(self) -> None:
        self._noted: dict[_Place, _Noted] = {}
        self._named: Counter[_Place] = Counter()
        self._began_ns = time.time_ns()

    def articles_of(self, origin: bytes, source: SourceFile) -> tuple[str, ...] | None:
        """Give the identifiers that a file gave, or None where it may give others now."""
        noted = self._noted.get((origin, source.name))
        same = noted and (noted.size_bytes, noted.stamp) == (source.size_bytes, source.stamp)
        return noted.articles if noted and same else None

    def note(self, origin: bytes, source: SourceFile, given: Iterable[str] | None) -> None:
        """Keep in mind what a file gave; None where something of it was rejected, and it is to be read again.

        Of two files that are shown by the same name nothing is kept.
        """
        place = (origin, source.name)
        self._named[place] += 1
        settled = max(source.stamp.modified_ns, source.stamp.changed_ns) < self._began_ns - SETTLED_NS
        if given is not None and settled:
            self._noted[place] = _Noted(source.size_bytes, source.stamp, tuple(given))

    def take_over(self, other: UnchangedFiles, origins: Collection[bytes]) -> None:
        """Keep what was noted of files of other folders than these."""
        self._noted.update({place: noted for place, noted in other._noted.items() if place[0] not in origins})

    def write(self, index_path: Path, edition: str) -> None:
        """Write the notes, as those of a generation; where that cannot be done there are none."""
        files = [
            [os.fsdecode(origin), name, noted.size_bytes, *noted.stamp, noted.articles]
            for (origin, name), noted in self._noted.items()
            if self._named[origin, name] < 2
        ]
        temporary = index_path / f"{FILE_NAME}.new"
        # A folder whose name is not Unicode, or a disk that is full, costs the next update its time.
        with suppress(orjson.JSONEncodeError, OSError):
            written = orjson.dumps(files)
            content = {
                "generation": edition,
                "reading": _reading_fingerprint(),
                "checksum": _checksum(written),
                "files": orjson.Fragment(written),
            }
            temporary.write_bytes(orjson.dumps(content))
            os.replace(temporary, index_path / FILE_NAME)


def read_unchanged(index_path: Path, edition: str) -> UnchangedFiles:
    """Read the notes of a generation; without any, nothing is known of any file."""
    found = UnchangedFiles()
    with suppress(OSError, ValueError, TypeError, KeyError):
        content: dict[str, Any] = orjson.loads((index_path / FILE_NAME).read_bytes())
        named = (content["generation"], content["reading"], content["checksum"])
        if named == (edition, _reading_fingerprint(), _checksum(orjson.dumps(content["files"]))):
            found._noted = {
                (os.fsencode(folder), name): _Noted(size, Stamp(*stamp), tuple(given))
                for folder, name, size, *stamp, given in content["files"]
            }
    return found


def _checksum(files: bytes) -> str:
    return hashlib.sha256(files).hexdigest()


def _reading_fingerprint() -> str:
    """Name the way in which files are read: any change to its code, its tables or its libraries."""
    digest = hashlib.sha256()
    for path in sorted([*Path(articles.__path__[0]).glob("*.py"), *TABLES.glob("*.txt")]):
        digest.update(path.read_bytes())
    for library in _LIBRARIES:
        with suppress(PackageNotFoundError):
            digest.update(f"{library} {version(library)}".encode())
    return digest.hexdigest()[:16]
