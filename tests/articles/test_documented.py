"""Does docs/articles.md say what the readers do?"""

from __future__ import annotations

import re
from pathlib import Path

from index.articles.dates import parse_date
from index.articles.formats import READERS
from index.articles.json_lines import KEYS
from web.commands.indexing import rebuild

SECTIONS = re.split(r"^## ", (Path(__file__).parents[2] / "docs/articles.md").read_text("utf-8"), flags=re.M)
OPENING, JSON_LINES, _, DATES, *_ = SECTIONS


def test_every_format_is_documented_and_the_reverse() -> None:
    named = {
        suffix for row in re.findall(r"^\| `\..*", OPENING, re.M) for suffix in re.findall(r"`(\.\w+)`", row)
    }
    assert named | {".jsonl.gz", ".ndjson.gz"} == set(READERS) | {".gz"}


def test_every_key_is_documented_and_the_reverse() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", JSON_LINES, re.M)) == KEYS


def test_the_help_of_rebuild_names_every_key() -> None:
    assert rebuild.help
    (listed,) = re.findall(r"JSON\s: ([^.]*)\.", rebuild.help)
    assert set(listed.replace(",", " ").split()) == KEYS


def test_every_date_that_is_documented_is_read() -> None:
    examples = [
        example
        for example in re.findall(r"`([^`]+)`", DATES)
        if example[:1].isupper() or example[0].isdigit()
    ]
    assert len(examples) == 10
    assert all(parse_date(example) for example in examples)
