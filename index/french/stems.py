"""Which forms are of one word?

Those that share a stem, which is folded and need not be a French word. The first that knows says it:

    travaux          tables/stem-exceptions.tsv: what a lexicon has, and the rule gets wrong
    ONU, PS          an acronym: no form of anything else
    eurodéputés      a prefix before a French word, which is inflected as without it
    fatwas, Messi    what no lexicon has: its plural, its feminine, or a verb's form if it can only be one
    préfets          the rule: Snowball, on the accented form
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby

import snowballstemmer

from index.french.folding import fold, fold_form
from index.french.known_words import is_french, is_listed_name
from index.word_lists import TABLES, lines_of
from index.word_table import WordTable

STEM_EXCEPTIONS = TABLES / "stem-exceptions.tsv"  # these are made by index.lexicon
IRREGULAR_FORMS = TABLES / "irregular-forms.tsv"
AMBIGUOUS_FOLDS = TABLES / "ambiguous-folds.tsv"
FRENCH_STEMS = TABLES / "french-stems.txt"

_ACRONYM_LETTERS = 3  # the rule rarely makes a longer acronym of another word, and never a shorter one
_TOO_SHORT_TO_STEM = 2
_SHORTEST_PREFIX = 2
_SHORTEST_PREFIXED = 4  # letters after it
_DERIVED = ("iste", "istes", "isme", "ismes", "ité", "ités")  # from other words, which the rule makes of them
_OPEN_ENDINGS = ("a", "i", "o", "u", "é", "er")  # of names: few French words that a lexicon lacks end so
_UNSURE_ENDINGS = (*_OPEN_ENDINGS, *_DERIVED)
_OF_STEMS = ("é", "és", "x")  # of participles and adjectives, which the rule leaves as they are
_ROMAN_NUMBER = re.compile(
    "(?=[ivxlcdm])m{0,3}(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})(?:e|eme)?"
)
# A plural that Snowball takes for a verb, or whose singular it does ("newsletters"), and no "nigérois".
_PLURAL = re.compile(".{2,}(?:[aouy]|er|[^ao]i)s")
# Of a verb that no lexicon has: its participle, and of one in -iser or -ifier what a name may end with, too.
_VERBAL = re.compile("(.{3,})é|(.{3,}(?:[iy]s|fi|qu))er(?:a|ai)?|(.{4,}is)ai?")
_WOMAN = re.compile("(.{3,})euses?|(.{3,}t)rices?")  # who does something
_FOLDED_PREFIXES = tuple(map(fold, lines_of("prefixes.txt")))
_PREFIXES = {  # with their accents and without, by how they begin
    begin: tuple(prefixes)
    for begin, prefixes in groupby(
        sorted({*lines_of("prefixes.txt"), *_FOLDED_PREFIXES}), lambda prefix: prefix[:_SHORTEST_PREFIX]
    )
}
_STEMMER = snowballstemmer.stemmer("french")  # PyStemmer's, in C, as it is installed
_STEMMER.maxCacheSize = 0  # caching stems takes longer than stemming, and each word comes once


def stem(form: str) -> str:
    """Give the folded stem of a lowercase, accented form, as if it were no stop word.

    Inflected forms of one word share a stem; it need not be a French word.
    """
    letters = form.replace("'", "")  # "entr'ouverte" is inflected as any word
    if is_roman_number(form):
        return form  # the rule makes one of "XVIIe" and "XVIIIe"
    known = _stem_exceptions().find(letters) or _acronym_stem(form)
    if not known and len(form) <= _TOO_SHORT_TO_STEM:
        return fold_form(form)  # "PS" is not several P
    return known or _stem_of_unlisted(form)


def _stem_of_unlisted(form: str) -> str:
    """Stem, by rule, a form that no table lists; what is not French is seldom taken for a form of a verb."""
    base = _base_form(form)
    prefixes = _PREFIXES.get(form[:_SHORTEST_PREFIX], ())
    if base == form and not prefixes and not form.endswith(_UNSURE_ENDINGS):
        return _stem_by_rule(form)
    if is_french(folded := fold_form(form)) or is_listed_name(folded):
        return rule_stem(form)
    for prefix in prefixes:
        word = form.removeprefix(prefix)
        if len(form) - len(prefix) >= _SHORTEST_PREFIXED and word != form and is_french(fold_form(word)):
            return fold_form(prefix) + stem(word)  # "eurodéputés", "sous-estimer"
    if form.endswith(_DERIVED):
        return folded.removesuffix("s")  # "macronistes": the rule makes it "Macron"
    if base.endswith(_OPEN_ENDINGS) and not _may_be_of_verb(base) and not is_french(fold_form(base)):
        return fold_form(base)  # "Moderna", "Messi", "Touré" and "newsletters" are no forms of a verb
    return _stem_exceptions().find(base.replace("'", "")) or _stem_by_rule(base)


def _stem_by_rule(form: str) -> str:
    """Stem by rule, unless the stem belongs to unrelated French words: "Lynch", "Verne".

    Such a name looks like what the rule leaves of these; but "périurbaine" is the feminine of a French word.
    """
    found = rule_stem(form)
    one = form.removesuffix("s")
    base = one.removesuffix("e")
    if found != fold_form(base) or form.endswith(_OF_STEMS) or is_french(folded := fold_form(one)):
        return found
    return found if is_french(found) or found not in _french_stems() else f"{folded}_"


def _may_be_of_verb(form: str) -> bool:
    """Say whether a form that no lexicon has may be one of a verb: "labellisé", not "Touré" nor "Weber"."""
    verbal = _VERBAL.fullmatch(form)
    if not verbal or irregular_forms(rule_stem(form)):
        return False  # "Auré" is nothing of "aurait"
    cut = fold_form(next(filter(None, verbal.groups())))
    return not (is_french(cut) or is_french(f"{cut}e"))


def _base_form(form: str) -> str:
    """Give the singular of a form that no lexicon has, or its masculine: "influenceur" of "influenceuses"."""
    if form.endswith("s") and _PLURAL.fullmatch(form):
        return form[:-1]
    doer = _WOMAN.fullmatch(form) if form.endswith(("euse", "trice", "euses", "trices")) else None
    return f"{doer[1] or doer[2]}eur" if doer else form


def is_roman_number(folded: str) -> bool:
    """Say whether a word is a Roman number or its ordinal ("xviiie"), and no French word ("vie")."""
    return _ROMAN_NUMBER.fullmatch(folded) is not None and not is_french(folded)


def is_acronym(form: str) -> bool:
    """Say whether a lowercase form can only be an acronym of three letters."""
    return _acronym_stem(form) != ""


def _acronym_stem(form: str) -> str:
    """Return the stem of three letters that are no French word and that the rule leaves as they are.

    No other word has it: the rule alone would stem "café" like "CAF", and "Copé" like "COP". "" for all other
    forms.
    """
    letters = form.removesuffix("s") if len(form) > _ACRONYM_LETTERS else form
    short = len(letters) == _ACRONYM_LETTERS and letters.isascii() and letters.isalpha()
    if not short or is_french(form) or is_french(letters) or rule_stem(letters) != letters:
        return ""
    return f"{letters}_"


def stems_of_fold(folded: str) -> frozenset[str]:
    """Give the stems of all the French words that are written so when accents are left out."""
    several = _ambiguous_folds().find(folded)
    return frozenset(several.split(" ") if several else (stem(folded),))


def rule_stem(form: str) -> str:
    """Give the folded stem of a form by rule alone, without the table of exceptions.

    Source: Snowball's French stemmer.
    """
    letters = form.replace("'", "")  # "presqu'îles" is inflected as any word
    return fold_form(_STEMMER.stemWord(letters) if letters.isalpha() else form)


def without_prefixes(folded_stem: str) -> Iterator[tuple[str, str]]:
    """Give what a stem may be made of: a prefix of tables/prefixes.txt, without accents, and another stem."""
    for prefix in _FOLDED_PREFIXES:
        if folded_stem.startswith(prefix) and folded_stem != prefix:
            yield prefix, folded_stem.removeprefix(prefix)


def irregular_forms(folded_stem: str) -> tuple[str, ...]:
    """Return the forms to which the table of exceptions gives this stem, whatever the rule would give."""
    return tuple((_irregular_forms().find(folded_stem) or "").split())


def expect_articles() -> None:
    """Prepare for looking up the words of whole articles, not just those of queries (index.word_table)."""
    _stem_exceptions().hold()


@cache
def _stem_exceptions() -> WordTable:
    return WordTable(STEM_EXCEPTIONS)


@cache
def _french_stems() -> WordTable:
    return WordTable(FRENCH_STEMS)


@cache
def _irregular_forms() -> WordTable:
    return WordTable(IRREGULAR_FORMS)


@cache
def _ambiguous_folds() -> WordTable:
    return WordTable(AMBIGUOUS_FOLDS)
