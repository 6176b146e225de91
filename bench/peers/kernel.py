"""How is Dépêche's evaluator asked, alone? With Whoosh query objects over one field of the shared tokens.

The index is Dépêche's own, of articles whose text is the shared tokens: in its field of forms each token
is a term with its positions, so that every class of query is answered from one field, as the peers do it, and
with their k1 and b. This is the only module of the comparison that knows how the evaluator is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

from peers import depeche
from peers.engine import CLASSES, K1, PAGE, PAGE_LENGTH, Answer, B, Engine, Formula, Query, lucene_idf

_ZONE = "text"
_DISTANCE = 1  # edits of a fuzzy word


class Searcher:
    """One generation, open, without the engine around it."""

    def __init__(self, folder: Path) -> None:
        from whoosh import query
        from whoosh.query.positional import Sequence

        from index import store
        from index.codec.kernels import best
        from index.schema import form_term, forms_field
        from search import ranking
        from search.evaluation import evaluate
        from search.queries import OneTerm
        from search.snapshot import Snapshot
        from search.vocabulary import Vocabulary

        weights = {_ZONE: ranking.FieldWeight(1.0, B)}
        self._constants = mock.patch.multiple(ranking, K1=K1, FIELD_WEIGHTS=weights)
        self._constants.start()
        self._snapshot = Snapshot(store.open_generation(folder))
        # Imported once, not at each query: that takes as long as a rare word does.
        self._evaluate, self._best, self._form_term = evaluate, best, form_term
        self._words = Vocabulary(self._snapshot, (_ZONE,))
        self._trees, self._one_term, self._sequence = query, OneTerm, Sequence
        self._field = forms_field(_ZONE)

    def ask(self, query: Query) -> Any:
        """Evaluate, filter and rank, with the exact count."""
        snapshot = self._snapshot
        matches = self._evaluate(snapshot, self._tree(query))
        if query.source is not None:
            sources = snapshot.categories("source")
            code = sources.names.index(query.source)
            matches = matches.keep(sources.codes[matches.documents] == code)
        keys: list[Any] = [matches.scores]
        if query.newest:
            keys.insert(0, snapshot.date_ranks[matches.documents])
        places = self._best(keys, query.offset, query.offset + PAGE_LENGTH)
        return len(matches), matches.documents[places]

    def _tree(self, query: Query) -> Any:
        trees, field, form_term = self._trees, self._field, self._form_term
        terms = [trees.Term(field, form_term(term, term)) for term in query.terms]
        match query.kind:
            case "term":
                return terms[0]
            case "and":
                return trees.And(terms)
            case "or":
                return trees.Or(terms)
            case "phrase":
                places = [trees.Or([term]) for term in terms]
                return self._one_term([self._sequence(places, slop=1, ordered=True)])
            case "prefix":
                return self._one_term([trees.Prefix(field, query.terms[0])])
            case "fuzzy":
                folds = self._words.near(query.terms[0], _DISTANCE)
                return self._one_term([trees.Term(field, form_term(fold, fold)) for fold in folds])
            case _:
                raise ValueError(query.kind)

    def read(self, query: Query, asked: Any) -> Answer:
        """Load the numbers of the hits."""
        total, documents = asked
        hits = (self._snapshot.article(int(document)).article_id for document in documents)
        return Answer(tuple(int(article_id) for article_id in hits), total)

    def page(self, typed: str) -> int:
        """Show nothing: a page is the engine's affair."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the generation."""
        self._constants.stop()
        self._snapshot.close()


ENGINE = Engine(
    name="depeche-kernel",
    distributions=("depeche", "whoosh", "numpy"),
    modules=("search",),
    tokens="shared",
    classes=frozenset(CLASSES) - {PAGE},
    build=depeche.build,
    open=Searcher,
    # search.snapshot.Lengths says how far a length may be off.
    formula=Formula(lucene_idf, length_error=0.1),
    threads=(0,),
    corpus="articles of tokens",
)
