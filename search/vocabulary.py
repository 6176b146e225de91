"""Which words of the index does a typed word stand for?

A typed word is resolved through what the index really holds, so that accents cost nothing and
stemming loses nothing:

1. fold the typed word and take the forms in the index with that fold ("reelu" → "réélu");
2. search the stems of those forms, which were made with their accents on;
3. search also the stems of all the French words it could be ("peches"): alone where the index has no
   such form, and beside the others where several words are written so;
4. search the other ways to write it, too: of an ordinal or an hour ("2e", "2ème"), search.numerals; of what
   is shortened ("km"), search.short_forms; and of a word that shares forms with another ("permettre",
   "permis") these forms, tables/shared-forms.tsv.

Every step depends on the fold only, so a word finds the same articles with its accents and without.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeVar

from index.french.folding import fold
from index.french.known_words import is_french, is_stop_word, may_be_stop_word
from index.french.stems import is_roman_number, stem, stems_of_fold
from index.schema import fold_prefix, forms_field, split_form_term
from search.numerals import other_numerals
from search.short_forms import short_or_whole_alone
from search.snapshot import Snapshot
from search.word_lists import rows_of

MAX_FORMS_PER_FOLD = 64  # accents on one spelling: "cote, côte, coté, côté" is as many as French has
_INFLECTION = re.compile("(?:es?|ees?|s|x)?")  # of what may be a noun, without accents
_SHORTEST_NAME = 5  # "Ali" and "Aly" may be two people
Zones = tuple[str, ...]
_T = TypeVar("_T")


class Resolved(NamedTuple):
    """What a typed word stands for.

    `forms` are the forms of the index that differ from it by accents only, `stems` the folded stems
    to search; both are empty for a word that is not in the index in any form. `shared` are forms of it that
    have the stem of another word. `name` is set where no French word has this spelling: it may have others.
    """

    fold: str
    forms: tuple[str, ...]
    stems: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    name: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that some zones of one generation of the index have."""

    snapshot: Snapshot
    zones: Zones

    def in_zones(self, zones: Zones) -> Vocabulary:
        """Give the words of other zones."""
        return Vocabulary(self.snapshot, zones)

    def remember(self, key: tuple[str, ...], read: Callable[[], _T]) -> _T:
        """Give what was read for a key over these zones, or read it now."""
        return self.snapshot.remember((key[0], self.zones, *key[1:]), read)

    def resolve(self, typed_fold: str) -> Resolved:
        """Resolve a typed word in these zones of the index."""
        return self.remember(("resolved", typed_fold), lambda: self._resolve(typed_fold))

    def _resolve(self, typed_fold: str) -> Resolved:
        forms = self.forms_of(typed_fold)
        content = [form for form in forms if not is_stop_word(form)]
        others = (*other_numerals(typed_fold), *short_or_whole_alone(typed_fold))
        content += [form for other in others for form in self.forms_of(other)]
        if content:
            stems = {stem(form) for form in content}
            possible = stems_of_fold(typed_fold)
            if len(possible) > 1:  # "pêchés" is not in the index, "pêches" is: "péché" is still meant
                stems |= possible
            return self._resolved(typed_fold, forms, stems)
        if forms or may_be_stop_word(typed_fold):
            return Resolved(typed_fold, forms)
        possible = stems_of_fold(typed_fold)
        return self._resolved(typed_fold, (), [one for one in possible if _may_be_inflected(typed_fold, one)])

    def _resolved(self, typed_fold: str, forms: tuple[str, ...], stems: Iterable[str]) -> Resolved:
        """Resolve a word to some stems; only those of the index where it has none of its forms."""
        every = frozenset(stems)
        shared = [form for one in sorted(every) for form in _shared_forms().get(one, ())]
        shared = [form for form in shared if form not in forms and form in self.forms_of(fold(form))]
        known = every if forms or shared else self._in_index(every)
        return Resolved(
            typed_fold, forms, tuple(sorted(known)), tuple(dict.fromkeys(shared)), name=is_name(typed_fold)
        )

    def stems_of(self, folds: Iterable[str]) -> frozenset[str]:
        """Give the stems of several words, each as `resolve` does."""
        return frozenset(each for folded in folds for each in self.resolve(folded).stems)

    def stems_by_rule(self, typed_fold: str) -> frozenset[str]:
        """Give the stems of the index that a word has by the rule, if nothing better is known of it."""
        return self._in_index(stems_of_fold(typed_fold))

    def _in_index(self, stems: Iterable[str]) -> frozenset[str]:
        return frozenset(
            one for one in stems if any(self.snapshot.has_term(zone, one) for zone in self.zones)
        )

    def is_known(self, folded: str) -> bool:
        """Say whether the index has any form with a fold."""
        return any(self.snapshot.has_prefix(forms_field(zone), fold_prefix(folded)) for zone in self.zones)

    def form_terms(self, zone: str, folded: str) -> tuple[str, ...]:
        """Give the terms of the forms in one zone that have a fold, in order."""
        return self.snapshot.terms(forms_field(zone), fold_prefix(folded), MAX_FORMS_PER_FOLD)

    def forms_of(self, folded: str) -> tuple[str, ...]:
        """Give the forms in the index that have a fold, in order."""
        found: set[str] = set()
        for zone in self.zones:
            found.update(split_form_term(term)[1] for term in self.form_terms(zone, folded))
        return tuple(sorted(found))

    def near(
        self, folded: str, distance: int | None, limit: int | None = None, fewest: int = 1
    ) -> dict[str, int]:
        """Give the folds at most `distance` edits from a fold, the nearest first, with the edits.

        An edit is a letter added, removed, replaced, or two neighbours swapped. Without a distance it is 1
        for words of up to five letters and 2 for longer ones. At most `limit` are given; of those that stand
        in fewer than `fewest` articles, counted once a zone, not all.
        """
        edits = distance if distance is not None else 0 if len(folded) < 3 else 1 if len(folded) < 6 else 2

        def look() -> dict[str, int]:
            found: dict[str, int] = {}
            for zone in self.zones:
                found |= self.snapshot.folds_near(forms_field(zone), folded, edits, fewest // len(self.zones))
            return dict(sorted(found.items(), key=lambda each: (each[1], each[0]))[:limit])

        return self.remember(("near", folded, str(edits), str(limit), str(fewest)), look)

    def form_frequencies(self, folded: str) -> dict[str, int]:
        """Count, for each form that has a fold, the articles it stands in; an article counts once a zone."""
        frequencies: dict[str, int] = {}
        for zone in self.zones:
            prefix = fold_prefix(folded)
            for term, df in self.snapshot.document_frequencies(forms_field(zone), prefix, MAX_FORMS_PER_FOLD):
                form = split_form_term(term)[1]
                frequencies[form] = frequencies.get(form, 0) + df
        return frequencies

    def usual_form(self, folded: str) -> str:
        """Give the commonest of the forms that have a fold, or the fold itself where there is none."""
        frequencies = self.form_frequencies(folded)
        return max(frequencies, key=frequencies.__getitem__, default=folded)


@cache
def _shared_forms() -> dict[str, tuple[str, ...]]:
    """Give, of the stem of each word of tables/shared-forms.tsv, the forms that another word has, too."""
    found: dict[str, tuple[str, ...]] = {}
    for word, forms in rows_of("shared-forms.tsv"):  # "surprendre" and "surpris" have one stem
        found[stem(word)] = (*found.get(stem(word), ()), *forms.split(" "))
    return found


def _may_be_inflected(typed_fold: str, found: str) -> bool:
    """Say whether a word that the index does not have is surely another form of those with the stem found.

    Of a word that is not French the rule may take more than an inflection: "environement" is no form of
    "environ", but a misspelling.
    """
    if is_french(typed_fold) or not typed_fold.startswith(found):
        return True
    return _INFLECTION.fullmatch(typed_fold, len(found)) is not None


def same_but_for_capital(one: str, other: str) -> bool:
    """Say whether two forms of one fold are the same, but for the accent that a capital may have lost."""
    return one[1:] == other[1:]


def is_name(folded: str) -> bool:
    """Say whether a folded word may be a name, and so have other spellings."""
    long = len(folded) >= _SHORTEST_NAME and folded.isalpha()
    return long and not is_french(folded) and not is_roman_number(folded)
