"""Is every damaged file of an index found, named and kept out of the next generation?"""

from __future__ import annotations

import errno
import json
import os
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import manifest as manifests
from index import store, tiers
from index.building import rebuild, update
from index.codec.whoosh_codec import read_toc
from index.errors import IndexDamaged, IndexUnreadable
from index.schema import schema
from search.snapshot import Snapshot

# Whoosh leaves a table of contents open that it cannot read.
LEFT_OPEN = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
PATTERNS = ("*.depeche", "*.toc")
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


@LEFT_OPEN
@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(("damage", "said"), DAMAGES.items(), ids=[damage.__name__ for damage in DAMAGES])
def test_damage_is_found_and_no_update_makes_it_look_sound(
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
    if said_by_update := refusal(lambda: update(index_path)):
        assert "depeche rebuild" in said_by_update
        assert str(index_path) in said_by_update
        assert store.current_name(index_path) == "000001"
    else:  # it did not have to read what is damaged: the file goes on, and so does its seal
        assert store.current_name(index_path) == "000002"
        assert store.check(index_path) == (problem,)
    rebuild(index_path, [folder])
    assert store.check(index_path) == ()


@LEFT_OPEN
def test_a_table_of_contents_that_was_altered_is_no_base_for_a_search_or_an_update(
    index_path: Path, folder: Path, write_articles: WriteArticles
) -> None:
    (folder / "greve.txt").unlink()
    update(index_path)  # one document is deleted now, which the table of contents alone says
    write_articles(folder, {"neuf": GREVE_ENDED})
    generation = store.open_generation(index_path)
    toc = generation.path / "_MAIN_1.toc"
    content = toc.read_bytes()
    expected = told(generation.path)
    altered = 0
    for at in range(len(content)):
        toc.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with suppress(IndexDamaged):
            if told(generation.path) != expected:
                altered += 1
                assert refusal(lambda: Snapshot(generation)), f"byte {at} went unnoticed"
                assert refusal(lambda: update(index_path)), f"byte {at} went unnoticed"
    assert altered  # otherwise nothing was shown
    toc.write_bytes(content)
    assert update(index_path).added == 1


def told(folder: Path) -> list[dict[str, object]]:
    """Give what a table of contents says of the segments."""
    try:
        return [vars(each) for each in read_toc(folder, schema())]
    except Exception as error:  # Whoosh unpickles: damaged bytes may raise anything
        raise IndexDamaged from error


def test_a_damaged_segment_is_never_merged(
    index_path: Path, folder: Path, write_articles: WriteArticles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiers, "FANOUT", 2)
    path = next((index_path / "generations" / "000001").glob("*.depeche"))
    content = path.read_bytes()
    directory = json.loads(content[slice(*directory_of(content))])["sections"]
    write_articles(folder, {"neuf": GREVE_ENDED})
    sections = {name: place for name, place in directory.items() if place[1]}
    assert {"text/records", "text_forms/records", "articles", "column/content"} <= set(sections)
    for name, (kind, items, offset, _) in sections.items():
        at = offset + items * np.dtype(kind).itemsize // 2
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        said = refusal(lambda: update(index_path))
        assert f"« {name} » altérée" in said, f"{name}: {said}"
        assert store.current_name(index_path) == "000001"
    path.write_bytes(content)
    assert update(index_path).generation == "000002"
    assert len(list((index_path / "generations" / "000002").glob("*.depeche"))) == 1


def directory_of(content: bytes) -> tuple[int, int]:
    """Give where the directory of a segment starts and ends."""
    offset, size = struct.unpack_from("<QI", content, len(content) - 24)
    return offset, offset + size


def refusal(action: Callable[[], object]) -> str:
    """Give what an action says that finds damage, or nothing where it goes through."""
    try:
        action()
    except IndexDamaged as error:
        said = str(error)
    else:
        return ""
    assert "\n" not in said
    return said


def test_check_names_every_damaged_file(index_path: Path) -> None:
    generation = store.open_generation(index_path)
    for name in generation.manifest.files:
        cut(generation.path / name)
    assert len(store.check(index_path)) == len(generation.manifest.files) >= 2


def test_check_says_why_a_file_cannot_be_read(index_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(number: int) -> None:
        def seal(path: Path) -> None:
            raise OSError(number, os.strerror(number), str(path))

        monkeypatch.setattr(manifests, "seal", seal)

    refuse(errno.EIO)
    problems = store.check(index_path)
    assert problems
    assert all(" : illisible (" in problem for problem in problems)
    refuse(errno.EACCES)  # it may be sound: nobody should go back, or build it again
    with pytest.raises(IndexUnreadable, match="le droit de lire"):
        store.check(index_path)


def test_check_counts_the_articles(index_path: Path) -> None:
    generation = store.open_generation(index_path)
    manifests.write_manifest(generation.path, replace(generation.manifest, articles=4))
    assert store.check(index_path) == ("3 articles, attendu 4",)


@LEFT_OPEN
@pytest.mark.parametrize("content", [b"", b"\x80\x04.", bytes(4000), b"whoosh" * 100], ids=len)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_files_that_cannot_be_read_are_damage_whatever_is_raised(
    index_path: Path, pattern: str, content: bytes
) -> None:
    generation = store.open_generation(index_path)
    next(generation.path.glob(pattern)).write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"illisible|fichier vide|altéré"):
        store.count_documents(generation)
