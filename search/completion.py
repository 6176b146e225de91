"""How is what is being typed completed?

The last word is completed with words of the index, the commonest first; behind `titre:` with those of titles;
behind `source:` or `auteur:` with whole names. Once the cursor has left the word, nothing is completed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from index.french.known_words import is_stop_word
from index.schema import ARTICLE_ZONES, forms_field, split_form_term
from search.compounds import as_written
from search.name_fields import fold_name
from search.parser import readable
from search.snapshot import Snapshot
from search.syntax import FIELDS, MIN_PREFIX_LENGTH, FieldName
from search.tokens import FIELD_TYPED, QUOTES, SIGNS, WORD_TYPED, field_of
from search.units import units, word_spans
from search.vocabulary import Vocabulary

_MAX_CHARS = 200  # of what is being typed: nobody has the rest completed
_MAX_WORDS_READ = 20_000  # that start with the same two letters; a large index has fewer
_APOSTROPHE = re.compile("['’]")
_NAME_AT_END = re.compile(rf"{FIELD_TYPED}(?P<name>[\"«“][^{QUOTES}]*|{WORD_TYPED})\Z")
_FIELD_AT_END = re.compile(rf"{FIELD_TYPED}[{SIGNS}]?(?:\((?:[^()]*\s)?)?\Z")


class _Name(NamedTuple):
    """A name behind a field that ends a query; its start is that of its quotation mark."""

    field: FieldName
    folded: str
    start: int


def complete(snapshot: Snapshot, text: str, limit: int) -> tuple[str, ...]:
    """Return texts that complete the word or the name being typed, the likeliest first."""
    whole = readable(text)
    before, text = whole[:-_MAX_CHARS], whole[-_MAX_CHARS:]
    if name := _name_being_typed(text):
        return tuple(before + text[: name.start] + found for found in _names(snapshot, name, limit))
    words = units(text)
    last = words[-1].token if words else None
    if last is None or last.end < len(text) or len(last.fold) < MIN_PREFIX_LENGTH:
        return ()
    vocabulary = Vocabulary(snapshot, _zones_behind(text[: word_spans(text)[-1][0]]))
    folds = _folds(vocabulary, last.fold, limit)
    return tuple(before + text[: last.start] + as_written(vocabulary, folded) for folded in folds)


def _name_being_typed(text: str) -> _Name | None:
    found = _NAME_AT_END.search(text)
    field = field_of(found["field"]) if found else None
    if not found or not field or not FIELDS[field].of_names:
        return None
    folded = fold_name(found["name"].lstrip(QUOTES))
    return _Name(field, folded, found.start("name")) if folded else None


def _names(snapshot: Snapshot, name: _Name, limit: int) -> tuple[str, ...]:
    """Return the names that begin so, then those with a word that does, the commonest first, all quoted."""
    column = snapshot.categories(name.field)
    names, codes = column.names, column.codes
    counts = np.bincount(codes[snapshot.live & (codes >= 0)], minlength=len(names)).tolist()
    found = [
        (not folded.startswith(name.folded), -count, known)
        for known, folded, count in zip(names, _folded_names(snapshot, name.field), counts, strict=True)
        if f" {name.folded}" in f" {folded}" and '"' not in known
    ]
    return tuple(f'"{known}"' for _, _, known in sorted(found)[:limit])


def _folded_names(snapshot: Snapshot, field: FieldName) -> tuple[str, ...]:
    names = snapshot.categories(field).names
    return snapshot.keep(("folded", field), lambda: tuple(map(_fold_apart, names)))


def _fold_apart(name: str) -> str:
    """Fold a name whole and, if it has an apostrophe, once more in parts: "L’Obs" → "lobs l obs"."""
    whole, apart = fold_name(name), fold_name(_APOSTROPHE.sub(" ", name))
    return whole if whole == apart else f"{whole} {apart}"


def _zones_behind(before: str) -> tuple[str, ...]:
    """Return the zones in which a word typed behind a text is searched; none for a date."""
    found = _FIELD_AT_END.search(before)
    field = field_of(found["field"]) if found else None
    return FIELDS[field].zones if field else ARTICLE_ZONES


def _folds(vocabulary: Vocabulary, prefix: str, limit: int) -> tuple[str, ...]:
    """Give the most frequent words of the index that start so, without accents; no function words."""
    return vocabulary.remember(
        ("complete", prefix, str(limit)), lambda: _read_folds(vocabulary, prefix, limit)
    )


def _read_folds(vocabulary: Vocabulary, prefix: str, limit: int) -> tuple[str, ...]:
    frequencies: dict[str, int] = {}
    for zone in vocabulary.zones:
        for term, df in vocabulary.snapshot.document_frequencies(forms_field(zone), prefix, _MAX_WORDS_READ):
            folded, form = split_form_term(term)
            if not is_stop_word(form):
                frequencies[folded] = frequencies.get(folded, 0) + df
    return tuple(sorted(frequencies, key=lambda folded: (-frequencies[folded], folded))[:limit])
