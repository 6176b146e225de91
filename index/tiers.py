"""Of which segments does an index consist, and when do several become one?

An update adds a segment and marks documents deleted in others, so it writes only what it changes. To keep the
number of segments low for searches, those of like size are merged when there are `FANOUT` of them, and one
that is more than half deleted is written anew. Each article is then rewritten once for every `FANOUT`-fold
growth of the index, and one update merges what the updates before it left.

Source: O'Neil et al., "The Log-Structured Merge-Tree" (1996), tiered as Lucene's merge policy is.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from index.codec.merging import RunMerges, Source, merge
from index.codec.segment import Segment
from index.codec.whoosh_codec import ArraySegment

FANOUT = 8
_SMALLEST = 1_000  # documents; smaller segments count as one size: opening one costs more than its content


def path_of(folder: Path, segment: ArraySegment) -> Path:
    """Give the file of a segment."""
    return folder / segment.file_name()


def without(segment: ArraySegment, documents: Collection[int]) -> ArraySegment:
    """Give a segment with some more of its documents deleted."""
    if not documents:
        return segment
    return ArraySegment(segment.segid, segment.documents, segment.deleted | frozenset(documents))


def settle(folder: Path, name: str, segments: Sequence[ArraySegment], run: RunMerges) -> list[ArraySegment]:
    """Merge what is due to be merged, and remove the files that are no longer needed.

    Merged segments are named `name` and a number. Raises: IndexDamaged when one to be merged is damaged: a
    merge would give it a new, right checksum.
    """
    every = list(segments)
    settled = [segment for segment in segments if _live(segment)]
    number = 0
    while due := _due(settled):
        number += 1
        merged = _merged(folder, f"{name}m{number:02d}", [settled[at] for at in due], run)
        every.append(merged)
        settled = [segment for at, segment in enumerate(settled) if at not in due]
        settled.insert(due[0], merged)
    for segment in every:
        if segment not in settled:
            os.unlink(path_of(folder, segment))
    return settled


def merge_all(folder: Path, name: str, segments: Sequence[ArraySegment], run: RunMerges) -> ArraySegment:
    """Merge segments into one, and remove their files."""
    merged = _merged(folder, f"{name}m00", segments, run)
    for segment in segments:
        os.unlink(path_of(folder, segment))
    return merged


def _merged(folder: Path, name: str, segments: Sequence[ArraySegment], run: RunMerges) -> ArraySegment:
    sources = []
    for segment in segments:
        path = path_of(folder, segment)
        Segment(path).sections.require_sound()
        kept = np.ones(segment.documents, dtype=bool)
        kept[list(segment.deleted)] = False
        sources.append(Source(path, kept))
    merged = ArraySegment(name, sum(map(_live, segments)))
    merge(sources, path_of(folder, merged), run)
    return merged


def _due(segments: Sequence[ArraySegment]) -> list[int]:
    """Give the places of segments that should be merged now, or none."""
    tiers: dict[int, list[int]] = defaultdict(list)
    for at, segment in enumerate(segments):
        if 2 * segment.deleted_count() > segment.documents:
            return [at]
        tiers[_tier(_live(segment))].append(at)
    return next((places for _, places in sorted(tiers.items()) if len(places) >= FANOUT), [])


def _tier(documents: int) -> int:
    tier = 0
    while documents > _SMALLEST * FANOUT**tier:
        tier += 1
    return tier


def _live(segment: ArraySegment) -> int:
    return segment.documents - segment.deleted_count()
