"""What is searched for a word that the index does not have, and which other spellings for one that it has?

Each guess is announced, with the way back from it (search.notes).
"""

from __future__ import annotations

from collections.abc import Iterable

from whoosh import query

from index.french.known_words import is_french, may_be_stop_word
from index.french.stems import is_roman_number
from index.schema import ARTICLE_ZONES
from search.compounds import as_written, stand_together
from search.corrections import Correction, corrections, splits
from search.marking import PhraseMark, WordMark
from search.name_fields import field_of_name
from search.notes import Notes
from search.queries import OneTerm
from search.spellings import other_names, variants
from search.syntax import FIELDS, FieldName
from search.terms import one_term, sequences, stem_terms
from search.units import Unit
from search.vocabulary import Vocabulary

_COMPOUNDS_READ = 5  # candidates whose spelling is read in an article


def corrected(notes: Notes, vocabulary: Vocabulary, unit: Unit) -> query.Query | None:
    """Search the word of which an unknown one is a misspelling; None if it may well be none."""
    folded = unit.token.fold
    if any(map(str.isdigit, folded)) or stands_elsewhere(vocabulary, unit):
        return None
    if not notes.may_guess(unit.typed):
        return None
    if any(is_roman_number(part.fold) for part in unit.parts):
        return None  # "Paris-II" is not "Paris-III"
    if unit.joined and all(vocabulary.is_known(part.fold) for part in unit.parts):
        return None  # "Macron-LR" is no slip for "Macron"
    if compound := _compound_meant(vocabulary, unit):
        return _misspelt(notes, vocabulary, unit, compound)
    french = (is_french(folded) or unit.is_of_french_words) and not other_names(vocabulary, folded)
    guesses = splits if french else corrections  # a French word is no misspelling, but some write it apart
    for meant in guesses(vocabulary, folded):
        if meant.kind != "split":
            return _misspelt(notes, vocabulary, unit, meant)
        if stand_together(vocabulary, meant.folds):
            places = [(part,) for part in meant.folds]
            forms = [vocabulary.usual_form(part) for part in meant.folds]
            notes.announce_correction(unit.typed, [" ".join(forms)], meant.kind)
            notes.mark(PhraseMark(frozenset(vocabulary.zones), tuple(map(frozenset, places)), kind="split"))
            return one_term(list(sequences(vocabulary, places, None)))
    return None


def by_rule(notes: Notes, vocabulary: Vocabulary, unit: Unit) -> query.Query:
    """Search the words of the index that, by the rule of stems, are forms of an unknown word."""
    stems = vocabulary.stems_by_rule(unit.token.fold)
    if not stems:
        return absent(notes, vocabulary, unit)
    notes.mark(WordMark(frozenset(vocabulary.zones), stems=stems, typed=unit.token.form))
    return OneTerm(stem_terms(vocabulary, sorted(stems)))


def absent(notes: Notes, vocabulary: Vocabulary, unit: Unit) -> query.Query:
    """Search nothing, and say where a word that these zones do not have stands instead."""
    field = None if notes.silent else _field_of_name(vocabulary, unit)
    if _stands_in_article(vocabulary, unit):
        notes.ignore(unit.typed, "absent de ce champ", "absent here")
    elif field:
        typed = f"{FIELDS[field].names[0]}:{unit.typed}"
        notes.ignore(unit.typed, f"absent des articles, mais « {typed} » en trouve")
    else:
        notes.ignore_absent(unit.typed)
    return query.NullQuery


def other_spellings(notes: Notes, vocabulary: Vocabulary, unit: Unit, stems: Iterable[str]) -> frozenset[str]:
    """Give the stems of the other spellings of a name, beside `stems` that are searched already."""
    stems_of = {
        folded: vocabulary.stems_of([folded]) - frozenset(stems)
        for folded in variants(vocabulary, unit.token.fold)
    }
    others = frozenset[str]().union(*stems_of.values())
    if others:
        forms = [as_written(vocabulary, folded) for folded in stems_of if stems_of[folded]]
        notes.announce_correction(unit.typed, forms, "variant")
        typed = unit.token.form
        notes.mark(WordMark(frozenset(vocabulary.zones), stems=others, typed=typed, kind="variant"))
    return others


def _compound_meant(vocabulary: Vocabulary, unit: Unit) -> Correction | None:
    """Return the compound of the index for which an unknown compound is a slip: "étas-unis"."""
    function_word = any(may_be_stop_word(part.fold) for part in unit.parts)
    if not unit.joined or (function_word and unit.is_of_french_words):  # "au-dessous" is not "au-dessus"
        return None
    meant = corrections(vocabulary, unit.token.fold)
    for each in meant[:_COMPOUNDS_READ]:
        near = each.kind != "split" and each.cost <= 1
        if near and "-" in as_written(vocabulary, each.folds[0]):
            return each
    return None


def _misspelt(notes: Notes, vocabulary: Vocabulary, unit: Unit, meant: Correction) -> query.Query:
    """Search the one word that was meant, and its other spellings where it is a name."""
    spellings = (meant.folds[0], *variants(vocabulary, meant.folds[0]))
    forms = [as_written(vocabulary, folded) for folded in spellings]
    notes.announce_correction(unit.typed, forms, meant.kind)
    stems = vocabulary.stems_of(spellings)
    notes.mark(WordMark(frozenset(vocabulary.zones), stems=stems, typed=unit.token.form, kind=meant.kind))
    return one_term(stem_terms(vocabulary, stems))


def stands_elsewhere(vocabulary: Vocabulary, unit: Unit) -> bool:
    """Say whether a word that these zones do not have stands elsewhere in articles, or in a name."""
    return _stands_in_article(vocabulary, unit) or _field_of_name(vocabulary, unit) is not None


def _stands_in_article(vocabulary: Vocabulary, unit: Unit) -> bool:
    """Say whether other zones than those in which a word is searched have it."""
    articles = vocabulary.in_zones(ARTICLE_ZONES)
    return vocabulary != articles and bool(articles.resolve(unit.token.fold).stems)


def _field_of_name(vocabulary: Vocabulary, unit: Unit) -> FieldName | None:
    """Give the field of names that has a word, whole or in parts, or None."""
    whole = unit.joined and field_of_name(vocabulary.snapshot, [unit.joined.fold])
    return whole or field_of_name(vocabulary.snapshot, [part.fold for part in unit.parts])
