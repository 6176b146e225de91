"""Is a segment written, byte by byte, as docs/index-format.md says?"""

from __future__ import annotations

import json
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.articles.article import Article
from index.batches import Batch, write_batch
from index.codec import sections
from index.codec.lengths import LENGTH_OF_BYTE
from index.codec.postings import Inverted
from index.codec.sections import SectionsWriter
from index.codec.segment import begin, write_field, write_lengths
from index.codec.whoosh_codec import EXTENSION
from index.inversion import Lexicon
from index.manifest import FORMAT
from index.schema import NAME_FIELDS, ZONES, forms_field, schema, stored_form

DOCUMENTATION = (Path(__file__).parents[2] / "docs" / "index-format.md").read_text(encoding="utf-8")


def numbers(*values: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


@pytest.fixture
def example(tmp_path: Path) -> bytes:
    """The segment of the page: "mer", and "guerre" with 300 times "mer"."""
    path = tmp_path / "example"
    inverted = Inverted(numbers(1, 2), numbers(1, 0, 1), numbers(1, 1, 300), None)
    with SectionsWriter(path) as out:
        begin(out, 2)
        write_field(out, "text", [([b"guer", b"mer"], inverted)], False)
        write_lengths(out, "text", numbers(1, 301))
    return path.read_bytes()


def dump(content: bytes) -> str:
    """Write bytes as the page shows them: 16 a line, and one `*` for lines of zeros."""
    lines: list[str] = []
    for at in range(0, len(content), 16):
        line = content[at : at + 16]
        if not any(line):
            lines += ["*"] if lines[-1] != "*" else []
            continue
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in line)
        lines.append(f"{at:03x}  {line.hex(' '):47}  {shown}")
    return "\n".join(lines)


def test_the_documented_segment_is_the_one_that_is_written(example: bytes) -> None:
    (documented,) = re.findall(r"^```hexdump\n(.*?)\n```$", DOCUMENTATION, re.DOTALL | re.MULTILINE)
    assert documented == dump(example)


def test_the_example_can_be_read_by_hand_as_the_page_says(example: bytes) -> None:
    assert struct.unpack_from("<8sII", example) == (b"DEPECHE\0", sections.VERSION, 0)
    start, size, checksum, end = struct.unpack("<QII8s", example[-24:])
    assert end == b"DEPECHE\0"
    assert start + size + 24 == len(example)
    assert zlib.crc32(example[start : start + size]) == checksum
    assert f"`{checksum.to_bytes(4, 'little').hex(' ')}`" in DOCUMENTATION
    directory = json.loads(example[start : start + size])
    assert directory["meta"] == {"documents": 2, "lengths": {"text": 302}, "positions": []}
    held = {}
    for name, (kind, items, offset, of_section) in directory["sections"].items():
        assert (kind, offset % 64) == ("|u1", 0)
        held[name] = example[offset : offset + items]
        assert zlib.crc32(held[name]) == of_section
    assert held == {
        "text/terms": b"guermer",
        "text/ends": bytes([4, 7]),
        "text/df": bytes([1, 2]),
        "text/starts": bytes([0, 1]),
        "text/records": bytes.fromhex("02  00 03 ff 2b 00"),
        "text/lengths": bytes.fromhex("01 4d"),
    }
    assert LENGTH_OF_BYTE[0x4D] == 302


def test_every_section_field_and_column_is_documented(tmp_path: Path) -> None:
    full = dict.fromkeys((*ZONES, *NAME_FIELDS), "La mer")
    article = Article(article_id="a", date="2023", **full)  # type: ignore[arg-type]
    write_batch(tmp_path, "000001b0001", Batch([stored_form(article)], [b"/articles"]), b"", Lexicon())
    written = sections.Sections(tmp_path / f"MAIN_000001b0001{EXTENSION}")
    for name in written:
        first, _, last = name.partition("/")
        if first == "column":
            shown = "/".join(["column/C", *last.split("/")[1:]])
        else:
            shown = name if first == "articles" or not last else f"F/{last}"
        assert f"`{shown}`" in DOCUMENTATION, name
        assert f"`{written[name].dtype.str}`" in DOCUMENTATION, name
    fields = [*ZONES, *map(forms_field, (*ZONES, *NAME_FIELDS))]
    columns = [name for name, field in schema().items() if field.column_type]
    for name in (*fields, *columns, *written.meta):
        assert f"`{name}`" in DOCUMENTATION, name
    assert set(columns) == {name.split("/")[1] for name in written if name.startswith("column/")}


def test_the_page_is_of_this_version() -> None:
    assert f"An integer, now {FORMAT}." in DOCUMENTATION
    assert f"version of the segment's format, unsigned: {sections.VERSION}" in DOCUMENTATION
    assert EXTENSION in DOCUMENTATION
