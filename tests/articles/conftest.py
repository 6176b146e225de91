"""What the tests of reading share: files in a folder in, articles and rejects out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.articles import Article, Read, Reject, SourceFile, find_sources, read_source


def read_folder(folder: Path) -> list[Article | Reject]:
    """Read everything of a folder, in order; the bytes reported must add up for each file."""
    found: list[Article | Reject] = []
    for source in find_sources(folder):
        if isinstance(source, Reject):
            found.append(source)
            continue
        found += read_counted(source)
    return found


def read_counted(source: SourceFile) -> list[Article | Reject]:
    """Read one file: its articles, whose places must be in the file, and its rejects."""
    counted: list[int] = []
    found = list(read_source(source, counted.append))
    assert sum(counted) == source.size_bytes
    assert all(number > 0 for number in counted)
    assert all(item.place.partition("#")[0] == source.name for item in found)
    return [item.article if isinstance(item, Read) else item for item in found]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[], list[Article | Reject]]:
    """Read all of `tmp_path`."""
    return lambda: read_folder(tmp_path)


@pytest.fixture
def read_file() -> Callable[[SourceFile], list[Article | Reject]]:
    """Read one file, however it has changed since it was found."""
    return read_counted
