"""What does a generation say of itself?

`manifest.json` stands in the folder of each generation and is written last. It names what wrote the
generation (format, schema, analysis), what is in it (articles, bytes of text, the folders they came
from) and every one of its files with size and SHA-256. Its own `checksum` is the SHA-256 of all the
rest. A generation without a whole manifest does not exist as far as a reader is concerned.
docs/index-format.md shows one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import WAY_BACK, IndexDamaged, IndexOutdated, IndexUnreadable
from index.fingerprint import analysis_fingerprint
from index.schema import schema_fingerprint

FORMAT = 2
FILE_NAME = "manifest.json"
_BYTES_OF_PATHS = "surrogateescape"  # the name of a folder is bytes that need not be UTF-8
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileSeal:
    """The size and the SHA-256 of one file of a generation."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is. `built_at` is UTC, ISO 8601; `text_bytes` counts the zones in UTF-8."""

    format: int
    schema: str
    analysis: str
    built_at: str
    articles: int
    text_bytes: int
    folders: tuple[str, ...]
    files: Mapping[str, FileSeal]

    @property
    def size_bytes(self) -> int:
        """Bytes of all files of the generation."""
        return sum(seal.size_bytes for seal in self.files.values())


def edition(name: str, manifest: Manifest) -> str:
    """Name a generation by its number and a checksum of its manifest.

    The number is not enough: an index that was deleted and rebuilt uses the same ones again.
    """
    return f"{name} {_checksum(asdict(manifest))[:16]}"


def seal(path: Path) -> FileSeal:
    """Measure one file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return FileSeal(path.stat().st_size, digest.hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a generation."""
    content = asdict(manifest)
    content["checksum"] = _checksum(content)
    written = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / FILE_NAME).write_text(written + "\n", encoding="utf-8", errors=_BYTES_OF_PATHS)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a generation.

    Raises:
        IndexDamaged: there is no such generation, or no manifest, or it is not what was written.
        IndexUnreadable: this process has no right to read it.
        IndexOutdated: another version of Dépêche wrote this generation.
    """
    path = folder / FILE_NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8", errors=_BYTES_OF_PATHS))
        _require(folder, "format", content["format"], FORMAT)  # first: another format may differ in all else
        if content.pop("checksum") != _checksum(content):
            raise ValueError("the checksum is not that of the content")
        content["folders"] = tuple(content["folders"])
        content["files"] = {name: FileSeal(**seal) for name, seal in content["files"].items()}
        manifest = Manifest(**content)
    except PermissionError as error:
        raise unreadable(path) from error
    except FileNotFoundError as error:
        missing = f"{path} : manifeste absent" if folder.is_dir() else f"{folder} : génération absente"
        raise IndexDamaged(f"{missing} ; {WAY_BACK}") from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IndexDamaged(f"{path} : manifeste illisible ou altéré ; {WAY_BACK}") from error
    _require(folder, "schéma", manifest.schema, schema_fingerprint())
    _require(folder, "analyse", manifest.analysis, analysis_fingerprint())
    return manifest


def read_folders(folder: Path) -> tuple[str, ...]:
    """Read which folders a generation was made of, whatever version wrote it; none if it does not say.

    Raises: IndexUnreadable when this process has no right to read it.
    """
    try:
        content = json.loads((folder / FILE_NAME).read_text(encoding="utf-8", errors=_BYTES_OF_PATHS))
        folders = content["folders"]
        return (
            tuple(folders) if isinstance(folders, list) and all(isinstance(f, str) for f in folders) else ()
        )
    except PermissionError as error:
        raise unreadable(folder / FILE_NAME) from error
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ()


def unreadable(path: Path) -> IndexUnreadable:
    """Say that a file of an index may not be read."""
    return IndexUnreadable(
        f"{path} : droits insuffisants pour le lire ; "
        "donnez à l’utilisateur de ce processus le droit de lire l’index"
    )


def _checksum(content: dict[str, Any]) -> str:
    """Hash a manifest without its checksum, written without spaces, keys sorted, in ASCII."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _require(folder: Path, what: str, found: object, expected: object) -> None:
    if found != expected:
        raise IndexOutdated(
            f"{folder} : index d’une autre version ({what} {found}, attendu {expected}) ; "
            "reconstruisez-le : depeche rebuild"
        )
