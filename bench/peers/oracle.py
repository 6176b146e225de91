"""What is the right answer to a query?

Worked out by brute force: each term is looked for among all tokens of the corpus, without any index, and
the documents are scored with BM25, exact lengths and the formula that the engine says it uses.

    score = Σ_term idf · tf · (k1 + 1) / (k1 · (1 - b + b · length / mean length) + tf)

Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009); k1
and b are those of peers.engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from peers.corpus import Corpus
from peers.engine import K1, PAGE_LENGTH, Answer, B, Formula, Query

_SAME = 1e-5  # relative; float32 scores that are equal on paper differ by less
Frequencies = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]
"""Documents, ascending, and how often each has what was looked for."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far an answer is right.

    `exact` is the part of the hits that belong on the page when lengths are exact, the overlap;
    `rounded` the part that may stand at their places, given how coarsely the engine stores lengths.
    `total` is None where the engine does not count.
    """

    exact: float
    rounded: float
    total: bool | None

    @property
    def right(self) -> bool:
        """Say whether a time of this answer may be kept."""
        return self.rounded == 1.0 and self.total is not False


class Oracle:
    """Answers queries over the tokens of a corpus; keeps what it found of a term."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._numbers = {term: number for number, term in enumerate(corpus.terms)}
        self._found: dict[Query, list[Frequencies]] = {}
        lengths = np.diff(corpus.starts)
        filled = lengths[lengths > 0]
        self._norm = K1 * (1 - B + B * lengths / filled.mean())
        self._sources = np.array(corpus.sources)

    def judge(self, query: Query, answer: Answer, formula: Formula) -> Verdict:
        """Compare an answer with the right one.

        Where lengths are too small by up to a part e, scores are too large by up to that part, and so the
        hit at each place has a true score within (1 + e) of the one that belongs there.
        """
        keys = self.scores(query, formula)
        right = np.sort(keys[keys > 0])[::-1]
        total = None if answer.total is None else answer.total == len(right)
        expected = right[query.offset : query.offset + PAGE_LENGTH]
        given = keys[list(answer.documents)]
        if len(set(answer.documents)) != len(expected):
            return Verdict(0.0, 0.0, total)
        if not len(expected):
            return Verdict(1.0, 1.0, total)
        same = 0.0 if query.newest else _SAME
        slack = 1 + same if query.newest else 1 + formula.length_error + same
        exact = (given >= expected[-1] * (1 - same)) & (given <= expected[0] * (1 + same))
        rounded = (given >= expected / slack) & (given <= expected * slack)
        return Verdict(float(exact.mean()), float(rounded.mean()), total)

    def scores(self, query: Query, formula: Formula) -> npt.NDArray[np.float64]:
        """Give what the hits are ordered by, (n_documents,); 0 where a document is not one."""
        found = self._find(query)
        scored = found
        if query.kind == "phrase":
            scored = found[:1] if formula.phrase == "one term" else found[1:]
        scores = np.zeros(self._corpus.documents)
        for documents, tf in scored:
            idf = formula.idf(self._corpus.documents, len(documents)) if len(documents) else 0.0
            scores[documents] += idf * tf * (K1 + 1) / (tf + self._norm[documents])
        # What has to be there: every word of an `and`, the phrase itself.
        required = {"and": found, "phrase": found[:1]}.get(query.kind, [])
        selected = scores > 0
        for documents, _ in required:
            selected &= np.isin(np.arange(self._corpus.documents), documents)
        if query.source is not None:
            selected &= self._sources == query.source
        if query.newest:
            return np.where(selected, self._corpus.dates, 0).astype(np.float64)
        if query.kind in ("prefix", "fuzzy") and formula.expansion == "unscored":
            return selected.astype(np.float64)
        return np.where(selected, scores, 0)

    def _find(self, query: Query) -> list[Frequencies]:
        """Count, in every document, what a query looks for: of a phrase the phrase first, then its words."""
        if query not in self._found:
            numbers = [self._numbers.get(term, -1) for term in query.terms]
            match query.kind:
                case "prefix":
                    self._found[query] = [self._count(self._starting(query.terms[0]))]
                case "fuzzy":
                    self._found[query] = [self._count(self._near(query.terms[0]))]
                case "phrase":
                    words = [self._count([number]) for number in numbers]
                    self._found[query] = [self._count_phrase(numbers), *words]
                case _:
                    self._found[query] = [self._count([number]) for number in numbers]
        return self._found[query]

    def _count(self, numbers: Sequence[int]) -> Frequencies:
        wanted = np.zeros(len(self._corpus.terms) + 1, dtype=bool)  # the last place is for unknown terms
        wanted[list(numbers)] = True
        wanted[-1] = False
        return self._per_document(np.flatnonzero(wanted[self._corpus.tokens]))

    def _count_phrase(self, numbers: Sequence[int]) -> Frequencies:
        tokens = self._corpus.tokens
        starts = np.flatnonzero(tokens[: len(tokens) - len(numbers) + 1] == numbers[0])
        for offset, number in enumerate(numbers):
            starts = starts[tokens[starts + offset] == number]
        first, last = self._document_of(starts), self._document_of(starts + len(numbers) - 1)
        return self._per_document(starts[first == last])

    def _document_of(self, places: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        return np.searchsorted(self._corpus.starts, places, side="right") - 1

    def _per_document(self, places: npt.NDArray[np.intp]) -> Frequencies:
        documents, tf = np.unique(self._document_of(places), return_counts=True)
        return documents.astype(np.int32), tf.astype(np.int32)

    def _starting(self, prefix: str) -> list[int]:
        return [number for term, number in self._numbers.items() if term.startswith(prefix)]

    def _near(self, word: str) -> list[int]:
        found = process.extract(word, self._corpus.terms, scorer=OSA.distance, score_cutoff=1, limit=None)
        return [number for _, _, number in found]
