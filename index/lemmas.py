"""Which forms has French, and of which word is each?

The French lexicon of simplemma (MIT licence) gives each form one lemma. What it lacks is under index/tables:
forms that a grammar lists (lexicon-additions.tsv), verbs of today (verbs.txt), words that are never
inflected, each a family of its own, or "tennis" would be a form of "tenir" (invariable-words.txt), names
(names.txt) and families that are spelt in two ways (spellings.tsv). Feminines of agent nouns ("sénatrice")
are made by rule.

Used by index.lexicon when its tables are made again, and by nothing else: it takes seconds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from index.french.known_words import NAMES
from index.word_lists import lines_of, rows_of

INVARIABLE = "invariable-words.txt"
_ADDITIONS = "lexicon-additions.tsv"
_VERBS = "verbs.txt"
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
# These are rather "IVe" and "IXe" than a feminine that a rule makes of "if", and a form of a rare verb.
_NUMBERS = ("ive", "ixe")
_LETTERS = re.compile(r"[^\W\d_A-Z]+")


def read_lexicon() -> dict[str, str]:
    """Give the lemma of every form that simplemma knows, both in lower case with accents."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    lexicon = DefaultDictionaryFactory().get_dictionary("fr")
    pairs = ((_text(form), _text(lemma)) for form, lemma in lexicon.items())
    known = {form: lemma for form, lemma in pairs if _LETTERS.fullmatch(form) and _LETTERS.fullmatch(lemma)}
    for lemma in set(known.values()):
        known.setdefault(lemma, lemma)
    for word in lines_of(INVARIABLE):  # "tennis" would be a form of "tenir" by the rule
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
    for form, lemma in rows_of(_ADDITIONS):
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
    verbs = verbs_of(lexicon)
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


def verbs_of(lexicon: Mapping[str, str]) -> set[str]:
    """Give the lemmas of a lexicon that are verbs, as far as their endings and number of forms tell."""
    inflected = Counter(lexicon.values())
    return {
        lemma
        for lemma, forms in inflected.items()
        if lemma.endswith(("er", "ir", "re")) and forms >= _FORMS_OF_A_VERB
    }


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
