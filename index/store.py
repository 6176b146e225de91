"""How is an index replaced while it is being searched?

    .depeche/
        CURRENT                 the name of the generation in service, one line
        files.json              which files an update need not read again (index.unchanged)
        writer.lock             held by the one process that writes
        generations/
            000007/             a whole Whoosh index and its manifest.json
            000008/
            building-000009/    being written; nobody reads it

A writer fills `building-N`, seals it with a manifest, flushes every file to the disk, renames the
folder to `N` and only then replaces CURRENT, in one atomic rename. Whoever reads CURRENT therefore
finds a whole generation, whatever moment the writer was killed at. A generation is never changed
once it has its name: an update makes a new one that shares the unchanged files by hard link.

No number is used twice while the index is there, so a name stands for one content (an index built anew
starts again: `manifest.edition`). A generation newer than the one in service was rolled back from, or its
writer died before CURRENT named it: nothing goes back to it, and the next one that is published removes it.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from index import manifest as manifests
from index.codec.segment import Segment
from index.codec.whoosh_codec import ArraySegment, read_toc, write_toc
from index.errors import TO_REBUILD, WAY_BACK, IndexBusy, IndexDamaged, IndexMissing, InvalidInput
from index.manifest import FileSeal, Manifest
from index.schema import schema

KEPT_GENERATIONS = 3  # the one in service and two to roll back to
_POINTER = "CURRENT"
_GENERATIONS = "generations"
_NAME = re.compile(r"\d{6,}")
_BUILDING = "building-"


_FULL = (errno.ENOSPC, errno.EDQUOT)
_REFUSALS = {
    errno.EACCES: "droits insuffisants",
    errno.EPERM: "droits insuffisants",
    errno.EROFS: "système de fichiers en lecture seule",
    errno.ENOSPC: "plus de place sur le disque",
    errno.EEXIST: "c’est un fichier",
    errno.ENOTDIR: "c’est un fichier",
}


class Generation(NamedTuple):
    """One whole index on disk."""

    name: str
    path: Path
    manifest: Manifest


def current_name(index_path: Path) -> str:
    """Read the name of the generation in service.

    Raises:
        IndexMissing: no index has been built here.
        IndexUnreadable: this process has no right to read the pointer.
        IndexDamaged: the pointer cannot be read, or does not hold a name.
    """
    try:
        name = (index_path / _POINTER).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(
            f"{index_path} : pas d’index ici ; construisez-le : depeche rebuild DOSSIER"
        ) from error
    except PermissionError as error:
        raise manifests.unreadable(index_path / _POINTER) from error
    except (OSError, ValueError):
        name = ""
    if not _NAME.fullmatch(name):
        raise IndexDamaged(f"{index_path / _POINTER} : ne nomme pas une génération ; {TO_REBUILD}")
    return name


def pointer_stamp(index_path: Path) -> tuple[int, int]:
    """Give a value that changes whenever another generation is put into service; costs one `stat`."""
    try:
        status = os.stat(os.path.join(index_path, _POINTER))  # twice a search: a Path takes longer to join
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_ino)


def open_generation(index_path: Path, name: str | None = None) -> Generation:
    """Describe a generation, by default the one in service.

    Raises:
        IndexMissing: no index has been built here.
        IndexDamaged: the generation is not there, or its manifest is unreadable.
        IndexOutdated: another version of Dépêche wrote it.
    """
    name = name or current_name(index_path)
    folder = index_path / _GENERATIONS / name
    return Generation(name, folder, manifests.read_manifest(folder))


def folders_of(index_path: Path) -> tuple[Path, ...]:
    """Give the folders of an index, even of one that is damaged or outdated; none where there is no index.

    Raises: InvalidInput where it does not say. An earlier generation may be of other folders.
    """
    names = _names(index_path) if (index_path / _GENERATIONS).is_dir() else []
    with suppress(IndexMissing, IndexDamaged):  # the last one, where the pointer is damaged
        names.append(current_name(index_path))
    if not names:
        return ()
    if not (folders := manifests.read_folders(index_path / _GENERATIONS / names[-1])):
        raise InvalidInput(
            f"{index_path} : cet index ne dit plus de quels dossiers il vient ; "
            "nommez-les : depeche rebuild DOSSIER"
        )
    return tuple(map(Path, folders))


def read_segments(generation: Generation) -> list[ArraySegment]:
    """Read which segments a generation has.

    Raises:
        IndexDamaged: the table of contents is not one of Whoosh, or not what the manifest says.
    """
    try:
        for name, expected in generation.manifest.files.items():
            if name.endswith(".toc") and manifests.seal(generation.path / name) != expected:
                raise IndexDamaged(f"{generation.path} : {name} : contenu altéré ; {WAY_BACK}")
        return read_toc(generation.path, schema())
    except IndexDamaged:
        raise
    except PermissionError as error:
        raise manifests.unreadable(generation.path) from error
    except Exception as error:  # Whoosh unpickles: damaged bytes may raise anything
        raise IndexDamaged(f"{generation.path} : index illisible ; {WAY_BACK}") from error


def write_segments(folder: Path, segments: Sequence[ArraySegment]) -> None:
    """Say of which segments a generation consists, where Whoosh looks for it."""
    write_toc(folder, schema(), segments)


@contextmanager
def writing(index_path: Path) -> Iterator[None]:
    """Be the only writer of this index until the block ends, however it ends.

    Raises:
        IndexBusy: another process is writing.
        InvalidInput: the index cannot be written to this place.
    """
    from filelock import FileLock, Timeout  # a search, which writes nothing, would wait 10 ms for it

    try:
        (index_path / _GENERATIONS).mkdir(parents=True, exist_ok=True)
        lock = FileLock(index_path / "writer.lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(
            f"{index_path} : une autre construction est en cours ; "
            "attendez qu’elle se termine, puis recommencez"
        ) from error
    except OSError as error:
        raise InvalidInput(
            f"{index_path} : impossible d’y écrire un index ({_refusal(error)}) ; "
            "choisissez un autre dossier : --index"
        ) from error
    try:
        _remove_unfinished(index_path)
        yield
    finally:
        lock.release()


@contextmanager
def building(index_path: Path) -> Iterator[Path]:
    """Give an empty folder in which to write the next generation; it is removed unless published.

    Call it inside `writing`.
    """
    folder = index_path / _GENERATIONS / f"{_BUILDING}{_next_number(index_path):06d}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def link_files(source: Generation, folder: Path) -> None:
    """Put the files of a generation into the folder of the next one, by hard link.

    No file is ever changed in place: what an update replaces is unlinked here and stays there.

    Raises:
        IndexDamaged: a file is not there.
    """
    for name, expected in source.manifest.files.items():
        try:
            os.link(source.path / name, folder / name)
        except OSError:  # a file system without hard links
            try:
                shutil.copy2(source.path / name, folder / name)
            except OSError as error:
                if error.errno in _FULL:  # which is not the file's fault
                    raise
                raise IndexDamaged(
                    f"{source.path / name} : illisible ({_refusal(error)}) ; {WAY_BACK}"
                ) from error
            if manifests.seal(folder / name) != expected:  # a copy would be sealed anew
                raise IndexDamaged(f"{source.path / name} : contenu altéré ; {WAY_BACK}") from None


def seal_files(folder: Path, inherited: Generation | None = None) -> dict[str, FileSeal]:
    """Flush every file of a generation to the disk and measure it.

    Files shared with `inherited` keep the measure that its manifest holds.
    """
    seals: dict[str, FileSeal] = {}
    for path in sorted(folder.iterdir()):
        if path.name == manifests.FILE_NAME:
            continue
        known = inherited.manifest.files.get(path.name) if inherited else None
        if inherited and known and path.samefile(inherited.path / path.name):
            seals[path.name] = known
            continue
        _flush(path)
        seals[path.name] = manifests.seal(path)
    return seals


def publish(index_path: Path, folder: Path, manifest: Manifest) -> str:
    """Put a finished generation into service and give its name.

    Everything is on the disk before CURRENT names it. Of the others, those that can be rolled back to
    stay: the last ones up to the one that was in service.
    """
    kept = _earlier(index_path)[::-1][: KEPT_GENERATIONS - 1]
    manifests.write_manifest(folder, manifest)
    _flush(folder / manifests.FILE_NAME)
    _flush(folder)
    name = generation_of(folder)
    os.rename(folder, folder.parent / name)
    _flush(folder.parent)
    _point_to(index_path, name)
    for old in _names(index_path):
        if old != name and old not in kept:
            shutil.rmtree(index_path / _GENERATIONS / old, ignore_errors=True)
    return name


def rollback(index_path: Path) -> str:
    """Put the generation before the current one back into service and give its name.

    Raises:
        IndexMissing: no index has been built here.
        InvalidInput: there is no earlier generation.
        IndexDamaged, IndexOutdated: the earlier generation cannot be used.
    """
    current_name(index_path)  # where there is no index, none is begun
    with writing(index_path):
        current = current_name(index_path)
        earlier = [name for name in _names(index_path) if int(name) < int(current)]
        if not earlier:
            raise InvalidInput(f"{index_path} : aucune génération avant {current} ; {TO_REBUILD}")
        try:
            target = open_generation(index_path, earlier[-1])
            if problems := problems_of(target):
                raise IndexDamaged(f"{target.path} : {problems[0]} ; {WAY_BACK}")
        except IndexDamaged as error:  # this was the way back
            raise IndexDamaged(str(error).replace(WAY_BACK, TO_REBUILD)) from error
        _point_to(index_path, target.name)
        return target.name


def check(index_path: Path) -> tuple[str, ...]:
    """Read the generation in service whole and say what is wrong with it; nothing if it is sound.

    Raises:
        IndexMissing, IndexDamaged, IndexOutdated: there is nothing that could be read.
        IndexUnreadable: some of it may not be read.
    """
    return problems_of(open_generation(index_path))


def problems_of(generation: Generation) -> tuple[str, ...]:
    """Compare a generation with its manifest: files, sizes, checksums, number of articles."""
    problems = []
    for name, expected in generation.manifest.files.items():
        path = generation.path / name
        if not path.is_file():
            problems.append(f"{name} : fichier absent")
            continue
        try:
            found = manifests.seal(path)
        except PermissionError as error:
            raise manifests.unreadable(path) from error
        except OSError as error:
            problems.append(f"{name} : illisible ({_refusal(error)})")
            continue
        if found.size_bytes != expected.size_bytes:
            problems.append(f"{name} : {found.size_bytes} octets, attendu {expected.size_bytes}")
        elif found.sha256 != expected.sha256:
            problems.append(f"{name} : contenu altéré (somme de contrôle différente)")
    if not problems:
        articles = count_documents(generation)
        if articles != generation.manifest.articles:
            problems.append(f"{articles} articles, attendu {generation.manifest.articles}")
    return tuple(problems)


def open_segment(folder: Path, segment: ArraySegment) -> Segment:
    """Open a segment of a generation.

    Raises:
        IndexDamaged: its file is missing, or is not the one of this segment.
    """
    try:
        opened = Segment(folder / segment.file_name())
    except PermissionError as error:
        raise manifests.unreadable(folder / segment.file_name()) from error
    except OSError as error:
        raise IndexDamaged(f"{folder} : index illisible ; {WAY_BACK}") from error
    if opened.documents != segment.documents:
        raise IndexDamaged(f"{folder} : {segment.file_name()} n’est pas le segment attendu ; {WAY_BACK}")
    return opened


def count_documents(generation: Generation) -> int:
    """Count the live documents of a generation, by opening all its segments.

    Raises:
        IndexDamaged: a file is missing or is not one of a segment.
    """
    segments = read_segments(generation)
    for segment in segments:
        open_segment(generation.path, segment)
    return sum(segment.documents - segment.deleted_count() for segment in segments)


def generation_of(folder: Path) -> str:
    """Give the name that a generation which is being written will have."""
    return folder.name.removeprefix(_BUILDING)


def _names(index_path: Path) -> list[str]:
    folder = index_path / _GENERATIONS
    return sorted((path.name for path in folder.iterdir() if _NAME.fullmatch(path.name)), key=int)


def _earlier(index_path: Path) -> list[str]:
    """Name the generations up to the one in service, in order."""
    names = _names(index_path)
    with suppress(IndexMissing, IndexDamaged):  # a first build, or the rebuild that mends a damaged pointer
        current = int(current_name(index_path))
        names = [name for name in names if int(name) <= current]
    return names


def _next_number(index_path: Path) -> int:
    return int((_names(index_path) or ["0"])[-1]) + 1


def _refusal(error: OSError) -> str:
    return _REFUSALS.get(error.errno or 0, f"erreur système {error.errno}")


def _remove_unfinished(index_path: Path) -> None:
    for path in (index_path / _GENERATIONS).iterdir():
        if path.name.startswith(_BUILDING):
            shutil.rmtree(path, ignore_errors=True)


def _point_to(index_path: Path, name: str) -> None:
    temporary = index_path / f"{_POINTER}.new"
    temporary.write_text(name + "\n", encoding="ascii")
    _flush(temporary)
    os.replace(temporary, index_path / _POINTER)
    _flush(index_path)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        try:
            os.fsync(descriptor)
        except OSError:
            if not path.is_dir():  # some file systems refuse to flush a folder; its rename is still atomic
                raise
    finally:
        os.close(descriptor)
