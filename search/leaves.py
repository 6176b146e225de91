"""What does one typed word, form or prefix search?

Each function here reads one leaf of the syntax tree in the vocabulary of the index and gives the
query for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from whoosh import query

from index.french.folding import fold
from index.schema import NAME_FIELDS, forms_field, split_form_term
from search import compound_parts, guesses, phrases
from search.compounds import any_stand_together, as_written, compounds
from search.corrections import written_apart
from search.marking import PhraseMark, WordMark
from search.notes import Notes
from search.queries import AnyWord, OneOf, OneTerm, OneWord
from search.spellings import has_other_names
from search.syntax import MAX_SPELLINGS, MIN_PREFIX_LENGTH
from search.terms import combine, exact_terms, forms_terms, one_term, sequences, stem_terms
from search.units import Unit, runs_of, units
from search.vocabulary import Resolved, Vocabulary, same_but_for_capital

EXACT_FORM_BOOST = 0.3  # what the form that was typed adds to its stem: it decides between equals
HOMOGRAPH_BOOST = 2.0  # the same for a word alone of which other accents make another: "péché", "pêche"
_ANNOUNCED_FORMS = 12  # forms named for one prefix or fuzzy word; more is a list nobody reads


def words_of(notes: Notes, vocabulary: Vocabulary, text: str) -> list[tuple[Unit, Unit | None]]:
    """Split a text into words to search, each with the compound of the index that it is part of, if any."""
    apart = [] if vocabulary.zones[0] in NAME_FIELDS else compounds(vocabulary, text)
    found = [compound for compound in apart if notes.may_guess(compound.typed)]
    return [(word, next((whole for whole in found if whole.holds(word)), None)) for word in units(text)]


def is_content(vocabulary: Vocabulary, word: Unit, compound: Unit | None) -> bool:
    """Say whether a word selects: no function word does, nor half a compound that is no word by itself."""
    return not word.may_be_function_word and not (compound and not vocabulary.resolve(word.token.fold).stems)


def word_query(
    notes: Notes, vocabulary: Vocabulary, unit: Unit, corrected: bool = True, alone: bool = False
) -> query.Query:
    """Search one word: all it stands for, as one term, and the very form typed, to rank.

    A word that the index does not have is read as the one it is a misspelling of, if `corrected`. Typed
    `alone`, with no other word to tell what is meant, its accents decide.
    """
    if vocabulary.zones[0] in NAME_FIELDS:
        return name_query(vocabulary, unit)
    resolved = vocabulary.resolve(unit.token.fold)
    if unit.joined:
        compound = _compound(notes, vocabulary, unit, corrected)
        exact = _exact(vocabulary, unit.token.form, resolved, alone=False)
        return query.AndMaybe(compound, exact) if exact else compound
    if unit.others:
        others = sorted(vocabulary.stems_of(unit.others))
        resolved = resolved._replace(stems=(*resolved.stems, *others))
    if not resolved.stems:
        guess = guesses.corrected(notes, vocabulary, unit) if corrected else None
        return guess or guesses.by_rule(notes, vocabulary, unit)
    form = unit.token.form
    mark = ("mark", form, *unit.others)
    notes.mark(vocabulary.remember(mark, lambda: _stems_mark(vocabulary, resolved, form)))
    notes.announce(form, () if form.isdigit() else resolved.forms, "accent")
    name = resolved.name or has_other_names(resolved.fold)
    guessing = corrected and name and notes.may_guess(unit.typed)
    spellings = sorted(guesses.other_spellings(notes, vocabulary, unit, resolved.stems)) if guessing else ()
    key = ("word", str(alone), form, *unit.others, *spellings)
    found = vocabulary.remember(key, lambda: _word(vocabulary, form, resolved, spellings, alone))
    return _or_apart(notes, vocabulary, unit, resolved, found, guessing)


def _or_apart(
    notes: Notes,
    vocabulary: Vocabulary,
    unit: Unit,
    resolved: Resolved,
    found: query.Query,
    guessing: bool,
) -> query.Query:
    """Search a word also as the two that some write it as: "aujourd hui"; if `guessing`, "week end"."""
    apart = written_apart(vocabulary, resolved.fold) if guessing else ()
    if apart:
        forms = [vocabulary.usual_form(part) for part in apart]
        notes.announce_correction(unit.typed, [" ".join(forms)], "variant")
    else:
        whole = next((form for form in resolved.forms if "'" in form), "")
        apart = tuple(map(fold, whole.split("'")))
    places = [(part,) for part in apart]
    in_a_row = list(sequences(vocabulary, places, None)) if len(places) > 1 else []
    if not in_a_row:
        return found
    notes.mark(PhraseMark(frozenset(vocabulary.zones), tuple(map(frozenset, places)), kind="variant"))
    return OneOf([found, OneTerm(in_a_row)])


def _word(
    vocabulary: Vocabulary, form: str, resolved: Resolved, spellings: Iterable[str], alone: bool
) -> query.Query:
    stems = stem_terms(vocabulary, (*resolved.stems, *spellings))
    selecting = OneTerm([*stems, *exact_terms(vocabulary, resolved.shared)])
    exact = _exact(vocabulary, form, resolved, alone)
    return OneWord(selecting, exact) if exact else selecting


def _exact(vocabulary: Vocabulary, form: str, resolved: Resolved, alone: bool) -> OneTerm | None:
    """Look for the form typed, which only ranks; None where the index does not have it."""
    if not resolved.forms:
        return None
    # any spelling where accents were left out
    chosen = tuple(one for one in resolved.forms if same_but_for_capital(one, form)) or resolved.forms
    boost = HOMOGRAPH_BOOST if alone and len(chosen) < len(resolved.forms) else EXACT_FORM_BOOST
    return OneTerm(exact_terms(vocabulary, chosen), boost=boost)


def _stems_mark(vocabulary: Vocabulary, resolved: Resolved, form: str) -> WordMark:
    stems, forms = frozenset(resolved.stems), frozenset(resolved.shared)
    return WordMark(frozenset(vocabulary.zones), stems, forms=forms, typed=form)


def _compound(notes: Notes, vocabulary: Vocabulary, unit: Unit, corrected: bool) -> query.Query:
    """Search "porte-parole": as one word, or as its parts one after the other (search.compound_parts)."""
    resolved = vocabulary.resolve(unit.token.fold)
    rows = [compound_parts.ways_to_write(vocabulary, unit.parts)]
    if (runs := runs_of(unit)) != [part.fold for part in unit.parts]:
        rows.append([(run,) for run in runs])  # "L122-4" is "L. 122-4"
    ways: list[query.Query] = []
    one = compound_parts.in_one_word(unit.parts)
    stems = vocabulary.stems_of((unit.token.fold, one, *unit.others))
    if stems:
        notes.mark(WordMark(frozenset(vocabulary.zones), stems=stems, typed=unit.token.form))
        name = resolved.name and not unit.is_of_french_words  # "al-Assad", but not "au-dessous"
        guessing = corrected and name and notes.may_guess(unit.typed)
        spellings = sorted(guesses.other_spellings(notes, vocabulary, unit, stems)) if guessing else ()
        ways.append(OneTerm(stem_terms(vocabulary, (*sorted(stems), *spellings))))
    for places in rows:
        in_a_row = list(sequences(vocabulary, places, None))
        # Where all its parts are words, an index may have each of them and nowhere the compound.
        if in_a_row and (ways or any_stand_together(vocabulary, places)):
            notes.mark(PhraseMark(frozenset(vocabulary.zones), tuple(map(frozenset, places))))
            ways.append(OneTerm(in_a_row))
    if not ways and not corrected:
        return guesses.absent(notes, vocabulary, unit)
    if not ways:
        guess = guesses.corrected(notes, vocabulary, unit) or _in_parts(notes, vocabulary, unit)
        return guess or guesses.by_rule(notes, vocabulary, unit)
    return combine(OneOf, ways)


def compound_query(notes: Notes, vocabulary: Vocabulary, unit: Unit) -> query.Query:
    """Search a compound that was typed apart ("sous préfet"), and say so."""
    notes.announce_correction(unit.typed, [as_written(vocabulary, unit.token.fold)], "variant")
    return _compound(notes, vocabulary, unit, corrected=False)


def name_query(vocabulary: Vocabulary, unit: Unit) -> query.Query:
    """Search a word of a source's or an author's name: as written, but for accents and what parts it."""
    apart = combine(query.And, [one_term(forms_terms(vocabulary, part.fold)) for part in unit.parts])
    whole = forms_terms(vocabulary, unit.joined.fold) if unit.joined else []  # "M6", "France24"
    return query.DisjunctionMax([one_term(whole), apart]) if whole else apart


def as_written_query(notes: Notes, vocabulary: Vocabulary, text: str) -> query.Query | None:
    """Search plain words that a `+` insists on: none is corrected, a function word is like any other.

    "sur" is one, and "sûr" is not.
    """
    queries = [
        phrases.any_accent(notes, vocabulary, unit.token.fold)
        if unit.is_function_word
        or (unit.may_be_function_word and not vocabulary.resolve(unit.token.fold).stems)
        else word_query(notes, vocabulary, unit, corrected=False)
        for unit in units(text)
    ]
    return combine(query.And, queries) if queries else None


def form_query(notes: Notes, vocabulary: Vocabulary, text: str) -> query.Query | None:
    """Search one form and no other; without accents it stands for the forms of the index that have them."""
    queries: list[query.Query] = []
    for unit in units(text):
        token = unit.token
        forms = vocabulary.forms_of(token.fold)
        chosen = [form for form in forms if _without_ligatures(form) == _without_ligatures(token.form)]
        if not chosen and token.form == token.fold:
            chosen = [*forms]
        notes.mark(WordMark(frozenset(vocabulary.zones), forms=frozenset(chosen), typed=token.form))
        notes.announce(token.form, chosen, "accent")
        queries.append(one_term(exact_terms(vocabulary, chosen)))
    return combine(query.And, queries) if queries else None


def prefix_query(notes: Notes, vocabulary: Vocabulary, text: str) -> query.Query | None:
    """Search every word that starts so, accents and elided words ("l'élec*") aside."""
    found = units(text)
    if not found:
        return None
    folded = found[-1].token.fold
    if len(folded) < MIN_PREFIX_LENGTH:
        notes.ignore(f"{text}*", f"il faut au moins {MIN_PREFIX_LENGTH} lettres devant « * »")
        return word_query(notes, vocabulary, found[-1])
    by_zone = [
        vocabulary.snapshot.terms(forms_field(zone), folded, _ANNOUNCED_FORMS) for zone in vocabulary.zones
    ]
    terms = sorted({term for terms in by_zone for term in terms})[:_ANNOUNCED_FORMS]
    notes.announce(f"{text}*", [_shown(vocabulary, *split_form_term(term)) for term in terms], "prefix")
    notes.mark(WordMark(frozenset(vocabulary.zones), prefix=folded, typed=text, kind="prefix"))
    return OneTerm([query.Prefix(forms_field(zone), folded) for zone in vocabulary.zones])


def fuzzy_query(notes: Notes, vocabulary: Vocabulary, text: str, distance: int | None) -> query.Query | None:
    """Search every word that is written nearly so, accents and elided words aside."""
    found = units(text)
    if not found:
        return None
    near = vocabulary.near(found[-1].token.fold, distance, MAX_SPELLINGS + 1)
    folds = tuple(near)[:MAX_SPELLINGS]
    if len(near) > MAX_SPELLINGS:
        notes.ignore(f"{text}~", f"plus de {MAX_SPELLINGS} graphies : seules les plus proches sont cherchées")
    forms = [as_written(vocabulary, folded) for folded in folds[:_ANNOUNCED_FORMS]]
    notes.announce(f"{text}~", forms, "fuzzy")
    notes.mark(WordMark(frozenset(vocabulary.zones), folds=frozenset(folds), typed=text, kind="fuzzy"))
    return one_term([term for folded in folds for term in forms_terms(vocabulary, folded)])


def _shown(vocabulary: Vocabulary, folded: str, form: str) -> str:
    """Give a form as people know it: a compound with its hyphens."""
    written = as_written(vocabulary, folded)
    return written if "-" in written else form


def _without_ligatures(form: str) -> str:
    return form.replace("œ", "oe").replace("æ", "ae")


def _in_parts(notes: Notes, vocabulary: Vocabulary, unit: Unit) -> query.Query | None:
    """Search the words of a compound wherever they stand ("France-Allemagne"); None where one is unknown.

    Nor those of a name: "Ouest-France" is a newspaper, and not all that is in the west of France.
    """
    if guesses.stands_elsewhere(vocabulary, unit):
        return None
    if not notes.may_guess(unit.typed) or vocabulary.stems_by_rule(unit.token.fold):
        return None
    if any(map(str.isdigit, unit.token.fold)):
        return None  # "G20" is not wherever there is a 20
    parts = [Unit(part.form, (part,), None) for part in unit.parts]
    parts = [part for part in parts if not part.may_be_function_word]
    if not parts or not all(vocabulary.resolve(part.token.fold).stems for part in parts):
        return None
    notes.announce_correction(unit.typed, [" ".join(part.typed for part in parts)], "split")
    return combine(AnyWord, [word_query(notes, vocabulary, part, corrected=False) for part in parts])
