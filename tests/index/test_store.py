"""Which generation is in service, which are kept, and what is said where there is none?"""

from __future__ import annotations

import errno
import io
import os
import shutil
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from index import manifest as manifests
from index import store
from index.building import rebuild, update
from index.errors import (
    DepecheError,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    IndexUnreadable,
    InvalidInput,
)

WriteArticles = Callable[[Path, Mapping[str, str]], Path]
ReadTitles = Callable[[Path], dict[str, str]]

GREVE_ENDED = "La grève des cheminots est finie\n\nLes cheminots ont repris le travail mercredi matin.\n"
TITLE_BEFORE, TITLE_AFTER = "La grève des cheminots se poursuit", "La grève des cheminots est finie"


def names(index_path: Path) -> list[str]:
    return sorted(path.name for path in (index_path / "generations").iterdir())


def one_line(error: DepecheError) -> str:
    message = str(error)
    assert "\n" not in message
    return message


# What is on the disk


def test_a_build_leaves_one_generation_and_nothing_else(index_path: Path) -> None:
    everything = sorted(path.name for path in index_path.iterdir())
    assert everything == ["CURRENT", "files.json", "generations", "writer.lock"]
    assert (index_path / "CURRENT").read_bytes() == b"000001\n"
    assert names(index_path) == ["000001"]
    generation = store.open_generation(index_path)
    assert (generation.name, generation.path) == ("000001", index_path / "generations" / "000001")
    found = {path.name for path in generation.path.iterdir()}
    assert found - {"MAIN_WRITELOCK"} == {"manifest.json", *generation.manifest.files}
    assert store.check(index_path) == ()


def test_every_build_is_a_new_generation_and_the_last_three_are_kept(index_path: Path, folder: Path) -> None:
    assert store.KEPT_GENERATIONS == 3
    seen = ["000001"] + [rebuild(index_path, [folder]).generation for _ in range(4)]
    assert seen == ["000001", "000002", "000003", "000004", "000005"]
    assert names(index_path) == seen[-3:]
    assert store.current_name(index_path) == "000005"


def test_a_generation_is_never_changed_once_it_has_its_name(
    index_path: Path, folder: Path, write_articles: WriteArticles
) -> None:
    first = store.open_generation(index_path)
    before = {path.name: path.read_bytes() for path in first.path.iterdir()}
    for text in (GREVE_ENDED, GREVE_ENDED.replace("mercredi", "jeudi")):
        write_articles(folder, {"greve": text})
        update(index_path)
    assert {path.name: path.read_bytes() for path in first.path.iterdir()} == before


def test_the_stamp_changes_with_every_generation(index_path: Path, folder: Path) -> None:
    stamps = [store.pointer_stamp(index_path)]
    assert store.pointer_stamp(index_path) == stamps[0]
    for _ in range(3):
        rebuild(index_path, [folder])
        stamps.append(store.pointer_stamp(index_path))
    store.rollback(index_path)
    stamps.append(store.pointer_stamp(index_path))
    assert all(before != after for before, after in pairwise(stamps))


def test_where_there_is_no_index_the_stamp_says_so(tmp_path: Path) -> None:
    assert store.pointer_stamp(tmp_path) == (0, 0)


def test_generations_are_numbered_past_the_millionth(index_path: Path, folder: Path) -> None:
    generations = index_path / "generations"
    (generations / "000001").rename(generations / "999999")
    (index_path / "CURRENT").write_text("999999\n")
    assert rebuild(index_path, [folder]).generation == "1000000"
    assert rebuild(index_path, [folder]).generation == "1000001"
    assert store.rollback(index_path) == "1000000"
    assert store.rollback(index_path) == "999999"


# The pointer


def nothing(index_path: Path) -> None:
    shutil.rmtree(index_path)


def a_file_in_its_place(index_path: Path) -> None:
    shutil.rmtree(index_path)
    index_path.write_text("une note")


def no_pointer(index_path: Path) -> None:
    (index_path / "CURRENT").unlink()


def pointer_of(content: bytes) -> Callable[[Path], None]:
    def write(index_path: Path) -> None:
        (index_path / "CURRENT").write_bytes(content)

    return write


@pytest.mark.parametrize("damage", [nothing, a_file_in_its_place, no_pointer])
def test_without_a_pointer_there_is_no_index(index_path: Path, damage: Callable[[Path], None]) -> None:
    damage(index_path)
    for use in (store.current_name, store.open_generation, store.check, store.rollback, update):
        with pytest.raises(IndexMissing, match="construisez-le : depeche rebuild") as raised:
            use(index_path)
        assert str(index_path) in one_line(raised.value)


BAD_POINTERS = {
    "empty": pointer_of(b""),
    "a path": pointer_of(b"../../etc\n"),
    "too short a name": pointer_of(b"7\n"),
    "two names": pointer_of(b"000001\n000002\n"),
    "not ASCII": pointer_of("000001é\n".encode()),
    "zeros of a lost block": pointer_of(bytes(7)),
}


@pytest.mark.parametrize("damage", BAD_POINTERS.values(), ids=BAD_POINTERS)
def test_a_pointer_that_names_nothing_is_damage_that_a_rebuild_mends(
    index_path: Path, folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(index_path)
    for use in (store.current_name, store.check, store.rollback, update):
        with pytest.raises(IndexDamaged, match="depeche rebuild") as raised:
            use(index_path)
        one_line(raised.value)
    assert rebuild(index_path, [folder]).generation == "000002"
    assert store.check(index_path) == ()


def test_a_pointer_that_cannot_be_read_is_damage(index_path: Path) -> None:
    (index_path / "CURRENT").unlink()
    (index_path / "CURRENT").mkdir()
    with pytest.raises(IndexDamaged, match="ne nomme pas une génération"):
        store.current_name(index_path)


def test_a_generation_that_is_not_there_is_damage_that_a_rollback_mends(
    index_path: Path, folder: Path
) -> None:
    rebuild(index_path, [folder])
    shutil.rmtree(index_path / "generations" / "000002")
    with pytest.raises(IndexDamaged, match=r"000002 : génération absente ; .*depeche rollback"):
        store.open_generation(index_path)
    assert store.rollback(index_path) == "000001"
    assert store.check(index_path) == ()


def test_where_a_rollback_cannot_help_only_a_rebuild_is_advised(index_path: Path, folder: Path) -> None:
    rebuild(index_path, [folder])
    for generation in (index_path / "generations").iterdir():
        next(generation.glob("*.depeche")).write_bytes(b"")
    with pytest.raises(IndexDamaged, match="depeche rebuild") as raised:
        store.rollback(index_path)
    assert "depeche rollback" not in one_line(raised.value)


def test_the_folders_of_an_earlier_generation_are_not_taken_for_those_of_the_index(
    index_path: Path, folder: Path, write_articles: WriteArticles, tmp_path: Path
) -> None:
    other = write_articles(tmp_path / "autre", {"un": "Un autre dossier"})
    rebuild(index_path, [folder])
    rebuild(index_path, [other])
    assert store.folders_of(index_path) == (other,)
    current = index_path / "generations" / store.current_name(index_path)
    (current / "manifest.json").write_text("{")
    with pytest.raises(InvalidInput, match="nommez-les"):
        store.folders_of(index_path)
    shutil.rmtree(current)
    with pytest.raises(InvalidInput, match="nommez-les"):
        store.folders_of(index_path)
    assert store.folders_of(tmp_path / "rien") == ()


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_text("{")])
def test_a_rollback_to_a_damaged_manifest_does_not_advise_a_rollback(
    index_path: Path, folder: Path, damage: Callable[[Path], object]
) -> None:
    rebuild(index_path, [folder])
    damage(index_path / "generations" / "000001" / "manifest.json")
    with pytest.raises(IndexDamaged, match="depeche rebuild") as raised:
        store.rollback(index_path)
    assert "depeche rollback" not in one_line(raised.value)


@pytest.mark.parametrize("refused", ["CURRENT", "manifest.json", ".toc", ".depeche"])
def test_what_may_not_be_read_is_not_called_damaged(
    index_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    really_open = io.open

    def refuse(place: object, *rest: Any, **named: Any) -> Any:  # root may read everything
        if str(place).endswith(refused):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))
        return really_open(place, *rest, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(io, "open", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(IndexUnreadable, match="droits insuffisants") as raised:
        store.count_documents(store.open_generation(index_path))
    assert "rebuild" not in one_line(raised.value)


@pytest.mark.parametrize("use", [store.rollback, update, store.check])
def test_where_there_is_no_index_none_is_begun(tmp_path: Path, use: Callable[[Path], object]) -> None:
    with pytest.raises(IndexMissing):
        use(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()


# Places that cannot be written to


def test_an_index_cannot_be_built_in_a_file(tmp_path: Path, folder: Path) -> None:
    place = tmp_path / "note"
    place.write_text("une note")
    for index_path in (place, place / "index"):
        with pytest.raises(InvalidInput, match=r"c’est un fichier.*--index") as raised:
            rebuild(index_path, [folder])
        assert str(index_path) in one_line(raised.value)
    assert place.read_text() == "une note"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to a read-only folder")
def test_an_index_cannot_be_built_in_a_read_only_folder(tmp_path: Path, folder: Path) -> None:
    place = tmp_path / "fermé"
    place.mkdir()
    place.chmod(0o555)
    try:
        with pytest.raises(InvalidInput, match="droits insuffisants"):
            rebuild(place / "index", [folder])
    finally:
        place.chmod(0o755)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "droits insuffisants"),
        (errno.EROFS, "système de fichiers en lecture seule"),
        (errno.ENOSPC, "plus de place sur le disque"),
        (errno.EMLINK, f"erreur système {errno.EMLINK}"),
    ],
)
def test_the_reason_why_nothing_can_be_written_is_french(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(InvalidInput) as raised:
        rebuild(tmp_path / "index", [folder])
    assert f"impossible d’y écrire un index ({said})" in one_line(raised.value)


# Rollback


def test_rollback_goes_back_one_generation_at_a_time(
    index_path: Path, folder: Path, write_articles: WriteArticles, read_titles: ReadTitles
) -> None:
    write_articles(folder, {"greve": GREVE_ENDED})
    update(index_path)
    (folder / "reelu.txt").unlink()
    update(index_path)
    assert store.current_name(index_path) == "000003"
    assert sorted(read_titles(index_path)) == ["dossier/marche", "greve"]

    assert store.rollback(index_path) == "000002"
    assert sorted(read_titles(index_path)) == ["dossier/marche", "greve", "reelu"]
    assert read_titles(index_path)["greve"] == TITLE_AFTER

    assert store.rollback(index_path) == "000001"
    assert read_titles(index_path)["greve"] == TITLE_BEFORE

    with pytest.raises(InvalidInput, match="aucune génération avant 000001") as raised:
        store.rollback(index_path)
    one_line(raised.value)
    assert store.current_name(index_path) == "000001"
    assert store.check(index_path) == ()


def test_rollback_does_not_return_to_what_was_rolled_back_from(index_path: Path, folder: Path) -> None:
    rebuild(index_path, [folder])
    bad = rebuild(index_path, [folder]).generation
    assert store.rollback(index_path) == "000002"
    assert names(index_path) == ["000001", "000002", bad]  # a search that is under way may still read it
    assert rebuild(index_path, [folder]).generation == "000004"  # and its number is not given again
    assert names(index_path) == ["000001", "000002", "000004"]
    assert store.rollback(index_path) == "000002"


def test_rollback_refuses_a_damaged_generation(index_path: Path, folder: Path) -> None:
    old = store.open_generation(index_path)
    rebuild(index_path, [folder])
    segment = next(old.path.glob("*.depeche"))
    segment.write_bytes(segment.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=rf"{segment.name} : \d+ octets, attendu \d+ ; .*depeche rebuild"):
        store.rollback(index_path)
    assert store.current_name(index_path) == "000002"


def test_rollback_refuses_a_generation_of_another_version(
    index_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(index_path, [folder])
    monkeypatch.setattr(manifests, "analysis_fingerprint", lambda: "0123456789abcdef")
    with pytest.raises(IndexOutdated):
        store.rollback(index_path)
    assert store.current_name(index_path) == "000002"
