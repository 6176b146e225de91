"""What is searched for a word that the index does not have, and which other spellings for one that it has?

Each guess is announced, with the way back from it (search.reader).
"""

from __future__ import annotations

from collections.abc import Iterable

from whoosh import query

from index.french.known_words import is_french, may_be_stop_word
from index.french.stems import is_roman_number
from index.schema import ARTICLE_ZONES
from search import vocabulary
from search.compounds import as_written, stand_together
from search.corrections import Correction, corrections, splits
from search.marking import PhraseMark, WordMark
from search.name_fields import field_of_name
from search.queries import OneTerm
from search.reader import Reader, Zones
from search.spellings import variants
from search.syntax import FIELDS, FieldName
from search.terms import one_term, sequences, stem_terms
from search.units import Unit

_COMPOUNDS_READ = 5  # candidates of which an article is asked how it writes them


def corrected(reader: Reader, unit: Unit, zones: Zones) -> query.Query | None:
    """Search what an unknown word is a misspelling of; None where it may well be none."""
    folded = unit.token.fold
    if any(map(str.isdigit, folded)) or stands_elsewhere(reader, unit, zones):
        return None
    if not reader.may_guess(unit.typed):
        return None
    if any(is_roman_number(part.fold) for part in unit.parts):
        return None  # "Paris-II" is not "Paris-III"
    if unit.joined and all(vocabulary.is_known(reader.snapshot, zones, part.fold) for part in unit.parts):
        return None  # "Macron-LR" is no slip for "Macron"
    if compound := _compound_meant(reader, unit, zones):
        return _misspelt(reader, unit, compound, zones)
    french = is_french(folded) or unit.is_of_french_words
    guesses = splits if french else corrections  # a French word is no misspelling, but some write it apart
    for meant in guesses(reader.snapshot, zones, folded):
        if meant.kind != "split":
            return _misspelt(reader, unit, meant, zones)
        if stand_together(reader.snapshot, zones, meant.folds):
            places = [(part,) for part in meant.folds]
            forms = [vocabulary.usual_form(reader.snapshot, zones, part) for part in meant.folds]
            reader.announce_correction(unit.typed, [" ".join(forms)], meant.kind)
            reader.mark(PhraseMark(frozenset(zones), tuple(map(frozenset, places)), kind="split"))
            return one_term(list(sequences(reader, places, None, zones)))
    return None


def by_rule(reader: Reader, unit: Unit, zones: Zones) -> query.Query:
    """Search the words of the index that the rule of stems takes for forms of one that nobody knows."""
    stems = vocabulary.stems_by_rule(reader.snapshot, zones, unit.token.fold)
    if not stems:
        return absent(reader, unit, zones)
    reader.mark(WordMark(frozenset(zones), stems=stems, typed=unit.token.form))
    return OneTerm(stem_terms(sorted(stems), zones))


def absent(reader: Reader, unit: Unit, zones: Zones) -> query.Query:
    """Search nothing, and say where the word is that is not here."""
    field = None if reader.silent else _field_of_name(reader, unit)
    if zones != ARTICLE_ZONES and reader.resolve(unit, ARTICLE_ZONES).stems:
        reader.ignore(unit.typed, "absent de ce champ", "absent here")
    elif field:
        typed = f"{FIELDS[field].names[0]}:{unit.typed}"
        reader.ignore(unit.typed, f"absent des articles, mais « {typed} » en trouve")
    else:
        reader.ignore_absent(unit.typed)
    return query.NullQuery


def other_spellings(reader: Reader, unit: Unit, stems: Iterable[str], zones: Zones) -> frozenset[str]:
    """Give the stems of the other spellings of a name, beside `stems` that are searched already."""
    stems_of = {
        folded: vocabulary.stems_of(reader.snapshot, zones, [folded]) - frozenset(stems)
        for folded in variants(reader.snapshot, zones, unit.token.fold)
    }
    others = frozenset[str]().union(*stems_of.values())
    if others:
        forms = [as_written(reader.snapshot, zones, folded) for folded in stems_of if stems_of[folded]]
        reader.announce_correction(unit.typed, forms, "variant")
        typed = unit.token.form
        reader.mark(WordMark(frozenset(zones), stems=others, typed=typed, kind="variant"))
    return others


def _compound_meant(reader: Reader, unit: Unit, zones: Zones) -> Correction | None:
    """Give the compound of the index that a compound of other words is a slip for: "étas-unis"."""
    function_word = any(may_be_stop_word(part.fold) for part in unit.parts)
    if not unit.joined or (function_word and unit.is_of_french_words):  # "au-dessous" is not "au-dessus"
        return None
    meant = corrections(reader.snapshot, zones, unit.token.fold)
    for each in meant[:_COMPOUNDS_READ]:
        near = each.kind != "split" and each.cost <= 1
        if near and "-" in as_written(reader.snapshot, zones, each.folds[0]):
            return each
    return None


def _misspelt(reader: Reader, unit: Unit, meant: Correction, zones: Zones) -> query.Query:
    """Search the one word that was meant, and its other spellings where it is a name."""
    spellings = (meant.folds[0], *variants(reader.snapshot, zones, meant.folds[0]))
    forms = [as_written(reader.snapshot, zones, folded) for folded in spellings]
    reader.announce_correction(unit.typed, forms, meant.kind)
    stems = vocabulary.stems_of(reader.snapshot, zones, spellings)
    reader.mark(WordMark(frozenset(zones), stems=stems, typed=unit.token.form, kind=meant.kind))
    return one_term(stem_terms(stems, zones))


def stands_elsewhere(reader: Reader, unit: Unit, zones: Zones) -> bool:
    """Say whether a word that these zones do not have is one of the articles, or of a name."""
    if zones != ARTICLE_ZONES and reader.resolve(unit, ARTICLE_ZONES).stems:
        return True
    return _field_of_name(reader, unit) is not None


def _field_of_name(reader: Reader, unit: Unit) -> FieldName | None:
    """Give the field of names that has a word, whole or in parts, or None."""
    whole = unit.joined and field_of_name(reader.snapshot, [unit.joined.fold])
    return whole or field_of_name(reader.snapshot, [part.fold for part in unit.parts])
