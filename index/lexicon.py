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
meant ("peches"), the table tables/ambiguous-folds.tsv lists the stems of all of them. Then
tables/french-folds.txt is every French word without accents: a word that is in it is French, and no
misspelling, whether or not the index has it; adverbs in -ment are made by rule. Names are no French words,
for they are spelt in several ways; but those of tables/names.txt are each a family of its own. And
tables/french-stems.txt holds the stems of those words: a word that is not French ("Lynch") may not share one,
unless it is inflected as they are.

All five are sorted, for index.word_table to search.
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
from index.lemmas import INVARIABLE, read_lexicon, verbs_of
from index.word_lists import lines_of

_OWN_WORDS = "own-words.txt"
_LITERARY = ("ât", "ît", "ût", "âmes", "îmes", "ûmes", "âtes", "îtes", "ûtes")
_PRESENT = ("aît", "oît")  # "paraît"
_OF_A_NAME = re.compile("n?(?:ais|ois|ien|ain|in|an)(?:n?es?|s)?|i(?:sm|st|qu)es?")  # what is behind it
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


def stem_exceptions(lexicon: Mapping[str, str]) -> dict[str, str]:
    """Give the stem of every form of a lexicon (form → lemma) that the rule gets wrong."""
    verbs = verbs_of(lexicon)
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
    """Return what the forms of a lexicon stand for when they are written without accents.

    First, the stem of every such spelling that is not a form itself, has one meaning and is stemmed wrongly
    by the rule; then, all the stems of every spelling that has several.
    """
    stems_of: dict[str, set[str]] = defaultdict(set)
    forms = set(lexicon)
    verbs = verbs_of(lexicon)
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
    verbs = verbs_of(lexicon)
    for form, lemma in common.items():
        if form.endswith(("ant", "ent")) and form == lemma:
            words.add(f"{form[:-2]}mment")  # "évident", "évidemment"
        elif form.endswith(("e", "i", "u")) and lemma not in verbs:
            words.add(f"{form}ment")  # "rapide", "légère", "seule"; "vrai", "absolu"
        elif form.endswith("é") and f"{form}e" in lexicon:  # "aisé", but "aparté" is no adjective
            words.add(f"{form}ment")
    return words.union(lines_of(INVARIABLE))


def french_stems(lexicon: Mapping[str, str], exceptions: Mapping[str, str]) -> set[str]:
    """Return the stems of French words, except those made from a name: "irland", of "irlandais"."""
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
    return frozenset(lines_of(INVARIABLE))


@cache
def _own_words() -> frozenset[str]:
    return frozenset(lines_of(_OWN_WORDS))


def _verbs_of(participle: str) -> Iterator[str]:
    for ending, infinitives in _PARTICIPLES:
        if participle.endswith(ending):
            base = participle.removesuffix(ending)
            yield from (base + infinitive for infinitive in infinitives)


def _candidates(head: str, forms: Collection[str]) -> Iterator[str]:
    """Give the stems that a family could have: those of the rule, the commonest first, then its name.

    An invariable word is not cut: "jamais" is no form of "jam"; nor is a name in -s: the rule would make
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
    os.replace(fresh, table)  # a process that has mapped the old one goes on reading it


if __name__ == "__main__":
    main()
