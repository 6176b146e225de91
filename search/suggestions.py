"""What else could be asked, where a query finds little or nothing?

Words that the index does not have and that are no French words are corrected without asking
(search.leaves). Here is what is only offered: another word for one that is French but absent, or that
is so much rarer than one spelt nearly the same that it is probably a slip ("Vouliez-vous dire …"), and
the words alone, where quotation marks or operators left nothing to find.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from index.schema import NAME_FIELDS
from search import syntax, vocabulary
from search.corrections import corrections, frequency
from search.leaves import Unit, units
from search.parser import encodable, parse
from search.snapshot import Snapshot

FEW = 3  # articles found; with as many, nobody needs another query
_COMMONER = 10  # how many times as common a word must be to be offered for one that the index has
_MAX_SUGGESTIONS = 3


def suggest_queries(
    snapshot: Snapshot, zones: Sequence[str], text: str, total: int, expanded: Collection[str]
) -> tuple[str, ...]:
    """Give whole queries to offer beside a query that found `total` articles, the most likely first.

    Words in `expanded`, as typed, have been corrected or given other spellings already.
    """
    if total >= FEW:
        return ()
    text = encodable(text)
    tree = parse(text).tree
    searched = [unit.typed for piece in _searched(tree) for unit in units(piece)] if tree else []
    doubtful = [
        word
        for word in units(text)
        if word.typed in searched and word.typed not in expanded and not word.may_be_function_word
    ]
    found = [*_other_words(snapshot, zones, text, doubtful)]
    plain = " ".join(searched)
    if not total and plain and plain != text.strip() and (len(searched) > 1 or not found):
        found = [*found[: _MAX_SUGGESTIONS - 1], plain]
    return tuple(dict.fromkeys(found))[:_MAX_SUGGESTIONS]


def _searched(node: syntax.Node) -> Iterator[str]:
    """Give the texts of a query that look for words: without operators, filters and what is excluded."""
    match node:
        case syntax.Words(text) | syntax.Form(text) | syntax.Prefix(text):
            yield text
        case syntax.Fuzzy(text, _) | syntax.Phrase(text, _):
            yield text
        case syntax.InField(name, inner):
            if name not in NAME_FIELDS:
                yield from _searched(inner)
        case syntax.Sequence(required, wanted, _):
            for part in (*required, *wanted):
                yield from _searched(part)
        case syntax.Both(nodes) | syntax.Either(nodes):
            for part in nodes:
                yield from _searched(part)
        case syntax.Without(inner, _):
            if inner:
                yield from _searched(inner)


def _other_words(snapshot: Snapshot, zones: Sequence[str], text: str, words: Sequence[Unit]) -> Iterator[str]:
    for unit in words:
        folded = unit.token.fold
        if (
            not vocabulary.forms_of(snapshot, zones, folded)
            and vocabulary.resolve(snapshot, zones, folded).stems
        ):
            continue  # the index has other forms of it
        here = frequency(snapshot, zones, folded)
        for meant in corrections(snapshot, zones, folded)[:1]:
            if meant.cost > 1:
                break
            there = min(frequency(snapshot, zones, part) for part in meant.folds)
            if there >= (here * _COMMONER if here else 1):
                forms = (vocabulary.usual_form(snapshot, zones, part) for part in meant.folds)
                yield text[: unit.token.start] + " ".join(forms) + text[unit.token.end :]
