"""How many of the articles found have each source, and each year?"""

from __future__ import annotations

import numpy as np

from index.dates import UNKNOWN
from search.request import FacetName
from search.results import FacetCount
from search.snapshot import Documents, Snapshot

MAX_VALUES = 100  # of one facet; the commonest are kept

_UNITS_PER_YEAR = 100_000_000  # of a date's sort key


def count_facets(snapshot: Snapshot, documents: Documents, name: FacetName) -> tuple[FacetCount, ...]:
    """Count the values of one facet: sources by how common they are, years from the latest back."""
    if name == "year":
        dates = snapshot.dates[documents]
        years, counts = np.unique(dates[dates != UNKNOWN] // _UNITS_PER_YEAR, return_counts=True)
        found = [FacetCount(f"{year:04d}", int(count)) for year, count in zip(years, counts, strict=True)]
        return tuple(reversed(found))[:MAX_VALUES]
    categories = snapshot.sources
    codes = categories.codes[documents]
    totals = np.bincount(codes[codes >= 0], minlength=len(categories.names))
    found = [FacetCount(categories.names[code], int(totals[code])) for code in np.flatnonzero(totals)]
    return tuple(sorted(found, key=lambda facet: (-facet.count, facet.value))[:MAX_VALUES])
