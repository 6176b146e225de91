"""Are the postings of any terms read back as they were written, one term at a time or many?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.codec import packing
from index.codec.packing import Inverted, pack_records, spans
from index.codec.postings import FieldPostings
from index.codec.sections import smallest
from index.codec.terms import Terms

pytestmark = pytest.mark.usefixtures("both_kernels")


class Posting(NamedTuple):
    """One document of a term and where the term stands in it."""

    document: int
    positions: list[int]


Term = list[Posting]


def inverted(terms: Sequence[Term], with_positions: bool) -> Inverted:
    flat = [posting for term in terms for posting in term]
    positions = [position for posting in flat for position in posting.positions]
    return Inverted(
        np.array([len(term) for term in terms], dtype=np.int64),
        np.array([posting.document for posting in flat], dtype=np.int64),
        np.array([len(posting.positions) for posting in flat], dtype=np.int64),
        np.array(positions, dtype=np.int64) if with_positions else None,
    )


def field_of(terms: Sequence[Term], with_positions: bool) -> FieldPostings:
    """Write and open a field whose terms are numbered."""
    pieces = list(pack_records(inverted(terms, with_positions)))
    written = np.cumsum([0, *(len(piece.blob) for piece in pieces)])
    starts = [piece.starts + base for piece, base in zip(pieces, written, strict=False)]
    blob = np.concatenate([np.zeros(0, dtype=np.uint8), *(piece.blob for piece in pieces)])
    blob.flags.writeable = False
    names = b"".join(f"{number:04d}".encode() for number in range(len(terms)))
    ends = smallest(4 + 4 * np.arange(len(terms), dtype=np.int64))
    return FieldPostings(
        Path("segment"),
        Terms(np.frombuffer(names, dtype=np.uint8), ends),
        smallest(np.array([len(term) for term in terms], dtype=np.int64)),
        smallest(np.concatenate([np.zeros(0, dtype=np.int64), *starts])),
        blob,
        1 + max((posting.document for term in terms for posting in term), default=0),
        with_positions,
    )


def assert_read_back(terms: Sequence[Term]) -> None:
    """Write the terms with positions and without, and read them back in every way there is."""
    for with_positions in (False, True):
        field = field_of(terms, with_positions)
        for number, term in enumerate(terms):
            found = field.postings(number)
            assert found.documents.tolist() == [posting.document for posting in term]
            assert found.tf.tolist() == [len(posting.positions) for posting in term]
            if with_positions:
                again, positions = field.positions(number)
                assert again.documents.tolist() == found.documents.tolist()
                assert again.tf.tolist() == found.tf.tolist()
                assert positions.tolist() == [at for posting in term for at in posting.positions]
        for numbers in {range(len(terms)), range(1, len(terms)), range(len(terms) // 2, len(terms) // 2)}:
            assert_many_read_back(field, terms, numbers)


def assert_many_read_back(field: FieldPostings, terms: Sequence[Term], numbers: range) -> None:
    expected = inverted([terms[number] for number in numbers], field.has_positions)
    found = field.inverted(numbers)
    assert found.df.tolist() == expected.df.tolist()
    assert found.documents.tolist() == expected.documents.tolist()
    assert found.tf.tolist() == expected.tf.tolist()
    assert (found.positions is None) == (expected.positions is None) == (not field.has_positions)
    if found.positions is not None and expected.positions is not None:
        assert found.positions.tolist() == expected.positions.tolist()
    assert field.documents(numbers).tolist() == expected.documents.tolist()
    totals: dict[int, int] = {}
    for number in numbers:
        for posting in terms[number]:
            totals[posting.document] = totals.get(posting.document, 0) + len(posting.positions)
    as_one = field.totals(numbers)
    assert dict(zip(as_one.documents.tolist(), as_one.tf.tolist(), strict=True)) == totals
    assert as_one.documents.tolist() == sorted(totals)


documents = st.one_of(
    st.integers(0, 400), st.integers(0, 70_000), st.sampled_from([127, 128, 65_535, 65_536])
)
places = st.lists(st.one_of(st.integers(0, 300), st.integers(0, 140_000)), min_size=1, max_size=5).map(sorted)
terms_of = st.lists(
    st.dictionaries(documents, places, min_size=1, max_size=8).map(
        lambda found: [Posting(document, found[document]) for document in sorted(found)]
    ),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms_of)
def test_what_is_written_is_read(terms: list[Term]) -> None:
    assert_read_back(terms)


@pytest.mark.parametrize("tf", [1, 2, 255, 256, 257, 258, 70_000])
def test_any_frequency(tf: int) -> None:
    one = [Posting(3, [*range(tf)]), Posting(4, [7]), Posting(900, [*range(0, 2 * tf, 2)])]
    assert_read_back([one, [Posting(4, [0])], one])


@pytest.mark.parametrize("document", [0, 1, 126, 127, 128, 255, 32_767, 65_535, 65_536, 200_000, 2**30 - 1])
def test_any_document_number(document: int) -> None:
    field = field_of([[Posting(document, [1, 2])], [Posting(0, [5]), Posting(document + 1, [6])]], True)
    assert field.postings(0).documents.tolist() == [document]
    assert field.postings(1).documents.tolist() == [0, document + 1]
    assert field.documents(range(2)).tolist() == [document, 0, document + 1]
    assert field.positions(1)[1].tolist() == [5, 6]


@pytest.mark.parametrize(
    "positions",
    [
        [0],
        [0, 0],
        [0, 0, 0, 1, 1],
        [254],
        [255, 255],
        [0, 254, 509, 765],
        [65_535],
        [0, 65_536, 131_072],
        [8_388_607],
    ],
    ids=str,
)
def test_any_positions(positions: list[int]) -> None:
    here = Posting(1, positions)
    assert_read_back([[Posting(0, positions), Posting(1, [0]), Posting(2, positions)], [here]])


def test_the_record_of_the_module_is_written_so() -> None:
    terms = [[Posting(2, [4]), Posting(5, [0, 3, 3])]]
    (plain,) = pack_records(inverted(terms, False))
    (placed,) = pack_records(inverted(terms, True))
    assert plain.blob.tobytes() == bytes([2 * 2, 2 * 3 + 1, 3 - 2])
    assert placed.blob.tobytes() == plain.blob.tobytes() + bytes([4, 0, 3, 0])
    assert plain.starts.tolist() == placed.starts.tolist() == [0]


def random_terms(chance: random.Random) -> list[Term]:
    terms = []
    for _ in range(60):
        holders = sorted(chance.sample(range(70_000), chance.choice((1, 1, 2, 40))))
        terms.append(
            [
                Posting(document, sorted(chance.choices(range(90_000), k=chance.choice((1, 1, 3, 300)))))
                for document in holders
            ]
        )
    return terms


@pytest.mark.parametrize("at_once", [1, 7, 100])
@pytest.mark.parametrize("with_positions", [False, True])
def test_pieces_at_the_bound_of_memory_equal_the_whole(
    monkeypatch: pytest.MonkeyPatch, at_once: int, with_positions: bool, seed: int
) -> None:
    terms = random_terms(random.Random(seed))
    (whole,) = pack_records(inverted(terms, with_positions))
    monkeypatch.setattr(packing, "_AT_ONCE", at_once)
    pieces = list(pack_records(inverted(terms, with_positions)))
    assert len(pieces) > 1
    assert b"".join(piece.blob.tobytes() for piece in pieces) == whole.blob.tobytes()
    bases = np.cumsum([0, *(len(piece.blob) for piece in pieces)])
    starts = [piece.starts + base for piece, base in zip(pieces, bases, strict=False)]
    assert np.concatenate(starts).tolist() == whole.starts.tolist()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 40))
def test_spans_are_whole_bounded_and_no_smaller_than_need_be(sizes: list[int], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(packing, "_AT_ONCE", at_once)
        found = list(spans(np.array(sizes, dtype=np.int64)))
    assert [number for first, last in found for number in range(first, last)] == [*range(len(sizes))]
    for first, last in found:
        assert sum(sizes[first:last]) <= at_once or last == first + 1
        assert last == len(sizes) or sum(sizes[first : last + 1]) > at_once


def test_of_no_terms_nothing_is_written() -> None:
    assert list(pack_records(inverted([], True))) == []
    field = field_of([], True)
    assert field.inverted(range(0)).documents.tolist() == []
    assert field.totals(range(0)).documents.tolist() == []
