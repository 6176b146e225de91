"""Does the index hold what the folders hold, and does it stay as it was where they cannot be used?"""

from __future__ import annotations

import errno
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from index import building, reporting, store
from index.articles import Article, Reject
from index.building import rebuild, update
from index.errors import IndexDamaged, IndexOutdated, InvalidInput
from index.reporting import BuildReport, Progress
from index.schema import stored_form, text_bytes

WriteArticles = Callable[[Path, Mapping[str, str]], Path]
ReadTitles = Callable[[Path], dict[str, str]]

SEEDS = Path(__file__).parents[2] / "seeds"


def names(index_path: Path) -> list[str]:
    return sorted(path.name for path in (index_path / "generations").iterdir())


def page(
    title: str, text: str = "Un texte d’une phrase entière, assez longue pour être un paragraphe."
) -> str:
    return f"{title}\n\n{text}\n"


def changes(report: BuildReport) -> dict[str, int]:
    counted = ("articles", "added", "changed", "removed", "unchanged", "rejected")
    return {name: number for name in counted if (number := getattr(report, name))}


# Rebuilding


def test_the_sample_articles_are_all_indexed(tmp_path: Path, read_titles: ReadTitles) -> None:
    rejects: list[Reject] = []
    report = rebuild(tmp_path / "index", [SEEDS], on_reject=rejects.append)
    expected = sorted(path.stem for path in SEEDS.glob("*.txt"))
    assert sorted(read_titles(tmp_path / "index")) == expected
    assert changes(report) == {"articles": len(expected), "added": len(expected)}
    assert rejects == []
    manifest = store.open_generation(tmp_path / "index").manifest
    assert manifest.articles == len(expected)
    assert manifest.folders == (str(SEEDS.resolve()),)


def test_every_format_and_every_level_is_read(tmp_path: Path, read_titles: ReadTitles) -> None:
    folder = tmp_path / "articles"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "c.txt").write_text(page("Du texte"), encoding="utf-8")
    records = [{"id": "un", "title": "Un", "text": "Premier."}, {"title": "Deux", "text": "Second."}]
    (folder / "a" / "d.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    report = rebuild(tmp_path / "index", [folder])
    assert changes(report) == {"articles": 3, "added": 3}
    assert read_titles(tmp_path / "index") == {"a/b/c": "Du texte", "un": "Un", "a/d.jsonl#2": "Deux"}


def test_a_rebuild_forgets_what_was_there(
    index_path: Path, tmp_path: Path, write_articles: WriteArticles, read_titles: ReadTitles
) -> None:
    other = write_articles(tmp_path / "autres", {"seul": page("Seul article")})
    report = rebuild(index_path, [other])
    assert changes(report) == {"articles": 1, "added": 1}
    assert read_titles(index_path) == {"seul": "Seul article"}
    assert store.open_generation(index_path).manifest.folders == (str(other.resolve()),)


def test_of_two_articles_with_one_identifier_the_first_is_kept_and_the_other_rejected(
    tmp_path: Path, write_articles: WriteArticles, read_titles: ReadTitles
) -> None:
    one = write_articles(tmp_path / "un", {"a": page("Premier"), "b": page("Deuxième")})
    two = write_articles(tmp_path / "deux", {"b": page("Autre"), "c": page("Troisième")})
    rejects: list[Reject] = []
    report = rebuild(tmp_path / "index", [one, two], on_reject=rejects.append)
    assert changes(report) == {"articles": 3, "added": 3, "rejected": 1}
    assert read_titles(tmp_path / "index") == {"a": "Premier", "b": "Deuxième", "c": "Troisième"}
    assert [reject.place for reject in rejects] == [f"{two}/b.txt"]
    assert f"identifiant déjà pris : « b », dans {one}/b.txt ;" in rejects[0].reason
    assert "\n" not in rejects[0].reason


def test_nothing_is_removed_from_a_folder_that_cannot_be_read_whole(
    tmp_path: Path, write_articles: WriteArticles, monkeypatch: pytest.MonkeyPatch, read_titles: ReadTitles
) -> None:
    one = write_articles(
        tmp_path / "un", {"a": page("Premier"), "b": page("Deuxième"), "c": page("Troisième")}
    )
    two = write_articles(tmp_path / "deux", {"d": page("Quatrième"), "e": page("Cinquième")})
    index_path = tmp_path / "index"
    rebuild(index_path, [one, two])
    (one / "b.txt").unlink()
    (two / "d.txt").unlink()
    real_open = os.open

    def refuse(path: str | Path, *args: int, **others: int) -> int:
        if os.path.basename(path) == "c.txt":
            raise PermissionError(13, "Permission denied")
        return real_open(path, *args, **others)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        report = update(index_path)
    assert report.spared == (str(one.resolve()),)
    assert changes(report) == {"articles": 4, "removed": 1, "unchanged": 2, "rejected": 1}
    assert sorted(read_titles(index_path)) == ["a", "b", "c", "e"]
    report = update(index_path)
    assert (report.spared, report.removed) == ((), 1)
    assert sorted(read_titles(index_path)) == ["a", "c", "e"]


def test_an_identifier_that_is_taken_is_rejected_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    (folder / "archives").mkdir(parents=True)
    records = [{"id": name, "title": f"Titre {name}", "text": "Un mot."} for name in ("a", "b", "a")]
    path = folder / "archives" / "2019.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    for build in (rebuild, update):
        rejects: list[Reject] = []
        build(tmp_path / "index", [folder], on_reject=rejects.append)
        assert [reject.place for reject in rejects] == ["archives/2019.jsonl#3"]


def test_a_folder_given_twice_is_read_once(index_path: Path, folder: Path) -> None:
    (folder.parent / "lien").symlink_to(folder)
    report = rebuild(index_path, [folder, folder / ".", folder.parent / "lien"])
    assert changes(report) == {"articles": 3, "added": 3}
    assert store.open_generation(index_path).manifest.folders == (str(folder.resolve()),)


def test_a_folder_whose_name_is_no_text_is_indexed(
    tmp_path: Path, write_articles: WriteArticles, read_titles: ReadTitles
) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + "/journées".encode("latin-1")))
    try:
        write_articles(folder, {"a": page("Premier")})
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    index_path = tmp_path / "index"
    rebuild(index_path, [folder])
    assert changes(update(index_path)) == {"articles": 1, "unchanged": 1}
    write_articles(folder, {"b": page("Deuxième")})
    assert changes(update(index_path)) == {"articles": 2, "added": 1, "unchanged": 1}
    assert store.check(index_path) == ()


@pytest.mark.parametrize(
    "record",
    [
        {"id": "\ud800", "title": "Titre", "text": "Texte."},
        {"id": "x" * 70_000, "title": "Titre", "text": "Texte."},
        {"id": "a\u0000b", "title": "\u0000", "text": "\u0000 a\u0000b \udfff"},
        {"id": " ", "title": "", "text": "\u00ad \u200b mot \u0301 \ufeff"},
        {"id": 7, "title": "🙂", "text": "🙂🙂 \U000e0001"},
        {"id": "a", "title": "Titre", "text": "l'" * 5_000 + "a-b-" * 5_000 + "é" * 100_000},
        {"id": "a", "title": "T", "text": "mot", "source": "\ud800", "author": "\ud800", "date": "0000-00"},
        {"id": "a", "title": "T", "text": "mot", "source": "s" * 70_000},
    ],
    ids=lambda record: json.dumps(record)[:50],
)
def test_no_content_stops_a_build(tmp_path: Path, read_titles: ReadTitles, record: dict[str, object]) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    lines = [{"id": "avant", "title": "Avant", "text": "Un mot."}, record]
    lines.append({"id": "après", "title": "Après", "text": "Un autre."})
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="ascii")
    index_path = tmp_path / "index"
    report = rebuild(index_path, [folder])
    assert report.articles + report.rejected == 3
    assert {"avant", "après"} <= set(read_titles(index_path))
    assert store.check(index_path) == ()
    assert update(index_path).unchanged == report.articles


# Folders that cannot be used


def empty(folder: Path) -> None:
    folder.mkdir()


def only_rejects(folder: Path) -> None:
    folder.mkdir()
    (folder / "vide.txt").write_bytes(b"")
    (folder / "dépêche.pdf").write_bytes(b"%PDF")


def a_file(folder: Path) -> None:
    folder.write_text("une note")


def absent(folder: Path) -> None:
    pass


UNUSABLE = {
    empty: r"aucun article lisible \(0 rejeté\)",
    only_rejects: r"aucun article lisible \(2 rejetés\)",
    a_file: "est un fichier ; attendu un dossier d’articles",
    absent: "n’existe pas ; attendu un dossier d’articles",
}


@pytest.mark.parametrize("build", [rebuild, update])
@pytest.mark.parametrize(("make", "said"), UNUSABLE.items(), ids=[make.__name__ for make in UNUSABLE])
def test_a_folder_that_cannot_be_used_leaves_the_index_as_it_was(
    index_path: Path,
    tmp_path: Path,
    read_titles: ReadTitles,
    make: Callable[[Path], None],
    said: str,
    build: Callable[[Path, list[Path]], BuildReport],
) -> None:
    folder = tmp_path / "dossier"
    make(folder)
    before = read_titles(index_path)
    with pytest.raises(InvalidInput, match=said) as raised:
        build(index_path, [folder])
    assert str(folder) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert names(index_path) == ["000001"]
    assert read_titles(index_path) == before


def test_a_first_build_that_finds_nothing_leaves_no_index(tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    with pytest.raises(InvalidInput):
        rebuild(tmp_path / "index", [tmp_path / "vide"])
    assert not (tmp_path / "index" / "CURRENT").exists()
    assert names(tmp_path / "index") == []


def test_one_unusable_folder_among_others_stops_the_build(index_path: Path, folder: Path) -> None:
    with pytest.raises(InvalidInput, match="absent : n’existe pas"):
        rebuild(index_path, [folder, folder / "absent"])
    assert names(index_path) == ["000001"]


def test_a_folder_that_is_gone_does_not_empty_the_index(
    index_path: Path, folder: Path, read_titles: ReadTitles
) -> None:
    before = read_titles(index_path)
    folder.rename(folder.parent / "ailleurs")
    with pytest.raises(InvalidInput, match=f"{folder} : n’existe pas"):
        update(index_path)
    folder.mkdir()  # an empty mount point
    with pytest.raises(InvalidInput, match=r"aucun article lisible.*pas été touché.*depeche rebuild DOSSIER"):
        update(index_path)
    assert read_titles(index_path) == before
    assert names(index_path) == ["000001"]


# Updating


def test_where_nothing_changed_there_is_no_new_generation(index_path: Path, folder: Path) -> None:
    stamp = store.pointer_stamp(index_path)
    for folders in ([], [folder]):
        report = update(index_path, folders)
        assert report.generation == "000001"
        assert changes(report) == {"articles": 3, "unchanged": 3}
    assert store.pointer_stamp(index_path) == stamp
    assert names(index_path) == ["000001"]


def test_a_file_written_again_with_the_same_content_has_not_changed(index_path: Path, folder: Path) -> None:
    path = folder / "greve.txt"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)
    os.utime(path, (0, 0))
    assert update(index_path).generation == "000001"


def test_an_update_adds_changes_and_removes(
    index_path: Path, folder: Path, write_articles: WriteArticles, read_titles: ReadTitles
) -> None:
    write_articles(folder, {"neuf": page("Un article neuf"), "greve": page("La grève est finie")})
    (folder / "reelu.txt").unlink()
    report = update(index_path)
    assert changes(report) == {"articles": 3, "added": 1, "changed": 1, "removed": 1, "unchanged": 1}
    assert report.generation == "000002"
    assert read_titles(index_path) == {
        "dossier/marche": "Un marché de Noël sous la pluie",
        "greve": "La grève est finie",
        "neuf": "Un article neuf",
    }
    assert store.check(index_path) == ()
    assert changes(update(index_path)) == {"articles": 3, "unchanged": 3}


@pytest.mark.parametrize("change", ["added", "changed", "removed"])
def test_each_kind_of_change_alone_is_a_new_generation(
    index_path: Path, folder: Path, write_articles: WriteArticles, change: str
) -> None:
    if change == "removed":
        (folder / "greve.txt").unlink()
    else:
        write_articles(folder, {"neuf" if change == "added" else "greve": page("Du neuf")})
    report = update(index_path)
    assert report.generation == "000002"
    assert getattr(report, change) == 1
    assert report.articles == {"added": 4, "changed": 3, "removed": 2}[change]


def test_what_has_not_changed_is_shared_with_the_generation_before(
    index_path: Path, folder: Path, write_articles: WriteArticles
) -> None:
    (folder / "greve.txt").unlink()  # a removal alone: the segment stays, and is marked
    update(index_path)
    old, new = (store.open_generation(index_path, name) for name in ("000001", "000002"))
    segments = [name for name in old.manifest.files if name.endswith(".depeche")]
    assert segments
    for name in segments:
        assert (old.path / name).samefile(new.path / name)
        assert old.manifest.files[name] == new.manifest.files[name]
    assert store.problems_of(old) == store.problems_of(new) == ()


def test_an_index_begun_with_few_articles_is_as_small_in_the_end(tmp_path: Path) -> None:
    folder = tmp_path / "presse"
    folder.mkdir()
    chance = random.Random(1)
    words = [f"mot{number}" for number in range(400)]
    lines = [
        json.dumps({"id": str(number), "text": " ".join(chance.choices(words, k=120))})
        for number in range(1_500)
    ]
    (folder / "premiers.jsonl").write_text("\n".join(lines[:3]), encoding="utf-8")
    rebuild(tmp_path / "updated", [folder])
    (folder / "autres.jsonl").write_text("\n".join(lines[3:]), encoding="utf-8")
    update(tmp_path / "updated")
    rebuild(tmp_path / "rebuilt", [folder])
    sizes = [stored_bytes(tmp_path / name) for name in ("updated", "rebuilt")]
    assert sizes[0] < 1.05 * sizes[1]


def stored_bytes(index_path: Path) -> int:
    generation = store.open_generation(index_path)
    opened = [store.open_segment(generation.path, each) for each in store.read_segments(generation)]
    return sum(len(segment.sections["articles"]) for segment in opened)


def test_what_stands_behind_the_break_of_a_file_is_not_gone(index_path: Path, folder: Path) -> None:
    archive = folder / "archive.jsonl.gz"
    lines = [json.dumps({"id": f"a{number}", "text": f"Le texte {number}"}) for number in range(3_000)]
    whole = gzip.compress("\n".join(lines).encode())
    archive.write_bytes(whole)
    assert update(index_path).added == 3_000
    archive.write_bytes(whole[: len(whole) // 2])  # as while it is being copied
    report = update(index_path)
    assert (report.articles, report.removed, report.spared) == (3_003, 0, (str(folder.resolve()),))
    archive.write_bytes(gzip.compress("\n".join(lines[:10]).encode()))
    assert changes(update(index_path)) == {"articles": 13, "removed": 2_990, "unchanged": 13}


def test_without_hard_links_files_are_copied(
    index_path: Path, folder: Path, write_articles: WriteArticles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    write_articles(folder, {"neuf": page("Un article neuf")})
    assert changes(update(index_path)) == {"articles": 4, "added": 1, "unchanged": 3}
    assert store.check(index_path) == ()


def test_a_full_disk_is_not_called_a_damaged_index(
    index_path: Path, folder: Path, write_articles: WriteArticles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(shutil, "copy2", fill)
    write_articles(folder, {"neuf": page("Un article neuf")})
    with pytest.raises(OSError, match="No space"):
        update(index_path)
    assert store.check(index_path) == ()


def test_a_damaged_file_is_not_copied_where_links_are_refused(
    index_path: Path, folder: Path, write_articles: WriteArticles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    (segment,) = store.open_generation(index_path).path.glob("*.depeche")
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(bytes(content))
    monkeypatch.setattr(os, "link", refuse)
    write_articles(folder, {"neuf": page("Un article neuf")})
    with pytest.raises(IndexDamaged):
        update(index_path)
    assert store.current_name(index_path) == "000001"
    assert store.check(index_path)


def test_articles_of_other_folders_stay(
    index_path: Path, folder: Path, tmp_path: Path, write_articles: WriteArticles, read_titles: ReadTitles
) -> None:
    other = write_articles(tmp_path / "autres", {"un": page("Un"), "deux": page("Deux")})
    assert changes(update(index_path, [other])) == {"articles": 5, "added": 2}
    manifest = store.open_generation(index_path).manifest
    assert manifest.folders == (str(folder.resolve()), str(other.resolve()))
    (other / "un.txt").unlink()
    (folder / "greve.txt").unlink()
    assert changes(update(index_path, [other])) == {"articles": 4, "removed": 1, "unchanged": 1}
    assert sorted(read_titles(index_path)) == ["deux", "dossier/marche", "greve", "reelu"]
    assert changes(update(index_path)) == {"articles": 3, "removed": 1, "unchanged": 3}  # both are read again
    assert sorted(read_titles(index_path)) == ["deux", "dossier/marche", "reelu"]


def test_an_update_does_not_give_the_identifier_of_another_folder_away(
    index_path: Path, folder: Path, tmp_path: Path, write_articles: WriteArticles, read_titles: ReadTitles
) -> None:
    other = write_articles(tmp_path / "autres", {"greve": page("Une autre grève"), "deux": page("Deux")})
    rejects: list[Reject] = []
    report = update(index_path, [other], on_reject=rejects.append)
    assert changes(report) == {"articles": 4, "added": 1, "rejected": 1}
    assert [reject.place for reject in rejects] == ["greve.txt"]
    assert read_titles(index_path)["greve"] == "La grève des cheminots se poursuit"
    assert changes(update(index_path)) == {"articles": 4, "unchanged": 4, "rejected": 1}

    (folder / "greve.txt").unlink()  # now it is free
    assert changes(update(index_path)) == {"articles": 4, "changed": 1, "unchanged": 3}
    assert read_titles(index_path)["greve"] == "Une autre grève"


def test_an_article_that_moves_to_another_folder_goes_with_it(
    index_path: Path, folder: Path, tmp_path: Path, write_articles: WriteArticles, read_titles: ReadTitles
) -> None:
    other = write_articles(tmp_path / "autres", {"un": page("Un")})
    update(index_path, [other])
    (folder / "greve.txt").rename(other / "greve.txt")
    assert changes(update(index_path)) == {"articles": 4, "changed": 1, "unchanged": 3}
    assert changes(update(index_path)) == {"articles": 4, "unchanged": 4}
    (other / "greve.txt").unlink()
    assert changes(update(index_path, [folder])) == {"articles": 4, "unchanged": 2}
    assert "greve" in read_titles(index_path)  # it is the other folder's now, which was not read
    assert changes(update(index_path, [other])) == {"articles": 3, "removed": 1, "unchanged": 1}


def test_an_update_after_a_rollback_starts_from_what_is_in_service(
    index_path: Path, folder: Path, write_articles: WriteArticles, read_titles: ReadTitles
) -> None:
    write_articles(folder, {"neuf": page("Un article neuf")})
    update(index_path)
    store.rollback(index_path)
    report = update(index_path)
    assert report.generation == "000003"
    assert changes(report) == {"articles": 4, "added": 1, "unchanged": 3}
    assert len(read_titles(index_path)) == 4
    assert store.check(index_path) == ()


def test_an_index_of_another_version_is_not_updated(
    index_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.manifest.analysis_fingerprint", lambda: "0123456789abcdef")
    with pytest.raises(IndexOutdated, match="reconstruisez-le : depeche rebuild"):
        update(index_path)
    assert names(index_path) == ["000001"]


# Interruptions


@pytest.mark.parametrize("build", [rebuild, update])
@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, ValueError])
def test_a_build_that_is_interrupted_leaves_the_old_index_and_nothing_else(
    index_path: Path,
    folder: Path,
    write_articles: WriteArticles,
    read_titles: ReadTitles,
    monkeypatch: pytest.MonkeyPatch,
    build: Callable[..., BuildReport],
    error: type[BaseException],
) -> None:
    write_articles(folder, {f"neuf-{i}": page(f"Article {i}") for i in range(5)})
    before = read_titles(index_path)
    seen = 0

    def interrupted(article: Article) -> bytes:
        nonlocal seen
        seen += 1
        if seen == 3:
            raise error
        return stored_form(article)

    monkeypatch.setattr(building, "stored_form", interrupted)
    with pytest.raises(error):
        build(index_path, [folder])
    assert names(index_path) == ["000001"]
    assert read_titles(index_path) == before
    monkeypatch.setattr(building, "stored_form", stored_form)
    assert build(index_path, [folder]).articles == 8


@pytest.mark.parametrize("phase", ["lecture", "écriture", "vérification"])
def test_a_build_can_be_interrupted_in_every_phase(
    index_path: Path, folder: Path, write_articles: WriteArticles, phase: str
) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.phase == phase:
            raise KeyboardInterrupt

    write_articles(folder, {"neuf": page("Un article neuf")})
    for build in (rebuild, update):
        with pytest.raises(KeyboardInterrupt):
            build(index_path, [folder], on_progress=interrupt)
        assert names(index_path) == ["000001"]
    assert store.check(index_path) == ()


def test_a_build_that_lost_an_article_is_not_published(
    index_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "count_documents", lambda _: 2)
    with pytest.raises(IndexDamaged, match=r"2 articles écrits, attendu 3 ; .*relancez"):
        rebuild(index_path, [folder])
    assert names(index_path) == ["000001"]


# What is said meanwhile


@pytest.mark.parametrize("build", [rebuild, update])
def test_progress_is_told(
    index_path: Path,
    folder: Path,
    write_articles: WriteArticles,
    monkeypatch: pytest.MonkeyPatch,
    build: Callable[..., BuildReport],
) -> None:
    monkeypatch.setattr(reporting, "_PROGRESS_EVERY_S", 0)
    write_articles(folder, {"neuf": page("Un article neuf"), "vide": ""})
    told: list[Progress] = []
    rejects: list[Reject] = []
    report = build(index_path, [folder], on_progress=told.append, on_reject=rejects.append)

    phases = [progress.phase for progress in told]
    assert list(dict.fromkeys(phases)) == ["lecture", "écriture", "vérification"]
    assert phases == sorted(phases, key=["lecture", "écriture", "vérification"].index)
    assert phases.count("lecture") >= 4
    size = sum(path.stat().st_size for path in folder.rglob("*.txt"))
    assert {progress.total_bytes for progress in told} == {size}
    for name in ("done_bytes", "articles", "rejected"):
        values = [getattr(progress, name) for progress in told]
        assert values == sorted(values)
    assert (told[-1].done_bytes, told[-1].articles, told[-1].rejected) == (size, 4, 1)
    assert [reject.place for reject in rejects] == ["vide.txt"]
    assert report.rejected == 1
    assert report.seconds > 0


def test_progress_is_told_now_and_then_only(
    index_path: Path, folder: Path, write_articles: WriteArticles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "_PROGRESS_EVERY_S", 3600)
    write_articles(folder, {f"neuf-{i}": page(f"Article {i}") for i in range(30)})
    told: list[Progress] = []
    rebuild(index_path, [folder], on_progress=told.append)
    assert len(told) <= 3


def test_a_report_can_be_compared(index_path: Path, folder: Path) -> None:
    first, second = rebuild(index_path, [folder]), rebuild(index_path, [folder])
    assert replace(first, generation="", seconds=0) == replace(second, generation="", seconds=0)


def test_the_manifest_counts_the_bytes_of_the_zones(index_path: Path, folder: Path) -> None:
    article = Article("a", title="été", text="œuf")
    assert text_bytes(article) == 9
    manifest = store.open_generation(index_path).manifest
    on_disk = sum(path.stat().st_size for path in folder.rglob("*.txt"))
    assert on_disk * 0.9 < manifest.text_bytes < on_disk  # all but the empty lines


# Memory

PEAK = """
import resource, sys
from pathlib import Path
from index import batches, building
from index.codec import packing
batches.BATCH_BYTES, packing._AT_ONCE = map(int, sys.argv[3:])
building.rebuild(Path(sys.argv[1]), [Path(sys.argv[2])])
status = Path("/proc/self/status").read_text()  # not getrusage: that counts the parent before exec, too
own = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))
print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read in /proc")
def test_memory_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    words = [f"mot{i}" for i in range(2000)]

    def peak_mb(articles: int, batch_bytes: int, at_once: int) -> float:
        folder = tmp_path / f"articles-{articles}"
        folder.mkdir(exist_ok=True)
        with (folder / "a.jsonl").open("w", encoding="utf-8") as file:
            for i in range(articles):
                text = " ".join(words[(i * 37 + j * 61) % 2000] for j in range(400))
                file.write(json.dumps({"id": f"a{i}", "title": f"Article {i}", "text": f"{text}."}) + "\n")
        limits = [str(batch_bytes), str(at_once)]
        command = [sys.executable, "-c", PEAK, str(tmp_path / "index"), str(folder), *limits]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return int(printed) / 1024

    small, large = (200_000, 50_000), (1 << 30, 1 << 30)  # of articles held, of postings merged at once
    least, bounded, unbounded = peak_mb(10, *small), peak_mb(1_000, *small), peak_mb(1_000, *large)
    print(f"{least:.0f} MB for 10 articles, {bounded:.0f} MB for 1,000, {unbounded:.0f} MB if all were held")
    assert unbounded - least > 30  # what there is to hold
    assert bounded - least < (unbounded - least) / 3


def test_a_folder_inside_another_is_refused(tmp_path: Path, write_articles: WriteArticles) -> None:
    outer = write_articles(tmp_path / "tout", {"a.txt": page("Un"), "partie/b.txt": page("Deux")})
    index_path, inner = tmp_path / "index", outer / "partie"
    for folders in ([outer, inner], [inner, outer]):
        with pytest.raises(InvalidInput, match=f"{inner} est dans {outer} ; attendu"):
            rebuild(index_path, folders)
    for built, added in ((outer, inner), (inner, outer)):
        rebuild(index_path, [built])
        with pytest.raises(InvalidInput, match=f"{inner} est dans {outer} ; attendu"):
            update(index_path, [added])
        assert changes(update(index_path))["unchanged"] in (1, 2)


def test_no_link_leads_into_another_folder_of_the_index(
    tmp_path: Path, write_articles: WriteArticles, read_titles: ReadTitles
) -> None:
    one = write_articles(tmp_path / "un", {"a.txt": page("Un")})
    other = write_articles(tmp_path / "deux", {"b.txt": page("Deux")})
    (one / "lien").symlink_to(other)
    index_path = tmp_path / "index"
    for build in (rebuild, update):
        rejects: list[Reject] = []
        build(index_path, [one, other], on_reject=rejects.append)
        assert sorted(read_titles(index_path).values()) == ["Deux", "Un"]
        assert [Path(reject.place).name for reject in rejects] == ["lien"]
    rejects = []
    update(index_path, [one], on_reject=rejects.append)
    assert sorted(read_titles(index_path).values()) == ["Deux", "Un"]
    assert [reject.place for reject in rejects] == ["lien"]
