"""What does one typed word, form, prefix or phrase search?

Each function here reads one leaf of the syntax tree in the vocabulary of the index and gives the
query for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import pairwise

from whoosh import query
from whoosh.query.positional import Sequence as WhooshSequence

from index.analysis import fold, is_french
from index.schema import ARTICLE_ZONES, NAME_FIELDS, fold_prefix, form_term, forms_field, split_form_term
from search import vocabulary
from search.compounds import as_written, compounds, stand_together
from search.corrections import Correction, corrections, splits, variants, written_apart
from search.marking import PhraseMark, WordMark
from search.name_fields import field_of_name
from search.queries import OneTerm, OneWord
from search.reader import Reader, Zones
from search.syntax import FIELD_LABELS, MAX_SPELLINGS, MIN_PREFIX_LENGTH, FieldName
from search.units import Unit, units, words_of_phrase
from search.word_lists import rows_of

EXACT_FORM_BOOST = 0.3  # what the form that was typed adds to its stem: it decides between equals
HOMOGRAPH_BOOST = 2.0  # the same for a word alone of which other accents make another: "péché", "pêche"
NEAR_BOOST = 0.3  # what two words of the query near each other add, as a part of what a phrase is worth
NEAR_SLOP = 2  # "guerre en Ukraine", "ministre français des Affaires": an article, an adjective between
_MAX_NEAR_WORDS = 16  # a query of more is a text, and its pairs are many
ABSENT = "absent de l’index"
_ANNOUNCED_FORMS = 12  # forms named for one prefix or fuzzy word; more is a list nobody reads


def words_of(reader: Reader, text: str, zones: Zones) -> list[tuple[Unit, Unit | None]]:
    """Read a text as words to search, each with the compound of the index that it is typed apart from."""
    apart = [] if zones[0] in NAME_FIELDS else compounds(reader.snapshot, zones, text)
    found = [compound for compound in apart if reader.may_guess(compound.typed)]
    return [(word, next((whole for whole in found if whole.holds(word)), None)) for word in units(text)]


def is_content(reader: Reader, word: Unit, compound: Unit | None, zones: Zones) -> bool:
    """Say whether a word selects: no function word does, nor half a compound that is no word by itself."""
    return not word.may_be_function_word and not (compound and not reader.resolve(word, zones).stems)


def word_query(
    reader: Reader, unit: Unit, zones: Zones, corrected: bool = True, alone: bool = False
) -> query.Query:
    """Search one word: all it stands for, as one term, and the very form typed, to rank.

    A word that the index does not have is read as the one it is a misspelling of, if `corrected`. Typed
    `alone`, with no other word to tell what is meant, its accents decide.
    """
    if zones[0] in NAME_FIELDS:
        return name_query(reader, unit, zones)
    if unit.joined:
        return _compound(reader, unit, zones, corrected)
    resolved = reader.resolve(unit, zones)
    if not resolved.stems:
        return _corrected(reader, unit, zones) if corrected else _by_rule(reader, unit, zones)
    form = unit.token.form
    mark = ("mark", *zones, form)
    reader.mark(reader.snapshot.remember(mark, lambda: _stems_mark(zones, resolved.stems, form)))
    reader.announce(form, resolved.forms, "accent")
    guessing = corrected and resolved.name and reader.may_guess(unit.typed)
    spellings = sorted(_other_spellings(reader, unit, resolved.stems, zones)) if guessing else ()
    key = ("word", str(alone), *zones, form, *spellings)
    found = reader.snapshot.remember(key, lambda: _word(zones, form, resolved, spellings, alone))
    return _or_apart(reader, unit, resolved, found, guessing, zones)


def _or_apart(
    reader: Reader,
    unit: Unit,
    resolved: vocabulary.Resolved,
    found: query.Query,
    guessing: bool,
    zones: Zones,
) -> query.Query:
    """Search a word also as the two that some write it as: "aujourd hui"; if `guessing`, "week end"."""
    apart = written_apart(reader.snapshot, zones, resolved.fold) if guessing else ()
    if apart:
        forms = [vocabulary.usual_form(reader.snapshot, zones, part) for part in apart]
        reader.announce_correction(unit.typed, [" ".join(forms)], "variant")
    else:
        whole = next((form for form in resolved.forms if "'" in form), "")
        apart = tuple(map(fold, whole.split("'")))
    places = [(part,) for part in apart]
    sequences = list(_sequences(reader, places, None, zones)) if len(places) > 1 else []
    if not sequences:
        return found
    reader.mark(PhraseMark(frozenset(zones), tuple(map(frozenset, places)), kind="variant"))
    return query.DisjunctionMax([found, OneTerm(sequences)])


def _word(
    zones: Zones, form: str, resolved: vocabulary.Resolved, spellings: Iterable[str], alone: bool
) -> query.Query:
    selecting = OneTerm(_stem_terms((*resolved.stems, *spellings), zones))
    if not resolved.forms:
        return selecting
    # the form typed, but for the accent that a capital loses; any spelling where accents were left out
    chosen = tuple(one for one in resolved.forms if one[1:] == form[1:]) or resolved.forms
    exact = [query.Term(forms_field(zone), form_term(resolved.fold, one)) for zone in zones for one in chosen]
    boost = HOMOGRAPH_BOOST if alone and len(chosen) < len(resolved.forms) else EXACT_FORM_BOOST
    return OneWord(selecting, OneTerm(exact, boost=boost))


def _stems_mark(zones: Zones, stems: Iterable[str], form: str) -> WordMark:
    return WordMark(frozenset(zones), stems=frozenset(stems), typed=form)


def _compound(reader: Reader, unit: Unit, zones: Zones, corrected: bool) -> query.Query:
    """Search "porte-parole": as one word, or as its parts one after the other, in the plural or not."""
    resolved = reader.resolve(unit, zones)
    places = [tuple(_ways_to_write(part.fold)) for part in unit.parts]
    sequences = list(_sequences(reader, places, None, zones))
    ways: list[query.Query] = []
    if resolved.stems:
        reader.mark(WordMark(frozenset(zones), stems=frozenset(resolved.stems), typed=unit.token.form))
        name = resolved.name and not all(is_french(part.fold) for part in unit.parts)  # "al-Assad"
        guessing = corrected and name and reader.may_guess(unit.typed)
        spellings = sorted(_other_spellings(reader, unit, resolved.stems, zones)) if guessing else ()
        ways.append(OneTerm(_stem_terms((*resolved.stems, *spellings), zones)))
    if sequences:
        reader.mark(PhraseMark(frozenset(zones), tuple(map(frozenset, places))))
        ways.append(OneTerm(sequences))
    if not ways:
        return _corrected(reader, unit, zones) if corrected else _absent(reader, unit)
    return one_or(query.DisjunctionMax, ways)


def compound_query(reader: Reader, unit: Unit, zones: Zones) -> query.Query:
    """Search a compound that was typed apart ("sous préfet"), and say so."""
    reader.announce_correction(unit.typed, [as_written(reader.snapshot, zones, unit.token.fold)], "variant")
    return _compound(reader, unit, zones, corrected=False)


def _ways_to_write(folded: str) -> Iterator[str]:
    """Give a part of a compound in the singular and in the plural, as far as spelling goes, and shortened."""
    yield folded
    if len(folded) > 2:
        yield from (folded + "s", folded + "x") if folded[-1] not in "sxz" else (folded[:-1],)
    if folded.endswith("al"):
        yield folded[:-1] + "ux"
    elif folded.endswith("aux"):
        yield folded[:-2] + "l"
    if other := _short_forms().get(folded):
        yield other


@cache
def _short_forms() -> dict[str, str]:
    """Give each short form of search/tables/short-forms.tsv its long one, and the reverse."""
    pairs = rows_of("short-forms.tsv")
    return {one: other for short, long in pairs for one, other in ((short, long), (long, short))}


def name_query(reader: Reader, unit: Unit, zones: Zones) -> query.Query:
    """Search a word of a source's or an author's name: as written, but for accents and what parts it."""
    apart = one_or(query.And, [_one_term(_forms_terms(reader, part.fold, zones)) for part in unit.parts])
    whole = _forms_terms(reader, unit.joined.fold, zones) if unit.joined else []  # "M6", "France24"
    return query.DisjunctionMax([_one_term(whole), apart]) if whole else apart


def as_written_query(reader: Reader, text: str, zones: Zones) -> query.Query | None:
    """Search plain words that a `+` insists on: none is corrected, a function word is like any other.

    "sur" is one, and "sûr" is not.
    """
    queries = [
        any_accent(reader, unit.token.fold, zones)
        if unit.is_function_word or (unit.may_be_function_word and not reader.resolve(unit, zones).stems)
        else word_query(reader, unit, zones, corrected=False)
        for unit in units(text)
    ]
    return one_or(query.And, queries) if queries else None


def form_query(reader: Reader, text: str, zones: Zones) -> query.Query | None:
    """Search one form and no other; without accents it stands for the forms of the index that have them."""
    queries: list[query.Query] = []
    for unit in units(text):
        token = unit.token
        forms = vocabulary.forms_of(reader.snapshot, zones, token.fold)
        chosen = [form for form in forms if _without_ligatures(form) == _without_ligatures(token.form)]
        if not chosen and token.form == token.fold:
            chosen = [*forms]
        reader.mark(WordMark(frozenset(zones), forms=frozenset(chosen), typed=token.form))
        reader.announce(token.form, chosen, "accent")
        terms = [query.Term(forms_field(z), form_term(token.fold, form)) for z in zones for form in chosen]
        queries.append(_one_term(terms))
    return one_or(query.And, queries) if queries else None


def prefix_query(reader: Reader, text: str, zones: Zones) -> query.Query | None:
    """Search every word that starts so, accents and elided words ("l'élec*") aside."""
    found = units(text)
    if not found:
        return None
    folded = found[-1].token.fold
    if len(folded) < MIN_PREFIX_LENGTH:
        reader.ignore(f"{text}*", f"il faut au moins {MIN_PREFIX_LENGTH} lettres devant « * »")
        return word_query(reader, found[-1], zones)
    by_zone = [reader.snapshot.terms(forms_field(zone), folded, _ANNOUNCED_FORMS) for zone in zones]
    forms = [split_form_term(term)[1] for term in sorted({term for terms in by_zone for term in terms})]
    reader.announce(f"{text}*", forms[:_ANNOUNCED_FORMS], "prefix")
    reader.mark(WordMark(frozenset(zones), prefix=folded, typed=text, kind="prefix"))
    return OneTerm([query.Prefix(forms_field(zone), folded) for zone in zones])


def fuzzy_query(reader: Reader, text: str, distance: int | None, zones: Zones) -> query.Query | None:
    """Search every word that is written nearly so, accents and elided words aside."""
    found = units(text)
    if not found:
        return None
    near = vocabulary.near(reader.snapshot, zones, found[-1].token.fold, distance, MAX_SPELLINGS + 1)
    folds = tuple(near)[:MAX_SPELLINGS]
    if len(near) > MAX_SPELLINGS:
        reader.ignore(
            f"{text}~", f"plus de {MAX_SPELLINGS} graphies : seules les plus proches sont cherchées"
        )
    forms = [vocabulary.usual_form(reader.snapshot, zones, folded) for folded in folds[:_ANNOUNCED_FORMS]]
    reader.announce(f"{text}~", forms, "fuzzy")
    reader.mark(WordMark(frozenset(zones), folds=frozenset(folds), typed=text, kind="fuzzy"))
    return _one_term([term for folded in folds for term in _forms_terms(reader, folded, zones)])


def phrase_query(reader: Reader, text: str, slop: int | None, zones: Zones) -> query.Query | None:
    """Search words as they are written, accents aside: in this order, or near each other.

    Numbers are found however they are written: "2e" and "2ème", "20h30" and "20 h 30", "49.3" and "49-3".
    """
    read = units(text)
    leaves: list[query.Query] = []
    for words in dict.fromkeys(words_of_phrase(read)):
        places = [(folded, *vocabulary.other_ordinals(folded)) for folded in words]
        if len(places) == 1:
            leaves.extend(_as_written(reader, places[0], zones))
            continue
        reader.mark(PhraseMark(frozenset(zones), tuple(map(frozenset, places)), slop))
        leaves.extend(_sequences(reader, places, slop, zones))
    return _one_term(leaves) if read else None


def near_queries(reader: Reader, words: Sequence[Unit], zones: Zones) -> list[list[query.Query]]:
    """Search each word near the one typed after it, (words,): it ranks, it selects nothing.

    Words far apart say less of each other than words side by side ("guerre" and "Ukraine").
    """
    near: list[list[query.Query]] = [[] for _ in words]
    if zones[0] in NAME_FIELDS or len(words) > _MAX_NEAR_WORDS:
        return near
    for found, (first, second) in zip(near, pairwise(words), strict=False):  # the last word has none after it
        pair = (first.token.fold, second.token.fold)
        found.extend(reader.snapshot.remember(("pair", *zones, *pair), partial(_pair, reader, pair, zones)))
    return near


def _pair(reader: Reader, folds: tuple[str, str], zones: Zones) -> tuple[query.Query, ...]:
    sequences = list(_sequences(reader, [(folded,) for folded in folds], NEAR_SLOP, zones))
    return (OneTerm(sequences, boost=NEAR_BOOST),) if sequences else ()


def any_accent(reader: Reader, folded: str, zones: Zones) -> query.Query:
    """Search one word as it is written, accents aside."""
    return _one_term(_as_written(reader, (folded,), zones))


def _as_written(reader: Reader, folds: Sequence[str], zones: Zones) -> list[query.Query]:
    """Give the terms of one word with any accents, in all the ways to write it, and have it marked."""
    reader.mark(WordMark(frozenset(zones), folds=frozenset(folds), typed=folds[0]))
    return [term for folded in folds for term in _forms_terms(reader, folded, zones)]


def one_or(kind: type[query.Query], parts: list[query.Query]) -> query.Query:
    """Join several queries; one needs no joining."""
    return kind(parts) if len(parts) > 1 else parts[0]


def _corrected(reader: Reader, unit: Unit, zones: Zones) -> query.Query:
    """Search what an unknown word is a misspelling of."""
    folded = unit.token.fold
    french = is_french(folded) or all(is_french(part.fold) for part in unit.parts)
    if _field_of_name(reader, unit) or not reader.may_guess(unit.typed):
        return _by_rule(reader, unit, zones)
    guesses = splits if french else corrections  # a French word is no misspelling, but some write it apart
    for meant in guesses(reader.snapshot, zones, folded):
        if meant.kind != "split":
            return _misspelt(reader, unit, meant, zones)
        if stand_together(reader.snapshot, zones, meant.folds):
            places = [(part,) for part in meant.folds]
            forms = [vocabulary.usual_form(reader.snapshot, zones, part) for part in meant.folds]
            reader.announce_correction(unit.typed, [" ".join(forms)], meant.kind)
            reader.mark(PhraseMark(frozenset(zones), tuple(map(frozenset, places)), kind="split"))
            return _one_term(list(_sequences(reader, places, None, zones)))
    return _by_rule(reader, unit, zones)


def _field_of_name(reader: Reader, unit: Unit) -> FieldName | None:
    """Give the field of names that has a word, whole or in parts, or None."""
    whole = unit.joined and field_of_name(reader.snapshot, [unit.joined.fold])
    return whole or field_of_name(reader.snapshot, [part.fold for part in unit.parts])


def _by_rule(reader: Reader, unit: Unit, zones: Zones) -> query.Query:
    """Search the words of the index that the rule of stems takes for forms of one that nobody knows."""
    stems = vocabulary.stems_by_rule(reader.snapshot, zones, unit.token.fold)
    if not stems:
        return _absent(reader, unit)
    reader.mark(WordMark(frozenset(zones), stems=stems, typed=unit.token.form))
    return OneTerm(_stem_terms(sorted(stems), zones))


def _misspelt(reader: Reader, unit: Unit, meant: Correction, zones: Zones) -> query.Query:
    """Search the one word that was meant, and its other spellings where it is a name."""
    spellings = (meant.folds[0], *variants(reader.snapshot, zones, meant.folds[0]))
    forms = [as_written(reader.snapshot, zones, folded) for folded in spellings]
    reader.announce_correction(unit.typed, forms, meant.kind)
    stems = _stems_of(reader, spellings, zones)
    reader.mark(WordMark(frozenset(zones), stems=stems, typed=unit.token.form, kind=meant.kind))
    return _one_term(_stem_terms(stems, zones))


def _other_spellings(reader: Reader, unit: Unit, stems: Iterable[str], zones: Zones) -> frozenset[str]:
    """Give the stems of the other spellings of a name, beside `stems` that are searched already."""
    stems_of = {
        folded: _stems_of(reader, [folded], zones) - frozenset(stems)
        for folded in variants(reader.snapshot, zones, unit.token.fold)
    }
    others = frozenset[str]().union(*stems_of.values())
    if others:
        forms = [as_written(reader.snapshot, zones, folded) for folded in stems_of if stems_of[folded]]
        reader.announce_correction(unit.typed, forms, "variant")
        typed = unit.token.form
        reader.mark(WordMark(frozenset(zones), stems=others, typed=typed, kind="variant"))
    return others


def _stems_of(reader: Reader, folds: Iterable[str], zones: Zones) -> frozenset[str]:
    return frozenset(
        stem for folded in folds for stem in vocabulary.resolve(reader.snapshot, zones, folded).stems
    )


def _absent(reader: Reader, unit: Unit) -> query.Query:
    """Search nothing, and say where the word is that is not here."""
    field = _field_of_name(reader, unit)
    if field and not reader.silent and not reader.resolve(unit, ARTICLE_ZONES).stems:
        typed = f"{FIELD_LABELS[field]}:{unit.typed}"
        reader.ignore(unit.typed, f"absent des articles, mais « {typed} » en trouve")
    else:
        reader.ignore(unit.typed, ABSENT)
    return query.NullQuery


def _stem_terms(stems: Iterable[str], zones: Zones) -> list[query.Query]:
    return [query.Term(zone, stem) for zone in zones for stem in stems]


def _forms_terms(reader: Reader, folded: str, zones: Zones) -> list[query.Query]:
    return [
        query.Term(forms_field(zone), term)
        for zone in zones
        for term in reader.snapshot.terms(
            forms_field(zone), fold_prefix(folded), vocabulary.MAX_FORMS_PER_FOLD
        )
    ]


def _sequences(
    reader: Reader, places: Sequence[tuple[str, ...]], slop: int | None, zones: Zones
) -> Iterator[query.Query]:
    """Search words that follow each other, in each zone that has them; a place may have several folds."""
    for zone in zones:
        terms = [[t for folded in place for t in _forms_terms(reader, folded, (zone,))] for place in places]
        if all(terms):
            ordered = slop is None
            yield WhooshSequence(
                [query.Or(place) for place in terms], slop=slop if slop is not None else 1, ordered=ordered
            )


def _without_ligatures(form: str) -> str:
    return form.replace("œ", "oe").replace("æ", "ae")


def _one_term(terms: list[query.Query]) -> query.Query:
    return OneTerm(terms) if terms else query.NullQuery
