"""How is the length of a text written in one byte?

Exactly up to ten tokens, rounded up by at most a tenth beyond, and never more than 106,374: Whoosh's own
scale, so that Whoosh's searcher scores from these bytes what it would score from its own. 0 is a field that
a document does not have.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from whoosh.util.numeric import byte_to_length

from index.codec.sections import Array

LENGTH_OF_BYTE: npt.NDArray[np.int32] = np.array(
    [byte_to_length(code) for code in range(256)], dtype=np.int32
)


def length_bytes(tokens: Array) -> npt.NDArray[np.uint8]:
    """Write lengths in tokens, (n,), as bytes."""
    return np.minimum(np.searchsorted(LENGTH_OF_BYTE, tokens), 255).astype(np.uint8)
