"""Which query objects does Dépêche add to Whoosh's own?

Interpretation builds a tree of Whoosh query objects (`Term`, `And`, `Or`, `AndNot`, `AndMaybe`,
`Prefix`, `Sequence`, `NumericRange`, `Every`) and of those below. They select what the plain `Or` or
`AndMaybe` selects, so that Whoosh's own searcher finds the same articles; they differ in how they rank, which
is for search.evaluation to do.

`key` names what a node finds in a generation, whatever query it is a part of: the same key, the same articles
and scores. It is worked out once, so a node is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from whoosh import query
from whoosh.query.positional import Sequence as WhooshSequence

Key = tuple[str, ...]


class OneTerm(query.Or):  # type: ignore[misc]
    """Index terms that stand for one typed word, in one field or several, scored as one term."""

    @cached_property
    def key(self) -> Key:
        """What it finds, named."""
        return ("scored", str(self.boost), *(name for leaf in self.subqueries for name in _names(leaf)))


class OneWord(query.AndMaybe):  # type: ignore[misc]
    """One typed word: a `OneTerm` that selects, and one of the form typed, which only ranks."""

    @cached_property
    def key(self) -> Key:
        """What it finds, named."""
        return (*self.a.key, *self.b.key)


class AnyWord(query.Or):  # type: ignore[misc]
    """Typed words side by side: an article with more of them comes before one with fewer."""


def _names(leaf: query.Query) -> Iterator[str]:
    if isinstance(leaf, WhooshSequence):
        yield f"{'ordered' if leaf.ordered else leaf.slop} {len(leaf.subqueries)}"
        for place in leaf.subqueries:
            yield str(len(place.subqueries))
            yield from (name for term in place.subqueries for name in _names(term))
    else:
        yield "prefix" if isinstance(leaf, query.Prefix) else "term"
        yield leaf.fieldname
        yield leaf.text
