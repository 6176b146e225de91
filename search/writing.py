"""How is a query that was understood written down again?

People are offered queries that differ from theirs by a word: the one that insists on a word as it was
typed (`undo`), the one that demands a word less. Such a query is written from the tree of search.syntax,
not cut out of what was typed, so that it means what it should whatever noise stood around the word.

Invariant: the parser reads what `write` wrote as the tree it was written from, except for the words insisted
on; and writing that tree again gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from search.syntax import (
    FIELDS,
    MIN_PREFIX_LENGTH,
    OPERATORS,
    Both,
    Clauses,
    Either,
    FieldName,
    Form,
    Fuzzy,
    InField,
    Node,
    Period,
    Phrase,
    Prefix,
    Without,
    Words,
)
from search.units import units, word_spans


def write(node: Node, insisted: str | None = "") -> str:
    """Write a tree as a query.

    Where `insisted` stands among plain words as it was typed, it is demanded with a `+`; not where it
    is left out, nor where nothing is guessed anyway. None insists on every word.
    """
    match node:
        case Words(text):
            return "".join(_words(text, insisted))
        case Form(text):
            return f"={text}"
        case Prefix(text):
            word = _last_word(text)
            long_enough = sum(map(str.isalnum, word)) >= MIN_PREFIX_LENGTH
            return f"{word}*" if long_enough else word  # as it is searched
        case Fuzzy(text, distance):
            return f"{_last_word(text)}~{'' if distance is None else distance}"
        case Phrase(text, slop):
            return _quoted(text) + ("" if slop is None else f"~{slop}")
        case Period(text):
            return f"date:[{text}]"
        case InField(name, inner):
            return _in_field(name, inner, "" if FIELDS[name].of_names else insisted)
        case Clauses():
            return " ".join(_clauses(node, insisted))
        case Both(nodes):
            return " ET ".join(_clause(part, insisted) for part in nodes)
        case Either(nodes):
            return " OU ".join(_clause(part, insisted) for part in nodes)
        case Without(None, excluded):
            return f"SAUF {_clause(excluded)}"
        case Without(kept, excluded):
            return f"{_clause(kept, insisted)} SAUF {_clause(excluded)}" if kept else ""


def _words(text: str, insisted: str | None) -> Iterator[str]:
    """Give the words of a text, and nothing that could be taken for a sign."""
    spans = word_spans(text)
    demanded = {*range(len(spans))} if insisted is None else set()
    for first, (start, end) in enumerate(spans if insisted else ()):
        for last in range(first, len(spans)):
            # In the first word: behind its elided article, maybe.
            begins = spans[last][1] - len(insisted or "")
            if start <= begins < end and text[begins : spans[last][1]] == insisted:
                demanded.update(range(first, last + 1))
    between = [text[one[1] : two[0]] for one, two in pairwise(spans)]
    for place, (start, end) in enumerate(spans):
        word = text[start:end]
        if insisted and insisted in {unit.typed for unit in units(word)}:
            demanded.add(place)
        plain = word.lower() if word in OPERATORS else word
        if place:  # what is kept apart stays apart: "7, 500" is not 7 500
            yield between[place - 1] if between[place - 1].isspace() else ", "
        yield f"+{_bracketed(plain)}" if place in demanded else plain


def _last_word(text: str) -> str:
    """Return the word that a `*` or a `~` applies to: what stands before it in the text is not used."""
    start, end = word_spans(text)[-1]
    return text[start:end]


def _clauses(node: Clauses, insisted: str | None) -> Iterator[str]:
    for part in node.required:
        yield "+" + _atom(part, "" if isinstance(part, Words) else insisted)
    for part in node.wanted:
        yield write(part, insisted) if isinstance(part, Words) else _atom(part, insisted)
    for part in node.excluded:
        yield "-" + _atom(part)


def _clause(node: Node, insisted: str | None = "") -> str:
    """Write what stands on one side of an operator."""
    return write(node, insisted) if isinstance(node, Words | Clauses) else _atom(node, insisted)


def _atom(node: Node, insisted: str | None = "") -> str:
    """Write what a sign or a field takes: one word, or a bracket."""
    written = write(node, insisted)
    if isinstance(node, Words):
        return _bracketed(written)
    return f"({written})" if isinstance(node, Clauses | Both | Either | Without) else written


def _in_field(name: FieldName, inner: Node, insisted: str | None) -> str:
    of_field = isinstance(inner, InField | Period)  # "titre:date:2023" would be words
    written = write(inner, insisted) if of_field else _atom(inner, insisted)
    return f"{FIELDS[name].names[0]}:{f'({written})' if of_field else written}"


def _bracketed(words: str) -> str:
    return f"({words})" if words.startswith("+") or len(words.split()) > 1 else words


def _quoted(text: str) -> str:
    for opening, closing in ('""', "«»"):
        if opening not in text and closing not in text:
            return f"{opening}{text}{closing}"
    return f"«{text}»" if "»" not in text else f"“{text}”"
