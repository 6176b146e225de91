"""Which files of a folder hold articles?

A walk in the order of the relative paths, so that two builds of the same folder see the same
articles in the same order. Hidden files and folders are passed over; everything else that will
not be read is reported, because a person who points at a folder of .pdf must learn that they are not in
the index.

Links: a link to a file is read under the link's name; a link to a folder is followed only where
that folder is not read at another place, so that no link can make a loop or an article come twice.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.articles.article import Reject
from index.articles.encoding import clean, decode
from index.articles.formats import reader_of, system_reason, unknown_format
from index.articles.source_file import NO_FILE, SourceFile, Stamp
from index.errors import InvalidInput


def find_sources(
    folder: Path, others: Sequence[Path] = (), index: Path | None = None
) -> Iterator[SourceFile | Reject]:
    """Return the files of a folder and of those inside it, in the order of their relative paths.

    No link is followed into the `others`, which are read as well. The folder of the `index` is skipped.

    Raises: InvalidInput, at once, when the folder is not one.
    """
    if not folder.exists():
        raise InvalidInput(
            f"Le dossier « {folder} » n’existe pas : donner le dossier qui contient les articles."
        )
    if not folder.is_dir():
        raise InvalidInput(f"« {folder} » n’est pas un dossier : donner celui qui contient ce fichier.")
    return _walk(folder, others, index and index.resolve())


def _walk(root: Path, others: Sequence[Path], index: Path | None) -> Iterator[SourceFile | Reject]:
    # The real paths of all folders whose content is read under their own names.
    followed = [folder.resolve() for folder in (root, *others)]
    pending = _listed(root, "")  # a stack, not recursion: folders may be nested deeper than Python's calls
    while pending:
        item = pending.pop()
        if isinstance(item, Reject):
            yield item
            continue
        entry, name = item
        if not _is_folder(entry):
            yield _file(entry, name)
        elif Path(entry.path).resolve() == index:
            continue
        elif not entry.is_symlink():
            pending += _listed(Path(entry.path), name + "/")
        elif _overlaps(target := Path(entry.path).resolve(), followed):
            yield Reject(name, "lien vers un dossier déjà parcouru ou qui contient celui-ci")
        else:
            followed.append(target)
            pending += _listed(Path(entry.path), name + "/")


def _listed(folder: Path, prefix: str) -> list[tuple[os.DirEntry[str], str] | Reject]:
    """Return what a folder holds besides hidden files, with relative paths, the last of them first."""
    try:
        with os.scandir(folder) as scan:
            entries = [entry for entry in scan if not entry.name.startswith(".")]
    except OSError as error:
        return [Reject(prefix.rstrip("/") or _shown(folder.name), system_reason(error), unread=True)]
    # A folder sorts by its name with "/", as its files' paths do: "a-b.txt" < "a.txt" < "a/b.txt".
    entries.sort(key=lambda entry: entry.name + ("/" if _is_folder(entry) else ""), reverse=True)
    return [(entry, prefix + _shown(entry.name)) for entry in entries]


def _file(entry: os.DirEntry[str], name: str) -> SourceFile | Reject:
    if reader_of(name) is None:
        return unknown_format(name)
    try:
        status = entry.stat()
    except FileNotFoundError:
        return Reject(name, "lien rompu : le fichier qu’il désigne n’existe pas")
    except OSError as error:
        return Reject(name, system_reason(error), unread=True)
    if not stat.S_ISREG(status.st_mode):
        return Reject(name, NO_FILE)  # reading a pipe would wait for ever
    stamp = Stamp(status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
    return SourceFile(Path(entry.path), name, status.st_size, stamp)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link to itself; `_file` says so


def _overlaps(target: Path, followed: list[Path]) -> bool:
    return any(target.is_relative_to(known) or known.is_relative_to(target) for known in followed)


def _shown(name: str) -> str:
    """Return a name that can be printed and encoded, whatever its bytes: identifiers are made of it."""
    return clean(decode(os.fsencode(name))).replace("\n", " ").replace("\t", " ")
