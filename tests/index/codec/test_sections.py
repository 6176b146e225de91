"""Does a file of arrays give back what was written, and is one that was altered or cut found out?"""

from __future__ import annotations

import json
import os
import struct
import threading
from pathlib import Path

import numpy as np
import pytest

from index.codec import sections as module
from index.codec.sections import Sections, SectionsWriter, smallest
from index.errors import IndexDamaged, IndexOutdated

ARRAYS = {
    "octets": np.arange(200, dtype=np.uint8),
    "rien": np.zeros(0, dtype=np.uint32),
    "deux": np.array([1, 65_535], dtype=np.uint16),
    "quatre": np.array([2**32 - 1, 7, 9], dtype=np.uint32),
    "huit": np.array([-(2**63), 2**63 - 1], dtype=np.int64),
    "vides": np.frombuffer(bytes(range(32)), dtype="V16"),
    "été/é": np.array([3], dtype=np.uint8),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with SectionsWriter(tmp_path / "f") as out:
        for name, array in ARRAYS.items():
            out.write(name, array)
        out.meta.update(documents=7, names=["é", "ü"])
    return tmp_path / "f"


def spread(path: Path) -> tuple[dict[str, tuple[str, int, int, int]], int, int]:
    """Read the directory by hand: the sections, where the directory starts and where it ends."""
    content = path.read_bytes()
    offset, size = struct.unpack_from("<QI", content, len(content) - 24)
    return json.loads(content[offset : offset + size])["sections"], offset, offset + size


def flipped(path: Path, at: int, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1 << bit
    path.write_bytes(content)


def test_what_is_written_is_read(path: Path) -> None:
    opened = Sections(path)
    assert set(opened) == set(ARRAYS)
    assert len(opened) == len(ARRAYS)
    for name, array in ARRAYS.items():
        assert opened[name].dtype == array.dtype
        assert opened[name].tobytes() == array.tobytes()
        assert not opened[name].flags.writeable
        assert not opened[name].flags.owndata  # mapped, not copied
    assert opened.meta == {"documents": 7, "names": ["é", "ü"]}
    assert list(opened.problems()) == []
    assert "absent" not in opened
    assert opened.get("absent") is None


def test_every_section_is_aligned_and_zeros_fill_the_rest(path: Path) -> None:
    found, directory, _ = spread(path)
    content = path.read_bytes()
    covered = bytearray(len(content))
    for kind, items, offset, _ in found.values():
        assert offset % 64 == 0
        size = items * np.dtype(kind).itemsize
        covered[offset : offset + size] = b"\1" * size
    between = [content[at] for at in range(16, directory) if not covered[at]]
    assert between
    assert not any(between)
    assert directory % 64 == 0


def test_pieces_make_one_array(tmp_path: Path) -> None:
    whole = np.arange(1_000, dtype=np.uint32)
    with SectionsWriter(tmp_path / "f") as out:
        out.write_pieces("a", np.uint32, (whole[:1], whole[1:700:1], whole[700:], whole[:0]))
        out.write_pieces("b", np.uint8, (b"ab", b"", b"c"))
        out.write_pieces("rien", np.uint8, ())
    opened = Sections(tmp_path / "f")
    assert opened["a"].tolist() == whole.tolist()
    assert opened["b"].tobytes() == b"abc"
    assert opened["rien"].tolist() == []
    assert list(opened.problems()) == []


def test_arrays_are_little_endian_whatever_they_were(tmp_path: Path) -> None:
    with SectionsWriter(tmp_path / "f") as out:
        out.write("a", np.array([1, 256], dtype=">u4"))
        out.write("b", np.arange(10, dtype=np.uint16)[::3])
    assert Sections(tmp_path / "f")["a"].tobytes() == bytes.fromhex("01000000 00010000")
    assert Sections(tmp_path / "f")["b"].tolist() == [0, 3, 6, 9]


def test_a_file_that_fails_is_not_left(tmp_path: Path) -> None:
    def write() -> None:
        with SectionsWriter(tmp_path / "f") as out:
            out.write("a", np.arange(9))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert not (tmp_path / "f").exists()


def test_a_file_whose_end_fails_is_not_left(tmp_path: Path) -> None:
    def write() -> None:
        with SectionsWriter(tmp_path / "f") as out:
            out.meta["what"] = object()

    with pytest.raises(TypeError):
        write()
    assert not (tmp_path / "f").exists()


def test_a_section_is_written_once(tmp_path: Path) -> None:
    with SectionsWriter(tmp_path / "f") as out:
        out.write("a", np.arange(9))
        with pytest.raises(ValueError, match="twice"):
            out.write("a", np.arange(9))


def test_a_file_is_never_written_over(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        SectionsWriter(path)
    assert path.read_bytes() == before


def test_arrays_outlive_the_file(path: Path) -> None:
    held = Sections(path)["octets"]
    path.unlink()
    assert held.tolist() == ARRAYS["octets"].tolist()


def test_a_file_cut_anywhere_is_damage(path: Path) -> None:
    content = path.read_bytes()
    for size in {*range(0, 80), *range(0, len(content), 37), *range(len(content) - 40, len(content))}:
        path.write_bytes(content[:size])
        with pytest.raises(IndexDamaged) as raised:
            Sections(path)
        assert str(path) in str(raised.value)
        assert "\n" not in str(raised.value)


def test_an_empty_file_is_damage(tmp_path: Path) -> None:
    (tmp_path / "f").touch()
    with pytest.raises(IndexDamaged, match=r"fichier vide ; .*depeche rebuild"):
        Sections(tmp_path / "f")


@pytest.mark.parametrize("bit", [0, 7])
def test_a_bit_flipped_in_header_directory_or_footer_is_damage(path: Path, bit: int) -> None:
    content = path.read_bytes()
    _, directory, _ = spread(path)
    unseen = []
    end = len(content)
    for at in (*range(16), *range(directory, end - 24, 3), *range(end - 24, end)):
        flipped(path, at, bit)
        try:
            Sections(path)
        except (IndexDamaged, IndexOutdated):  # of a version that there is not
            pass
        else:
            unseen.append(at)
        path.write_bytes(content)
    assert unseen == [], f"of {len(content)} bytes"


def test_a_bit_flipped_in_a_section_is_named(path: Path) -> None:
    content = path.read_bytes()
    found, _, _ = spread(path)
    for name, (kind, items, offset, _) in found.items():
        size = items * np.dtype(kind).itemsize
        for at in {offset, offset + size // 2, offset + size - 1} if size else ():
            flipped(path, at, at % 8)
            (problem,) = Sections(path).problems()
            assert problem.startswith("f : ")
            assert f"« {name} »" in problem
            path.write_bytes(content)


def test_another_version_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setattr(module, "VERSION", module.VERSION + 1)
        with SectionsWriter(tmp_path / "f") as out:
            out.write("a", np.arange(9))
        Sections(tmp_path / "f")
    with pytest.raises(IndexOutdated, match="depeche rebuild"):
        Sections(tmp_path / "f")


@pytest.mark.parametrize("content", [b"x", b"DEPECHE\0" * 4, bytes(100), b"%PDF-1.7" + bytes(4_000)], ids=len)
def test_another_file_is_damage(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(IndexDamaged):
        Sections(tmp_path / "f")


def test_a_missing_section_is_said_by_its_name(path: Path) -> None:
    with pytest.raises(KeyError, match="absent"):
        Sections(path)["absent"]


def test_threads_read_one_file(path: Path) -> None:
    opened = Sections(path)
    found: list[bool] = []

    def read() -> None:
        same = (opened[name].tobytes() == ARRAYS[name].tobytes() for name in opened for _ in range(50))
        found.append(all(same))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [True] * 4


def test_no_descriptor_stays_open(path: Path) -> None:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("open descriptors are counted in /proc")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        Sections(path)
    assert len(os.listdir("/proc/self/fd")) <= before + 1


@pytest.mark.parametrize(
    ("values", "largest", "kind"),
    [
        ([], None, "u1"),
        ([255], None, "u1"),
        ([256], None, "u2"),
        ([65_536], None, "u4"),
        ([2**32], None, "u8"),
        ([1], 2**16 - 1, "u2"),
        ([1], 2**32 - 1, "u4"),
    ],
)
def test_the_narrowest_type_is_chosen(values: list[int], largest: int | None, kind: str) -> None:
    found = smallest(np.array(values, dtype=np.int64), largest)
    assert found.dtype == np.dtype(kind)
    assert found.tolist() == values
