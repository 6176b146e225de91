"""How is a search answered, by many threads at once, while the index is replaced?

An `Engine` holds the `Snapshot` of the generation in service. Every call borrows it for as long as it
lasts; when CURRENT names another generation, the next call opens it and the old snapshot is closed
by the last call that still uses it. So a search never sees two generations, and never none.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np

from index import store
from index.articles.article import Article
from index.dates import UNKNOWN
from index.errors import DepecheError, IndexMissing, IndexOutdated, LimitExceeded
from index.manifest import Manifest
from index.schema import ZONES
from search.completion import complete
from search.evaluation import evaluate
from search.explanation import Explanation, explain
from search.facets import count_facets
from search.interpretation import EVERYTHING, Interpretation, interpret
from search.marking import PreparedMarks, find_marks, prepare
from search.request import SearchRequest
from search.results import ArticleView, Hit, IndexStats, SearchResults
from search.selection import narrowed, page_of, require_sense
from search.snapshot import Snapshot
from search.snippets import make_snippets
from search.suggestions import suggest_queries
from search.time_budget import time_budget


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
        require_sense(request)
        with self._borrowed() as snapshot, time_budget():
            by_filters = request.is_filtered and not request.text.strip()
            understood = EVERYTHING if by_filters else interpret(snapshot, request.text)
            matches = narrowed(snapshot, evaluate(snapshot, understood.query), request)
            places = page_of(snapshot, matches, request)
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
            )

    def suggest(self, text: str, limit: int = 8) -> tuple[str, ...]:
        """Complete the last word of what is being typed from the words of the index, the commonest first.

        Of what is typed behind `source:` or `auteur:`, complete the name; behind `titre:`, a word of titles.
        """
        with self._borrowed() as snapshot, time_budget():
            return complete(snapshot, text, limit)

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
    absent = {ignored.text for ignored in understood.ignored if ignored.kind == "absent"}
    expanded = {expansion.typed for expansion in understood.expansions if expansion.undo}
    try:
        offered = suggest_queries(snapshot, request.text, total, expanded, absent)
    except LimitExceeded:
        return ()
    return tuple(other for other in offered if _count(snapshot, request._replace(text=other)) > total)


def _count(snapshot: Snapshot, request: SearchRequest) -> int:
    """Count the articles that a request finds; a query that is over a limit finds none."""
    try:
        return len(narrowed(snapshot, evaluate(snapshot, interpret(snapshot, request.text).query), request))
    except LimitExceeded:
        return 0


def _article_date(snapshot: Snapshot, key: int) -> str | None:
    document = int(np.flatnonzero(snapshot.live & (snapshot.dates == key))[0])
    return snapshot.article(document).date
