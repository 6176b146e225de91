"""Which files, and which articles of a file that has changed, need not be read again?

A build records, for every file, its articles and a checksum of each article's content (a line, or the file);
and, if nothing in the file was rejected, its identity for the system, its size and its times. An update skips
a file whose identity, size and times are still the same. It goes through any other file, but parses only
contents that it has not seen: ten new lines cost ten articles. `index.known` checks that the articles are
still there, and that no other file has taken their identifiers meanwhile.

The notes are `files.json`, beside the generations, and belong to the one that they name. If they are of
another one, gone or damaged, every file is read: they only save time, and may be removed at any moment.
They are also void once files are read in another way (`_reading_fingerprint`). docs/index-format.md shows
them.

A file's times are trusted only if they are `SETTLED_NS` old: a file that is written again within the same
tick of the clock keeps its times. Besides changes of content, most systems date changes of a file's name and
rights, and nobody can set that date. A change that they do not date (a page of memory written again, a file
system without such a date) is seen by a rebuild only.
"""

from __future__ import annotations

import hashlib
import os
import struct
import time
import unicodedata
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from index import articles, dates, word_lists
from index.articles import SourceFile
from index.articles.article import CHECKSUM_BYTES
from index.articles.source_file import Stamp
from index.french import folding
from index.word_lists import TABLES

FILE_NAME = "files.json"
SETTLED_NS = 2_000_000_000
_TO_READ = -1  # noted as the size of a file that the next update has to go through in any case
_LIBRARIES = (  # that read files
    *("charset-normalizer", "courlan", "htmldate", "justext", "lxml", "lxml_html_clean", "orjson"),
    "trafilatura",
)
_Place = tuple[bytes, str]  # a folder and a file of it, as SourceFile names it


class FileContents:
    """What a file gave: the identifiers of its articles, and the checksums of their contents, end to end."""

    def __init__(self, articles: list[str] | None = None, checksums: bytes = b"") -> None:
        self.articles = articles or []
        self.checksums = bytearray(checksums)
        if len(self.checksums) != len(self.articles) * CHECKSUM_BYTES:
            raise ValueError(f"{len(self.checksums)} bytes for {len(self.articles)} articles")

    def add(self, article_id: str, checksum: bytes) -> None:
        """Add an article."""
        self.articles.append(article_id)
        self.checksums += checksum

    def by_checksum(self) -> dict[bytes, str]:
        """Give the identifiers by the checksums."""
        each = (checksum for (checksum,) in struct.iter_unpack(f"{CHECKSUM_BYTES}s", self.checksums))
        return dict(zip(each, self.articles, strict=True))


class _Noted(NamedTuple):
    """What was noted of a file."""

    size_bytes: int
    stamp: Stamp
    contents: FileContents


class UnchangedFiles:
    """The files that were read, and what they gave."""

    def __init__(self) -> None:
        self._noted: dict[_Place, _Noted] = {}
        self._named: Counter[_Place] = Counter()
        self._began_ns = time.time_ns()

    def contents_of(self, origin: bytes, source: SourceFile) -> FileContents | None:
        """Return what a file gave, or None if it may have changed."""
        noted = self._noted.get((origin, source.name))
        if noted is None or (noted.size_bytes, noted.stamp) != (source.size_bytes, source.stamp):
            return None
        return noted.contents

    def by_checksum(self, origin: bytes, source: SourceFile) -> dict[bytes, str]:
        """Return a file's articles by the checksums of their contents, even if the file has changed."""
        noted = self._noted.get((origin, source.name))
        return noted.contents.by_checksum() if noted else {}

    def note(self, origin: bytes, source: SourceFile, contents: FileContents, *, whole: bool) -> None:
        """Record what a file holds; unless that is the `whole` of it, the next update goes through it again.

        Nothing is kept of two files that are shown by the same name.
        """
        place = (origin, source.name)
        self._named[place] += 1
        settled = max(source.stamp.modified_ns, source.stamp.changed_ns) < self._began_ns - SETTLED_NS
        size = source.size_bytes if whole and settled else _TO_READ
        self._noted[place] = _Noted(size, source.stamp, contents)

    def take_over(self, other: UnchangedFiles, origins: Collection[bytes]) -> None:
        """Keep what was noted of files of other folders than these."""
        self._noted.update({place: noted for place, noted in other._noted.items() if place[0] not in origins})

    def write(self, index_path: Path, edition: str) -> None:
        """Write the notes as those of a generation; if that fails, there are none."""
        temporary = index_path / f"{FILE_NAME}.new"
        written = b"[%s]" % b",".join(self._rows())
        content = {
            "generation": edition,
            "reading": _reading_fingerprint(),
            "checksum": _checksum(written),
            "files": orjson.Fragment(written),
        }
        try:
            temporary.write_bytes(orjson.dumps(content))
            os.replace(temporary, index_path / FILE_NAME)
        except OSError:  # a full disk only costs the next update time; leave the room to the index
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _rows(self) -> Iterator[bytes]:
        for (origin, name), noted in self._noted.items():
            if self._named[origin, name] > 1:
                continue
            contents = noted.contents
            checksums = b64encode(contents.checksums).decode()
            row = [os.fsdecode(origin), name, noted.size_bytes, *noted.stamp, contents.articles, checksums]
            with suppress(orjson.JSONEncodeError):  # a folder whose name is not Unicode, a date beyond 2554
                yield orjson.dumps(row)


def read_unchanged(index_path: Path, edition: str) -> UnchangedFiles:
    """Read the notes of a generation; without any, nothing is known of any file."""
    found = UnchangedFiles()
    with suppress(OSError, ValueError, TypeError, KeyError):
        content: dict[str, Any] = orjson.loads((index_path / FILE_NAME).read_bytes())
        named = (content["generation"], content["reading"], content["checksum"])
        if named == (edition, _reading_fingerprint(), _checksum(orjson.dumps(content["files"]))):
            found._noted = {
                (os.fsencode(folder), name): _Noted(
                    size, Stamp(*stamp), FileContents(articles, b64decode(checksums))
                )
                for folder, name, size, *stamp, articles, checksums in content["files"]
            }
    return found


def _checksum(files: bytes) -> str:
    return hashlib.sha256(files).hexdigest()


def _reading_fingerprint() -> str:
    """Name the way in which files are read, by its Python code, its .txt tables and its libraries."""
    digest = hashlib.sha256()
    beside = [Path(str(module.__file__)) for module in (dates, folding, word_lists)]
    own = [*beside, *Path(articles.__path__[0]).rglob("*.py"), *TABLES.glob("*.txt")]
    for path in sorted(own):
        digest.update(path.read_bytes())
    digest.update(unicodedata.unidata_version.encode())
    for library in _LIBRARIES:
        with suppress(PackageNotFoundError):
            digest.update(f"{library} {version(library)}".encode())
    return digest.hexdigest()[:16]
