"""How do arrays lie in a file?

The container of every segment: named arrays one after the other, each at a multiple of 64 bytes, and
behind them a directory that says where each lies. It is written from front to back in one pass, each
array in any number of pieces, so that nothing has to fit in memory; it is mapped to be read, so that
opening it only reads the directory, and processes share the pages.

    header      "DEPECHE\\0", version (u32), zero (u32)
    sections    the arrays, little-endian, zeros between them
    directory   UTF-8 JSON: {"meta": {...}, "sections": {name: [dtype, items, offset, crc32]}}
    footer      offset of the directory (u64), its bytes (u32), its crc32 (u32), "DEPECHE\\0"

docs/index-format.md works an example out, byte by byte.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from index.errors import WAY_BACK, IndexDamaged, IndexOutdated

VERSION = 1
_MAGIC = b"DEPECHE\0"
_HEADER = struct.Struct("<8sII")
_FOOTER = struct.Struct("<QII8s")
_ALIGNMENT = 64  # a cache line, and a multiple of every item size
_UNSIGNED = (np.uint8, np.uint16, np.uint32, np.uint64)

Array = npt.NDArray[Any]


def smallest(values: Array, largest: int | None = None) -> Array:
    """Give non-negative integers in the narrowest unsigned type that holds the largest of them."""
    if largest is None:
        largest = int(values.max()) if len(values) else 0
    return values.astype(next(kind for kind in _UNSIGNED if largest <= np.iinfo(kind).max))


class SectionsWriter:
    """Writes one file of sections; a context manager. What fails leaves no file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO = path.open("xb")
        self._file.write(_HEADER.pack(_MAGIC, VERSION, 0))
        self._directory: dict[str, tuple[str, int, int, int]] = {}
        self.meta: dict[str, Any] = {}

    def write(self, name: str, array: Array) -> None:
        """Write one whole array, (n,)."""
        self.write_pieces(name, array.dtype, (array,))

    def write_pieces(self, name: str, dtype: npt.DTypeLike, pieces: Iterable[Array | bytes]) -> None:
        """Write one array in pieces, in order."""
        if name in self._directory:
            raise ValueError(f"section {name} is written twice")
        kind = np.dtype(dtype).newbyteorder("<")
        self._file.write(bytes(-self._file.tell() % _ALIGNMENT))
        offset = self._file.tell()
        checksum = 0
        for piece in pieces:
            data = piece if isinstance(piece, bytes) else np.ascontiguousarray(piece, dtype=kind).data
            checksum = zlib.crc32(data, checksum)
            self._file.write(data)
        items = (self._file.tell() - offset) // kind.itemsize
        self._directory[name] = (kind.str, items, offset, checksum)

    def __enter__(self) -> SectionsWriter:
        """Begin a file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write the directory, or remove what was begun."""
        whole = False
        try:
            with self._file:
                if error is None:
                    self._finish()
            whole = error is None
        finally:
            if not whole:
                os.unlink(self._path)

    def _finish(self) -> None:
        directory = json.dumps(
            {"meta": self.meta, "sections": self._directory}, sort_keys=True, separators=(",", ":")
        ).encode()
        self._file.write(bytes(-self._file.tell() % _ALIGNMENT))
        offset = self._file.tell()
        self._file.write(directory)
        self._file.write(_FOOTER.pack(offset, len(directory), zlib.crc32(directory), _MAGIC))


class Sections(Mapping[str, Array]):
    """The arrays of one file, mapped into memory, read-only; the mapping lives as long as one is held.

    Raises: IndexDamaged when the file is not one of sections, or is cut short; IndexOutdated when another
    version of Dépêche wrote it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:  # an empty file
                raise self._damaged("fichier vide") from error
        with self._reading():
            magic, version, zero = _HEADER.unpack_from(self._map, 0)
            offset, size, checksum, end = _FOOTER.unpack_from(self._map, len(self._map) - _FOOTER.size)
            if (magic, end, zero) != (_MAGIC, _MAGIC, 0):
                raise ValueError("not a file of sections")
            if version != VERSION:
                raise IndexOutdated(
                    f"{path} : fichier d’une autre version ({version}, attendu {VERSION}) ; "
                    "reconstruisez l’index : depeche rebuild"
                )
            directory = self._map[offset : offset + size]
            if zlib.crc32(directory) != checksum:
                raise ValueError("the directory is not what was written")
            content = json.loads(directory)
            self._directory: dict[str, tuple[str, int, int, int]] = content["sections"]
            self.meta: dict[str, Any] = content["meta"]

    def __getitem__(self, name: str) -> Array:
        """Give an array, (n,)."""
        kind, items, offset, _ = self._directory[name]
        with self._reading():
            return np.frombuffer(self._map, dtype=kind, count=items, offset=offset)

    def __iter__(self) -> Iterator[str]:
        """Name the sections, in order."""
        return iter(self._directory)

    def __len__(self) -> int:
        """Count the sections."""
        return len(self._directory)

    def problems(self, names: Iterable[str] | None = None) -> Iterator[str]:
        """Read sections, by default all, and name those that are not what was written."""
        for name in self if names is None else names:
            if zlib.crc32(self[name].data) != self._directory[name][3]:
                yield f"{self.path.name} : section « {name} » altérée (somme de contrôle différente)"

    def require_sound(self, names: Iterable[str] | None = None) -> None:
        """Read sections, by default all. Raises: IndexDamaged when one is not what was written."""
        for problem in self.problems(names):
            raise self._damaged(problem)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (struct.error, ValueError, KeyError, TypeError) as error:
            raise self._damaged("contenu illisible ou altéré") from error

    def _damaged(self, found: str) -> IndexDamaged:
        return IndexDamaged(f"{self.path} : {found} ; {WAY_BACK}")
