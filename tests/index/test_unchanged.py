"""Is a file passed over exactly where nothing about it has changed, and does an update end the same then?

That any sequence of updates equals a rebuild, files being passed over, test_update_equals_rebuild tries.
"""

from __future__ import annotations

import errno
import json
import os
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from index import building, store, unchanged
from index.articles import Recognised, Reject, SourceFile
from index.articles import folders as folders_module
from index.articles.article import Read
from index.articles.formats import Recognise
from index.articles.source_file import Stamp
from index.building import rebuild, update
from index.reporting import BuildReport
from index.unchanged import FILE_NAME, FileContents, UnchangedFiles, read_unchanged

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "index-format.md"


@pytest.fixture
def read_contents() -> list[str]:
    """Give the places of the articles that are read, as they are."""
    return []


@pytest.fixture
def read_files(monkeypatch: pytest.MonkeyPatch, read_contents: list[str]) -> list[str]:
    """Give the names of the files that are gone through, as they are; files count as long there."""
    names: list[str] = []
    read_source = building.read_source

    def spy(
        source: SourceFile, on_bytes: Callable[[int], None], recognise: Recognise | None
    ) -> Iterator[Read | Recognised | Reject]:
        names.append(source.name)
        for found in read_source(source, on_bytes, recognise):
            if isinstance(found, Read):
                read_contents.append(found.place)
            yield found

    monkeypatch.setattr(building, "read_source", spy)
    monkeypatch.setattr(unchanged, "SETTLED_NS", -(10**12))
    return names


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(f"Le maire de {name} a été élu hier.\n", encoding="utf-8")
    write_lines(folder / "c.jsonl", {"c1": "Une grève.", "c2": "Un accord."})
    return folder


@pytest.fixture
def index_path(tmp_path: Path, folder: Path, read_files: list[str], read_contents: list[str]) -> Path:
    index_path = tmp_path / "index"
    rebuild(index_path, [folder])
    read_files.clear()
    read_contents.clear()
    return index_path


def write_lines(path: Path, texts: dict[str, str]) -> None:
    records = ({"id": article_id, "text": text} for article_id, text in texts.items())
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def given(article_id: str) -> FileContents:
    found = FileContents()
    found.add(article_id, b"checksum")
    return found


def changed(report: BuildReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.removed, report.unchanged


def test_where_nothing_has_changed_nothing_is_read(index_path: Path, read_files: list[str]) -> None:
    assert changed(update(index_path)) == (0, 0, 0, 4)
    assert changed(update(index_path)) == (0, 0, 0, 4)
    assert read_files == []


def test_only_what_is_new_or_changed_is_read(index_path: Path, folder: Path, read_files: list[str]) -> None:
    (folder / "a.txt").write_text("Le maire de a a été battu.\n", encoding="utf-8")
    (folder / "b.txt").unlink()
    (folder / "d.txt").write_text("Un nouvel article.\n", encoding="utf-8")
    assert changed(update(index_path)) == (1, 1, 1, 2)
    assert read_files == ["a.txt", "d.txt"]
    update(index_path)
    assert read_files == ["a.txt", "d.txt"]


def test_a_file_dated_back_is_read(index_path: Path, folder: Path, read_files: list[str]) -> None:
    """With the size and the date that it had: the system knows when its date was set."""
    path = folder / "a.txt"
    before = path.stat()
    path.write_text("Le maire de a a été tué hier.\n", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert changed(update(index_path)) == (0, 1, 0, 3)
    assert read_files == ["a.txt"]


def test_a_file_that_was_only_touched_is_gone_through_once(
    index_path: Path, folder: Path, read_files: list[str], read_contents: list[str]
) -> None:
    os.utime(folder / "a.txt")
    assert changed(update(index_path)) == (0, 0, 0, 4)
    assert changed(update(index_path)) == (0, 0, 0, 4)
    assert (read_files, read_contents) == (["a.txt"], [])


def test_a_file_written_just_now_is_gone_through_again(
    index_path: Path, read_files: list[str], read_contents: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be written once more within the same tick of the clock."""
    monkeypatch.setattr(unchanged, "SETTLED_NS", 10**12)
    update(index_path)
    assert read_files == []  # noted by the rebuild, but not by this update
    for _ in range(2):
        assert changed(update(index_path)) == (0, 0, 0, 4)
    assert read_files == ["a.txt", "b.txt", "c.jsonl"] * 2
    assert read_contents == []


def test_of_a_file_that_has_changed_only_what_is_new_is_read(
    index_path: Path, folder: Path, read_contents: list[str]
) -> None:
    """At its end, before what was there, and instead of it; order does not matter."""
    write_lines(folder / "c.jsonl", {"c1": "Une grève.", "c2": "Un accord.", "c3": "Un vote."})
    assert changed(update(index_path)) == (1, 0, 0, 4)
    assert read_contents == ["c.jsonl#3"]
    write_lines(
        folder / "c.jsonl", {"c0": "Une loi.", "c3": "Un vote.", "c1": "Une grève.", "c2": "Un rejet."}
    )
    assert changed(update(index_path)) == (1, 1, 0, 4)
    assert read_contents == ["c.jsonl#3", "c.jsonl#1", "c.jsonl#4"]
    write_lines(folder / "c.jsonl", {"c2": "Un rejet."})
    assert changed(update(index_path)) == (0, 0, 3, 3)
    assert read_contents == ["c.jsonl#3", "c.jsonl#1", "c.jsonl#4"]


def test_articles_that_only_their_line_names_are_read_where_they_have_moved(
    index_path: Path, folder: Path, read_contents: list[str]
) -> None:
    lines = [json.dumps({"text": text}) + "\n" for text in ("Une grève.", "Un accord.", "Un vote.")]
    path = folder / "d.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    update(index_path)
    path.write_text("".join([lines[0], lines[2]]), encoding="utf-8")
    assert changed(update(index_path)) == (0, 1, 1, 5)
    assert read_contents == ["d.jsonl#1", "d.jsonl#2", "d.jsonl#3", "d.jsonl#2"]


def test_a_line_that_comes_twice_or_whose_identifier_is_taken_is_rejected(
    index_path: Path, folder: Path
) -> None:
    line, other = (json.dumps({"id": "c1", "text": text}) + "\n" for text in ("Une grève.", "Un vote."))
    (folder / "c.jsonl").write_text(line + line, encoding="utf-8")
    rejects: list[Reject] = []
    assert changed(update(index_path, on_reject=rejects.append)) == (0, 0, 1, 3)
    assert [reject.place for reject in rejects] == ["c.jsonl#2"]
    (folder / "c.jsonl").write_text(other + line, encoding="utf-8")
    assert changed(update(index_path, on_reject=rejects.append)) == (0, 1, 0, 2)
    assert [reject.place for reject in rejects] == ["c.jsonl#2", "c.jsonl#2"]


def test_rejects_are_told_each_time(
    index_path: Path, folder: Path, read_files: list[str], read_contents: list[str]
) -> None:
    (folder / "c.jsonl").write_text('{"id": "c1", "text": "Une grève."}\n{"id": ', encoding="utf-8")
    for _ in range(2):
        rejects: list[Reject] = []
        update(index_path, on_reject=rejects.append)
        assert [reject.place for reject in rejects] == ["c.jsonl#2"]
    assert read_files == ["c.jsonl", "c.jsonl"]
    assert read_contents == ["c.jsonl#1"]  # another line than before, as it was written


def test_the_first_file_with_an_identifier_has_it(
    index_path: Path, folder: Path, read_files: list[str]
) -> None:
    """As in a rebuild: a new file takes it from an unchanged one that it stands before, not behind."""
    write_lines(folder / "0.jsonl", {"c1": "Un autre."})
    write_lines(folder / "d.jsonl", {"c2": "Encore un autre."})
    rejects: list[Reject] = []
    assert changed(update(index_path, on_reject=rejects.append)) == (0, 1, 0, 3)
    assert read_files == ["0.jsonl", "c.jsonl", "d.jsonl"]
    assert [reject.place for reject in rejects] == ["c.jsonl#1", "d.jsonl#1"]


def test_files_of_another_folder_stay_noted(
    index_path: Path, tmp_path: Path, folder: Path, read_files: list[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "e.txt").write_text("Un article d’ailleurs.\n", encoding="utf-8")
    assert changed(update(index_path, [other])) == (1, 0, 0, 0)
    assert changed(update(index_path)) == (0, 0, 0, 5)
    assert read_files == ["e.txt"]


def test_after_a_rollback_every_file_is_read(index_path: Path, folder: Path, read_files: list[str]) -> None:
    (folder / "a.txt").write_text("Le maire de a a été battu.\n", encoding="utf-8")
    update(index_path)
    store.rollback(index_path)
    read_files.clear()
    assert changed(update(index_path)) == (0, 1, 0, 3)
    assert read_files == ["a.txt", "b.txt", "c.jsonl"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"files"', b'{"generation": 1}', b'{"files": 3}', b"\xff\xfe", b"null"],
)
def test_without_sound_notes_every_file_is_read(
    index_path: Path, read_files: list[str], content: bytes
) -> None:
    (index_path / FILE_NAME).write_bytes(content)
    assert changed(update(index_path)) == (0, 0, 0, 4)
    assert read_files == ["a.txt", "b.txt", "c.jsonl"]


@pytest.mark.parametrize("named", [["absent"], ["b"], [], ["a", "a"], [["a"]], [3]])
@pytest.mark.parametrize("sealed", [False, True])
def test_notes_that_name_other_articles_are_not_believed(
    index_path: Path, read_files: list[str], named: list[object], sealed: bool
) -> None:
    """Damaged ones, whatever they name; and of sound ones those whose articles are not here."""
    written = json.loads((index_path / FILE_NAME).read_bytes())
    for file in written["files"]:
        file[-2] = ["absent"] * len(file[-2]) if sealed else named
    if sealed:
        written["checksum"] = unchanged._checksum(orjson.dumps(written["files"]))
    (index_path / FILE_NAME).write_text(json.dumps(written), encoding="utf-8")
    assert changed(update(index_path)) == (0, 0, 0, 4)
    assert read_files == ["a.txt", "b.txt", "c.jsonl"]


def test_where_files_are_read_in_another_way_every_file_is_read(
    index_path: Path, read_files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unchanged, "_LIBRARIES", ("orjson",))
    update(index_path)
    assert read_files == ["a.txt", "b.txt", "c.jsonl"]


def test_notes_that_cannot_be_written_cost_only_time(
    tmp_path: Path, folder: Path, read_files: list[str]
) -> None:
    index_path = tmp_path / "index"
    (index_path / FILE_NAME).mkdir(parents=True)
    rebuild(index_path, [folder])
    assert changed(update(index_path)) == (0, 0, 0, 4)
    assert read_files == ["a.txt", "b.txt", "c.jsonl"] * 2


def test_notes_that_the_disk_does_not_hold_leave_nothing_behind(
    index_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they would have taken is the index's."""

    write = Path.write_bytes

    def write_some(path: Path, content: bytes) -> int:
        if not path.name.startswith(FILE_NAME):
            return write(path, content)
        write(path, content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_some)
    (folder / "d.txt").write_text("Un nouvel article.\n", encoding="utf-8")
    assert changed(update(index_path)) == (1, 0, 0, 4)
    assert [path.name for path in index_path.glob(f"{FILE_NAME}*")] == [FILE_NAME]


def test_a_folder_that_cannot_be_noted_costs_only_its_own(
    index_path: Path, tmp_path: Path, read_files: list[str]
) -> None:
    other = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9t\xe9"))
    try:
        other.mkdir()
    except OSError:
        pytest.skip("this file system has no names but in Unicode")
    (other / "e.txt").write_text("Un article d’ailleurs.\n", encoding="utf-8")
    update(index_path, [other])
    read_files.clear()
    assert changed(update(index_path)) == (0, 0, 0, 5)
    assert read_files == ["e.txt"]


def test_of_two_articles_the_first_folder_of_the_index_has_the_identifier(
    tmp_path: Path, folder: Path
) -> None:
    """In whatever order an update names the folders."""
    other, index_path = tmp_path / "other", tmp_path / "index"
    other.mkdir()
    write_lines(other / "c.jsonl", {"c1": "Une autre grève."})
    rebuild(index_path, [folder, other])
    assert changed(update(index_path, [other, folder])) == (0, 0, 0, 4)
    assert store.open_generation(index_path).name == "000001"


def test_dates_are_part_of_how_files_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = unchanged._reading_fingerprint()
    changed_dates = tmp_path / "dates.py"
    changed_dates.write_bytes(Path(unchanged.dates.__file__).read_bytes() + b"#")
    monkeypatch.setattr(unchanged.dates, "__file__", str(changed_dates))
    assert unchanged._reading_fingerprint() != before


@pytest.mark.parametrize("whole", [True, False])
def test_two_files_shown_by_one_name_are_read_each_time(tmp_path: Path, whole: bool) -> None:
    """The bytes of a name may be of any encoding, so two may be shown alike; one may have been rejected."""
    stamp = Stamp(1, 2, 3, 4)
    same, other = (SourceFile(tmp_path / name, name, 10, stamp) for name in ("same.txt", "other.txt"))
    files = UnchangedFiles()
    files.note(b"/folder", same, given("same"), whole=True)
    files.note(b"/folder", same, given("same"), whole=whole)
    files.note(b"/folder", other, given("other"), whole=True)
    files.write(tmp_path, "edition")
    read = read_unchanged(tmp_path, "edition")
    assert read.contents_of(b"/folder", same) is None
    assert read.by_checksum(b"/folder", same) == {}
    found = read.contents_of(b"/folder", other)
    assert found
    assert found.articles == ["other"]
    assert read.by_checksum(b"/folder", other) == {b"checksum": "other"}


def test_another_file_of_the_same_size_and_times_is_read(
    folder: Path, tmp_path: Path, read_files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As files are that were unpacked within one tick of the clock, and whose folders then change places."""
    for name in ("un", "deux"):
        (folder / name).mkdir()
        (folder / name / "x.txt").write_text(f"{name:>4} a été élu hier.\n", encoding="utf-8")
    file = folders_module._file

    def at_one_time(entry: os.DirEntry[str], name: str) -> SourceFile | Reject:
        found = file(entry, name)
        assert isinstance(found, SourceFile)
        return replace(found, stamp=found.stamp._replace(modified_ns=1, changed_ns=1))

    monkeypatch.setattr(folders_module, "_file", at_one_time)
    index_path = tmp_path / "index"
    rebuild(index_path, [folder])
    (folder / "un").rename(folder / "trois")
    (folder / "deux").rename(folder / "un")
    (folder / "trois").rename(folder / "deux")
    read_files.clear()
    assert changed(update(index_path)) == (0, 2, 0, 4)
    assert read_files == ["deux/x.txt", "un/x.txt"]


def test_the_documented_notes_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = re.findall(
        r"^```js\n(.*?)^```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    (tmp_path / FILE_NAME).write_text(block, encoding="utf-8")
    documented = json.loads(block)
    monkeypatch.setattr(unchanged, "_reading_fingerprint", lambda: documented["reading"])
    read = read_unchanged(tmp_path, documented["generation"])
    ((folder, name, size, *stamp, articles, checksums),) = documented["files"]
    source = SourceFile(Path(folder, name), name, size, Stamp(*stamp))
    found = read.contents_of(folder.encode(), source)
    assert found
    assert found.articles == articles
    assert read.by_checksum(folder.encode(), source) == {b64decode(checksums): articles[0]}
    read.write(tmp_path, documented["generation"])
    assert json.loads((tmp_path / FILE_NAME).read_bytes()) == documented
