"""How is a search answered, by many threads at once, while the index is replaced?

An `Engine` holds the `Snapshot` of the generation in service. Every call borrows it for as long as it
lasts; when CURRENT names another generation, the next call opens it and the old snapshot is closed
by the last call that still uses it. So a search never sees two generations, and never none.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import get_args

import numpy as np
from whoosh import query

from index import store
from index.articles.article import Article
from index.codec.kernels import Floats, best
from index.dates import FIRST_KEY, LAST_KEY, UNKNOWN, period
from index.errors import DepecheError, IndexMissing, IndexOutdated, InvalidInput, LimitExceeded
from index.french.folding import fold
from index.manifest import Manifest
from index.schema import ARTICLE_ZONES, ZONES
from search import vocabulary
from search.compounds import as_written
from search.evaluation import Matches, evaluate
from search.explanation import Explanation, explain
from search.facets import count_facets
from search.guesses import ABSENT
from search.interpretation import Interpretation, interpret
from search.marking import PreparedMarks, find_marks, prepare
from search.name_fields import NameField, as_known, complete_name, name_being_typed
from search.parser import readable
from search.request import FacetName, SearchRequest, Sort
from search.results import ArticleView, Hit, IndexStats, SearchResults
from search.snapshot import Snapshot
from search.snippets import make_snippets
from search.suggestions import suggest_queries
from search.syntax import MIN_PREFIX_LENGTH
from search.time_budget import time_budget
from search.tokens import zones_being_typed
from search.units import units, word_spans

_MAX_COMPLETED_CHARS = 200  # of what is being typed: nobody has the rest completed


class Engine:
    """An index, open for searching; safe to share between threads. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp = store.pointer_stamp(path)
        self._snapshot = _open_current(path)
        self._borrowers: dict[Snapshot, int] = {}
        self._opening = threading.Lock()
        self._closed = False

    @property
    def generation(self) -> str:
        """Name of the generation that a search would now use."""
        with self._borrowed() as snapshot:
            return snapshot.name

    @property
    def edition(self) -> str:
        """The generation's name, and what tells it from one of that name in an index built anew."""
        with self._borrowed() as snapshot:
            return snapshot.edition

    @property
    def manifest(self) -> Manifest:
        """What the generation says of itself; `stats` says more, and reads the whole lexicon."""
        with self._borrowed() as snapshot:
            return snapshot.manifest

    def search(self, request: SearchRequest) -> SearchResults:
        """Find the articles that a request asks for.

        Raises:
            LimitExceeded: the query is larger than a limit of search.syntax, or took too long.
            InvalidInput: a date, a limit or an offset of the request makes no sense.
        """
        started = time.perf_counter()
        _require_sense(request)
        with self._borrowed() as snapshot, time_budget():
            understood = interpret(snapshot, request.text)
            if request.is_filtered and not request.text.strip():
                understood = understood._replace(query=query.Every(), described="tous les articles")
            matches = _filter(snapshot, evaluate(snapshot, understood.query), request)
            places = _order(snapshot, matches, request)
            marks = prepare(understood.marks) if request.snippets else None
            read = snapshot.article if request.snippets else snapshot.head
            hits = tuple(
                _hit(read(int(matches.documents[place])), float(matches.scores[place]), marks)
                for place in places
            )
            facets = {name: count_facets(snapshot, matches.documents, name) for name in request.facets}
            suggestions = _suggestions(snapshot, request, len(matches), understood)
            return SearchResults(
                total=len(matches),
                hits=hits,
                interpreted=understood.described,
                generation=snapshot.name,
                took_ms=round((time.perf_counter() - started) * 1000, 2),
                ignored=understood.ignored,
                expansions=understood.expansions,
                facets=facets,
                suggestions=suggestions,
            )

    def view(self, article_id: str, text: str = "") -> ArticleView | None:
        """Give an article with the words of a query marked in it, or None where there is none."""
        with self._borrowed() as snapshot, time_budget():
            document = snapshot.document_of(article_id)
            if document is None:
                return None
            article = snapshot.article(document)
            marks = prepare(interpret(snapshot, text).marks if text.strip() else ())
            found = {zone: find_marks(getattr(article, zone), zone, marks) for zone in ZONES}
            return ArticleView(
                article,
                {zone: tuple((mark.start, mark.end) for mark in marked) for zone, marked in found.items()},
                snapshot.name,
                {zone: tuple(mark.reason for mark in marked) for zone, marked in found.items()},
            )

    def suggest(self, text: str, limit: int = 8) -> tuple[str, ...]:
        """Complete the last word of what is being typed from the words of the index, the commonest first.

        Of what is typed behind `source:` or `auteur:`, complete the name; behind `titre:`, a word of titles.
        """
        whole = readable(text)
        before, text = whole[:-_MAX_COMPLETED_CHARS], whole[-_MAX_COMPLETED_CHARS:]
        if name := name_being_typed(text):
            with self._borrowed() as snapshot, time_budget():
                found = complete_name(snapshot, name, limit)
            return tuple(before + text[: name.start] + one for one in found)
        words = units(text)
        last = words[-1].token if words else None
        if last is None or last.end < len(text) or len(last.fold) < MIN_PREFIX_LENGTH:
            return ()
        if not (zones := zones_being_typed(text[: word_spans(text)[-1][0]])):
            return ()
        with self._borrowed() as snapshot, time_budget():
            completed = vocabulary.complete(snapshot, zones, last.fold, limit)
            found = tuple(as_written(snapshot, zones, fold(word)) for word in completed)
        return tuple(before + text[: last.start] + word for word in found)

    def explain(self, text: str, article_id: str) -> Explanation | None:
        """Account for the score of one article; None where there is no such article."""
        with self._borrowed() as snapshot, time_budget():
            document = snapshot.document_of(article_id)
            return None if document is None else explain(snapshot, interpret(snapshot, text), document)

    def stats(self) -> IndexStats:
        """Describe the index in service."""
        with self._borrowed() as snapshot:
            dated = snapshot.dates[snapshot.live & (snapshot.dates != UNKNOWN)]
            manifest = snapshot.manifest
            return IndexStats(
                generation=snapshot.name,
                articles=snapshot.documents,
                built_at=manifest.built_at,
                size_bytes=manifest.size_bytes,
                text_bytes=manifest.text_bytes,
                distinct_forms=snapshot.count_forms(),
                sources=len(snapshot.categories("source").names),
                oldest=_article_date(snapshot, int(dated.min())) if len(dated) else None,
                newest=_article_date(snapshot, int(dated.max())) if len(dated) else None,
            )

    def close(self) -> None:
        """Let go of the index. Calls under way end normally; a later one raises. It may be called twice."""
        with self._lock:
            already, self._closed = self._closed, True
            snapshot = self._snapshot
            idle = snapshot not in self._borrowers
        if idle and not already:
            snapshot.close()

    def __enter__(self) -> Engine:
        """Use the engine in a `with` block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the engine."""
        self.close()

    @contextmanager
    def _borrowed(self) -> Iterator[Snapshot]:
        """Hold the snapshot in service, so that it is not closed meanwhile."""
        self._follow()
        with self._lock:
            if self._closed:
                raise DepecheError("ce moteur est fermé ; ouvrez-en un autre : open_index")
            snapshot = self._snapshot
            self._borrowers[snapshot] = self._borrowers.get(snapshot, 0) + 1
        try:
            yield snapshot
        finally:
            with self._lock:
                self._borrowers[snapshot] -= 1
                last = not self._borrowers[snapshot]
                if last:
                    del self._borrowers[snapshot]
                retired = last and (self._closed or snapshot is not self._snapshot)
            if retired:
                snapshot.close()

    def _follow(self) -> None:
        """Take the generation that CURRENT names into service, if CURRENT was written since.

        One thread opens it while the others go on with the old one. The name alone says nothing: an index
        that was deleted and built again starts from the same one. Where an index has been deleted, or another
        version of Dépêche has written the new generation, the one that is open goes on answering.

        Raises: IndexDamaged where what CURRENT names cannot be read.
        """
        if self._closed or store.pointer_stamp(self._path) == self._stamp:
            return
        if not self._opening.acquire(blocking=False):
            return
        try:
            stamp = store.pointer_stamp(self._path)
            try:
                fresh = _open_current(self._path)
            except IndexMissing:
                return
            except IndexOutdated:
                self._stamp = stamp
                return
            with self._lock:
                # An engine that was closed meanwhile keeps what it had, for calls still under way.
                closed = self._closed
                old = fresh if closed else self._snapshot
                self._snapshot = self._snapshot if closed else fresh
                idle = old not in self._borrowers
            if idle:
                old.close()
            self._stamp = stamp
        finally:
            self._opening.release()


def _open_current(path: Path) -> Snapshot:
    """Open the generation in service; where it was replaced and removed meanwhile, its successor."""
    while True:
        name = store.current_name(path)
        try:
            return Snapshot(store.open_generation(path, name))
        except (DepecheError, OSError):
            if store.current_name(path) == name:
                raise


def _filter(snapshot: Snapshot, matches: Matches, request: SearchRequest) -> Matches:
    """Keep what the request's filters ask for."""
    filters: tuple[tuple[Sequence[str], NameField], ...]
    filters = ((request.sources, "source"), (request.authors, "author"))
    for names, column in filters:
        if names:
            categories = snapshot.categories(column)
            asked = as_known(snapshot, column, names)
            # The last place, which the code -1 means, is of no name.
            wanted = np.array([name in asked for name in categories.names] + [False])
            matches = matches.keep(wanted[categories.codes[matches.documents]])
    if request.date_from or request.date_to:
        low = _period(request.date_from, "date_from")[0] if request.date_from else FIRST_KEY
        high = _period(request.date_to, "date_to")[1] if request.date_to else LAST_KEY
        dates = snapshot.dates[matches.documents]
        matches = matches.keep((dates != UNKNOWN) & (dates >= low) & (dates <= high))
    return matches


def _require_sense(request: SearchRequest) -> None:
    """Refuse what the types of a request forbid, but nothing keeps a program from asking."""
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


def _order(snapshot: Snapshot, matches: Matches, request: SearchRequest) -> list[int]:
    """Give the places of the hits of the page asked, in order; without words the newest come first."""
    keys: list[Floats] = [matches.scores]
    if request.sort != "relevance" or not request.text.strip():
        keys.insert(0, snapshot.newest[matches.documents])
        if request.sort == "oldest":
            keys[0] = np.where(keys[0] == UNKNOWN, -np.inf, -keys[0])
    places: list[int] = best(keys, request.offset, request.offset + request.limit).tolist()
    return places


def _hit(article: Article, score: float, marks: PreparedMarks | None) -> Hit:
    """Shape one hit; without marks it has no snippets."""
    in_title = find_marks(article.title, "title", marks) if marks else ()
    return Hit(
        article_id=article.article_id,
        title=article.title,
        score=round(score, 6),
        snippets=make_snippets(article, marks) if marks else (),
        title_highlights=tuple((mark.start, mark.end) for mark in in_title),
        title_reasons=tuple(mark.reason for mark in in_title),
        url=article.url,
        source=article.source,
        agency=article.agency,
        author=article.author,
        date=article.date,
        date_confidence=article.date_confidence,
    )


def _suggestions(
    snapshot: Snapshot, request: SearchRequest, total: int, understood: Interpretation
) -> tuple[str, ...]:
    """Give the queries to offer beside this one that do find more; none where they take too long to find."""
    absent = {ignored.text for ignored in understood.ignored if ignored.reason == ABSENT}
    expanded = {expansion.typed for expansion in understood.expansions if expansion.undo}
    try:
        offered = suggest_queries(snapshot, ARTICLE_ZONES, request.text, total, expanded, absent)
    except LimitExceeded:
        return ()
    return tuple(other for other in offered if _count(snapshot, request._replace(text=other)) > total)


def _count(snapshot: Snapshot, request: SearchRequest) -> int:
    """Count the articles that a request finds; a query that is over a limit finds none."""
    try:
        return len(_filter(snapshot, evaluate(snapshot, interpret(snapshot, request.text).query), request))
    except LimitExceeded:
        return 0


def _article_date(snapshot: Snapshot, key: int) -> str | None:
    document = int(np.flatnonzero(snapshot.live & (snapshot.dates == key))[0])
    return snapshot.article(document).date
