"""Which fields does a document of the index have?

A document is an `Article` made searchable. Every zone of text is indexed twice:

- `title`, `lead`, `text`, `boilerplate`: the folded stems, with their frequency. They select and rank.
- `title_forms`, …: every form that was written, with its positions. They answer quotation marks,
  `=mot`, prefixes and fuzzy words, and they are the vocabulary in which a typed word is resolved.
  `source_forms`, `author_forms` and `agency_forms` do the same for the names in an article's head.

A term of a forms field is `fold NUL form` ("reelu\\0réélu"), so that all the spellings that differ
by accents only stand side by side in the lexicon, and a prefix without accents is one range of it.

Columns, one value a document: `article_id`, `content` (hash), `origin` (folder it was read from),
`source`, `author`, `agency`, `date`, `text_bytes`. The article itself is stored whole, as JSON, in `article`;
Whoosh compresses what it stores.

Adding a field means: here, in `document()`, a new SCHEMA_VERSION, docs/index-format.md, CHANGES.md.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from typing import Any, get_args

from whoosh import analysis as whoosh_analysis
from whoosh import columns, fields, formats
from whoosh.system import pack_uint

from index import dates
from index.analysis import Token, analyze
from index.articles.article import Article, Zone

SCHEMA_VERSION = 1
ZONES: tuple[Zone, ...] = get_args(Zone)
ARTICLE_ZONES: tuple[Zone, ...] = ("title", "lead", "text")  # what is the article, and not around it
NAME_FIELDS = ("source", "author", "agency")
_SEPARATOR = "\0"  # sorts before any character of a fold, so that equal folds are neighbours


def forms_field(zone: str) -> str:
    """Name the field that holds the forms, with positions, of a zone or of a name."""
    return f"{zone}_forms"


def form_term(fold: str, form: str) -> str:
    """Write the term under which a form is indexed."""
    return f"{fold}{_SEPARATOR}{form}"


def fold_prefix(fold: str) -> str:
    """Write what all the terms with exactly this fold start with."""
    return fold + _SEPARATOR


def split_form_term(term: str) -> tuple[str, str]:
    """Read a term of a forms field back: its fold and its form."""
    fold, _, form = term.partition(_SEPARATOR)
    return fold, form


class FrenchAnalyzer(whoosh_analysis.Analyzer):  # type: ignore[misc]
    """The analysis of `index.analysis`, as Whoosh's own query parser wants to call it."""

    def __call__(self, value: str, **wanted: Any) -> Iterator[whoosh_analysis.Token]:
        """Yield the stems of a text as Whoosh tokens (one object, changed at each step)."""
        token = whoosh_analysis.Token(**{key: wanted[key] for key in ("positions", "chars") if key in wanted})
        for found in analyze(value):
            if found.stem:
                token.text = found.stem
                token.pos, token.startchar, token.endchar = found.position, found.start, found.end
                token.boost = 1.0
                yield token


class StemsField(fields.FieldType):  # type: ignore[misc]
    """Stems and their frequencies; takes the tokens of a zone, already analysed."""

    def __init__(self) -> None:
        super().__init__(formats.Frequency(), FrenchAnalyzer(), scorable=True)

    def index(self, value: Iterable[Token], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (term, frequency, weight, posting value) once a distinct stem."""
        frequencies: dict[str, int] = {}
        for token in value:
            if token.stem:
                frequencies[token.stem] = frequencies.get(token.stem, 0) + 1
        for stem, frequency in frequencies.items():
            yield stem.encode(), frequency, float(frequency), pack_uint(frequency)


class FormsField(fields.FieldType):  # type: ignore[misc]
    """Forms and their positions; takes the tokens of a zone, already analysed."""

    def __init__(self) -> None:
        super().__init__(formats.Positions(), FrenchAnalyzer(), scorable=True)

    def index(self, value: Iterable[Token], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (term, frequency, weight, posting value) once a distinct form."""
        positions: dict[str, list[int]] = {}
        for token in value:
            positions.setdefault(form_term(token.fold, token.form), []).append(token.position)
        for term, places in positions.items():
            yield term.encode(), len(places), float(len(places)), self.format.encode(places)


def schema() -> fields.Schema:
    """Build the schema of the index."""
    definition: dict[str, fields.FieldType] = {
        "article_id": fields.ID(unique=True, sortable=True),
        "content": fields.COLUMN(columns.FixedBytesColumn(16)),
        "origin": fields.COLUMN(columns.RefBytesColumn()),
        "source": fields.COLUMN(columns.RefBytesColumn()),
        "author": fields.COLUMN(columns.RefBytesColumn()),
        "agency": fields.COLUMN(columns.RefBytesColumn()),
        "date": fields.COLUMN(columns.NumericColumn("q", default=dates.UNKNOWN)),
        "text_bytes": fields.COLUMN(columns.NumericColumn("q", default=0)),
        "article": fields.STORED(),
    }
    for zone in ZONES:
        definition[zone] = StemsField()
    for name in (*ZONES, *NAME_FIELDS):
        definition[forms_field(name)] = FormsField()
    return fields.Schema(**definition)


def schema_fingerprint() -> str:
    """Name this schema: two indexes with the same name can be read by the same code."""
    described = json.dumps(
        [
            sorted((name, repr(field), _column(field)) for name, field in schema().items()),
            [field.name for field in dataclass_fields(Article)],  # what is stored of an article
        ]
    )
    return hashlib.sha256(f"{SCHEMA_VERSION} {described}".encode()).hexdigest()[:16]


def _column(field: fields.FieldType) -> str:
    column = field.column_type
    return f"{type(column).__name__} {sorted(vars(column).items())}" if column else ""


def content_hash(article: Article) -> bytes:
    """Hash all that an article says (16 bytes); equal hashes need no new indexing."""
    return hashlib.blake2b(_dump(article), digest_size=16).digest()


def text_bytes(article: Article) -> int:
    """Count the bytes, in UTF-8, of all that an article's zones hold."""
    return sum(len(getattr(article, zone).encode()) for zone in ZONES)


def document(article: Article, origin: str) -> dict[str, object]:
    """Turn an article into the fields of a Whoosh document.

    `origin` is the folder that the article was read from.
    """
    fields_of: dict[str, object] = {
        "article_id": article.article_id,
        "content": content_hash(article),
        "origin": os.fsencode(origin),  # the name of a folder is bytes, and not always UTF-8
        "date": dates.sort_key(article.date),
        "text_bytes": text_bytes(article),
        "article": _dump(article),
    }
    for zone in ZONES:
        if value := getattr(article, zone):
            tokens = list(analyze(value))
            fields_of[zone] = fields_of[forms_field(zone)] = tokens
    for name in NAME_FIELDS:
        value = getattr(article, name) or ""
        # Given where it is empty, too: of several segments Whoosh misreads a column that one does not have.
        fields_of[name] = value.encode()
        if value:
            fields_of[forms_field(name)] = list(analyze(value))
    return fields_of


def stored_article(stored: bytes) -> Article:
    """Read an article back from its stored form."""
    return Article(**json.loads(stored))


def _dump(article: Article) -> bytes:
    return json.dumps(asdict(article), ensure_ascii=False, sort_keys=True).encode()
