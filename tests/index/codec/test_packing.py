"""Are occurrences put in the order of their terms, whatever order they come in?"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.codec.packing import (
    Int32s,
    Inverted,
    gather,
    merge_terms,
    pack_records,
    read_records,
    sorted_places,
)
from index.codec.terms import Terms

pytestmark = pytest.mark.usefixtures("both_kernels")

_TERMS, _DOCUMENTS = 5, 8
POSTINGS = st.lists(
    st.tuples(
        st.integers(-1, _TERMS - 1),
        st.integers(-1, _DOCUMENTS - 1),
        st.lists(st.integers(0, 300), min_size=1, max_size=4, unique=True).map(sorted),
    ),
    max_size=30,
).map(lambda postings: sorted(postings, key=lambda posting: posting[1]))


def int32s(numbers: list[int]) -> Int32s:
    return np.array(numbers, dtype=np.int32)


def as_lists(inverted: Inverted) -> list[list[tuple[int, list[int]]]]:
    """Give, of each term, its documents with the positions in each, or as many zeros."""
    positions = np.zeros(int(inverted.tf.sum()), dtype=np.int32)
    positions = positions if inverted.positions is None else inverted.positions
    of_posting = np.split(positions, np.cumsum(inverted.tf)[:-1]) if len(inverted.tf) else []
    postings = list(zip(inverted.documents.tolist(), (each.tolist() for each in of_posting), strict=True))
    ends = np.cumsum(inverted.df).tolist()
    return [postings[end - df : end] for df, end in zip(inverted.df.tolist(), ends, strict=True)]


@given(POSTINGS)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_postings_are_gathered_by_term_and_document(postings: list[tuple[int, int, list[int]]]) -> None:
    terms, documents = (int32s([posting[at] for posting in postings]) for at in (0, 1))
    tf = int32s([len(posting[2]) for posting in postings])
    positions = int32s([position for posting in postings for position in posting[2]])
    expected: list[dict[int, list[int]]] = [defaultdict(list) for _ in range(_TERMS)]
    for term, document, places in postings:
        if term >= 0 and document >= 0:
            expected[term][document] += places
    placed = as_lists(gather(terms, documents, tf, positions, _TERMS))
    assert placed == [[(d, sorted(term[d])) for d in sorted(term)] for term in expected]
    counted = as_lists(gather(terms, documents, tf, None, _TERMS))
    assert counted == [[(d, [0] * len(term[d])) for d in sorted(term)] for term in expected]


def test_occurrences_one_by_one_are_postings_of_frequency_one() -> None:
    found = gather(int32s([1, 0, 1, 1]), int32s([0, 0, 0, 2]), None, int32s([7, 1, 3, 5]), 3)
    assert as_lists(found) == [[(0, [1])], [(0, [3, 7]), (2, [5])], []]


def test_nothing_is_gathered_from_nothing() -> None:
    none = int32s([])
    assert as_lists(gather(none, none, None, none, 2)) == [[], []]


@given(POSTINGS, st.integers(1, 3))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_gathered_postings_are_read_back_as_they_were(
    postings: list[tuple[int, int, list[int]]], scale: int
) -> None:
    terms, documents = (int32s([posting[at] for posting in postings]) for at in (0, 1))
    # Gaps of every width.
    documents = np.where(documents < 0, -1, documents * 300**scale // 4).astype(np.int32)
    tf = int32s([len(posting[2]) for posting in postings])
    positions = int32s([position * 300**scale // 60 for posting in postings for position in posting[2]])
    gathered = gather(terms, documents, tf, positions, _TERMS)
    (records,) = pack_records(gathered)
    df = np.asarray(gathered.df, dtype=np.int64)
    assert as_lists(read_records(records.blob, records.starts, df, True)) == as_lists(gathered)
    (records,) = pack_records(Inverted(gathered.df, gathered.documents, gathered.tf, None))
    read = read_records(records.blob, records.starts, df, False)
    assert read.positions is None
    assert read.documents.tolist() == gathered.documents.tolist()
    assert read.tf.tolist() == gathered.tf.tolist()


@given(
    st.lists(
        st.binary(max_size=12) | st.binary(max_size=3).map(lambda end: b"interna\0" + end),
        unique=True,
        max_size=60,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_terms_are_sorted_by_their_bytes(terms: list[bytes]) -> None:
    """Also those of which eight bytes are the same, or that begin as another one does and have a NUL."""
    assert [terms[at] for at in sorted_places(terms)] == sorted(terms)


def terms_of(names: list[bytes]) -> Terms:
    ends = np.cumsum([len(name) for name in names], dtype=np.uint32)
    return Terms(np.frombuffer(b"".join(names), dtype=np.uint8), ends)


@given(st.lists(st.lists(st.binary(max_size=3), max_size=12, unique=True).map(sorted), max_size=9))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sorted_terms_are_merged(several: list[list[bytes]]) -> None:
    merged, ranks = merge_terms([terms_of(names) for names in several])
    assert merged == sorted({name for names in several for name in names})
    assert [[merged[at] for at in rank.tolist()] for rank in ranks] == several


@pytest.mark.parametrize("ends", [[2, 1], [9], [1, 9], [2**63]])
def test_no_term_is_read_outside_the_blob(ends: list[int], both_kernels: str) -> None:
    broken = Terms(np.frombuffer(b"abc", dtype=np.uint8), np.array(ends, dtype=np.uint64))
    if both_kernels == "compiled":
        with pytest.raises(ValueError, match="ends of terms"):
            merge_terms([terms_of([b"a"]), broken])
    else:  # slices end where the blob does
        assert all(term in b"abc" for term in merge_terms([terms_of([b"a"]), broken])[0])


@pytest.mark.parametrize("with_positions", [True, False])
def test_a_record_that_leaves_the_blob_is_refused(with_positions: bool) -> None:
    gathered = gather(int32s([0] * 9), int32s(list(range(9))), None, int32s([9] * 9), 1)
    (records,) = pack_records(gathered)
    df = np.array([9], dtype=np.int64)
    for kept in range(9 + 9 * with_positions):
        with pytest.raises((ValueError, IndexError)):
            read_records(records.blob[:kept], records.starts, df, with_positions)
    for wrong in (-1, 1 << 40):
        with pytest.raises((ValueError, IndexError, MemoryError)):
            read_records(records.blob, records.starts, np.array([wrong], dtype=np.int64), with_positions)
