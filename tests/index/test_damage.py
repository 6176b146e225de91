"""Is every damaged file of an index found, named and kept out of the next generation?"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from index import manifest as manifests
from index import store
from index.building import rebuild, update
from index.errors import IndexDamaged

WriteArticles = Callable[[Path, Mapping[str, str]], Path]

GREVE_ENDED = "La grève des cheminots est finie\n\nLes cheminots ont repris le travail mercredi matin.\n"


def removed(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def lengthened(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def first_bit(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])


def last_bit(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def middle_zeroed(path: Path) -> None:
    content = path.read_bytes()
    at = len(content) // 2
    path.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = {
    removed: "fichier absent",
    emptied: "0 octets, attendu",
    cut: "octets, attendu",
    lengthened: "octets, attendu",
    first_bit: "contenu altéré",
    last_bit: "contenu altéré",
    middle_zeroed: "contenu altéré",
    made_a_folder: "fichier absent",
}


@pytest.mark.parametrize("pattern", ["*.seg", "*.toc"])
@pytest.mark.parametrize(("damage", "said"), DAMAGES.items(), ids=[damage.__name__ for damage in DAMAGES])
def test_check_finds_a_damaged_file_and_update_refuses_to_build_on_it(
    index_path: Path,
    folder: Path,
    write_articles: WriteArticles,
    pattern: str,
    damage: Callable[[Path], None],
    said: str,
) -> None:
    path = next((index_path / "generations" / "000001").glob(pattern))
    damage(path)
    (problem,) = store.check(index_path)
    assert problem.startswith(f"{path.name} : ")
    assert said in problem

    write_articles(folder, {"greve": GREVE_ENDED})
    with pytest.raises(IndexDamaged, match="depeche rebuild") as raised:
        update(index_path)
    assert path.name in str(raised.value)
    assert store.current_name(index_path) == "000001"
    rebuild(index_path, [folder])
    assert store.check(index_path) == ()


def test_check_names_every_damaged_file(index_path: Path) -> None:
    generation = store.open_generation(index_path)
    for name in generation.manifest.files:
        cut(generation.path / name)
    assert len(store.check(index_path)) == len(generation.manifest.files) >= 2


def test_check_says_why_a_file_cannot_be_read(index_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(manifests, "seal", refuse)
    problems = store.check(index_path)
    assert problems
    assert all(problem.endswith(" : illisible (droits insuffisants)") for problem in problems)


def test_check_counts_the_articles(index_path: Path) -> None:
    generation = store.open_generation(index_path)
    manifests.write_manifest(generation.path, replace(generation.manifest, articles=4))
    assert store.check(index_path) == ("3 articles, attendu 4",)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves them open
@pytest.mark.parametrize("content", [b"", b"\x80\x04.", bytes(4000), b"whoosh" * 100], ids=len)
@pytest.mark.parametrize("pattern", ["*.seg", "*.toc"])
def test_files_that_whoosh_cannot_read_are_damage_whatever_it_raises(
    index_path: Path, pattern: str, content: bytes
) -> None:
    generation = store.open_generation(index_path)
    next(generation.path.glob(pattern)).write_bytes(content)
    with pytest.raises(IndexDamaged, match="index illisible"):
        store.count_documents(generation.path)
