"""Of what is a query made?

`search.parser` takes what was typed apart into a tree of these nodes, and search.interpretation says
what each means over an index. Nodes hold text as it was typed: where words begin and end is for the
analysis to say ("7 500" is one). The language is described for its users in docs/query-language.md.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from search.results import Ignored

MAX_QUERY_LENGTH = 1_000
MAX_QUERY_TERMS = 64
MAX_QUERY_DEPTH = 20
MIN_PREFIX_LENGTH = 2
MAX_QUERY_EXPANSIONS = 12  # prefixes and fuzzy words: each reads a part of the vocabulary
MAX_QUERY_SECONDS = 5  # a thousand times what nearly all queries take: for a machine in trouble
MAX_GUESSED_WORDS = 8  # corrected, or given other spellings: each reads the whole vocabulary
MAX_SPELLINGS = 50  # of a fuzzy word
MAX_SLOP = 100
MAX_DISTANCE = 2  # edits of a fuzzy word; three make another word of most French words

Operator = Literal["and", "or", "not"]
OPERATORS: dict[str, Operator] = {
    "ET": "and",
    "AND": "and",
    "OU": "or",
    "OR": "or",
    "SAUF": "not",
    "NOT": "not",
}
FieldName = Literal["title", "text", "author", "source", "date", "boilerplate"]


class Field(NamedTuple):
    """What a query can ask to search.

    `names` are what it may be called in a query, without accents, the French one first; `zones` are the zones
    or names of index.schema that it searches, none for a date; `label` describes it. A field `of_names` is a
    filter, and its names can be completed.
    """

    names: tuple[str, ...]
    zones: tuple[str, ...]
    label: str
    of_names: bool = False


FIELDS: dict[FieldName, Field] = {
    "title": Field(("titre", "title"), ("title",), "titre"),
    "text": Field(("texte", "text"), ("lead", "text"), "texte"),
    "author": Field(("auteur", "author"), ("author",), "auteur", of_names=True),
    "source": Field(("source",), ("source", "agency"), "source", of_names=True),
    "date": Field(("date",), (), "date"),
    "boilerplate": Field(("hors", "outside"), ("boilerplate",), "hors article"),
}
FIELD_CALLED = {called: name for name, field in FIELDS.items() for called in field.names}


class Words(NamedTuple):
    """Neighbouring plain words, as typed."""

    text: str


class Form(NamedTuple):
    """`=mot`: this form and no other."""

    text: str


class Prefix(NamedTuple):
    """`préfixe*`: every word that starts so."""

    text: str


class Fuzzy(NamedTuple):
    """`mot~`: every word at most `distance` letters away; None leaves it to the word's length."""

    text: str
    distance: int | None


class Phrase(NamedTuple):
    """`"mots exacts"`, or `"mots"~5`: at most `slop` other words between them, in any order."""

    text: str
    slop: int | None


class Period(NamedTuple):
    """`date:2023-02` or `date:[2022 à 2023-03]`: sort keys of the two ends, both included."""

    text: str
    low: int
    high: int


class InField(NamedTuple):
    """`champ:…`: the node, in one field only."""

    field: FieldName
    node: Node


class Clauses(NamedTuple):
    """Clauses side by side: some must be there, some must not, the others select together."""

    required: tuple[Node, ...]
    wanted: tuple[Node, ...]
    excluded: tuple[Node, ...]


class Both(NamedTuple):
    """`a ET b`."""

    nodes: tuple[Node, ...]


class Either(NamedTuple):
    """`a OU b`."""

    nodes: tuple[Node, ...]


class Without(NamedTuple):
    """`a SAUF b`; `node` is None where everything is meant."""

    node: Node | None
    excluded: Node


Node = Words | Form | Prefix | Fuzzy | Phrase | Period | InField | Clauses | Both | Either | Without


class Syntax(NamedTuple):
    """A query taken apart. `tree` is None where nothing is left to search.

    `explicit` is set where an operator word was used: words side by side are then all required.
    """

    tree: Node | None
    explicit: bool
    ignored: tuple[Ignored, ...]
