"""Is a merged segment the one that would have been written of the same articles at once?"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.articles.article import Article
from index.batches import Batch, write_batch
from index.codec import merging, packing
from index.codec.documents import learn_dictionary
from index.codec.lengths import LENGTH_OF_BYTE
from index.codec.merging import FieldMerge, Source, merge, merge_field
from index.codec.segment import Segment
from index.inversion import Lexicon
from index.schema import stored_form

WORDS = ("maire", "élu", "côte", "côté", "porte-parole", "l’État", "7 500", "œuvre", "🙂", "москва", "le")
OF_ARTICLES = {"articles", "articles/ends", "dictionary"}  # compressed with the first segment's dictionary


def random_articles(chance: random.Random, count: int, most: int = 3) -> list[Article]:
    """Make articles; of up to three of these words a length is exact in its byte."""

    def text(least: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(least, most)))

    return [
        Article(
            article_id=f"a{chance.random()}",
            title=text(1),
            text=text(0),
            lead=text(0) if chance.random() < 0.3 else "",
            source=chance.choice((None, "Le Progrès", "Euronews")),
            agency=chance.choice((None, None, "AFP")),
            date=chance.choice((None, "2023-02-28")),
        )
        for _ in range(count)
    ]


def segment(folder: Path, name: str, articles: Sequence[Article], dictionary: bytes = b"") -> Path:
    origins = [b"/" + article.title[:2].encode() for article in articles]
    write_batch(folder, name, Batch(list(map(stored_form, articles)), origins), dictionary, Lexicon())
    return folder / f"MAIN_{name}.depeche"


def merged(sources: Sequence[Source], path: Path) -> Segment:
    def run(work: Sequence[FieldMerge]) -> Iterable[Path]:
        return map(merge_field, work)

    merge(sources, path, run)
    assert sorted(path.parent.glob(f"{path.name}.*")) == []  # the parts are gone
    return Segment(path)


def merge_batches(
    folder: Path,
    batches: Sequence[Sequence[Article]],
    kept: Sequence[np.ndarray],
    dictionaries: Sequence[bytes],
) -> tuple[Segment, Segment]:
    """Merge some segments, and write what is kept of them at once."""
    sources = [
        Source(segment(folder, f"s{number}", batch, dictionary), mask)
        for number, (batch, mask, dictionary) in enumerate(zip(batches, kept, dictionaries, strict=True))
    ]
    left = [
        a
        for batch, mask in zip(batches, kept, strict=True)
        for a, stays in zip(batch, mask, strict=True)
        if stays
    ]
    return merged(sources, folder / "merged"), Segment(segment(folder, "once", left, dictionaries[0]))


def assert_equal(found: Segment, expected: Segment, but: Iterable[str] = ()) -> None:
    assert {*found.sections} == {*expected.sections}
    for name in {*expected.sections} - OF_ARTICLES:
        assert found.sections[name].dtype == expected.sections[name].dtype, name
        assert found.sections[name].tobytes() == expected.sections[name].tobytes(), name
    assert found.sections.meta == expected.sections.meta
    assert [found.articles[n] for n in range(found.documents)] == [
        expected.articles[n] for n in range(expected.documents)
    ]
    assert list(found.sections.problems()) == []


def everything(batches: Sequence[Sequence[Article]]) -> list[np.ndarray]:
    return [np.ones(len(batch), dtype=bool) for batch in batches]


@pytest.fixture
def chance(seed: int) -> random.Random:
    return random.Random(seed)


@pytest.mark.usefixtures("both_kernels")
@pytest.mark.parametrize("at_once", [1, 40, 1 << 21])
def test_a_merge_equals_building_at_once(
    tmp_path: Path, chance: random.Random, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(packing, "_AT_ONCE", at_once)
    batches = [random_articles(chance, count, most=60) for count in (30, 1, 300, 7)]
    assert_equal(*merge_batches(tmp_path, batches, everything(batches), [b""] * 4))


@pytest.mark.usefixtures("both_kernels")
@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_a_merge_without_the_deleted_equals_building_what_is_left(
    tmp_path: Path, chance: random.Random, share: float
) -> None:
    batches = [random_articles(chance, count) for count in (40, 25, 60)]
    kept = [np.array([chance.random() >= share for _ in batch]) for batch in batches]
    kept[1][3] = True  # one at least
    assert_equal(*merge_batches(tmp_path, batches, kept, [b""] * 3))


def test_a_segment_of_which_nothing_is_left_gives_nothing(tmp_path: Path, chance: random.Random) -> None:
    batches = [random_articles(chance, count) for count in (5, 8, 3)]
    kept = everything(batches)
    kept[0][:] = kept[2][:] = False
    assert_equal(*merge_batches(tmp_path, batches, kept, [b""] * 3))


def test_a_field_that_only_some_segments_have(tmp_path: Path) -> None:
    batches = [
        [Article("a", "Un titre", "Un texte.")],
        [Article("b", "Autre titre", "Texte.", lead="Un chapeau.", author="Zoé Nuñez")],
        [Article("c", "", "", boilerplate="Partager")],
    ]
    found, expected = merge_batches(tmp_path, batches, everything(batches), [b""] * 3)
    assert_equal(found, expected)
    lead = found.field("lead_forms")
    assert lead
    assert lead.documents(range(len(lead.terms))).tolist() == [1, 1]
    lengths = found.lengths("lead_forms")
    assert lengths is not None
    assert LENGTH_OF_BYTE[lengths].tolist() == [0, 2, 0]


def test_a_field_that_nobody_who_is_left_has_goes(tmp_path: Path) -> None:
    batches = [
        [Article("a", "Un titre", "Un texte."), Article("b", "Titre", "Texte.", lead="Un chapeau.")],
        [Article("c", "Un titre", "Un autre.", source="Euronews")],
    ]
    kept = [np.array([True, False]), np.array([True])]
    found, expected = merge_batches(tmp_path, batches, kept, [b""] * 2)
    assert "lead" not in found.field_names
    assert_equal(found, expected)


@pytest.mark.parametrize("at_once", [2, 1_000])
def test_articles_of_different_dictionaries_are_all_read(
    tmp_path: Path, chance: random.Random, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(merging, "_COMPRESSED_AT_ONCE", at_once)
    samples = [[stored_form(a) for a in random_articles(chance, 600, most=80)] for _ in range(2)]
    first, second = (learn_dictionary(sample) for sample in samples)
    assert first
    assert second != first
    batches = [random_articles(chance, 30, most=40) for _ in range(4)]
    kept = [np.array([chance.random() < 0.8 for _ in batch]) for batch in batches]
    kept[0][0] = True
    for dictionaries in ([first, second, b"", first], [b"", first, b"", second]):
        for path in tmp_path.iterdir():
            path.unlink()
        found, expected = merge_batches(tmp_path, batches, kept, dictionaries)
        assert found.articles.dictionary == max(dictionaries, key=len)
        assert [found.articles[n] for n in range(found.documents)] == [
            expected.articles[n] for n in range(expected.documents)
        ]


def test_names_that_nobody_has_any_more_go(tmp_path: Path) -> None:
    batches = [
        [Article("a", "T", "t", source="Un"), Article("b", "T", "t", source="Deux")],
        [Article("c", "T", "t", source="Trois"), Article("d", "T", "t", source="Un")],
    ]
    kept = [np.array([True, False]), np.array([True, True])]
    found, _ = merge_batches(tmp_path, batches, kept, [b""] * 2)
    column = found.names("source")
    assert column.names == (b"Trois", b"Un")
    assert [column.names[code] for code in column.codes] == [b"Un", b"Trois", b"Un"]


def test_the_tokens_of_what_is_left_are_counted_as_their_bytes_tell_them(tmp_path: Path) -> None:
    long, short = "mot " * 1_234, "mot " * 7
    path = segment(tmp_path, "s", [Article("a", "T", long), Article("b", "T", short)])
    whole = Segment(path)
    assert whole.field_lengths["text"] == 1_241
    found = merged([Source(path, np.array([False, True]))], tmp_path / "merged")
    assert found.field_lengths["text"] == 7
    found = merged([Source(path, np.array([True, False]))], tmp_path / "merged 2")
    assert found.field_lengths["text"] in LENGTH_OF_BYTE
    assert 1_234 <= found.field_lengths["text"] <= 1.1 * 1_234


def test_a_merge_of_merged_segments_is_the_same(tmp_path: Path, chance: random.Random) -> None:
    batches = [random_articles(chance, 12) for _ in range(4)]
    paths = [segment(tmp_path, f"s{number}", batch) for number, batch in enumerate(batches)]
    all_of = np.ones(12, dtype=bool)
    one = merged([Source(paths[0], all_of), Source(paths[1], all_of)], tmp_path / "one").sections.path
    two = merged([Source(paths[2], all_of), Source(paths[3], all_of)], tmp_path / "two").sections.path
    both = np.ones(24, dtype=bool)
    again = merged([Source(one, both), Source(two, both)], tmp_path / "again")
    assert_equal(again, merged([Source(path, all_of) for path in paths], tmp_path / "at once"))
