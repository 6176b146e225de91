"""Which queries are asked?

Each class is drawn at random from the corpus itself, with a seed that is printed. Within a class no term
comes twice, as far as the corpus has enough of them, so that the first time a query is asked nothing
of it can be in a cache: that pass is the cold one. The first query of each class is asked before
anything is timed and is not among the figures; it pays for what an engine loads once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from index.analysis import analyze
from peers.corpus import Corpus, shared_token
from peers.engine import CLASSES, Query

_DEEP = 990  # hits skipped to see the hundredth page
_LETTERS = "aeinrstlou"
_REUSED = 0.05  # chance to take a term again, at each try: a corpus may have too few
_TRIES = 20_000
_TOO_SMALL = "this corpus is too small, or too uniform, to draw queries from"


def document_frequencies(corpus: Corpus) -> npt.NDArray[np.int64]:
    """Count the documents that have each term, (n_terms,)."""
    lengths = np.diff(corpus.starts)
    keys = np.repeat(np.arange(corpus.documents, dtype=np.int64), lengths) << 32 | corpus.tokens
    return np.bincount(np.unique(keys) & 0xFFFFFFFF, minlength=len(corpus.terms))


def draw_queries(corpus: Corpus, per_class: int, seed: int) -> dict[str, tuple[Query, ...]]:
    """Draw `per_class` queries of each class, and one before them to warm up with."""
    drawing = _Drawing(corpus, random.Random(seed))
    drawn = {}
    for name, draw in drawing.classes().items():
        drawing.used.clear()
        drawn[name] = tuple(draw() for _ in range(per_class + 1))
    return {name: drawn[name] for name in CLASSES}


class _Drawing:
    """What queries are drawn from, and which terms the class at hand has used."""

    def __init__(self, corpus: Corpus, rng: random.Random) -> None:
        self.corpus = corpus
        self.rng = rng
        self.numbers = {term: number for number, term in enumerate(corpus.terms)}
        self.df = document_frequencies(corpus)
        self.used: set[int] = set()
        self.plain = np.array([len(term) > 2 and term.isalpha() and term.isascii() for term in corpus.terms])
        self.bands: dict[tuple[float, float], list[int]] = {}

    def classes(self) -> dict[str, Callable[[], Query]]:
        """Give what draws a query, by class."""
        return {
            "rare": lambda: self._term(self._terms(1, 5, 50)),
            "common": lambda: self._term(self._terms(1, self._part(0.05), self._part(0.4))),
            "and2": lambda: self._several("and", 2),
            "or3": lambda: self._or(3, 0.03),
            "or10": lambda: self._or(10, 0.005),
            "phrase": self._phrase,
            "prefix": self._prefix,
            "fuzzy": self._fuzzy,
            "filter+sort": self._filter,
            "page 100": lambda: replace(self._or(3, 0.1), offset=_DEEP),
            "page": lambda: self._several("or", self.rng.choice((1, 2, 2, 3))),
        }

    def _part(self, part: float) -> float:
        return part * self.corpus.documents

    def _band(self, low: float, high: float) -> list[int]:
        """Give the plain terms of so many documents; where there is none, all plain terms by frequency."""
        if (low, high) not in self.bands:
            wanted = self.plain & (self.df >= low) & (self.df <= high)
            self.bands[low, high] = np.flatnonzero(wanted if wanted.any() else self.plain).tolist()
        return self.bands[low, high]

    def _terms(self, count: int, low: float, high: float) -> list[int]:
        """Draw different terms, unused ones first."""
        band = self._band(low, high)
        fresh = [term for term in band if term not in self.used]
        pool = fresh if len(fresh) >= count else band
        return self._use(self.rng.sample(pool, min(count, len(pool))))

    def _use(self, terms: Sequence[int]) -> list[int]:
        self.used.update(terms)
        return list(terms)

    def _names(self, terms: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.corpus.terms[term] for term in terms)

    def _written(self, terms: Sequence[int], joint: str) -> str:
        return joint.join(self.corpus.written[term] for term in terms)

    def _term(self, terms: list[int]) -> Query:
        return Query("term", self._names(terms), self._written(terms, " "))

    def _or(self, count: int, part: float) -> Query:
        terms = self._terms(count, self._part(part), self._part(0.4))
        return Query("or", self._names(terms), self._written(terms, " OU "))

    def _several(self, kind: str, count: int) -> Query:
        """Draw words that stand in one document, of middling frequency."""
        for _ in range(_TRIES):
            terms = sorted(set(self._tokens_of(self._document())))
            low, high = self._part(0.01), self._part(0.15)
            possible = [term for term in terms if self.plain[term] and low <= self.df[term] <= high]
            fresh = [term for term in possible if term not in self.used]
            if len(fresh) >= count or (len(possible) >= count and self.rng.random() < _REUSED):
                pool = fresh if len(fresh) >= count else possible
                chosen = self._use(self.rng.sample(pool, count))
                if kind == "and":
                    return Query("and", self._names(chosen), self._written(chosen, " ET "))
                return Query("or", self._names(chosen), self._written(chosen, " "))
        raise SystemExit(_TOO_SMALL)

    def _phrase(self) -> Query:
        """Draw two or three tokens that follow each other, and the words they were made of."""
        for _ in range(_TRIES):
            text = self.corpus.samples[self._document()]
            # A joined reading stands beside its parts in the tokens, and cannot be typed in a phrase.
            tokens = [token for token in analyze(text) if token.stem]
            length = self.rng.choice((2, 2, 3))
            if len(tokens) <= length + 10:
                continue
            start = self.rng.randrange(len(tokens) - length)
            run = tokens[start : start + length]
            words = text[run[0].start : run[-1].end]
            if any(token.joined for token in run) or any(mark in words for mark in '"«»“”\n'):
                continue
            if all(
                shared_token(token.stem).isascii() and shared_token(token.stem).isalpha() for token in run
            ):
                terms = [self.numbers[shared_token(token.stem)] for token in run]
                if not self.used.isdisjoint(terms) and self.rng.random() > _REUSED:
                    continue
                return Query("phrase", self._names(self._use(terms)), f'"{words}"')
        raise SystemExit(_TOO_SMALL)

    def _prefix(self) -> Query:
        prefix = self.corpus.terms[self._long_term(5, 40)][:4]
        return Query("prefix", (prefix,), f"{prefix}*")

    def _fuzzy(self) -> Query:
        """Draw a term of 6 to 10 letters and change one of them."""
        term = self._long_term(6, 10)
        at, replaced = self.rng.randrange(2, 6), self.rng.choice((0, 1))
        letter = self.rng.choice(_LETTERS)
        stem, word = (
            right[:at] + letter + right[at + replaced :]
            for right in (self.corpus.terms[term], self.corpus.written[term])
        )
        return Query("fuzzy", (stem,), f"{word}~1")

    def _long_term(self, shortest: int, longest: int) -> int:
        for _ in range(_TRIES):
            (term,) = self._terms(1, self._part(0.001), self._part(0.4))
            if shortest <= len(self.corpus.terms[term]) <= longest:
                return term
        raise SystemExit(_TOO_SMALL)

    def _filter(self) -> Query:
        """Draw a common word, within the source of an article that has it, the newest first."""
        query = self._term(self._terms(1, self._part(0.02), self._part(0.4)))
        number = self.numbers[query.terms[0]]
        place = self.rng.choice(np.flatnonzero(self.corpus.tokens == number))
        document = int(np.searchsorted(self.corpus.starts, place, side="right")) - 1
        return replace(query, source=self.corpus.sources[document], newest=True)

    def _document(self) -> int:
        return self.rng.choice(list(self.corpus.samples))

    def _tokens_of(self, document: int) -> Iterator[int]:
        starts = self.corpus.starts
        yield from self.corpus.tokens[starts[document] : starts[document + 1]].tolist()
