"""How are the tables of stem exceptions made?

Snowball cuts endings by rule. It keeps apart what belongs together ("travaux" and "travail", "fixent"
and "fixer", "élus" and "élu") and puts together what does not ("mère" and "mer"). This module
compares it with a lexicon, simplemma's French one (MIT licence), and writes down the forms for which
the rule is wrong, each with the stem to use instead: tables/stem-exceptions.tsv, read by
index.french.stems. It runs when the tables are made again, never when articles are indexed:

    python -m index.lexicon

A lexicon gives each form one lemma. Lemmas that are one word in two parts of speech are joined
first: a participle and its verb ("couvert", "couvrir"), a noun and the verb whose form it also is
("avance", "avancer"), a feminine and its masculine ("directrice", "directeur"). What remains is the
inflection of French, with little of its derivation.

Each lemma then keeps the stem that Snowball gives most of its forms, so that a form that the lexicon
does not know still meets them, unless another lemma has that stem already; the later one takes its own
name for a stem. Only the forms whose stem is not Snowball's are written down, and with them the same
forms as people write them without accents ("sovietiques"), where only one word can be meant; the table
tables/irregular-forms.tsv is the same turned round, from a stem to its forms. Where several words can be
meant ("peches"), the table tables/ambiguous-folds.tsv lists the stems of all of them. The last,
tables/french-folds.txt, is every French word without accents: a word that is in it is French, and no
misspelling, whether or not the index has it. Names are no French words, for they are spelt in several ways;
but those of tables/names.txt are each a family of its own. simplemma has no word that is never inflected
("paix", "jamais"): adverbs in -ment are made by rule, the others are in tables/invariable-words.txt, each a
family of its own, or "tennis" would be a form of "tenir".

All four are sorted, for index.word_table to search.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from functools import cache
from importlib.metadata import version
from pathlib import Path

from index.french.folding import fold
from index.french.known_words import FRENCH_FOLDS, NAMES
from index.french.stems import AMBIGUOUS_FOLDS, FRENCH_STEMS, IRREGULAR_FORMS, STEM_EXCEPTIONS, rule_stem
from index.word_lists import lines_of, rows_of

_ADDITIONS = "lexicon-additions.tsv"
_OWN_WORDS = "own-words.txt"
_VERBS = "verbs.txt"
_INVARIABLE = "invariable-words.txt"
_SPELLINGS = "spellings.tsv"
_FORMS_OF_A_VERB = 10  # "hiver" and "mer" have two; a conjugated verb has dozens
_LONG_BASE = 6  # letters before -eur
_ACUTE = re.compile("é([^aeiouyéè]+)$")
_BEFORE_A = (  # of a verb in -er
    *("ons", "ais", "ait", "aient", "ai", "as", "a", "âmes", "âtes", "ant", "ants", "ante", "antes"),
    *("asse", "asses", "ât", "assions", "assiez", "assent"),
)
_BEFORE_E = (
    *("er", "ez", "ions", "iez", "èrent", "é", "ée", "és", "ées"),
    *("erai", "eras", "era", "erons", "erez", "eront", "erais", "erait", "erions", "eriez", "eraient"),
)
_LITERARY = ("ât", "ît", "ût", "âmes", "îmes", "ûmes", "âtes", "îtes", "ûtes")
_PRESENT = ("aît", "oît")  # "paraît"
# Rather "IVe" and "IXe" than what a rule makes of "if", and a verb of mathematics.
_NUMBERS = ("ive", "ixe")
_OF_A_NAME = re.compile("n?(?:ais|ois|ien|ain|in|an)(?:n?es?|s)?|i(?:sm|st|qu)es?")  # what is behind it
_LETTERS = re.compile(r"[^\W\d_A-Z]+")
_FEMININES = (
    # endings of a feminine, of its masculine
    ("trice", "teur"),
    ("ive", "if"),
    ("ève", "ef"),
    ("euve", "euf"),
    ("ière", "ier"),
    ("ienne", "ien"),
    ("euse", "eur"),
    ("euse", "eux"),
    ("anche", "anc"),  # but "bouche" is no "bouc"
    ("ale", "al"),
    ("elle", "el"),
)
_PARTICIPLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    # endings of a participle, what its verb may end with instead
    ("issant", ("ir",)),
    ("aissant", ("aître",)),
    ("ignant", ("indre",)),
    ("isant", ("ire",)),
    ("eant", ("er",)),
    ("çant", ("cer",)),
    ("ant", ("er", "re", "ir")),
    ("é", ("er", "aître")),
    ("i", ("ir",)),
    ("çu", ("cevoir",)),
    ("u", ("re", "ir", "oir", "oître")),
    ("usu", ("udre",)),
    ("aru", ("araître",)),
    ("nnu", ("nnaître",)),
    ("mu", ("mouvoir",)),
    ("us", ("ure",)),
    ("sous", ("soudre",)),
    ("os", ("ore",)),
    ("lu", ("lire",)),
    ("ivi", ("ivre",)),
    ("écu", ("ivre",)),
    ("quis", ("quérir",)),
    ("mort", ("mourir",)),
    ("int", ("indre",)),
    ("it", ("ire",)),
    ("vert", ("vrir",)),
    ("ffert", ("ffrir",)),
)


_VERBAL_NOUNS = (
    # endings of a noun, of the verb whose present it also is: "débat", "offre"
    ("bat", "battre"),
    ("ffre", "ffrir"),
)


def read_lexicon() -> dict[str, str]:
    """Give the lemma of every form that simplemma knows, both in lower case with accents."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    lexicon = DefaultDictionaryFactory().get_dictionary("fr")
    pairs = ((_text(form), _text(lemma)) for form, lemma in lexicon.items())
    known = {form: lemma for form, lemma in pairs if _LETTERS.fullmatch(form) and _LETTERS.fullmatch(lemma)}
    for lemma in set(known.values()):
        known.setdefault(lemma, lemma)
    for word in lines_of(_INVARIABLE):  # "tennis" would be a form of "tenir" by the rule
        known.setdefault(word, word)
    _add(known)
    for verb in lines_of(_VERBS):
        for form in _conjugated(verb):
            known.setdefault(form, verb)
    for lemma in set(known.values()):
        if lemma.endswith("if"):  # "active" is the adjective far more often than the verb
            known[lemma[:-1] + "ve"] = known[lemma[:-1] + "ves"] = lemma
        elif lemma.endswith("eur"):
            for feminine in _feminines_of_doer(lemma, known):
                known.setdefault(feminine, lemma)
    known.update(_lemmas_of_singulars(known))
    _add(known)  # once more: what is listed counts for more than what was made by rule
    known.update(_other_spellings(known))
    known.update((name, name) for name in lines_of(NAMES.name))
    for form, lemma in list(known.items()):  # "oeuvre" is "œuvre", whatever else it could be
        if "œ" in form or "æ" in form:
            known[form.replace("œ", "oe").replace("æ", "ae")] = lemma
    return {form: lemma for form, lemma in known.items() if form not in _NUMBERS}


def _add(known: dict[str, str]) -> None:
    """Put what tables/lexicon-additions.tsv lists into a lexicon."""
    for line in lines_of(_ADDITIONS):
        form, _, lemma = line.partition("\t")
        known[form] = known[lemma] = lemma


def _conjugated(infinitive: str) -> Iterator[str]:
    """Give the forms of a regular verb in -er: "annonça", "mangeons" and "paramètre", too."""
    base = infinitive.removesuffix("er")
    before_a = f"{base[:-1]}ç" if base.endswith("c") else f"{base}e" if base.endswith("g") else base
    silent = _ACUTE.sub(r"è\1", base)  # where the next syllable is not heard
    yield from (f"{silent}{ending}" for ending in ("e", "es", "ent"))
    yield from (f"{before_a}{ending}" for ending in _BEFORE_A)
    yield from (f"{base}{ending}" for ending in _BEFORE_E)


def _feminines_of_doer(lemma: str, known: Collection[str]) -> Iterator[str]:
    """Give the feminine of who does something, and its plural: "sénatrice"; but "acheteuse", "camionneuse".

    The rule makes some that nobody says ("couleuse", of "couleur"): they are at worst left uncorrected.
    """
    base = lemma.removesuffix("eur")
    if base + "er" in known or (base[-2:-1] == base[-1:] and base[:-1] in known):
        yield from (base + "euse", base + "euses")
    elif base.endswith("t"):
        yield from (base + "rice", base + "rices")
    elif base in known and len(base) >= _LONG_BASE:  # "handballeuse", but "grandeur" has none
        yield from (base + "euse", base + "euses")


def _other_spellings(lexicon: Mapping[str, str]) -> dict[str, str]:
    """Give the words of tables/spellings.tsv, spelt the other way, with the lemma that they have."""
    rows = rows_of(_SPELLINGS)
    patterns = [(re.compile(pattern), replacement) for pattern, replacement in rows]
    others = (
        (pattern.sub(replacement, form), lemma)
        for form, lemma in lexicon.items()
        for pattern, replacement in patterns
        if pattern.search(form)
    )
    return {other: lemma for other, lemma in others if other not in lexicon}


def _lemmas_of_singulars(lexicon: Mapping[str, str]) -> dict[str, str]:
    """Give the lemma that a word in -e and its plural have in common, for both, where a lexicon has two.

    It says that "présidentielle" is a noun and "présidentielles" an adjective, "voisine" a form of
    "voisiner" and "voisines" one of "voisin". A lemma that is neither of the forms is better than one that
    is, a noun better than a verb: but "tienne" remains a form of "tenir".
    """
    verbs = _verbs(lexicon)
    common: dict[str, str] = {}
    for form, lemma in lexicon.items():
        plural = f"{form}s"
        of_plural = lexicon.get(plural, lemma)
        if of_plural == lemma or not form.endswith("e"):
            continue
        candidates = (of_plural, lemma)
        if not any(each in verbs and each.endswith(("ir", "re")) for each in candidates):
            common[form] = common[plural] = min(
                candidates, key=lambda each: (each in (form, plural), each in verbs)
            )
    return common


def stem_exceptions(lexicon: Mapping[str, str]) -> dict[str, str]:
    """Give the stem of every form of a lexicon (form → lemma) that the rule gets wrong."""
    verbs = _verbs(lexicon)
    nouns = set(lexicon.values()) - verbs
    families: dict[str, list[str]] = defaultdict(list)
    for form, lemma in lexicon.items():
        families[head_lemma(lexicon[lemma], verbs, nouns)].append(form)  # "promise", "promis", "promettre"
    taken: set[str] = set()
    exceptions: dict[str, str] = {}
    # The largest families first: they have the most forms that the lexicon may not know.
    for head, forms in sorted(families.items(), key=lambda item: (-len(item[1]), item[0])):
        chosen = next(stem for stem in _candidates(head, forms) if stem not in taken)
        taken.add(chosen)
        exceptions.update((form, chosen) for form in forms if rule_stem(form) != chosen)
    return exceptions


def unaccented_exceptions(
    lexicon: Mapping[str, str], exceptions: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Give what the forms of a lexicon stand for when they are written without accents.

    First the stem of every such spelling that is no form itself, has one meaning, and that the rule
    gets wrong; then all the stems of every spelling that has several.
    """
    stems_of: dict[str, set[str]] = defaultdict(set)
    forms = set(lexicon)
    verbs = _verbs(lexicon)
    for form in forms:
        folded = fold(form)
        literary = form.endswith(_LITERARY) and not form.endswith(_PRESENT) and lexicon[form] in verbs
        if not (literary and folded in forms):  # "soldat" is never "soldât"
            stems_of[folded].add(exceptions.get(form) or rule_stem(form))
    single: dict[str, str] = {}
    ambiguous: dict[str, list[str]] = {}
    for folded, stems in stems_of.items():
        if len(stems) > 1:
            ambiguous[folded] = sorted(stems)
        elif folded not in forms and {rule_stem(folded)} != stems:
            single[folded] = next(iter(stems))
    return single, ambiguous


def french_words(lexicon: Mapping[str, str]) -> set[str]:
    """Give every French word, with its accents: the forms of a lexicon and what is never inflected; no name.

    The rule for adverbs makes some that nobody says ("tablement"): they are at worst left uncorrected.
    """
    common = {form: lemma for form, lemma in lexicon.items() if form not in _names()}
    words = set(common)
    verbs = _verbs(lexicon)
    for form, lemma in common.items():
        if form.endswith(("ant", "ent")) and form == lemma:
            words.add(f"{form[:-2]}mment")  # "évident", "évidemment"
        elif form.endswith(("e", "i", "u")) and lemma not in verbs:
            words.add(f"{form}ment")  # "rapide", "légère", "seule"; "vrai", "absolu"
        elif form.endswith("é") and f"{form}e" in lexicon:  # "aisé", but "aparté" is no adjective
            words.add(f"{form}ment")
    return words.union(lines_of(_INVARIABLE))


def french_stems(lexicon: Mapping[str, str], exceptions: Mapping[str, str]) -> set[str]:
    """Give the stems of French words, but those that are made of a name: "irland", of "irlandais"."""
    return {
        stem
        for form in lexicon.keys() - _names()
        if not _OF_A_NAME.fullmatch(fold(form).removeprefix(stem := exceptions.get(form) or rule_stem(form)))
    }


def head_lemma(lemma: str, verbs: Set[str], nouns: Set[str]) -> str:
    """Give the lemma that stands for a word in all its parts of speech: the verb, or the masculine."""
    if lemma in _own_words() or lemma in _names():
        return lemma
    for feminine, masculine in _FEMININES:
        of_both = lemma.removesuffix(feminine) + masculine
        if lemma.endswith(feminine) and of_both in nouns:
            return of_both
    participles = [lemma, lemma[:-1]] if lemma.endswith(("ée", "ie", "ue", "te")) else [lemma]
    for participle in participles:
        for verb in _verbs_of(participle):
            if verb in verbs or (verb in nouns and participle.endswith("é")):  # "surpeuplé"
                return verb
    noun = lemma.replace("è", "é") if lemma.endswith("e") else lemma  # "règle", "régler"
    for infinitive in (lemma + "r", noun + "r"):
        if lemma[-1] in "ei" and infinitive in verbs:
            return infinitive
    for ending, infinitive in _VERBAL_NOUNS:
        if lemma.endswith(ending) and lemma.removesuffix(ending) + infinitive in verbs:
            return lemma.removesuffix(ending) + infinitive
    return lemma


@cache
def _names() -> frozenset[str]:
    return frozenset(lines_of(NAMES.name))


@cache
def _invariable() -> frozenset[str]:
    return frozenset(lines_of(_INVARIABLE))


@cache
def _own_words() -> frozenset[str]:
    return frozenset(lines_of(_OWN_WORDS))


def _verbs(lexicon: Mapping[str, str]) -> set[str]:
    """Give the lemmas of a lexicon that are verbs, as far as their endings and number of forms tell."""
    inflected = Counter(lexicon.values())
    return {
        lemma
        for lemma, forms in inflected.items()
        if lemma.endswith(("er", "ir", "re")) and forms >= _FORMS_OF_A_VERB
    }


def _verbs_of(participle: str) -> Iterator[str]:
    for ending, infinitives in _PARTICIPLES:
        if participle.endswith(ending):
            base = participle.removesuffix(ending)
            yield from (base + infinitive for infinitive in infinitives)


def _candidates(head: str, forms: Collection[str]) -> Iterator[str]:
    """Give the stems that a family could have: those of the rule, the commonest first, then its name.

    What has one form is not cut: "jamais" is no form of "jam"; nor is a name in -s: the rule would make of
    "Hamas" the plural of "Hama".
    An underscore, which no other term has, tells "réel" from "réélire", stemmed "reel" by the rule.
    """
    if len(forms) == 1 and head in _invariable():
        yield fold(head)
    by_rule = Counter(rule_stem(form) for form in forms if not (form in _names() and form.endswith("s")))
    yield from (stem for stem, _ in sorted(by_rule.items(), key=lambda item: (-item[1], item[0])))
    name = fold(head)
    while True:
        yield name
        name += "_"


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def main() -> None:
    """Write the tables again."""
    lexicon = read_lexicon()
    exceptions = stem_exceptions(lexicon)
    unaccented, ambiguous = unaccented_exceptions(lexicon, exceptions)
    stems = {**exceptions, **unaccented}
    forms_of: dict[str, list[str]] = defaultdict(list)
    for form, stem in stems.items():
        forms_of[stem].append(form)
    _write(
        STEM_EXCEPTIONS,
        "Forms that Snowball's French rules stem wrongly: the form, then the stem to use.",
        (f"{form}\t{stem}" for form, stem in stems.items()),
    )
    _write(
        IRREGULAR_FORMS,
        "The forms of stem-exceptions.tsv by stem: the stem, then the forms.",
        (f"{stem}\t{' '.join(sorted(forms))}" for stem, forms in forms_of.items()),
    )
    _write(
        AMBIGUOUS_FOLDS,
        "Spellings without accents that stand for several words: the spelling, then their stems.",
        (f"{folded}\t{' '.join(stems)}" for folded, stems in ambiguous.items()),
    )
    _write(
        FRENCH_STEMS,
        "Stems of French words that no word has which is not French, unless it is inflected as they are.",
        french_stems(lexicon, exceptions),
    )
    _write(FRENCH_FOLDS, "French words without their accents.", set(map(fold, french_words(lexicon))))


def _write(table: Path, title: str, lines: Iterable[str]) -> None:
    head = (
        f"# {title}",
        f"# Made by index/lexicon.py from the French lexicon of simplemma {version('simplemma')},",
        "# under the MIT licence. Do not edit: change the code that makes it.",
    )
    fresh = table.with_name(f"{table.name}.new")
    fresh.write_text("\n".join((*head, *sorted(lines))) + "\n", encoding="utf-8")
    os.replace(fresh, table)  # whoever has the old one mapped goes on reading it


if __name__ == "__main__":
    main()
