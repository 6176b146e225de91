"""What else could be asked, where a query finds little or nothing?

Words that the index does not have and that are no French words are corrected without asking (search.guesses).
This module only offers: another word for one that is French but absent, or that is so much rarer than one
spelt nearly the same that it is probably a slip ("Vouliez-vous dire …"); and, if demands left nothing to
find, the same query with fewer demands, and the words alone.

The demands dropped are those that say least: what the index does not have, then what most articles
have. They are never dropped unasked: a demand is how people insist, and the way back from every guess.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from index.errors import LimitExceeded
from index.french.known_words import is_french
from index.schema import ARTICLE_ZONES
from search import syntax
from search.compounds import as_written
from search.corrections import corrections, frequency
from search.evaluation import evaluate
from search.interpretation import interpret, is_demand
from search.name_fields import field_of_name, in_their_fields, with_whole_names
from search.parser import parse, readable
from search.snapshot import Snapshot
from search.units import Unit, units, word_spans
from search.vocabulary import Vocabulary
from search.writing import write

FEW = 3  # articles found; with as many, nobody needs another query
_COMMONER = 10  # how many times as common a word must be to be offered for one that the index has
_MAX_SUGGESTIONS = 3
_MOST_WORDS = 16  # of a query of which each word is looked at; more is a text that was pasted
_MOST_DOUBTFUL = 4  # words for which another is looked for: each reads the whole vocabulary
_MOST_DEMANDS = 8  # of a query from which some are dropped: each step is a search


def suggest_queries(
    snapshot: Snapshot,
    text: str,
    total: int,
    expanded: Collection[str],
    absent: Collection[str],
) -> tuple[str, ...]:
    """Give whole queries to offer beside a query that found `total` articles, the most likely first.

    Words in `expanded`, as typed, have been corrected or given other spellings already. Words in `absent`
    found nothing: others are offered for them even if many articles were found.
    """
    enough = total >= FEW
    if enough and not absent:
        return ()
    text = readable(text)
    parsed = parse(text)
    tree = parsed.tree
    vocabulary = Vocabulary(snapshot, ARTICLE_ZONES)
    pieces = list(_searched(tree, names=False)) if tree else []
    searched = [unit.typed for piece in pieces for unit in units(piece)]
    pasted = len(searched) > _MOST_WORDS
    corrected = {*expanded, *(part.typed for typed in expanded for part in units(typed))}
    doubtful = [
        word
        for word in units(text)
        if word.typed in searched and word.typed not in corrected and not word.may_be_function_word
        if not enough or word.typed in absent
    ]
    named = (
        not (enough or pasted)
        and tree
        and (with_whole_names(snapshot, tree) or in_their_fields(vocabulary, tree))
    )
    found = [
        *([write(named)] if named else []),
        *([] if pasted else _other_words(vocabulary, text, doubtful[:_MOST_DOUBTFUL])),
    ]
    if tree and not total:
        plain = _plain(pieces or list(_searched(tree, names=True)))
        if plain == text.strip() or (len(searched) == 1 and found):
            plain = ""
        fewer = "" if pasted else _with_fewer_demands(snapshot, parsed)
        looser = [query for query in (fewer, plain) if query]
        found = [*found[: _MAX_SUGGESTIONS - len(looser)], *looser]
    return tuple(dict.fromkeys(found))[:_MAX_SUGGESTIONS]


def _plain(pieces: Iterable[str]) -> str:
    """Write the words of a query alone, without a sign, but with their elided articles."""
    words = [piece[start:end] for piece in pieces for start, end in word_spans(piece)]
    return write(syntax.Words(" ".join(words)))


def _searched(node: syntax.Node, names: bool) -> Iterator[str]:
    """Give the texts of a query that look for words: without operators, dates and what is excluded.

    Those behind fields of names (sources, authors) are filters, and given only if `names` is set.
    """
    match node:
        case syntax.Words(text) | syntax.Form(text) | syntax.Prefix(text):
            yield text
        case syntax.Fuzzy(text, _) | syntax.Phrase(text, _):
            yield text
        case syntax.InField(name, inner):
            if names or not syntax.FIELDS[name].of_names:
                yield from _searched(inner, names)
        case syntax.Clauses(required, wanted, _):
            for part in (*required, *wanted):
                yield from _searched(part, names)
        case syntax.Both(nodes) | syntax.Either(nodes):
            for part in nodes:
                yield from _searched(part, names)
        case syntax.Without(inner, _):
            if inner:
                yield from _searched(inner, names)


def _with_fewer_demands(snapshot: Snapshot, parsed: syntax.Syntax) -> str:
    """Write the query with as few demands dropped as let it find something.

    "" if fewer than two demands would be left: the words alone say as much.
    """
    tree = parsed.tree and _one_demand_each(parsed.tree, parsed.explicit)
    demands = [*_demands(tree)] if tree else []
    if len(demands) > _MOST_DEMANDS:
        return ""
    counts = [_count(snapshot, demand) for demand in demands]
    last_first = sorted(range(len(demands)), reverse=True)
    order = sorted(last_first, key=lambda place: (counts[place] > 0, -counts[place]))
    for place in order[:-2]:
        tree = tree and _dropping(tree, demands[place])
        if tree and _count(snapshot, tree):
            return write(tree)
    return ""


def _count(snapshot: Snapshot, tree: syntax.Node) -> int:
    try:
        return len(evaluate(snapshot, interpret(snapshot, write(tree)).query))
    except LimitExceeded:
        return 0


def _one_demand_each(node: syntax.Node, explicit: bool) -> syntax.Node:
    """Split words that are all demanded, because an operator was used, into one demand each."""
    match node:
        case syntax.Words(text) if explicit:
            words = tuple(syntax.Words(text[start:end]) for start, end in word_spans(text))
            content = tuple(word for word in words if not units(word.text)[0].may_be_function_word)
            return syntax.Both(content) if len(content) > 1 else node
        case syntax.Both(nodes):
            parts = [_one_demand_each(part, explicit) for part in nodes]
            return syntax.Both(
                tuple(
                    one
                    for part in parts
                    for one in (part.nodes if isinstance(part, syntax.Both) else (part,))
                )
            )
        case syntax.Without(kept, excluded) if kept:
            return syntax.Without(_one_demand_each(kept, explicit), excluded)
    return node


def _demands(node: syntax.Node) -> Iterator[syntax.Node]:
    """Give the parts of a query that all have to be there; filters are none."""
    match node:
        case syntax.Both(nodes):
            for part in nodes:
                yield from _demands(part)
        case syntax.Clauses(required, wanted, _):
            yield from required
            yield from (part for part in wanted if is_demand(part))
        case syntax.Without(kept, _) if kept:
            yield from _demands(kept)
        case syntax.Without() | syntax.Period():
            return
        case syntax.InField(name, _) if syntax.FIELDS[name].of_names:
            return
        case _:
            yield node


def _dropping(node: syntax.Node, demand: syntax.Node) -> syntax.Node | None:
    """Give a tree without one of its demands."""
    if node is demand:
        return None
    match node:
        case syntax.Both(nodes):
            kept = tuple(part for each in nodes if (part := _dropping(each, demand)))
            return syntax.Both(kept) if len(kept) > 1 else next(iter(kept), None)
        case syntax.Clauses(required, wanted, excluded):
            return syntax.Clauses(
                tuple(part for part in required if part is not demand),
                tuple(part for part in wanted if part is not demand),
                excluded,
            )
        case syntax.Without(kept, excluded) if kept:
            left = _dropping(kept, demand)
            return syntax.Without(left, excluded) if left else None
    return node


def _other_words(vocabulary: Vocabulary, text: str, words: Sequence[Unit]) -> Iterator[str]:
    for unit in words:
        folded = unit.token.fold
        if is_french(folded) and not vocabulary.forms_of(folded) and vocabulary.resolve(folded).stems:
            continue  # the index has other forms of it
        if not vocabulary.is_known(folded) and field_of_name(vocabulary.snapshot, [folded]):
            continue
        here = frequency(vocabulary, folded)
        commoner = here * _COMMONER or 1
        for meant in corrections(vocabulary, folded, commoner)[:1]:
            if meant.cost > 1:
                break
            if min(frequency(vocabulary, part) for part in meant.folds) >= commoner:
                forms = (as_written(vocabulary, part) for part in meant.folds)
                yield text[: unit.token.start] + " ".join(forms) + text[unit.token.end :]
