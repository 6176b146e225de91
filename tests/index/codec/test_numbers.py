"""Are small numbers written in few bytes and read back as they were, one list at a time or many?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.codec.numbers import (
    Bytes,
    Ints,
    PackedLists,
    firsts,
    ragged,
    running_sums,
    sum_ranges,
    unpack,
    unpack_many,
)

LAST_OF_TWO_LEVELS = 255 + 65_534
LARGEST = 2**32 - 1  # what 32 bits can give back

AROUND = (1, 254, 255, 65_535, LAST_OF_TWO_LEVELS, LAST_OF_TWO_LEVELS + 1, 2**31)
EDGES = (*(edge + off for edge in AROUND for off in (-1, 0, 1)), LARGEST)

numbers = st.one_of(st.sampled_from(EDGES), st.integers(0, 300), st.integers(0, LARGEST))
lists = st.lists(st.lists(numbers, max_size=40), max_size=12)


def flat(several: list[list[int]]) -> tuple[Ints, Ints]:
    values = np.array([value for one in several for value in one], dtype=np.int64)
    return values, np.array([len(one) for one in several], dtype=np.int64)


def packed(several: list[list[int]], before: bytes = b"") -> tuple[Bytes, Ints]:
    """Pack lists one behind the other; give the blob and where each starts and the last one ends."""
    lists_ = PackedLists(*flat(several))
    starts = firsts(lists_.sizes) + len(before)
    blob = np.zeros(len(before) + int(lists_.sizes.sum()), dtype=np.uint8)
    blob[: len(before)] = np.frombuffer(before, dtype=np.uint8)
    lists_.write(blob, starts)
    return blob, np.append(starts, len(blob))


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([], ""),
        ([0], "00"),
        ([254], "fe"),
        ([255], "ff 0000"),
        ([256], "ff 0100"),
        ([255 + 65_534], "ff feff"),
        ([255 + 65_535], "ff ffff 00000000"),
        ([255 + 65_536], "ff ffff 01000000"),
        ([2**31], "ff ffff 02fffe7f"),
        ([3, 4, 300, 70_000], "03 04 ff ff  2d00 ffff  72100000"),
        ([255, 1, 255 + 65_535, 255], "ff 01 ff ff  0000 ffff 0000  00000000"),
    ],
)
def test_a_list_is_written_so(values: list[int], written: str) -> None:
    assert packed([values])[0].tobytes() == bytes.fromhex(written)


@given(lists, st.binary(max_size=3))
def test_what_is_packed_is_unpacked(several: list[list[int]], before: bytes) -> None:
    blob, starts = packed(several, before)
    for number, expected in enumerate(several):
        found, end = unpack(blob, int(starts[number]), len(expected))
        assert found.tolist() == expected
        assert end == starts[number + 1]
    values, counts = flat(several)
    found, ends = unpack_many(blob, starts[:-1], counts)
    assert found.tolist() == values.tolist()
    assert ends.tolist() == starts[1:].tolist()


@given(lists, st.randoms(use_true_random=False))
def test_any_of_many_lists_can_be_read_in_any_order(several: list[list[int]], chance: object) -> None:
    blob, starts = packed(several)
    order = [*range(len(several))]
    chance.shuffle(order)  # type: ignore[attr-defined]
    counts = np.array([len(several[number]) for number in order], dtype=np.int64)
    found, _ = unpack_many(blob, starts[:-1][order] if order else starts[:-1], counts)
    assert found.tolist() == [value for number in order for value in several[number]]


def test_lists_of_every_edge_with_empty_ones_between() -> None:
    several = [[], *([edge] * count for edge in EDGES for count in (1, 0, 2, 300)), []]
    blob, starts = packed(several)
    values, counts = flat(several)
    assert unpack_many(blob, starts[:-1], counts)[0].tolist() == values.tolist()


def test_reading_changes_nothing_of_what_is_mapped() -> None:
    blob, starts = packed([[1, 255, 70_000]])
    before = blob.tobytes()
    blob.flags.writeable = False
    unpack(blob, 0, 3)
    unpack_many(blob, starts[:-1], np.array([3]))
    assert blob.tobytes() == before


@given(lists)
def test_arithmetic_of_ranges(several: list[list[int]]) -> None:
    values, counts = flat(several)
    starts = firsts(counts)
    assert starts.tolist() == [sum(map(len, several[:number])) for number in range(len(several))]
    assert sum_ranges(values, counts).tolist() == [sum(one) for one in several]
    expected = [sum(one[: at + 1]) for one in several for at in range(len(one))]
    assert running_sums(values, counts).tolist() == expected
    places = ragged(starts[::-1], counts[::-1])
    assert values[places].tolist() == [value for one in reversed(several) for value in one]
