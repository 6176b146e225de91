"""Is a word that no article holds the name of who wrote or published some?

Authors and sources are searched by `auteur:` and `source:`, not by plain words, which would find every
article of a paper by the paper's name. But people type what they remember, and a name that is known here
is no misspelling of another word: it is never corrected, and the query that finds it is offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from search import vocabulary
from search.compounds import stand_together
from search.snapshot import Snapshot
from search.syntax import FIELD_ZONES, FieldName, InField, Node, Phrase, Words
from search.syntax import Sequence as Clauses
from search.units import units, word_spans

_FIELDS: tuple[FieldName, ...] = ("author", "source")


def field_of_name(snapshot: Snapshot, folds: Sequence[str]) -> FieldName | None:
    """Give the field of names that has these words one after the other, or None."""
    for field in _FIELDS:
        zones = FIELD_ZONES[field]
        if all(vocabulary.is_known(snapshot, zones, folded) for folded in folds) and (
            len(folds) == 1 or stand_together(snapshot, zones, folds)
        ):
            return field
    return None


def in_their_fields(snapshot: Snapshot, zones: Sequence[str], node: Node) -> Node | None:
    """Give a query with the names that are in no article put into their fields; None where it has none."""
    match node:
        case Words(text):
            pieces = tuple(_pieces(snapshot, zones, text))
        case Phrase(text):
            pieces = tuple(_pieces(snapshot, zones, text))
            if len(pieces) != 1:
                return None
        case Clauses(required, wanted, excluded):
            parts = [in_their_fields(snapshot, zones, part) for part in wanted]
            if not any(parts):
                return None
            found = (new or old for new, old in zip(parts, wanted, strict=True))
            flat = (one for part in found for one in (part.wanted if isinstance(part, Clauses) else (part,)))
            return Clauses(required, tuple(flat), excluded)
        case _:
            return None
    if not any(isinstance(piece, InField) for piece in pieces):
        return None
    return pieces[0] if len(pieces) == 1 else Clauses((), pieces, ())


def _pieces(snapshot: Snapshot, zones: Sequence[str], text: str) -> Iterator[Node]:
    """Cut a text into neighbouring words that are a name together, and the words between."""
    named = [
        (span, field_of_name(snapshot, [unit.token.fold for unit in units(text[slice(*span)])]))
        for span in word_spans(text)
    ]
    for field, group in groupby(named, key=lambda each: each[1]):
        spans = [span for span, _ in group]
        words = text[spans[0][0] : spans[-1][1]]
        absent = any(
            not unit.may_be_function_word and not vocabulary.resolve(snapshot, zones, unit.token.fold).stems
            for unit in units(words)
        )
        yield InField(field, Words(words)) if field and absent else Words(words)
