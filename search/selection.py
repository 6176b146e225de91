"""Which of the articles found does a request want, and in which order?

Filters narrow what a query found and change no score. A request that breaks its types is refused before
anything is searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np

from index.codec.kernels import Floats, best
from index.dates import FIRST_KEY, LAST_KEY, UNKNOWN, period
from index.errors import InvalidInput
from search.evaluation import Matches
from search.name_fields import as_known
from search.request import FacetName, SearchRequest, Sort
from search.snapshot import Snapshot
from search.syntax import FieldName


def narrowed(snapshot: Snapshot, matches: Matches, request: SearchRequest) -> Matches:
    """Keep what the request's filters ask for."""
    filters: tuple[tuple[Sequence[str], FieldName], ...]
    filters = ((request.sources, "source"), (request.authors, "author"))
    for names, column in filters:
        if names:
            categories = snapshot.categories(column)
            asked = as_known(snapshot, column, names)
            # The last entry, which the code -1 (no name) selects, is never wanted.
            wanted = np.array([name in asked for name in categories.names] + [False])
            matches = matches.keep(wanted[categories.codes[matches.documents]])
    if request.date_from or request.date_to:
        low = _period(request.date_from, "date_from")[0] if request.date_from else FIRST_KEY
        high = _period(request.date_to, "date_to")[1] if request.date_to else LAST_KEY
        dates = snapshot.dates[matches.documents]
        matches = matches.keep((dates != UNKNOWN) & (dates >= low) & (dates <= high))
    return matches


def require_sense(request: SearchRequest) -> None:
    """Check at run time what the types of a request promise. Raises: InvalidInput."""
    if request.limit < 0 or request.offset < 0:
        raise InvalidInput(
            f"limit {request.limit}, offset {request.offset} : attendu deux nombres positifs ou nuls"
        )
    if request.sort not in get_args(Sort):
        raise InvalidInput(f"sort : « {request.sort} » ; attendu {', '.join(get_args(Sort))}")
    for name in request.facets:
        if name not in get_args(FacetName):
            raise InvalidInput(f"facets : « {name} » ; attendu {', '.join(get_args(FacetName))}")
    for parameter in ("sources", "authors"):
        names = getattr(request, parameter)
        if isinstance(names, str) or not all(isinstance(name, str) for name in names):
            raise InvalidInput(f'{parameter} : « {names} » ; attendu une suite de noms, comme ("AFP",)')


def _period(text: str, parameter: str) -> tuple[int, int]:
    found = period(text)
    if not found:
        raise InvalidInput(
            f"{parameter} : « {text} » n’est pas une date ; attendu 2023, 2023-02 ou 2023-02-28"
        )
    return found


def page_of(snapshot: Snapshot, matches: Matches, request: SearchRequest) -> list[int]:
    """Return the indices into `matches` of the hits of the page, in order; without a query, newest first."""
    keys: list[Floats] = [matches.scores]
    if request.sort != "relevance" or not request.text.strip():
        keys.insert(0, snapshot.date_ranks[matches.documents])
        if request.sort == "oldest":
            keys[0] = np.where(keys[0] == UNKNOWN, -np.inf, -keys[0])
    places: list[int] = best(keys, request.offset, request.offset + request.limit).tolist()
    return places
