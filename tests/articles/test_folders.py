"""Which files of a folder are read, in which order, and what is said of the others."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.articles import Article, Reject, SourceFile, find_sources, read_source
from index.articles import folders as folders_module
from index.articles.source_file import MAX_ARTICLE_BYTES, Stamp
from index.errors import InvalidInput

Reading = Callable[[], list[Article | Reject]]
ReadingFile = Callable[[SourceFile], list[Article | Reject]]

TEXT = "Un titre\n\nLe président a été réélu."


def write(folder: Path, *names: str, text: str = TEXT) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def names(folder: Path) -> list[str]:
    return [item.name if isinstance(item, SourceFile) else f"! {item.place}" for item in find_sources(folder)]


def test_files_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a/c.txt", "a-b.txt", "a.txt", "a/b/d.txt", "É.txt")
    found = names(tmp_path)
    assert found == sorted(found)
    assert len(found) == 6


def test_an_id_is_the_path_without_suffix(tmp_path: Path, read: Reading) -> None:
    write(tmp_path, "2023/février/dépêche 1.txt", "B.TXT", "a.b.txt")
    assert [item.article_id for item in read() if isinstance(item, Article)] == [
        "2023/février/dépêche 1",
        "B",
        "a.b",
    ]


def test_folders_may_be_nested_deeper_than_calls(tmp_path: Path) -> None:
    home = Path.cwd()
    try:
        os.chdir(tmp_path)  # a relative path: the whole one would be too long for the system
        deepest = Path(*["a"] * 1500)
        for depth in range(100, 1600, 100):
            Path(*["a"] * depth).mkdir(parents=True)
        write(deepest, "b.txt")
        assert names(Path()) == ["a/" * 1500 + "b.txt"]
    finally:
        (deepest / "b.txt").unlink(missing_ok=True)
        for depth in range(1500, 0, -1):  # pytest's own removal is recursive, and would fail
            Path(*["a"] * depth).rmdir()
        os.chdir(home)


def test_hidden_files_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, ".DS_Store", ".git/a.txt", ".cache.txt", "a.txt")
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "found"), [("a.pdf", "(.pdf)"), ("LISEZMOI", "(sans extension)"), ("a.txt.gz", "(.gz)")]
)
def test_other_formats_are_reported(name: str, found: str, tmp_path: Path, read: Reading) -> None:
    write(tmp_path, name)
    (reject,) = read()
    assert isinstance(reject, Reject)
    assert reject.place == name
    assert found in reject.reason
    assert ".jsonl.gz" in reject.reason


def test_links_are_followed_once(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "articles", tmp_path / "archives"
    write(folder, "a/b.txt")
    write(elsewhere, "c.txt")
    (elsewhere / "loop").symlink_to(elsewhere)
    (folder / "archives").symlink_to(elsewhere)
    (folder / "archives2").symlink_to(elsewhere)
    (folder / "file.txt").symlink_to(elsewhere / "c.txt")
    (folder / "inside").symlink_to(folder / "a")
    (folder / "itself.txt").symlink_to(folder / "itself.txt")
    (folder / "up").symlink_to(tmp_path)
    (folder / "broken.txt").symlink_to(folder / "absent.txt")
    assert names(folder) == [
        "a/b.txt",
        "archives/c.txt",
        "! archives/loop",
        "! archives2",
        "! broken.txt",
        "file.txt",
        "! inside",
        "! itself.txt",
        "! up",
    ]


def test_what_is_no_ordinary_file_is_reported(tmp_path: Path, read: Reading) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert read() == [Reject("a.txt", "n’est pas un fichier ordinaire")]


@pytest.mark.skipif(sys.platform == "darwin", reason="this file system refuses names that are not UTF-8")
def test_names_that_are_no_utf8_can_be_printed(tmp_path: Path, read: Reading) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + "/dépêche.txt".encode("cp1252"))).write_text(TEXT)
    (article,) = read()
    assert isinstance(article, Article)
    assert article.article_id == "dépêche"


def test_a_folder_that_cannot_be_listed_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a/b.txt", "c.txt")
    list_folder = os.scandir

    def refuse(folder: Path) -> object:
        if Path(folder).name == "a":
            raise PermissionError(13, "Permission denied")
        return list_folder(folder)

    monkeypatch.setattr(folders_module.os, "scandir", refuse)
    path = tmp_path / "c.txt"
    status = path.stat()
    stamp = Stamp(status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
    assert list(find_sources(tmp_path)) == [
        Reject("a", "droits de lecture insuffisants", unread=True),
        SourceFile(path, "c.txt", len(TEXT.encode()), stamp),
    ]


def test_a_file_that_is_gone_is_reported(tmp_path: Path, read_file: ReadingFile) -> None:
    write(tmp_path, "a.txt", "b.jsonl", "c.html")
    sources = list(find_sources(tmp_path))
    for path in tmp_path.iterdir():
        path.unlink()
    for source in sources:
        assert isinstance(source, SourceFile)
        assert read_file(source) == [Reject(source.name, "fichier disparu pendant la lecture du dossier")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "fichier vide"),
        (b" \n\t", "fichier vide"),
        (b"\x00\x01", "contient des octets nuls"),
        ("PUBLICITÉ\nPartager cet article".encode(), "ni titre ni texte"),
        (b"a" * (MAX_ARTICLE_BYTES + 1), "article de plus de 10 Mio"),
    ],
)
def test_text_files_that_hold_no_article(data: bytes, reason: str, tmp_path: Path, read: Reading) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    (reject,) = read()
    assert isinstance(reject, Reject)
    assert reject.reason.startswith(reason)


def test_a_file_may_change_its_size_while_it_is_read(tmp_path: Path, read_file: ReadingFile) -> None:
    write(tmp_path, "a.txt")
    (source,) = find_sources(tmp_path)
    assert isinstance(source, SourceFile)
    grown = f"{TEXT}\n" + "Il a été réélu encore.\n" * 500 + "Fin."
    for text, end in ((grown, "Fin."), ("Court", "Court")):
        write(tmp_path, "a.txt", text=text)
        (article,) = read_file(source)
        assert isinstance(article, Article)
        assert f"{article.title}\n{article.lead}\n{article.text}".strip().endswith(end)
    write(tmp_path, "a.txt", text="a" * (MAX_ARTICLE_BYTES + 1))
    (reject,) = read_file(source)
    assert isinstance(reject, Reject)
    assert reject.reason.startswith("article de plus de 10 Mio")


@pytest.mark.parametrize(("name", "said"), [("absent", "n’existe pas"), ("a.txt", "n’est pas un dossier")])
def test_a_folder_that_is_none_is_refused_at_once(name: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    with pytest.raises(InvalidInput, match=said):
        find_sources(tmp_path / name)


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.jsonl.gz"])
def test_a_file_that_became_a_pipe_is_none(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"un texte")
    (source,) = find_sources(tmp_path)
    assert isinstance(source, SourceFile)
    path.unlink()
    os.mkfifo(path)
    (found,) = read_source(source, lambda _: None)
    assert isinstance(found, Reject)
    assert found.reason == "n’est pas un fichier ordinaire"
