"""Is every term found, whatever it is made of, and is a prefix the range that it should be?"""

from __future__ import annotations

import bisect
import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.codec.sections import smallest
from index.codec.terms import Terms

EVERY_PLANE = [chr(plane << 16 | low) for plane in range(17) for low in (0x21, 0xD7FF, 0xE000, 0xFFFF)]
PREFIXES = (b"", b"\0", b"a", b"\xc3", b"\xff", b"\xff\xff", b"a\xff", b"a\xff\xff", b"\xf4\x8f\xbf\xbf")


def made_of(terms: Sequence[bytes]) -> Terms:
    blob = np.frombuffer(b"".join(terms), dtype=np.uint8)
    return Terms(blob, smallest(np.cumsum([len(term) for term in terms], dtype=np.int64)))


def assert_found(terms: list[bytes], probes: Sequence[bytes]) -> None:
    """Compare everything that can be asked with what a sorted list answers."""
    held = made_of(terms)
    assert list(held) == terms
    assert [held[number] for number in range(len(terms))] == terms
    for probe in (*probes, *terms):
        at = bisect.bisect_left(terms, probe)
        assert held.lower_bound(probe) == at
        assert held.find(probe) == (at if probe in terms[at : at + 1] else None)
        expected = [number for number, term in enumerate(terms) if term.startswith(probe)]
        found = held.starting_with(probe)
        assert list(found) == expected
        assert held.span(found.start, found.stop) == [terms[number] for number in expected]


@given(st.sets(st.binary(max_size=6), max_size=200), st.lists(st.binary(max_size=4), max_size=20))
def test_any_bytes_are_found(terms: set[bytes], probes: list[bytes]) -> None:
    assert_found(sorted(terms), [*probes, *PREFIXES])


@given(st.sets(st.text(max_size=3), max_size=60), st.lists(st.text(max_size=2), max_size=10))
def test_the_order_of_bytes_is_that_of_code_points(terms: set[str], probes: list[str]) -> None:
    written = [term.encode() for term in sorted(terms)]
    assert_found(written, [probe.encode() for probe in probes])


def test_code_points_of_every_plane() -> None:
    terms = sorted({first + second for first in EVERY_PLANE[::3] for second in ("", "\0", *EVERY_PLANE[::5])})
    assert terms == sorted(terms, key=str.encode)
    assert_found([term.encode() for term in terms], [*PREFIXES, *(point.encode() for point in EVERY_PLANE)])


@pytest.mark.parametrize("count", [1, 2, 63, 64, 65, 127, 128, 129, 193])
def test_terms_on_both_sides_of_every_block(count: int) -> None:
    terms = sorted(f"t{number:04d}".encode() for number in range(count))
    assert_found(terms, [*PREFIXES, b"t00", b"t005", b"t0063\0", b"u"])


def test_neighbours_that_share_a_fold() -> None:
    words = ["cot\0côt", "cote\0cote", "cote\0coté", "cote\0côte", "coteau\0coteau", "cotes\0cotes"]
    held = made_of([word.encode() for word in words])
    assert list(held.starting_with(b"cote\0")) == [1, 2, 3]
    assert list(held.starting_with(b"cote")) == [1, 2, 3, 4, 5]


def test_of_no_terms_none_is_found() -> None:
    held = made_of([])
    assert list(held) == []
    assert held.find(b"") is None
    for prefix in PREFIXES:
        assert held.lower_bound(prefix) == 0
        assert not held.starting_with(prefix)


@pytest.mark.parametrize("number", [-1, 3, 64])
def test_a_number_of_no_term_is_an_index_error(number: int) -> None:
    with pytest.raises(IndexError):
        made_of([b"a", b"b", b"c"])[number]


def test_a_large_vocabulary(seed: int) -> None:
    chance = random.Random(seed)
    terms = sorted({"".join(chance.choices("abé\0🙂", k=at % 10)).encode() for at in range(3_000)})
    held = made_of(terms)
    assert list(held) == terms
    for probe in chance.sample(terms, 300):
        assert terms[held.find(probe) or 0] == probe
        cut = probe[: chance.randint(0, len(probe))]
        assert len(held.starting_with(cut)) == sum(term.startswith(cut) for term in terms)
