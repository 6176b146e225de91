"""Which query objects does Dépêche add to Whoosh's own?

Interpretation builds a tree of Whoosh query objects (`Term`, `And`, `Or`, `AndNot`, `AndMaybe`,
`Prefix`, `Sequence`, `NumericRange`, `Every`) and of the two below. Both select what a plain `Or`
selects, so that Whoosh's own searcher finds the same articles; they differ in how they rank, which
is for search.evaluation to do.
"""

from __future__ import annotations

from whoosh import query


class OneTerm(query.Or):  # type: ignore[misc]
    """Index terms that stand for one typed word, in one field or several, scored as one term."""


class AnyWord(query.Or):  # type: ignore[misc]
    """Typed words side by side: an article with more of them comes before one with fewer."""
