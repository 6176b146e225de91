"""How is a file of articles read by the engines that do not read it by themselves?

No import here that an engine could do without: it would be part of its time.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a .jsonl or .jsonl.gz file."""
    compressed = path.suffix == ".gz"
    with gzip.open(path, "rt", encoding="utf-8") if compressed else path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def whole_text(record: dict[str, Any]) -> str:
    """Give what is indexed of an article: its title and its text."""
    return f"{record['title']}\n{record['text']}"
