"""Why does this article match this query, and with what score?

`explain` evaluates every part of the query tree and says what it gave this document, so that the numbers
shown are those that ranked it. The score is their sum, and what having several of the words side by side
adds; of several ways to write one thing only the best counts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from whoosh import query
from whoosh.query.positional import Sequence as WhooshSequence

from index.codec.lengths import LENGTH_OF_BYTE
from index.schema import split_form_term
from search.evaluation import evaluate, shared_rarity
from search.interpretation import Interpretation
from search.queries import AnyWord, OneOf, OneTerm, OneWord, Whole
from search.ranking import FIELD_WEIGHTS, K1, WORD_BONUS, idf
from search.snapshot import Snapshot

FORMULA = (
    "score = idf · tf' · (k1 + 1) / (k1 + tf') ; "
    "tf' = Σ poids · tf / (1 - b + b · longueur / longueur moyenne) ; "
    "idf = ln(1 + (N - df + 0,5) / (df + 0,5))"
)


class Part(NamedTuple):
    """What one part of a query gave an article. `depth` says how far inside the query it stands."""

    depth: int
    label: str
    matched: bool
    score: float
    detail: str


class Explanation(NamedTuple):
    """The whole account: whether the article is found, its score, and every part of the query in order."""

    interpreted: str
    matched: bool
    score: float
    formula: str
    parameters: str
    parts: tuple[Part, ...]


def explain(snapshot: Snapshot, understood: Interpretation, document: int) -> Explanation:
    """Account for one document."""
    parts: list[Part] = []
    _walk(snapshot, understood.query, document, 0, 1.0, parts)
    whole = parts[0]
    weights = ", ".join(
        f"{zone} : poids {_written(w.weight)}, b {_written(w.b)}" for zone, w in FIELD_WEIGHTS.items()
    )
    return Explanation(
        understood.described,
        whole.matched,
        whole.score,
        FORMULA,
        f"k1 {_written(K1)} ; {weights} ; N {snapshot.documents}",
        tuple(parts),
    )


def _walk(
    snapshot: Snapshot, node: query.Query, document: int, depth: int, share: float, parts: list[Part]
) -> None:
    """Account for one part of the query and those in it; its score is multiplied by `share`."""
    matches = evaluate(snapshot, node)
    place = int(np.searchsorted(matches.documents, document))
    matched = place < len(matches) and int(matches.documents[place]) == document
    score = float(matches.scores[place]) * share if matched else 0.0
    is_leaf = isinstance(node, OneTerm)
    label = _leaf_label(node) if is_leaf else _NAMES.get(type(node), type(node).__name__) + _times(node)
    detail = f"df {len(matches)}, idf {_written(idf(snapshot.documents, len(matches)))}" if is_leaf else ""
    if is_leaf and matched:
        detail += "".join(f", {where}" for where in _frequencies(snapshot, node, document))
    parts.append(Part(depth, label, matched, score, detail))
    if is_leaf:
        return
    at, children = len(parts), _children(node)
    shares = [1.0] * len(children)
    if isinstance(node, OneOf):
        shares = shared_rarity(snapshot, [evaluate(snapshot, child) for child in children])
    for child, of_child in zip(children, shares, strict=True):
        _walk(snapshot, child, document, depth + 1, share * of_child * getattr(node, "boost", 1.0), parts)
    if isinstance(node, AnyWord) and matched:
        words = [part for part in parts[at:] if part.depth == depth + 1]
        parts.append(_company(words, score, depth + 1))


def _company(words: list[Part], score: float, depth: int) -> Part:
    """Tell what an article got for having several of the words side by side."""
    matched = [word for word in words if word.matched]
    bonus = f"{_written(WORD_BONUS)} par mot"
    return Part(
        depth,
        f"{len(matched)} mot{'s' if len(matched) > 1 else ''} sur {len(words)}",
        True,
        score - sum(word.score for word in matched),
        f"{bonus}, et une place devant les articles qui n’ont pas tous les mots de l’index",
    )


_NAMES: dict[type[query.Query], str] = {
    AnyWord: "l’un de ces mots, tous d’abord",
    query.And: "tout cela",
    query.Or: "l’un ou l’autre",
    query.DisjunctionMax: "le meilleur des deux",
    query.AndNot: "le premier sans le second",
    query.AndMaybe: "le premier, mieux encore avec le second",
    OneOf: "la meilleure de ces écritures, aussi rare que toutes ensemble",
    OneWord: "le mot, mieux encore tel quel",
    query.Every: "tous les articles",
    query.NumericRange: "période",
    type(query.NullQuery): "rien",
}


def _children(node: query.Query) -> list[query.Query]:
    if isinstance(node, query.AndNot | query.AndMaybe):
        return [node.a, node.b]
    return list(getattr(node, "subqueries", ()))


def _leaf_label(node: OneTerm) -> str:
    names = dict.fromkeys(_name(leaf) for leaf in node.subqueries)
    return " | ".join(names) + _times(node)


def _times(node: query.Query) -> str:
    boost = getattr(node, "boost", 1)
    return f" × {_written(boost)}" if boost != 1 else ""


def _written(number: float) -> str:
    """Write a number as French does, with three decimals where it has them: "0,3"."""
    return f"{round(number, 3):g}".replace(".", ",")


def _name(leaf: query.Query) -> str:
    if isinstance(leaf, WhooshSequence):
        return "« " + " ".join(_name(place.subqueries[0]) for place in leaf.subqueries) + " »"
    if isinstance(leaf, Whole):
        return f"{leaf.zone} entier : {_name(leaf.leaf)}"
    if isinstance(leaf, query.Prefix):
        return f"{leaf.text}*"
    folded, form = split_form_term(leaf.text)
    return f"={form}" if form else f"{folded} (racine)"


def _frequencies(snapshot: Snapshot, node: OneTerm, document: int) -> list[str]:
    told = []
    for leaf in node.subqueries:
        if isinstance(leaf, query.Term):
            postings = snapshot.postings(leaf.fieldname, leaf.text)
            place = int(np.searchsorted(postings.documents, document))
            if place < len(postings.documents) and int(postings.documents[place]) == document:
                length = snapshot.lengths(leaf.fieldname)
                mean = _written(round(length.mean, 1))
                told.append(
                    f"{leaf.fieldname} tf {int(postings.tf[place])} "
                    f"(longueur {LENGTH_OF_BYTE[length.codes[document]]}, moyenne {mean})"
                )
    return told
