"""Does a manifest say what a generation is, and is one that was altered or is another version's refused?"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index import manifest as manifests
from index.errors import DepecheError, IndexDamaged, IndexOutdated
from index.fingerprint import analysis_fingerprint
from index.french.folding import fold
from index.manifest import FORMAT, FileSeal, Manifest, read_manifest, seal, write_manifest
from index.schema import form_term, schema_fingerprint

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "index-format.md"
HASH_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # FIPS 180-4
HASH_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4


def manifest(*folders: str) -> Manifest:
    return Manifest(
        format=FORMAT,
        schema=schema_fingerprint(),
        analysis=analysis_fingerprint(),
        built_at="2023-02-28T10:12:00+00:00",
        articles=2,
        text_bytes=1200,
        folders=folders or ("/articles",),
        files={"a.seg": FileSeal(300, HASH_OF_ABC), "b.toc": FileSeal(5, HASH_OF_NOTHING)},
    )


@pytest.mark.parametrize("folder", ["/articles", "/Journées d’été/À lire", "/archives/\udce9t\udce9 1998"])
def test_what_is_written_is_read(tmp_path: Path, folder: str) -> None:
    written = manifest(folder, "/autre")
    write_manifest(tmp_path, written)
    assert read_manifest(tmp_path) == written


def test_a_manifest_is_written_for_people_too(tmp_path: Path) -> None:
    write_manifest(tmp_path, manifest("/Journées"))
    assert "Journées" in (tmp_path / "manifest.json").read_text(encoding="utf-8")


def test_size_is_that_of_all_files() -> None:
    assert manifest().size_bytes == 305


@pytest.mark.parametrize(("content", "expected"), [(b"", HASH_OF_NOTHING), (b"abc", HASH_OF_ABC)])
def test_a_seal_is_size_and_sha256(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert seal(path) == FileSeal(len(content), expected)


def test_a_seal_reads_past_the_first_chunk(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(3 << 20))
    before = seal(path)
    with path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x01")
    after = seal(path)
    assert before.size_bytes == after.size_bytes == 3 << 20
    assert before.sha256 != after.sha256


Alter = Callable[[dict[str, Any]], object]

DAMAGES: dict[str, str | bytes] = {
    "empty": b"",
    "cut short": b'{\n "analysis": "48',
    "not UTF-8 and no JSON": b"\x80\x81\x82",
    "not an object": b"[1, 2]",
    "a number": b"1",
    "no format": b"{}",
    "the right format and nothing else": json.dumps({"format": FORMAT}),
    "nested without end": b"[" * 200_000,
}

ALTERATIONS: dict[str, Alter] = {
    "a count": lambda content: content.update(articles=3),
    "a size": lambda content: content.update(text_bytes=1201),
    "a date": lambda content: content.update(built_at="2024-02-28T10:12:00+00:00"),
    "a file's size": lambda content: content["files"]["a.seg"].update(size_bytes=301),
    "a file left out": lambda content: content["files"].pop("a.seg"),
    "a folder": lambda content: content["folders"].append("/etc"),
    "a key left out": lambda content: content.pop("text_bytes"),
    "a key added": lambda content: content.update(owner="moi"),
    "no checksum": lambda content: content.pop("checksum"),
    "another checksum": lambda content: content.update(checksum=HASH_OF_ABC),
    "no format": lambda content: content.pop("format"),
}


def assert_one_french_line(error: DepecheError) -> None:
    message = str(error)
    assert "\n" not in message
    assert "depeche rebuild" in message
    assert not re.search(r"\b(?:the|not|expected|line|column|error|missing)\b", message), message


@pytest.mark.parametrize("content", DAMAGES.values(), ids=DAMAGES)
def test_an_unreadable_manifest_is_damage(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(IndexDamaged, match="illisible ou altéré") as raised:
        read_manifest(tmp_path)
    assert_one_french_line(raised.value)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize("alter", ALTERATIONS.values(), ids=ALTERATIONS)
def test_an_altered_manifest_is_damage(tmp_path: Path, alter: Alter) -> None:
    write_manifest(tmp_path, manifest())
    path = tmp_path / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    alter(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(IndexDamaged, match="illisible ou altéré"):
        read_manifest(tmp_path)


def test_layout_is_no_alteration(tmp_path: Path) -> None:
    write_manifest(tmp_path, manifest())
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    assert read_manifest(tmp_path) == manifest()


def test_no_manifest_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"manifest\.json : manifeste absent") as raised:
        read_manifest(tmp_path)
    assert_one_french_line(raised.value)


@pytest.mark.parametrize(
    "content",
    [{"format": FORMAT + 1}, {"format": FORMAT + 1, "parts": []}, {"format": "2.0"}, {"format": None}],
    ids=str,
)
def test_another_format_is_another_version_whatever_else_it_holds(
    tmp_path: Path, content: dict[str, object]
) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(IndexOutdated, match=f"format {content['format']}, attendu {FORMAT}") as raised:
        read_manifest(tmp_path)
    assert_one_french_line(raised.value)


@pytest.mark.parametrize(
    ("function", "named"), [("schema_fingerprint", "schéma"), ("analysis_fingerprint", "analyse")]
)
def test_another_schema_or_analysis_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, named: str
) -> None:
    write_manifest(tmp_path, manifest())
    monkeypatch.setattr(manifests, function, lambda: "0123456789abcdef")
    with pytest.raises(IndexOutdated, match=rf"{named} \w+, attendu 0123456789abcdef") as raised:
        read_manifest(tmp_path)
    assert_one_french_line(raised.value)


# docs/index-format.md


def documented_block(language: str) -> str:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    (block,) = re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert isinstance(block, str)
    return block


def test_the_documented_manifest_has_this_structure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = documented_block("json")
    (tmp_path / "manifest.json").write_text(written, encoding="utf-8")
    documented = json.loads(written)
    # Another analysis or schema than that of the day it was documented is no reason to document it again.
    monkeypatch.setattr(manifests, "schema_fingerprint", lambda: documented["schema"])
    monkeypatch.setattr(manifests, "analysis_fingerprint", lambda: documented["analysis"])
    read = read_manifest(tmp_path)

    again = tmp_path / "again"
    again.mkdir()
    write_manifest(again, read)
    assert (again / "manifest.json").read_text(encoding="utf-8") == written


def test_the_documented_way_to_make_a_checksum_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_manifest(tmp_path, manifest("/Journées"))
    exec(documented_block("python"), {})
    path = tmp_path / "manifest.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"articles": 2', '"articles": 3'), encoding="utf-8"
    )
    with pytest.raises(AssertionError):
        exec(documented_block("python"), {})


def test_the_documented_term_is_that_of_its_form() -> None:
    documented = "72 65 65 6c 75   00   72 c3 a9 c3 a9 6c 75"
    assert documented in DOCUMENTATION.read_text(encoding="utf-8")
    assert form_term(fold("réélu"), "réélu").encode() == bytes.fromhex(documented)
