"""How many of the articles found have each source, and each year?"""

from __future__ import annotations

import numpy as np

from search.request import FacetName
from search.results import FacetCount
from search.snapshot import Documents, Snapshot

MAX_VALUES = 100  # of one facet; the commonest are kept


def count_facets(snapshot: Snapshot, documents: Documents, name: FacetName) -> tuple[FacetCount, ...]:
    """Count the values of one facet: sources by how common they are, years from the latest back."""
    match name:
        case "year":
            totals = np.bincount(snapshot.years[documents])
            found = [FacetCount(f"{year:04d}", int(totals[year])) for year in np.flatnonzero(totals) if year]
            return tuple(reversed(found))[:MAX_VALUES]
        case "source":
            categories = snapshot.categories(name)
            codes = categories.codes[documents]
            totals = np.bincount(codes[codes >= 0], minlength=len(categories.names))
            found = [FacetCount(categories.names[code], int(totals[code])) for code in np.flatnonzero(totals)]
            return tuple(sorted(found, key=lambda facet: (-facet.count, facet.value))[:MAX_VALUES])
