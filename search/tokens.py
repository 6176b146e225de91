"""Of which tokens is a query made?

Words, quotations, brackets, signs, operators and fields, in the order in which search.parser reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from index.french.folding import LETTER, fold
from index.french.inclusive import is_inclusive
from search.syntax import FIELD_CALLED, OPERATORS, FieldName

Kind = Literal["word", "phrase", "open", "close", "and", "or", "not", "field", "sign", "period", "quote"]
QUOTES = '"«»“”'
WORD_TYPED = rf"[^\s(){QUOTES}]+"  # regular expressions
_INITIALS = rf"(?:{LETTER}){{1,3}}"  # "R&D": each by itself is in every text
SIGNS = "+\\-−–"  # a minus and a dash are what some keyboards make of "-"
# "baisse de -2,3 %": the sign of a number leaves nothing out and demands nothing
_NO_SIGNED_NUMBER = r"(?!\d+(?:,\d|(?:[.,]\d+)?\s*(?:[%‰°€$]|points?\b)))"
FIELD_TYPED = rf"(?<![^\s({SIGNS}])(?P<field>\w+):"
_TOKEN = re.compile(
    rf"""
    "(?P<straight>[^"]*)"(?:~(?P<slop1>\d+))?
  | «(?P<french>[^»]*)»(?:~(?P<slop2>\d+))?
  | “(?P<curly>[^”“]*)”(?:~(?P<slop3>\d+))?
  | (?P<open>\() | (?P<close>\))
  | (?P<quote>[{QUOTES}])
  | {FIELD_TYPED}(?P<inner>[{SIGNS}](?=[^\s{SIGNS}]))?(?=[^\s])
  | (?<=:)\[(?P<period>[^\]]*)\]
  | (?<![^\s(])(?P<sign>[+\-−]+|(?<=[\s(])–)(?=[^\s{SIGNS}]){_NO_SIGNED_NUMBER}
  | (?<![^\s(])(?P<not>(?:ET|AND)\s+NON(?![^\s(]))
  | (?<![^\s({SIGNS}:])(?P<initials>{_INITIALS}(?:\s?&\s?{_INITIALS})+)(?![^\s()])
  | (?P<word>{WORD_TYPED}(?P<added>\((?:{LETTER}){{1,6}}\)(?:{LETTER})?(?!\w))?)
    """,
    re.VERBOSE,
)
_OPERAND_ENDS = ("word", "phrase", "close", "period")
_OPERAND_STARTS = ("word", "phrase", "open", "period", "field", "sign")


class Token(NamedTuple):
    """A piece of a query, where it stands, and the slop of a quotation."""

    kind: Kind
    text: str
    start: int
    end: int
    slop: int | None = None


def tokens_of(text: str) -> Iterator[Token]:
    """Cut a query into its tokens; white space between them is skipped."""
    end = 0
    while found := _TOKEN.search(text, end):
        kind = found.lastgroup or ""
        start, end = found.span()
        if kind in ("straight", "french", "curly") or kind.startswith("slop"):
            content = next(found[name] for name in ("straight", "french", "curly") if found[name] is not None)
            slop = found["slop1"] or found["slop2"] or found["slop3"]
            yield Token("phrase", content, start, end, int(slop.lstrip("0")[:4] or 0) if slop else None)
        elif kind in ("field", "inner") and field_of(found["field"]) is None:
            # "l'indice:" or "http:" are no fields: the colon is punctuation and the word goes on
            end = re.compile(WORD_TYPED).match(text, start).end()  # type: ignore[union-attr]  # it is one
            yield Token("word", text[start:end], start, end)
        elif kind == "inner":  # "titre:-mot" is "-titre:mot"
            yield Token("sign", _sign(found["inner"]), found.start("inner"), end)
            yield Token("field", found["field"], start, found.start("inner"))
        elif kind == "initials":
            yield Token("phrase", found["initials"], start, end)
        elif found["added"] and not is_inclusive(text[start : found.start("added")], found["added"]):
            end = found.start("added")  # a bracket, and not the end of "candidat(e)s"
            yield _word(text, start, end)
        elif kind == "sign":
            yield Token("sign", _sign(found["sign"]), start, end)
        elif kind == "word":
            yield _word(text, start, end)
        else:
            yield Token(kind, found[kind], start, end)  # type: ignore[arg-type]


def with_gold(tokens: list[Token]) -> list[Token]:
    """Take "OR" for a word where it joins nothing, as in a headline in capitals: it is French for gold."""
    for at, token in enumerate(tokens):
        if token.text == "OR" and token.kind == "or":
            before, after = tokens[at - 1 : at], tokens[at + 1 : at + 2]
            joins = before and before[0].kind in _OPERAND_ENDS and after and after[0].kind in _OPERAND_STARTS
            if not joins:
                tokens[at] = token._replace(kind="word")
    return tokens


def _word(text: str, start: int, end: int) -> Token:
    typed = text[start:end]
    return Token(OPERATORS.get(typed, "word"), typed, start, end)


def _sign(typed: str) -> str:
    return "+" if set(typed) == {"+"} else "-"


def field_of(name: str) -> FieldName | None:
    """Give the field that a name stands for, in any case and with any accents."""
    return FIELD_CALLED.get(fold(name))
