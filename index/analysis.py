"""How does a French text become the tokens that are searched?

The one analysis of Dépêche: the index, the query, the snippets and the suggestions all call
`read_words` or `analyze`, and nothing elsewhere lowercases a word or takes its accents off.

    "L'ex-U.R.S.S. et 7 500 préfets"
    tokenise    L' | ex-U.R.S.S. | et | 7 500 | préfets       offsets into the original text
    lowercase   l' | ex-u.r.s.s. | et | 7 500 | préfets
    elision            ex-u.r.s.s. | et | 7 500 | préfets       tables/elisions.txt
    parts              ex · urss (also joined: exurss) | et | 7500 | préfets
    stop words         ex · urss · exurss | – | 7500 | préfets   tables/stop-words.txt
    stem               ex · urss · exurss | – | 7500 | préfet    Snowball, on the accented form, but for
                                                                 tables/stem-exceptions.tsv, and for
                                                                 what no lexicon lists ("fatwas")
    fold               ex · urss · exurss | – | 7500 | prefet    Unidecode, on each token

A token therefore has three readings. Its *form* is what was written, in lower case, accents kept.
Its *fold* is the form without accents. Its *stem* is folded after stemming, because Snowball needs
the accents ("élevé" is cut, "eleve" is not); a stop word has none. A word that is written for women and
men, "élu·e·s", is the one for men, in the number meant (tables/inclusive-endings.tsv). A hashtag of
several words, "#GiletsJaunes", is a compound as "gilets-jaunes" is.

Invariants: offsets are half-open code-point ranges into the text given, whatever normalisation it
is in; a token depends on its own word only, never on its neighbours, so a word costs one dictionary
look-up after its first time; whether a word is cut, joined or dropped never depends on its accents.

It is long because it is the one place where two words become the same: whoever asks why reads no other.
"""

from __future__ import annotations

import hashlib
import mmap
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import snowballstemmer
import Stemmer
import unidecode as unidecode_package
from unidecode import unidecode

from index.releases import release
from index.word_table import WordTable

_TABLES = Path(__file__).parent / "tables"
STEM_EXCEPTIONS = _TABLES / "stem-exceptions.tsv"  # this and the next three are made by index.lexicon
IRREGULAR_FORMS = _TABLES / "irregular-forms.tsv"
AMBIGUOUS_FOLDS = _TABLES / "ambiguous-folds.tsv"
FRENCH_FOLDS = _TABLES / "french-folds.txt"
NAMES = _TABLES / "names.txt"
_ACRONYM_LETTERS = 3  # a longer one is rarely what the rule leaves of another word, a shorter one never
_TOO_SHORT_TO_STEM = 2
_SHORTEST_BASE = 3  # letters before an ending: "candidat(e)", but not "l(e)"
_SHORTEST_PREFIX = 2
_SHORTEST_PREFIXED = 4  # letters after it
_DERIVED = ("iste", "istes", "isme", "ismes", "ité", "ités")  # from other words, which the rule makes of them
_OPEN_ENDINGS = ("a", "i", "o", "u", "é", "er")  # of names: few French words that a lexicon lacks end so
_UNSURE_ENDINGS = (*_OPEN_ENDINGS, *_DERIVED)
_MAX_TERM_LENGTH = 64  # longer than any French word; what exceeds it is base64 or a broken page
_MAX_COMPOUND_PARTS = 4  # "c'est-à-dire", "vice-premier-ministre"; beyond, it is a list of words
_MAX_MEMO = 1_000_000  # distinct words kept analysed; about 300 MB at worst, never reached by press text

_MARKS = "\u0300-\u036f"  # combining accents: NFD text
_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"  # soft hyphens and zero-width joints inside a word
_LETTER_APOSTROPHE = "ʼ"  # a letter to Unicode
_APOSTROPHES = f"'’‘{_LETTER_APOSTROPHE}`´′＇"
_HYPHENS = r"\-‐‑"
LETTER = rf"[^\W\d_][{_MARKS}]*"  # a regular expression: with its accents, composed or not
_ACRONYM = rf"(?:{LETTER}\.-?)+{LETTER}(?:\.|(?![\w{_MARKS}]))"
_THIN_SPACES = " \u00a0\u202f\u2009"
_GROUPING = f"{_THIN_SPACES}'’"  # between thousands; the apostrophe in Switzerland
_NUMBER = rf"(?:\d{{1,3}}(?:[{_GROUPING}]\d{{3}})+(?:,\d+)?|\d+(?:[.,]\d+)+)(?!\w)"
_LONGEST_ENDING = 6  # "trices"
_ENDING = rf"(?:{LETTER}){{1,{_LONGEST_ENDING}}}"
_ENDED = (  # what may be one, or the first word of a sentence before which a space was left out
    rf"(?:[·•⋅‧./]{_ENDING}(?:[·•⋅‧./]{LETTER})?|\({_ENDING}(?:\)(?:{LETTER})?)?)"
    rf"(?![\w{_MARKS}{_INVISIBLE}]|[.{_APOSTROPHES}{_HYPHENS}][\w{_INVISIBLE}])"
)
_PARTING = re.compile(f"[{_APOSTROPHES}{_HYPHENS}]")
_ENDED_WORD = re.compile(rf"(?:{_ENDED}|[{_HYPHENS}]{_ENDING}(?:[{_HYPHENS}]{LETTER})?)$")
_WORD = re.compile(
    rf"(?:{_ACRONYM}|{_NUMBER}|#?[\w{_MARKS}{_INVISIBLE}]+)"
    rf"(?:[{_APOSTROPHES}{_HYPHENS}](?:{_ACRONYM}|{_NUMBER}|[\w{_MARKS}{_INVISIBLE}]+))*"
    rf"(?P<added>{_ENDED})?"
)
_UNIT = re.compile(
    rf"{_ACRONYM}|{_NUMBER}|[^\W_{_LETTER_APOSTROPHE}](?:[^\W_{_LETTER_APOSTROPHE}]|[{_MARKS}{_INVISIBLE}])*"
)
_SPACED_NUMBER = re.compile(rf"\d[{_THIN_SPACES}]\d")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_AFRICAN_NAME = re.compile("[mn]'[^aeiouyh]")  # "N'Krumah": nothing is elided before a consonant
_DROPPED = re.compile(rf"[{_INVISIBLE}]")
_NOTE_CALL = re.compile(r"(?<=^n)º+|(?<=[^\W\d_⁰¹²³⁴-⁹]{4})[⁰¹²³⁴-⁹]+$")  # "nº"; "rapport¹", but not "m²"
_LIGATURES = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)
}  # of PDF files
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_ROMAN_NUMBER = re.compile(
    "(?=[ivxlcdm])m{0,3}(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})(?:e|eme)?"
)
_NOT_FOLDED = re.compile(r"[^a-z0-9.,]+")


class Token(NamedTuple):
    """One searchable reading of a piece of text.

    `form`, `fold` and `stem` are described above; `stem` is "" for a stop word. `position` counts
    words from the start of the text. `joined` is set on the reading of a compound as one word,
    which stands at the position of its first part.
    """

    form: str
    fold: str
    stem: str
    position: int
    start: int
    end: int
    joined: bool = False


Cut = tuple[str, int, int, int, bool]  # a `Reading` but for its fold and its stem


class Word(NamedTuple):
    """What stands between two spaces: its parts in order, and their joined reading if there is one.

    "porte-parole" has two parts and the joined reading "porteparole"; "l'État" has one part.
    """

    start: int
    end: int
    parts: tuple[Token, ...]
    joined: Token | None


def raw_words(text: str) -> Iterator[tuple[int, str]]:
    """Give every word of a text uncut, with where it starts: what `read_words` reads, one by one."""
    for match in _WORD.finditer(text):
        start, end = match.span()
        added = match["added"]
        if not added or is_inclusive(text[start : end - len(added)], added):
            yield start, text[start:end]
            continue
        yield start, text[start : end - len(added)]
        for at, word in raw_words(added[1:]):
            yield end - len(added) + 1 + at, word


def find_words(text: str) -> list[str]:
    """Give every word of a text uncut, as `raw_words` does, without saying where."""
    if text.isalpha() or all(map(str.isalnum, text.split("-"))):  # most of the pieces that are read
        return [text]
    return [word for _, word in raw_words(text)]


def find_pieces(text: str) -> list[str]:
    """Cut a text at white space, where no word goes on: the words of the pieces are those of the text.

    Several times faster than looking for the words themselves, for those who read each piece once only.
    Some full stops and commas are lost, but none that belongs to a number.
    """
    if _SPACED_NUMBER.search(text):
        return find_words(text)
    return text.replace(", ", " ").replace(". ", " ").split()


def read_words(text: str) -> Iterator[Word]:
    """Read a text word by word.

    Words of which nothing is left, such as a lone underscore, are passed over. Positions are those
    that `analyze` gives.
    """
    position = 0
    for start, word in raw_words(text):
        found = readings(word)
        parts = tuple(
            Token(r.form, r.fold, r.stem, position + r.place, start + r.start, start + r.end)
            for r in found
            if not r.joined
        )
        if not parts:
            continue
        last = found[-1]
        joined = None
        if last.joined:
            joined = Token(
                last.form, last.fold, last.stem, position, start + last.start, start + last.end, joined=True
            )
        yield Word(start, start + len(word), parts, joined)
        position += len(parts)


def analyze(text: str) -> Iterator[Token]:
    """Give every token of a text, by position; a joined reading follows the parts of its compound."""
    for word in read_words(text):
        yield from word.parts
        if word.joined:
            yield word.joined


def fold(word: str) -> str:
    """Take case and accents off one word: "Œuvre" → "oeuvre", "aujourd’hui" → "aujourdhui".

    A word that has no Latin rendering is given back in lower case.
    """
    return _fold_form(_lower(word))


def _fold_form(form: str) -> str:
    if form.isascii() and form.isalnum():
        return form
    return "".join(map(_fold_character, form)) or form


@lru_cache(maxsize=4096)  # more than the characters of press text
def _fold_character(character: str) -> str:
    written = unidecode(character).lower()
    return "" if "/" in written else _NOT_FOLDED.sub("", written)  # "½" is not 12


def stem(form: str) -> str:
    """Give the folded stem of a lowercase, accented form, as if it were no stop word.

    Inflected forms of one word share a stem; it need not be a French word.
    """
    letters = form.replace("'", "")  # "entr'ouverte" is inflected as any word
    if is_roman_number(form):
        return form  # the rule makes one of "XVIIe" and "XVIIIe"
    known = _stem_exceptions().find(letters) or _acronym_stem(form)
    if not known and len(form) <= _TOO_SHORT_TO_STEM:
        return fold(form)  # "PS" is not several P
    return known or _stem_of_unlisted(form)


def _stem_of_unlisted(form: str) -> str:
    """Give the stem of a form that no table lists, by rule; of what is no French word, not as of a verb."""
    base = _base_form(form)
    prefixes = _PREFIXES.get(form[:_SHORTEST_PREFIX], ())
    if base == form and not prefixes and not form.endswith(_UNSURE_ENDINGS):
        return rule_stem(form)
    if is_french(folded := fold(form)) or is_listed_name(folded):
        return rule_stem(form)
    for prefix in prefixes:
        word = form.removeprefix(prefix)
        if len(form) - len(prefix) >= _SHORTEST_PREFIXED and word != form and is_french(fold(word)):
            return fold(prefix) + stem(word)  # "eurodéputés", "sous-estimer"
    if form.endswith(_DERIVED):
        return folded.removesuffix("s")  # "macronistes": the rule makes it "Macron"
    if base.endswith(_OPEN_ENDINGS) and not _may_be_of_verb(base) and not is_french(fold(base)):
        return fold(base)  # "Moderna", "Messi", "Touré" and "newsletters" are no forms of a verb
    return _stem_exceptions().find(base.replace("'", "")) or rule_stem(base)


def _may_be_of_verb(form: str) -> bool:
    """Say whether a form that no lexicon has may be one of a verb: "labellisé", not "Touré" nor "Weber"."""
    verbal = _VERBAL.fullmatch(form)
    if not verbal or irregular_forms(rule_stem(form)):
        return False  # "Auré" is nothing of "aurait"
    cut = fold(next(filter(None, verbal.groups())))
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
    """Give the stem of three letters that are no French word, and that the rule leaves as they are.

    It is one that no word has: of "café" and "Copé" the rule makes the same as of "CAF" and "COP". "" for all
    other forms.
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
    return _fold_form(_STEMMER.stemWord(letters)) if letters.isalpha() else fold(form)


def without_prefixes(folded_stem: str) -> Iterator[tuple[str, str]]:
    """Give what a stem may be made of: a prefix of tables/prefixes.txt, without accents, and another stem."""
    for prefix in _FOLDED_PREFIXES:
        if folded_stem.startswith(prefix) and folded_stem != prefix:
            yield prefix, folded_stem.removeprefix(prefix)


def irregular_forms(folded_stem: str) -> tuple[str, ...]:
    """Give the forms that have this stem by the table of exceptions, whatever the rule would make of them."""
    return tuple((_irregular_forms().find(folded_stem) or "").split())


def is_stop_word(form: str) -> bool:
    """Say whether a lowercase, accented form is a function word."""
    return form in _STOP_WORDS


def is_elision(folded: str) -> bool:
    """Say whether a word without accents is one that an apostrophe cuts short ("d", "qu", "jusqu")."""
    return folded in _ELISIONS


def plain_elisions() -> tuple[str, ...]:
    """Give the elisions that no whole word begins with: what follows one is read as if it stood alone."""
    return tuple(sorted(_ELISIONS - _WHOLE_OPENINGS))


def may_open_whole_word(folded: str) -> bool:
    """Say whether a word without accents may be what stands before the apostrophe of "aujourd'hui"."""
    return folded in _WHOLE_OPENINGS


def may_be_stop_word(folded: str) -> bool:
    """Say whether a function word has this fold ("sur" may stand for "sûr", or say nothing)."""
    return folded in _STOP_FOLDS


def is_french(folded: str) -> bool:
    """Say whether a French word is written so when accents are left out; names are no words here."""
    return folded in _french_folds() or folded in _WHOLE_FOLDS


def is_listed_name(folded: str) -> bool:
    """Say whether a word without accents is one of the names of tables/names.txt."""
    return folded in _listed_names()


def analysis_fingerprint() -> str:
    """Name this analysis: any change to its code, its tables or its libraries gives another name.

    Its code is also what cuts texts into the pieces that it reads, when they are indexed.
    """
    digest = hashlib.sha256()
    for module in ("analysis.py", "pieces.py", "inversion.py"):
        digest.update(Path(__file__).with_name(module).read_bytes())
    for table in sorted(_ANALYSIS_TABLES):
        # Mapped, not read: to copy four megabytes takes as long as to hash them.
        with (
            (_TABLES / table).open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held,
        ):
            digest.update(held)
    for library, module in _LIBRARIES.items():
        digest.update(f"{library} {release(library, module)}".encode())
    digest.update(unicodedata.unidata_version.encode())
    return digest.hexdigest()[:16]


class Reading(NamedTuple):
    """A token relative to its word: offsets from the word's start, `place` among the word's parts."""

    form: str
    fold: str
    stem: str
    place: int
    start: int
    end: int
    joined: bool


_memo: dict[str, tuple[Reading, ...]] = {}


def readings(word: str) -> tuple[Reading, ...]:
    """Analyse one of the words that `raw_words` gives: its parts in order, then their joined reading."""
    known = _memo.get(word)
    if known is None:
        known = tuple(
            Reading(form, *fold_and_stem(form), place, start, end, joined)
            for form, place, start, end, joined in cut_word(word)
        )
        if len(word) <= _MAX_TERM_LENGTH:
            if len(_memo) >= _MAX_MEMO:
                _memo.clear()
            _memo[word] = known
    return known


def plain_form(word: str) -> str | None:
    """Give the form of a word of which nothing is cut off, as of most; None where something may be.

    Such a piece of a text (`find_pieces`) is one word.
    """
    return _lower(word)[:_MAX_TERM_LENGTH] if word.isalnum() and _LETTER_APOSTROPHE not in word else None


def cut_word(word: str) -> list[Cut]:
    """Cut one of the words that `raw_words` gives into what `readings` reads of it, in the same order."""
    whole = plain_form(word)
    if whole is not None:
        return [(whole, 0, 0, len(word), False)]
    pieces = word.split("-")
    plain = _LETTER_APOSTROPHE not in word and all(map(str.isalnum, pieces))  # most others: "porte-parole"
    if not plain or (len(pieces[-1]) <= _LONGEST_ENDING and fold(pieces[-1]).removesuffix("s") in _HYPHENED):
        ending = _ENDED_WORD.search(word)
        if ending and is_inclusive(base := word[: ending.start()], ending[0]):
            return _cut_inclusive(word, base, ending[0])
    if plain:
        units = _spans(pieces)
        kept: Sequence[int] = range(len(units))
        forms = [_lower(piece)[:_MAX_TERM_LENGTH] for piece in pieces]
    else:
        unit = _hashtag_unit() if word[0] == "#" else _UNIT
        units = _merge_whole_words(word, [match.span() for match in unit.finditer(word)])
        kept = [i for i in range(len(units)) if not _is_elided(word, units, i)]
        forms = [_form(word[start:end]) for start, end in units]
    cuts = [(forms[i], place, *units[i], False) for place, i in enumerate(kept)]
    if len(kept) < 2:
        return cuts
    first = kept[0]
    last = first + len(_without_clitics(word, units[first:])) - 1
    if 2 <= last - first + 1 <= _MAX_COMPOUND_PARTS and kept[1] <= last:
        form = _lower("".join(forms[first : last + 1]))
        if len(form) <= _MAX_TERM_LENGTH and not form.isdigit():  # "2019-2023" is no number
            cuts.append((form, 0, units[first][0], units[last][1], True))
    return cuts


@cache
def _hashtag_unit() -> re.Pattern[str]:
    """Match one of the words of "#GiletsJaunes" or "#JO2024", which only their capitals and digits tell."""
    capital, small = rf"[A-ZÀ-ÖØ-ÞŒ][{_MARKS}]*", rf"[a-zß-öø-ÿœ][{_MARKS}]*"
    other = rf"[^\W\d_A-Za-zÀ-ÿŒœ][{_MARKS}]*"
    return re.compile(rf"(?:{capital})+(?![{_MARKS}]|{small})|(?:{capital})?(?:{small})+|\d+|(?:{other})+")


def is_inclusive(base: str, added: str) -> bool:
    """Say whether a word and what is put behind it are one, as "candidat·e·s" is: "fin.Le jour" is not."""
    word = _PARTING.split(base)[-1]
    folded, letters, sign = fold(word), _letters(added), added[0]
    ending = letters if letters in _INCLUSIVE_ENDINGS else letters.removesuffix("s")
    if len(folded) < _SHORTEST_BASE or not folded.isalpha() or "_" in word:
        return False
    if ending not in _INCLUSIVE_ENDINGS or not folded.endswith(_INCLUSIVE_ENDINGS[ending]):
        return False
    if sign in "-‐‑":
        return ending in _HYPHENED and len(letters) > 1
    # A letter by itself is mostly one: "liste/S", "fig.E".
    return (
        sign not in "./"
        or len(letters) > 1
        or (ending == "e" and is_french(folded) and is_french(folded + "e"))
    )


def _letters(added: str) -> str:
    """Give the letters of "(e)s"."""
    return fold(re.sub(r"\W", "", added))


def _cut_inclusive(word: str, base: str, added: str) -> list[Cut]:
    """Read "candidat·e·s" as "candidats", all of it; "tou·te·s" is a function word as "toutes" is."""
    letters = _letters(added)
    if may_be_stop_word(fold(base + letters)):
        return [(_lower(base + letters), 0, 0, len(word), False)]
    several = len(letters) > 1 and letters.endswith("s") and not fold(base).endswith(("s", "x", "z"))
    cuts = cut_word(f"{base}s" if several else base)
    last = cuts[-1][3]
    return [(*cut[:3], len(word) if cut[3] == last else cut[3], cut[4]) for cut in cuts]


def fold_and_stem(form: str) -> tuple[str, str]:
    """Give the fold of a form, and its stem: "" for a function word."""
    return _fold_form(form), "" if is_stop_word(form) else stem(form)


def expect_articles() -> None:
    """Prepare for looking up the words of whole articles, and not those of queries (index.word_table)."""
    _stem_exceptions().hold()


def _spans(pieces: Iterable[str]) -> list[tuple[int, int]]:
    """Say where each piece of a word starts and ends, of which one character parts two."""
    spans: list[tuple[int, int]] = []
    start = 0
    for piece in pieces:
        spans.append((start, start + len(piece)))
        start += len(piece) + 1
    return spans


def _merge_whole_words(word: str, units: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put together again what an apostrophe cuts in the words of tables/whole-words.txt."""
    merged: list[tuple[int, int]] = []
    for start, end in units:
        if merged:
            first_start, first_end = merged[-1]
            between = word[first_end:start]
            if between in _APOSTROPHES and between:
                both = f"{fold(word[first_start:first_end])}'{fold(word[start:end])}"
                if both in _WHOLE_WORDS or (not first_start and _AFRICAN_NAME.match(both)):
                    merged[-1] = (first_start, end)
                    continue
        merged.append((start, end))
    return merged


def _is_elided(word: str, units: list[tuple[int, int]], i: int) -> bool:
    start, end = units[i]
    return i + 1 < len(units) and word[end] in _APOSTROPHES and fold(word[start:end]) in _ELISIONS


def _without_clitics(word: str, units: list[tuple[int, int]]) -> list[tuple[int, int]]:
    end = len(units)
    while end > 1 and fold(word[slice(*units[end - 1])]) in _CLITICS:
        if end <= _MAX_COMPOUND_PARTS and _is_noun(word, units[:end]):
            break
        end -= 1
    return units[:end]


def _is_noun(word: str, units: list[tuple[int, int]]) -> bool:
    """Say whether a compound is a noun that only looks like a verb and its pronoun: "rendez-vous"."""
    return "-".join(fold(word[start:end]) for start, end in units) in _CLITICS


def _form(unit: str) -> str:
    """Write one unit the way it is compared: lower case, NFC, numbers and acronyms without dressing."""
    form = _lower(unit)
    if form.isalnum():
        return form[:_MAX_TERM_LENGTH]
    if form[0].isdecimal():
        form = re.sub(rf"[{_GROUPING}]", "", form)
        if _GROUPED.fullmatch(form):  # "7.500" is 7500 in French, as "7 500" is
            form = form.replace(".", "")
        elif form.count(".") == 1 and form.replace(".", "").isdigit():  # "3.5" is written "3,5"
            form = form.replace(".", ",")
    elif "." in form:
        form = form.replace(".", "").replace("-", "")
    return form[:_MAX_TERM_LENGTH]


def _lower(text: str) -> str:
    if text.isascii():  # most words, several times each: nothing to compose or to drop
        return text.lower().replace("`", "'")
    plain = unicodedata.normalize("NFC", _DROPPED.sub("", text).lower()).translate(_LIGATURES)
    return _APOSTROPHE.sub("'", _NOTE_CALL.sub("", plain))


def _read_lines(table: str) -> Iterator[str]:
    for line in (_TABLES / table).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


@cache
def _listed_names() -> frozenset[str]:
    return frozenset(map(fold, _read_lines(NAMES.name)))


@cache
def _stem_exceptions() -> WordTable:
    return WordTable(STEM_EXCEPTIONS)


@cache
def _irregular_forms() -> WordTable:
    return WordTable(IRREGULAR_FORMS)


@cache
def _ambiguous_folds() -> WordTable:
    return WordTable(AMBIGUOUS_FOLDS)


@cache
def _french_folds() -> WordTable:
    return WordTable(FRENCH_FOLDS)


_LIBRARIES = {"PyStemmer": Stemmer, "snowballstemmer": snowballstemmer, "Unidecode": unidecode_package}
_ANALYSIS_TABLES = (  # of an index; the other tables change what a query makes of it
    AMBIGUOUS_FOLDS.name,
    FRENCH_FOLDS.name,
    STEM_EXCEPTIONS.name,
    NAMES.name,
    "clitics.txt",
    "elisions.txt",
    "inclusive-endings.tsv",
    "prefixes.txt",
    "stop-words.txt",
    "whole-words.txt",
)
_ENDING_ROWS = [row.split("\t") for row in _read_lines("inclusive-endings.tsv")]
_INCLUSIVE_ENDINGS = {ending: tuple(letters) or ("",) for ending, letters, _ in _ENDING_ROWS}
# What may stand behind a hyphen; nothing of "s", which "candidat-e-s" ends with.
_HYPHENED = {"", *(ending for ending, _, hyphen in _ENDING_ROWS if hyphen)}
_CLITICS = frozenset(_read_lines("clitics.txt"))
_ELISIONS = frozenset(_read_lines("elisions.txt"))
_FOLDED_PREFIXES = tuple(map(fold, _read_lines("prefixes.txt")))
_PREFIXES: dict[str, tuple[str, ...]] = {}  # with their accents and without, by how they begin
for _prefix in sorted({*_read_lines("prefixes.txt"), *_FOLDED_PREFIXES}):
    _begin = _prefix[:_SHORTEST_PREFIX]
    _PREFIXES[_begin] = (*_PREFIXES.get(_begin, ()), _prefix)
_STOP_WORDS = frozenset(_read_lines("stop-words.txt"))
_STOP_FOLDS = frozenset(map(fold, _STOP_WORDS))
_WHOLE_WORDS = frozenset(_read_lines("whole-words.txt"))
_WHOLE_FOLDS = frozenset(map(fold, _WHOLE_WORDS))
_WHOLE_OPENINGS = frozenset(word.partition("'")[0] for word in _WHOLE_WORDS)
# A plural that Snowball takes for a verb, or whose singular it does ("newsletters"), and no "nigérois".
_PLURAL = re.compile(".{2,}(?:[aouy]|er|[^ao]i)s")
# Of a verb that no lexicon has: its participle, and of one in -iser or -ifier what a name may end with, too.
_VERBAL = re.compile("(.{3,})é|(.{3,}(?:[iy]s|fi|qu))er(?:a|ai)?|(.{4,}is)ai?")
_WOMAN = re.compile("(.{3,})euses?|(.{3,}t)rices?")  # who does something
_STEMMER = snowballstemmer.stemmer("french")  # PyStemmer's, in C, as it is installed
_STEMMER.maxCacheSize = 0  # keeping the stems of words takes longer than stemming them, and each comes once
