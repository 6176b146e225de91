"""Which query objects does Dépêche add to Whoosh's own?

Interpretation builds a tree of Whoosh query objects (`Term`, `And`, `Or`, `AndNot`, `AndMaybe`,
`Prefix`, `Sequence`, `NumericRange`, `Every`) and of those below. They select what the plain `Or` or
`AndMaybe` selects, so that Whoosh's own searcher finds the same articles; they differ in how they rank, which
is for search.evaluation to do.

`key` names what a node finds in a generation, whatever query it is a part of: the same key, the same articles
and scores. It is worked out once, so a node is never changed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from whoosh import query
from whoosh.query.positional import Sequence as WhooshSequence

Key = tuple[Hashable, ...]


class OneTerm(query.Or):  # type: ignore[misc]
    """Index terms that stand for one typed word, in one field or several, scored as one term."""

    def __init__(self, leaves: Sequence[query.Query], boost: float = 1.0) -> None:
        super().__init__(leaves, boost=boost)
        self.key = key_of_term(leaves, boost)


class OneWord(query.AndMaybe):  # type: ignore[misc]
    """One typed word: a `OneTerm` that selects, and one of the form typed, which only ranks."""

    def __init__(self, selecting: OneTerm, ranking: OneTerm) -> None:
        super().__init__(selecting, ranking)
        self.key: Key = selecting.key + ranking.key


class AnyWord(query.Or):  # type: ignore[misc]
    """Typed words side by side: an article with more of them comes before one with fewer."""


class OneOf(query.DisjunctionMax):  # type: ignore[misc]
    """Spellings of one thing: an article gets the best of their scores, each with the idf of all together.

    So what few write, or what lost its space in one article, is worth no more than what all others write.
    """


class Whole(query.And):  # type: ignore[misc]
    """A word or a phrase where its zone says nothing else, function words aside: the title "La Corse".

    `stems` is how many the zone has then, those of compounds as one word among them. Longer zones may say a
    tenth more, for their lengths are rounded (index.codec.lengths).
    """

    def __init__(self, leaf: query.Query, zone: str, stems: int) -> None:
        super().__init__([leaf])
        self.leaf = leaf
        self.zone = zone
        self.stems = stems


def field_of(leaf: query.Query) -> str:
    """Name the field that a term, a prefix or a phrase is looked for in."""
    while isinstance(leaf, query.Or | query.And | WhooshSequence):
        leaf = leaf.subqueries[0]
    return str(leaf.field())


def key_of_term(leaves: Iterable[query.Query], boost: float) -> Key:
    """Name what some leaves find that are scored as one term."""
    names: list[Hashable] = [boost]
    for leaf in leaves:
        _name(leaf, names)
    return tuple(names)


def _name(leaf: query.Query, names: list[Hashable]) -> None:
    if isinstance(leaf, Whole):
        names += ("whole", leaf.zone, leaf.stems)
        _name(leaf.leaf, names)
    elif isinstance(leaf, WhooshSequence):
        names += ("ordered" if leaf.ordered else leaf.slop, len(leaf.subqueries))
        for place in leaf.subqueries:
            names.append(len(place.subqueries))
            for term in place.subqueries:
                _name(term, names)
    else:
        names += (type(leaf).__name__, leaf.fieldname, leaf.text)
