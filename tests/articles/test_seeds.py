"""The sample articles, line by line: golden/*.txt says which zone each line belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.articles import Read, SourceFile, read_source

SEEDS = Path(__file__).parents[2] / "seeds"
GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))


def test_each_seed_has_a_golden_reading() -> None:
    assert [path.name for path in GOLDEN] == sorted(path.name for path in SEEDS.glob("*.txt"))


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_lines_of_a_seed_are_in_their_zones(golden: Path) -> None:
    head, _, body = golden.read_text(encoding="utf-8").partition("\n\n")
    expected = dict(line.split(": ", 1) for line in head.splitlines())
    zones = [(zone.strip(), line) for zone, _, line in (row.partition(" | ") for row in body.splitlines())]

    seed = SEEDS / golden.name
    (read,) = read_source(SourceFile(seed, seed.name, seed.stat().st_size), lambda read_bytes: None)

    assert isinstance(read, Read)
    article = read.article
    written = [line.strip() for line in seed.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert [line for _, line in zones] == written, "the golden file must hold every line of the seed"
    assert article.article_id == golden.stem
    for zone in ("lead", "text", "boilerplate"):
        assert getattr(article, zone).split("\n") == [line for name, line in zones if name == zone], zone
    for name, value in expected.items():
        assert (getattr(article, name) or "-") == value, name
    assert [line for name, line in zones if name == "title"] in ([article.title], [])
