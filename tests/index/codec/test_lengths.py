"""Is a length written in the byte that Whoosh would write?"""

from __future__ import annotations

import numpy as np
from whoosh.util.numeric import byte_to_length, length_to_byte

from index.codec.lengths import LENGTH_OF_BYTE, length_bytes


def test_every_length_is_the_byte_of_whoosh() -> None:
    lengths = np.arange(200_001)
    expected = [length_to_byte(length) for length in lengths.tolist()]
    assert length_bytes(lengths).tolist() == expected
    assert expected[-1] == 255  # the end of the scale is among them


def test_every_byte_is_the_length_of_whoosh() -> None:
    assert LENGTH_OF_BYTE.tolist() == [byte_to_length(code) for code in range(256)]
    assert LENGTH_OF_BYTE[:11].tolist() == [*range(11)]
    assert LENGTH_OF_BYTE[255] == 106_374


def test_no_lengths_are_no_bytes() -> None:
    assert length_bytes(np.zeros(0, dtype=np.int64)).tolist() == []
