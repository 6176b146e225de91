"""Real indexes for the tests of `search`, built from a few small articles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from index.building import rebuild, update
from search import Engine, beginnings, open_index, sentences

SEEDS = Path(__file__).parents[2] / "seeds"

Written = str | Mapping[str, str]
"""An article to index: its text alone, or the keys of a JSON line."""


class Press:
    """A folder of articles and the index made of it; one JSON Lines file, written anew for each edition."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "articles"
        self.index_path = folder / "index"
        self.folder.mkdir(parents=True)

    def write(self, articles: Iterable[Written]) -> None:
        """Put these articles into the folder, and no others; its place is its `id` where it has none."""
        lines = []
        for number, article in enumerate(articles):
            record = {"text": article} if isinstance(article, str) else dict(article)
            lines.append(json.dumps({"id": str(number), "title": "—", **record}, ensure_ascii=False))
        (self.folder / "presse.jsonl").write_text("\n".join(lines), encoding="utf-8")

    def publish(self, articles: Iterable[Written]) -> None:
        """Build a new generation from nothing."""
        self.write(articles)
        rebuild(self.index_path, [self.folder])

    def amend(self, articles: Iterable[Written]) -> None:
        """Make a new generation that keeps what has not changed: more segments, and deletions."""
        self.write(articles)
        update(self.index_path)


class OpenArticles(Protocol):
    """Index some articles and open an engine on them, closed at the end of the tests."""

    def __call__(self, articles: Iterable[Written]) -> Engine: ...


@pytest.fixture(scope="module", params=["compiled", "python"])
def both_ways(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run the tests of a module twice, with the compiled loops and with what stands in for them."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "python":
            patch.setattr(beginnings, "_compiled", None)
            patch.setattr(sentences, "_compiled", None)
        elif beginnings._compiled is None:
            pytest.skip("installed without a compiler")
        yield


@pytest.fixture
def press(tmp_path: Path) -> Press:
    """An empty folder and no index yet."""
    return Press(tmp_path)


@pytest.fixture(scope="session")
def open_articles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenArticles]:
    """A function that indexes articles and gives an engine."""
    engines: list[Engine] = []

    def open_them(articles: Iterable[Written]) -> Engine:
        press = Press(tmp_path_factory.mktemp("presse"))
        press.publish(articles)
        engines.append(open_index(press.index_path))
        return engines[-1]

    yield open_them
    for engine in engines:
        engine.close()


@pytest.fixture(scope="session")
def seeds_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The sample articles."""
    index_path = tmp_path_factory.mktemp("seeds") / "index"
    rebuild(index_path, [SEEDS])
    with open_index(index_path) as engine:
        yield engine
