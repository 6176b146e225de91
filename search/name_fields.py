"""Which names of authors and sources are meant?

Authors and sources are searched by `auteur:` and `source:`, not by plain words, or a paper's name would find
every article of the paper. But people type what they remember, and a name that is known here is no
misspelling of another word: it is never corrected, and the query that finds it is offered.

If a name is asked for as such, by a filter or behind `source:`, accents, capitals and signs do not matter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from index.french.folding import fold
from search.compounds import stand_together
from search.snapshot import Snapshot
from search.syntax import FIELDS, Clauses, FieldName, InField, Node, Phrase, Words
from search.units import units, word_spans
from search.vocabulary import Vocabulary

_FIELDS_OF_NAMES = tuple(name for name, field in FIELDS.items() if field.of_names)
_LONGEST_NAME = 5  # words behind its first: "Le Journal de la Haute-Marne"
_BETWEEN_AUTHORS = re.compile(r", | et | & ")


def field_of_name(snapshot: Snapshot, folds: Sequence[str]) -> FieldName | None:
    """Give the field of names that has these words one after the other, or None."""
    for field in _FIELDS_OF_NAMES:
        vocabulary = Vocabulary(snapshot, FIELDS[field].zones)
        if all(vocabulary.is_known(folded) for folded in folds) and (
            len(folds) == 1 or stand_together(vocabulary, folds)
        ):
            return field
    return None


def as_known(snapshot: Snapshot, field: FieldName, names: Sequence[str]) -> set[str]:
    """Return the names of the index that were asked for; one of several authors is enough.

    A name that the index does not have as written stands for those that only differ by accents, capitals and
    signs; if there are none, for those that have all its words: "Dupré".
    """
    as_written = snapshot.keep(("names", field), lambda: _names_by(snapshot, field, str))
    folded = snapshot.keep(("folded names", field), lambda: _names_by(snapshot, field, fold_name))
    found: set[str] = set()
    for name in names:
        asked = fold_name(name)
        known = as_written.get(name) or folded.get(asked)
        found.update(
            known or (each for one in _with_words(snapshot, field, folded, asked) for each in folded[one])
        )
    return found


def _with_words(snapshot: Snapshot, field: FieldName, names: Iterable[str], asked: str) -> set[str]:
    """Return those of some folded names that have all words of another, which has at least one."""

    def read() -> Mapping[str, set[str]]:
        by_word: defaultdict[str, set[str]] = defaultdict(set)
        for name in names:
            for word in name.split():
                by_word[word].add(name)
        return dict(by_word)

    by_word = snapshot.keep(("words of names", field), read)
    found = [by_word.get(word, set()) for word in asked.split()]
    return found[0].intersection(*found) if found else set()


def _names_by(
    snapshot: Snapshot, field: FieldName, written: Callable[[str], str]
) -> Mapping[str, Sequence[str]]:
    """Return the names of a field by their spelling and, if several authors sign, by that of each."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in snapshot.categories(field).names:
        people = _BETWEEN_AUTHORS.split(name) if field == "author" else ()
        for one in {name, *people}:
            found[written(one)].append(name)
    return found


def fold_name(name: str) -> str:
    """Take case, accents and signs off the words of a name: "Jeanne Dupré-Roy" → "jeanne dupreroy"."""
    return " ".join(map(fold, name.split()))


def with_whole_names(snapshot: Snapshot, node: Node) -> Node | None:
    """Return a query whose fields of names take in the words that continue the name; None if none do.

    A field takes one word: the second one of `source:le monde` is searched in the articles.
    """
    if not isinstance(node, Clauses):
        return None
    wanted: list[Node] = []
    for part in node.wanted:
        match [*wanted[-1:], part]:
            case [InField(field, Words(first)), Words(text)] if FIELDS[field].of_names:
                end = _end_of_name(snapshot, field, first, text)
                if end:
                    wanted[-1] = InField(field, Phrase(f"{first} {text[:end]}", None))
                rest = text[end:].strip()
                wanted += [Words(rest)] if rest else []
            case _:
                wanted.append(part)
    if tuple(wanted) == node.wanted:
        return None
    alone = len(wanted) == 1 and not node.required and not node.excluded
    return wanted[0] if alone else Clauses(node.required, tuple(wanted), node.excluded)


def _end_of_name(snapshot: Snapshot, field: FieldName, first: str, text: str) -> int:
    """Return the end of the first words of a text that continue a name begun by `first`; 0 if none do."""
    vocabulary = Vocabulary(snapshot, FIELDS[field].zones)
    for _, end in reversed(word_spans(text)[:_LONGEST_NAME]):
        folds = [unit.token.fold for unit in units(f"{first} {text[:end]}")]
        if stand_together(vocabulary, folds):
            return end
    return 0


def in_their_fields(vocabulary: Vocabulary, node: Node) -> Node | None:
    """Return a query with the names that no article has put into their fields; None if it has none."""
    match node:
        case Words(text):
            pieces = tuple(_pieces(vocabulary, text))
        case Phrase(text):
            pieces = tuple(_pieces(vocabulary, text))
            if len(pieces) != 1:
                return None
        case Clauses(required, wanted, excluded):
            parts = [in_their_fields(vocabulary, part) for part in wanted]
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


def _pieces(vocabulary: Vocabulary, text: str) -> Iterator[Node]:
    """Cut a text into neighbouring words that are a name together, and the words between."""
    named = [
        (span, field_of_name(vocabulary.snapshot, [unit.token.fold for unit in units(text[slice(*span)])]))
        for span in word_spans(text)
    ]
    for field, group in groupby(named, key=lambda each: each[1]):
        spans = [span for span, _ in group]
        words = text[spans[0][0] : spans[-1][1]]
        absent = any(
            not unit.may_be_function_word and not vocabulary.resolve(unit.token.fold).stems
            for unit in units(words)
        )
        yield InField(field, Words(words)) if field and absent else Words(words)
