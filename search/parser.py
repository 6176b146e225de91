"""How is what was typed taken apart?

A query is text, and most of it is plain words. `parse` finds the little syntax there is and gives a
tree of search.syntax; it never fails on what a person may type. What has no meaning where it stands (a
bracket without its other half, an operator without a word) is set aside, named in `ignored`, and the
rest is read as words.

    query    = choice
    choice   = both { OU both }
    both     = clauses { (ET | SAUF) clauses }
    clauses  = { [+|-] [field:] ( word | word* | word~ | =word | "phrase" | ( query ) | [period] ) }

Neighbouring plain words stay one piece of text. A new operator is a token in search.tokens, a node in
search.syntax, a case in `_Parser`, and a case in search.interpretation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile
from typing import TypeGuard

from index.articles.entities import without_entities
from index.errors import LimitExceeded
from search.periods import dates_in, is_reversed, read_period
from search.results import Ignored
from search.syntax import (
    MAX_DISTANCE,
    MAX_QUERY_DEPTH,
    MAX_QUERY_EXPANSIONS,
    MAX_QUERY_LENGTH,
    MAX_QUERY_TERMS,
    MAX_SLOP,
    MIN_PREFIX_LENGTH,
    Both,
    Clauses,
    Either,
    Form,
    Fuzzy,
    InField,
    Node,
    Phrase,
    Prefix,
    Syntax,
    Without,
    Words,
)
from search.tokens import Kind, Token, field_of, tokens_of, with_gold
from search.units import word_spans

_PUNCTUATION = " .,;:!?"
_SIGN_INSIDE = re.compile(r"(?<=[\w\u0300-\u036f])[*~]+(?!\w)")  # a quotation; but "12669*02" is a number
_SURROGATE = re.compile("[\ud800-\udfff]")
_DATE_WORDS = 3  # "28 février 2023"
_KEPT = 64  # queries: each is parsed for its answer, and again for suggestions


@lru_cache(_KEPT)
def parse(text: str) -> Syntax:
    """Take a query apart.

    Terms are counted as the analysis cuts them ("a/b" is two); a phrase is one.

    Raises:
        LimitExceeded: the query exceeds MAX_QUERY_LENGTH, MAX_QUERY_TERMS, MAX_QUERY_DEPTH or
            MAX_QUERY_EXPANSIONS (search.syntax).
    """
    if len(text) > MAX_QUERY_LENGTH:
        raise LimitExceeded(
            "max_query_length",
            f"requête trop longue : {len(text)} caractères, {MAX_QUERY_LENGTH} au plus ; raccourcissez-la",
        )
    text = readable(text)
    tokens = with_gold(list(tokens_of(text)))
    terms = sum(1 if token.kind == "phrase" else _count_words(token) for token in tokens)
    if terms > MAX_QUERY_TERMS:
        raise LimitExceeded(
            "max_query_terms", f"requête de {terms} mots, {MAX_QUERY_TERMS} au plus ; retirez-en quelques-uns"
        )
    parser = _Parser(text, tokens)
    tree = parser.query()
    if parser.expansions > MAX_QUERY_EXPANSIONS:
        raise LimitExceeded(
            "max_query_expansions",
            f"requête de {parser.expansions} mots en « * » ou « ~ », {MAX_QUERY_EXPANSIONS} au plus ; "
            "retirez-en quelques-uns",
        )
    return Syntax(tree, parser.explicit, tuple(parser.ignored))


def readable(text: str) -> str:
    """Replace the HTML entities of what was pasted by their characters, and lone surrogates by U+FFFD.

    No article can hold a lone surrogate and no answer could repeat it; the command line makes them of what is
    not UTF-8. What is readable already stays as it is.
    """
    while (plain := without_entities(text)) != text:
        text = plain
    return _SURROGATE.sub("\ufffd", text)


def _count_words(token: Token) -> int:
    return len(word_spans(token.text)) if token.kind == "word" else 0


class _Parser:
    """Recursive descent over the tokens of one query; recursion is bounded by MAX_QUERY_DEPTH."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.explicit = False
        self.expansions = 0
        self.ignored: list[Ignored] = []

    def query(self) -> Node | None:
        """Read everything; brackets closed once too often are set aside on the way."""
        nodes = []
        while self.at < len(self.tokens):
            node = self._choice()
            if node:
                nodes.append(node)
            if self._peek() == "close":
                self._ignore("parenthèse fermante sans ouvrante")
        return _side_by_side(nodes)

    def _choice(self) -> Node | None:
        node = self._both()
        while self._peek() == "or":
            operator = self.tokens[self.at]
            self.at += 1
            right = self._both()
            if node and right:
                self.explicit = True
                node = _join(Either, node, right)
            else:
                self._set_aside(operator, "opérateur sans un mot de chaque côté")
                node = node or right
        return node

    def _both(self) -> Node | None:
        node = self._clauses()
        while (kind := self._peek()) in ("and", "not"):
            operator = self.tokens[self.at]
            self.at += 1
            if kind == "and" and node and self._peek() == "not":
                continue  # "a ET SAUF b", the "a AND NOT b" of other engines, is "a SAUF b"
            right = self._clauses()
            if kind == "and" and node and right:
                self.explicit = True
                node = _join(Both, node, right)
            elif kind == "not" and right:
                self.explicit = True
                node = Without(node, right)
            else:
                self._set_aside(operator, "opérateur sans un mot de chaque côté")
                node = node or right
        return node

    def _clauses(self) -> Node | None:
        clauses: dict[str, list[Node]] = {"+": [], "": [], "-": []}
        while (kind := self._peek()) not in (None, "or", "and", "not", "close"):
            sign = ""
            if kind == "sign":
                token = self.tokens[self.at]
                self.at += 1
                if self._peek() in (None, "or", "and", "not", "close", "sign"):
                    self._set_aside(token, "signe sans mot derrière lui")
                    continue
                sign = token.text
            node = self._atom(plain=not sign)
            if node:
                clauses[sign].append(node)
        required, wanted, excluded = clauses["+"], clauses[""], clauses["-"]
        if not required and not excluded:
            return _side_by_side(wanted)
        return Clauses(tuple(required), tuple(_flat(wanted)), tuple(excluded))

    def _atom(self, plain: bool) -> Node | None:
        token = self.tokens[self.at]
        if token.kind == "field":
            return self._in_field(token)
        if token.kind == "open":
            return self._brackets()
        if token.kind == "quote":
            self._ignore("guillemet sans sa paire")
            return None
        self.at += 1
        if token.kind == "period":
            self._set_aside(token, "crochets sans « date: » devant ; leur contenu est cherché comme des mots")
            return Words(token.text) if _has_letters(token.text) else None
        if token.kind == "phrase":
            return self._phrase(token)
        if decorated := self._decorated(token):
            return decorated
        end = token.end
        if plain:
            while self._peek() == "word" and not _is_decorated(self.tokens[self.at].text):
                end = self.tokens[self.at].end
                self.at += 1
        words = self.text[token.start : end]
        if not _has_letters(words):
            if (
                words.strip(_PUNCTUATION) or len(self.tokens) == 1
            ):  # the full stop of a pasted « … ». is no sign
                self.ignored.append(Ignored(words, "signe sans mot"))
            return None
        return Words(words)

    def _phrase(self, token: Token) -> Node | None:
        if not _has_letters(token.text):
            self._set_aside(token, "guillemets sans mot")
            return None
        words = _SIGN_INSIDE.sub("", token.text)
        if words != token.text:
            self._set_aside(token, "« * » et « ~ » ne valent rien entre guillemets")
        if token.slop is not None and token.slop > MAX_SLOP:
            self._set_aside(token, f"{MAX_SLOP} mots d’écart au plus")
            return Phrase(words, MAX_SLOP)
        return Phrase(words, token.slop)

    def _decorated(self, token: Token) -> Node | None:
        """Read `=mot`, `mot*` and `mot~2`; None where the word is a plain one after all."""
        text = token.text
        if not _is_decorated(text):
            return None
        if text.startswith("="):
            return Form(text[1:])
        if "*" in text:
            stem = text.rstrip("*")
            if "*" in stem:
                reason = "« * » seulement à la fin d’un mot"
            elif sum(character.isalnum() for character in stem) >= MIN_PREFIX_LENGTH:
                self.expansions += 1
                return Prefix(stem)
            else:
                reason = f"il faut au moins {MIN_PREFIX_LENGTH} lettres devant « * »"
            self.ignored.append(Ignored(text, f"{reason} ; cherché comme un mot"))
            return None
        word, _, digits = text.rpartition("~")
        distance = int(digits) if digits else None
        if distance is not None and distance > MAX_DISTANCE:
            self.ignored.append(Ignored(text, f"{MAX_DISTANCE} lettres d’écart au plus"))
            distance = MAX_DISTANCE
        self.expansions += 1
        return Fuzzy(word, distance)

    def _brackets(self) -> Node | None:
        token = self.tokens[self.at]
        self.depth += 1
        if self.depth > MAX_QUERY_DEPTH:
            raise LimitExceeded(
                "max_query_depth",
                f"parenthèses emboîtées sur plus de {MAX_QUERY_DEPTH} niveaux ; simplifiez la requête",
            )
        self.at += 1
        node = self._choice()
        self.depth -= 1
        if self._peek() == "close":
            self.at += 1
        else:
            self._set_aside(token, "parenthèse ouvrante sans fermante")
        return node

    def _in_field(self, token: Token) -> Node | None:
        self.at += 1
        field = field_of(token.text)
        if field == "date":
            return self._period(token)
        if self._peek() in (None, "close", "or", "and", "not", "field", "sign", "quote"):
            self._set_aside(token, "champ sans mot derrière lui")
            return None
        # A field takes one word; "titre:(a b)" takes several.
        node = self._atom(plain=False)
        return InField(field, node) if node and field else None

    def _period(self, field: Token) -> Node | None:
        if self._peek() == "open":
            return self._periods(field)
        if self._peek() not in ("word", "period", "phrase"):
            self._set_aside(field, "champ sans date derrière lui")
            return None
        first = self.tokens[self.at]
        self.at += 1
        if period := read_period(first.text):
            return period
        following = self.tokens[self.at : self.at + _DATE_WORDS - 1] if first.kind == "word" else []
        words = takewhile(lambda token: token.kind == "word", following)
        for more, last in enumerate(words, 1):
            if period := read_period(self.text[first.start : last.end]):  # "mars 2023"
                self.at += more
                return period
        return self._no_date(field, first.end)

    def _periods(self, field: Token) -> Node | None:
        """Read "date:(2022 OU 2023-02)"; dates side by side are alternatives, too."""
        dates = self._brackets()
        if dates is None:
            self._set_aside(field, "champ sans date derrière lui")
            return None
        return dates_in(dates) or self._no_date(field, self.tokens[self.at - 1].end)

    def _no_date(self, field: Token, end: int) -> Node:
        typed = self.text[field.end : end]
        expected = "attendu 2023, 2023-02, 28/02/2023 ou [2022 à 2023-03]"
        trouble = "date incomprise, cherchée"
        if is_reversed(typed.strip("[]")):
            trouble = "date de fin avant celle de début, cherchées"
        self.ignored.append(Ignored(self.text[field.start : end], f"{trouble} comme des mots ; {expected}"))
        return Words(typed)

    def _peek(self) -> Kind | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def _ignore(self, reason: str) -> None:
        self._set_aside(self.tokens[self.at], reason)
        self.at += 1

    def _set_aside(self, token: Token, reason: str) -> None:
        self.ignored.append(Ignored(self.text[token.start : token.end], reason))


def _is_decorated(text: str) -> bool:
    if text.startswith("=") or "*" in text:
        return _has_letters(text)
    body = re.sub(r"~\d{0,3}$", "", text)
    return body != text and _has_letters(body)


def _has_letters(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _side_by_side(nodes: list[Node]) -> Node | None:
    flat = tuple(_flat(nodes))
    return Clauses((), flat, ()) if len(flat) > 1 else next(iter(flat), None)


def _flat(nodes: list[Node]) -> Iterator[Node]:
    """Take words out of brackets that hold nothing else: they say no more than the words."""
    for node in nodes:
        if _is_words_only(node):
            yield from node.wanted
        else:
            yield node


def _is_words_only(node: Node) -> TypeGuard[Clauses]:
    return (
        isinstance(node, Clauses)
        and not node.required
        and not node.excluded
        and all(isinstance(part, Words) for part in node.wanted)
    )


def _join(kind: type[Both] | type[Either], left: Node, right: Node) -> Node:
    """Join two nodes; one that is already joined so takes the other in."""
    parts = (node.nodes if isinstance(node, kind) else (node,) for node in (left, right))
    return kind(tuple(node for nodes in parts for node in nodes))
