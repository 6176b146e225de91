"""How much is an article worth to a word?

BM25F, the BM25 of documents with fields: the frequencies of a word in the fields are added up,
weighted and normalised by each field's length, before the saturation is applied once.

    tf' = Σ_field  weight · tf / (1 - b + b · length / mean length)
    score = idf · tf' · (k1 + 1) / (k1 + tf')
    idf = ln(1 + (N - df + 0.5) / (df + 0.5))

Source: Robertson, Zaragoza, Taylor, "Simple BM25 Extension to Multiple Weighted Fields" (CIKM
2004), with the idf of Lucene, which is never negative. `df` counts the live articles that have the
word in any of the fields asked.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.schema import zone_of

K1 = 0.9  # less than the usual 1.2: in an article a word said twice says little more than once
WORD_BONUS = 0.3  # for each of the words side by side: two words found beat one found twice

Floats = npt.NDArray[np.float64]


class FieldWeight(NamedTuple):
    """How a field counts: its weight, and how much its length matters (`b`, 0 to 1)."""

    weight: float
    b: float


# A word of the title says more of what an article is about than one of its text; a title's length
# says little. How k1 and the b of the text were found: docs/decisions/evaluation.md.
FIELD_WEIGHTS: Mapping[str, FieldWeight] = {
    "title": FieldWeight(2.5, 0.3),
    "lead": FieldWeight(1.5, 0.5),
    "text": FieldWeight(1.0, 0.65),
}
OTHER_FIELD = FieldWeight(1.0, 0.65)


def idf(documents: int, df: int) -> float:
    """Give the inverse document frequency of a word that `df` of `documents` articles have."""
    return math.log(1 + (documents - df + 0.5) / (df + 0.5))


def field_norms(field: str, lengths: npt.NDArray[np.int32], mean: float) -> Floats:
    """Give what one occurrence in a field counts at each length: its weight, normalised by length, (n,).

    `lengths`, (n,), and `mean` are in tokens.
    """
    weight = FIELD_WEIGHTS.get(zone_of(field), OTHER_FIELD)
    return np.asarray(weight.weight / (1 - weight.b + weight.b * lengths / (mean or 1.0)))


def saturate(tf: Floats, weight: float = 1.0) -> Floats:
    """Apply the saturation of BM25 to summed field parts, (n,), times a weight."""
    saturated = tf * (weight * (K1 + 1))
    saturated /= tf + K1
    return saturated
