"""Do the segments of an index stay few, is no article lost, and is what is merged bounded?"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index import tiers
from index.articles.article import Article
from index.batches import Batch, write_batch
from index.codec.merging import FieldMerge, merge_field
from index.codec.segment import Segment
from index.codec.whoosh_codec import ArraySegment
from index.errors import IndexDamaged
from index.inversion import Lexicon
from index.schema import stored_article, stored_form


def run(work: Sequence[FieldMerge]) -> Iterable[Path]:
    return map(merge_field, work)


def written(folder: Path, name: str, identifiers: Sequence[str]) -> ArraySegment:
    stored = [stored_form(Article(each, "Titre", f"Texte {each}.")) for each in identifiers]
    return write_batch(folder, name, Batch(stored, [b"/"] * len(stored)), b"", Lexicon()).segment


def live(folder: Path, segments: Sequence[ArraySegment]) -> list[str]:
    """Name the live articles, in the order of the index, as they are stored."""
    found = []
    for segment in segments:
        articles = Segment(tiers.path_of(folder, segment)).articles
        for document in range(segment.documents):
            if document not in segment.deleted:
                found.append(stored_article(articles[document]).article_id)
    return found


def tier_sizes(segments: Sequence[ArraySegment]) -> Counter[int]:
    return Counter(tiers._tier(segment.documents - segment.deleted_count()) for segment in segments)


@pytest.mark.parametrize("turn", range(3))
def test_any_sequence_of_updates_keeps_segments_few_and_articles_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turn: int, seed: int
) -> None:
    chance = random.Random(f"{seed} {turn}")
    monkeypatch.setattr(tiers, "FANOUT", chance.choice((2, 3, 4)))
    monkeypatch.setattr(tiers, "_SMALLEST", chance.choice((1, 3, 5)))
    segments: list[ArraySegment] = []
    expected: set[str] = set()
    for update in range(50):
        name = f"{update:06d}"
        gone = {each for each in expected if chance.random() < chance.choice((0, 0.05, 0.6))}
        segments = [
            tiers.without(
                segment,
                [
                    document
                    for document in range(segment.documents)
                    if document not in segment.deleted and name_of(tmp_path, segment, document) in gone
                ],
            )
            for segment in segments
        ]
        come = [f"{name}-{number}" for number in range(chance.choice((0, 1, 1, 2, 9)))]
        if come:
            segments.append(written(tmp_path, f"{name}b0001", come))
        expected = (expected - gone) | set(come)
        segments = tiers.settle(tmp_path, name, segments, run)
        found = live(tmp_path, segments)
        assert sorted(found) == sorted(expected)
        assert max(tier_sizes(segments).values(), default=0) < tiers.FANOUT
        assert all(2 * segment.deleted_count() <= segment.documents for segment in segments)
        assert {path.name for path in tmp_path.iterdir()} == {segment.file_name() for segment in segments}


def name_of(folder: Path, segment: ArraySegment, document: int) -> str:
    return stored_article(Segment(tiers.path_of(folder, segment)).articles[document]).article_id


def test_what_is_merged_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article is written once when it comes, and about once again for each tier that it rises."""
    monkeypatch.setattr(tiers, "FANOUT", 3)
    monkeypatch.setattr(tiers, "_SMALLEST", 1)
    moved: list[int] = []
    real = tiers.merge

    def counted(sources: Sequence[tiers.Source], path: Path, run_merges: tiers.RunMerges) -> None:
        moved.append(sum(int(source.kept.sum()) for source in sources))
        real(sources, path, run_merges)

    monkeypatch.setattr(tiers, "merge", counted)
    segments: list[ArraySegment] = []
    updates = 81
    for update in range(updates):
        segments.append(written(tmp_path, f"{update:06d}b0001", [str(update)]))
        segments = tiers.settle(tmp_path, f"{update:06d}", segments, run)
    assert live(tmp_path, segments) == [str(number) for number in range(updates)]
    highest = max(tier_sizes(segments))
    assert highest == 4  # 81 = 3 ** 4
    assert sum(moved) <= updates * highest
    assert Counter(moved) == {3: 27, 9: 9, 27: 3, 81: 1}


def test_where_nothing_is_due_nothing_is_touched(tmp_path: Path) -> None:
    segments = [written(tmp_path, f"s{number}", [f"{number}-{n}" for n in range(3)]) for number in range(3)]
    segments[1] = tiers.without(segments[1], [0])
    before = {path: (path.stat().st_ino, path.read_bytes()) for path in tmp_path.iterdir()}
    assert tiers.settle(tmp_path, "n", segments, run) == segments
    assert {path: (path.stat().st_ino, path.read_bytes()) for path in tmp_path.iterdir()} == before


def test_a_segment_of_which_all_is_deleted_goes(tmp_path: Path) -> None:
    segments = [written(tmp_path, "s0", ["a", "b"]), written(tmp_path, "s1", ["c"])]
    segments[0] = tiers.without(tiers.without(segments[0], [0]), [1])
    assert live(tmp_path, settled := tiers.settle(tmp_path, "n", segments, run)) == ["c"]
    assert settled == segments[1:]
    assert [path.name for path in tmp_path.iterdir()] == ["MAIN_s1.depeche"]


def test_a_segment_of_which_most_is_deleted_is_written_anew(tmp_path: Path) -> None:
    segment = tiers.without(written(tmp_path, "s", [*"abcde"]), [0, 2, 4])
    (settled,) = tiers.settle(tmp_path, "n", [segment], run)
    assert (settled.documents, settled.deleted) == (2, frozenset())
    assert live(tmp_path, [settled]) == ["b", "d"]


def test_a_merged_segment_stands_where_the_first_of_its_own_stood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiers, "FANOUT", 2)
    monkeypatch.setattr(tiers, "_SMALLEST", 2)
    segments = [
        written(tmp_path, f"s{number}", names) for number, names in enumerate((["a"], ["b", "c", "d"], ["e"]))
    ]
    settled = tiers.settle(tmp_path, "n", segments, run)
    assert live(tmp_path, settled) == ["a", "e", "b", "c", "d"]


def test_what_was_deleted_stays_deleted_and_others_are_not_changed(tmp_path: Path) -> None:
    segment = written(tmp_path, "s", [*"abc"])
    less = tiers.without(segment, [1])
    least = tiers.without(less, [2])
    assert (segment.deleted, less.deleted, least.deleted) == (frozenset(), {1}, {1, 2})
    assert tiers.without(less, []) is less
    assert (least.doc_count_all(), least.doc_count(), least.deleted_count()) == (3, 1, 2)
    assert [least.is_deleted(document) for document in range(3)] == [False, True, True]


def test_a_damaged_segment_is_not_merged_and_nothing_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiers, "FANOUT", 2)
    segments = [written(tmp_path, f"s{number}", [str(number)]) for number in range(2)]
    path = tiers.path_of(tmp_path, segments[1])
    place = Segment(path).sections._directory["column/date"]
    content = bytearray(path.read_bytes())
    content[place[2]] ^= 1
    path.write_bytes(content)
    before = {each.name for each in tmp_path.iterdir()}
    with pytest.raises(IndexDamaged, match="« column/date » altérée"):
        tiers.settle(tmp_path, "n", segments, run)
    assert {each.name for each in tmp_path.iterdir()} == before


def test_tiers_are_powers_of_the_fanout() -> None:
    sizes = [1, 1_000, 1_001, 8_000, 8_001, 64_000, 64_001]
    assert [tiers._tier(size) for size in sizes] == [0, 0, 1, 1, 2, 2, 3]
    assert np.all(np.diff([tiers._tier(size) for size in range(1, 70_000, 97)]) >= 0)
