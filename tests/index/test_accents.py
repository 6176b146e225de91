"""Do both properties of the accents hold on the words of French? Measured on a lexicon of inflected forms.

(1) Invariance: a form with its accents and without is the same word to the index. (2) Accent-aware
stems: forms of one lemma meet as if they had been typed with their accents.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from itertools import permutations
from pathlib import Path

import pytest
import Stemmer

from index.analysis import analyze
from index.french.folding import fold
from index.french.known_words import is_stop_word
from index.french.stems import stem

LEXICON = Path(__file__).parents[2].parent / "shared" / "lexicon" / "inflections.tsv"
LEAST_GAIN = 0.05

pytestmark = pytest.mark.skipif(
    not LEXICON.exists(), reason="the lexicon of inflected forms is not part of the repository"
)


@pytest.fixture(scope="module")
def lemmas() -> Mapping[tuple[str, str], Set[str]]:
    """The forms of each lemma and part of speech, lowercase as an index has them ("FAUX" is in it)."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in LEXICON.read_text(encoding="utf-8").splitlines():
        form, lemma, part_of_speech, _ = line.split("\t")
        found[lemma, part_of_speech].add(form.lower())
    assert len(found) > 10_000
    return found


@pytest.fixture(scope="module")
def spellings(lemmas: Mapping[tuple[str, str], Set[str]]) -> Mapping[str, Set[str]]:
    """The forms of the lexicon by fold: what the vocabulary of an index that holds them all would give."""
    found: dict[str, set[str]] = defaultdict(set)
    for forms in lemmas.values():
        for form in forms:
            found[fold(form)].add(form)
    return found


def unaccented(word: str) -> str:
    """Take the accents off as a person does who types without them, by Unicode's rules and not by ours."""
    plain = word.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))


def stems_of(folded: str, spellings: Mapping[str, Set[str]]) -> set[str]:
    return {stem(form) for form in spellings[folded] if not is_stop_word(form)}


def test_every_form_resolves_alike_with_its_accents_and_without(spellings: Mapping[str, Set[str]]) -> None:
    accented = 0
    for forms in spellings.values():
        for form in forms:
            plain = unaccented(form)
            accented += plain != form
            read, read_plain = list(analyze(form)), list(analyze(plain))
            assert [token.fold for token in read] == [token.fold for token in read_plain], form
            assert [token.joined for token in read] == [token.joined for token in read_plain], form
            for token in read_plain:
                assert stems_of(token.fold, spellings) == stems_of(fold(token.form), spellings)
            if len(read) == 1 and not is_stop_word(read[0].form):  # a stem that the typed word finds
                assert read[0].stem in stems_of(fold(plain), spellings), form
    assert accented > 10_000


def rate(lemmas: Iterable[Set[str]], meet: Mapping[str, Set[str]], stems: Mapping[str, str]) -> float:
    """Share of the ordered pairs of forms of one lemma of which a query for the first finds the second."""
    pairs = met = 0
    for forms in lemmas:
        for typed, written in permutations(sorted(forms), 2):
            pairs += 1
            met += stems[written] in meet[typed]
    return met / pairs


def test_an_unaccented_query_meets_more_than_folding_first(
    lemmas: Mapping[tuple[str, str], Set[str]], spellings: Mapping[str, Set[str]]
) -> None:
    forms = {form for of_lemma in lemmas.values() for form in of_lemma if not is_stop_word(form)}
    kept = [of_lemma & forms for of_lemma in lemmas.values()]
    snowball = Stemmer.Stemmer("french")

    folded_first = {form: snowball.stemWord(fold(form)) for form in forms}
    accented = {form: stem(form) for form in forms}
    unresolved = {form: {stem(unaccented(form))} for form in forms}
    resolved = {form: stems_of(fold(unaccented(form)), spellings) for form in forms}

    folding = rate(kept, {form: {folded_first[form]} for form in forms}, folded_first)
    without_vocabulary = rate(kept, unresolved, accented)
    with_accents = rate(kept, {form: {accented[form]} for form in forms}, accented)
    without_accents = rate(kept, resolved, accented)
    print(f"{len(forms):,} forms: pairs of one lemma that meet")
    print(f"  {folding:.3f} folding first, {without_vocabulary:.3f} stemming first without the vocabulary")
    print(f"  {with_accents:.3f} typed with accents, {without_accents:.3f} without, through the vocabulary")
    assert without_accents >= folding + LEAST_GAIN
    assert without_accents >= with_accents
