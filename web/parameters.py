"""What does a URL ask for?

The first step of every request: the values of the URL become a `SearchParameters`, the value that
links, answers and pages are made from. Whatever cannot be read is listed as a `ParameterProblem`,
never silently guessed; the rest is read all the same, so that a page can show the form again as it was
filled in.

The API takes exactly the parameters it documents. A page is more lenient, because people and
other sites write its addresses: it leaves out blank fields and parameters it does not know, and
takes a date as the French write it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, get_args

from index.dates import as_iso, period
from search.request import FacetName, SearchRequest, Sort

SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
FACETS: Final[tuple[FacetName, ...]] = get_args(FacetName)
PER_PAGE: Final = 10
MAX_PER_PAGE: Final = 100

MAX_PROBLEMS: Final = 20
"""A URL can hold thousands of wrong parameters: the answer must not."""

MAX_OFFSET: Final = 2**31 - 1
"""An offset past every possible index, that still fits in any integer the engine may use."""

_REPEATABLE = frozenset({"source", "author"})
_SCALARS = frozenset({"q", "page", "per_page", "sort", "from", "to", "facets"})
_ON_PAGES = frozenset({"q", "page", "sort", "from", "to"}) | _REPEATABLE
_ISO_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")

Values = Mapping[str, Sequence[str]]
"""The parameters of a URL: each name with all its values, in order."""


class SearchParameters(NamedTuple):
    """A search as a URL states it. Two URLs that mean the same give equal values."""

    q: str
    page: int = 1
    per_page: int = PER_PAGE
    sort: Sort = "relevance"
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    date_from: str | None = None
    date_to: str | None = None
    facets: tuple[FacetName, ...] = ()

    @property
    def offset(self) -> int:
        """How many hits stand before this page."""
        return min((self.page - 1) * self.per_page, MAX_OFFSET)

    @property
    def is_filtered(self) -> bool:
        """Whether anything besides the words narrows the search."""
        return bool(self.sources or self.authors or self.date_from or self.date_to)


class ParameterProblem(NamedTuple):
    """A parameter that cannot be used, and what was expected of it (one French sentence)."""

    param: str
    detail: str


def to_request(parameters: SearchParameters) -> SearchRequest:
    """Make the request to the engine that says the same."""
    return SearchRequest(
        text=parameters.q,
        limit=parameters.per_page,
        offset=parameters.offset,
        sort=parameters.sort,
        sources=parameters.sources,
        authors=parameters.authors,
        date_from=parameters.date_from,
        date_to=parameters.date_to,
        facets=parameters.facets,
    )


def read_page_search(values: Values) -> tuple[SearchParameters, tuple[ParameterProblem, ...]]:
    """Read the parameters of a page: blank and unknown ones do not count."""
    filled = {
        name: [value for value in values[name] if value.strip()] for name in values if name in _ON_PAGES
    }
    for name in ("from", "to"):
        if name in filled:
            filled[name] = [iso if period(iso := as_iso(value.strip())) else value for value in filled[name]]
    parameters, problems = read_search({name: given for name, given in filled.items() if given})
    if problems and problems[0].param == "q" and not parameters.q:
        problems = problems[1:]  # a page without words is the home page, not a mistake
    return parameters._replace(facets=FACETS), problems


def has_blanks(values: Values) -> bool:
    """Say whether a form was sent with empty fields, which its address does not need."""
    return any(not value.strip() for name in values if name in _ON_PAGES for value in values[name])


def read_search(values: Values) -> tuple[SearchParameters, tuple[ParameterProblem, ...]]:
    """Read the parameters of an API search, exactly as documented."""
    problems: list[ParameterProblem] = []
    scalars: dict[str, str] = {}
    if not any(value.strip() for value in values.get("q", ())):
        problems.append(ParameterProblem("q", "Paramètre obligatoire\u00a0: les mots à chercher."))
    for name, given in values.items():
        if name in _SCALARS:
            scalars[name] = given[0]
            if len(given) > 1:
                problems.append(ParameterProblem(name, f"Donné {len(given)} fois, attendu une seule fois."))
        elif name not in _REPEATABLE:
            known = ", ".join(sorted(_SCALARS | _REPEATABLE))
            problems.append(ParameterProblem(name[:100], f"Paramètre inconnu. Connus\u00a0: {known}."))
    date_from = _date("from", scalars, problems)
    date_to = _date("to", scalars, problems)
    if date_from and date_to and _is_after(date_from, date_to):
        problems.append(ParameterProblem("from", f"{date_from} vient après la date de fin, {date_to}."))
    parameters = SearchParameters(
        q=scalars.get("q", "").strip(),
        page=_number("page", scalars, problems, default=1, maximum=None),
        per_page=_number("per_page", scalars, problems, default=PER_PAGE, maximum=MAX_PER_PAGE),
        sort=_sort(scalars, problems),
        sources=_texts("source", values, problems),
        authors=_texts("author", values, problems),
        date_from=date_from,
        date_to=date_to,
        facets=_facets(scalars, problems),
    )
    return parameters, tuple(problems[:MAX_PROBLEMS])


def read_single(
    values: Values, name: str, *, required: bool = False
) -> tuple[str, tuple[ParameterProblem, ...]]:
    """Read the parameters of an address that takes `name` and nothing else."""
    problems = [
        ParameterProblem(other[:100], f"Paramètre inconnu. Connu\u00a0: {name}.")
        for other in values
        if other != name
    ]
    given = values.get(name, ())
    if len(given) > 1:
        problems.append(ParameterProblem(name, f"Donné {len(given)} fois, attendu une seule fois."))
    if required and not given:
        problems.append(ParameterProblem(name, "Paramètre obligatoire."))
    return (given[0] if given else ""), tuple(problems[:MAX_PROBLEMS])


def _number(
    name: str,
    scalars: Mapping[str, str],
    problems: list[ParameterProblem],
    *,
    default: int,
    maximum: int | None,
) -> int:
    if name not in scalars:
        return default
    typed = scalars[name]
    # Python refuses to read more than 4,300 digits, and no such page exists anyway.
    if re.fullmatch(r"[0-9]{1,4000}", typed):
        number = int(typed)
        if number >= 1 and (maximum is None or number <= maximum):
            return number
    expected = "un nombre entier à partir de 1" if maximum is None else f"un nombre entier de 1 à {maximum}"
    problems.append(ParameterProblem(name, f"Trouvé «\u00a0{typed[:40]}\u00a0», attendu {expected}."))
    return default


def _sort(scalars: Mapping[str, str], problems: list[ParameterProblem]) -> Sort:
    typed = scalars.get("sort", "relevance")
    for sort in SORTS:
        if typed == sort:
            return sort
    detail = f"Trouvé «\u00a0{typed[:40]}\u00a0», attendu l’un de {', '.join(SORTS)}."
    problems.append(ParameterProblem("sort", detail))
    return "relevance"


def _facets(scalars: Mapping[str, str], problems: list[ParameterProblem]) -> tuple[FacetName, ...]:
    if "facets" not in scalars:
        return ()
    asked = scalars["facets"].split(",")
    for name in asked:
        if name not in FACETS:
            expected = ", ".join(FACETS)
            detail = f"Trouvé «\u00a0{name[:40]}\u00a0», attendu, séparés par des virgules\u00a0: {expected}."
            problems.append(ParameterProblem("facets", detail))
            break
    return tuple(facet for facet in FACETS if facet in asked)


def _texts(name: str, values: Values, problems: list[ParameterProblem]) -> tuple[str, ...]:
    given = tuple(dict.fromkeys(value.strip() for value in values.get(name, ())))
    if "" in given:
        problems.append(ParameterProblem(name, "Valeur vide\u00a0: donnez un nom, ou retirez le paramètre."))
    return tuple(value for value in given if value)


def _date(name: str, scalars: Mapping[str, str], problems: list[ParameterProblem]) -> str | None:
    if name not in scalars:
        return None
    typed = scalars[name]
    if _ISO_DATE.fullmatch(typed) and period(typed):
        return typed
    detail = f"Trouvé «\u00a0{typed[:40]}\u00a0», attendu une date telle que 2023, 2023-02 ou 2023-02-28."
    problems.append(ParameterProblem(name, detail))
    return None


def _is_after(first: str, second: str) -> bool:
    shared = min(len(first), len(second))
    return first[:shared] > second[:shared]
