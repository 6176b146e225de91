"""Which fields does a document of the index have?

A document is an `Article` made searchable. Every zone of text is indexed twice:

- `title`, `lead`, `text`, `boilerplate`: the folded stems, with their frequency. They select and rank.
- `title_forms`, …: every form that was written, with its positions. They answer quotation marks,
  `=mot`, prefixes and fuzzy words, and they are the vocabulary in which a typed word is resolved.
  `source_forms`, `author_forms` and `agency_forms` do the same for the names in an article's head.

A term of a forms field is `fold NUL form` ("reelu\\0réélu"), so that all the spellings that differ
by accents only stand side by side in the lexicon, and a prefix without accents is one range of it.

`article_id` is a term of its own field. Columns, one value a document: `content` (hash), `origin` (folder it
was read from), `source`, `author`, `agency`, `date`, `text_bytes`. The article itself is stored whole, as
JSON, in `article`.

To add a field, change this module, `index.batches`, docs/index-format.md and CHANGES.md. The fingerprint
covers the fields; raise SCHEMA_VERSION when only the way in which values are written changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import orjson
from whoosh import analysis as whoosh_analysis
from whoosh import columns, fields, formats

from index import dates
from index.analysis import Token, analyze
from index.articles.article import Article, Zone

SCHEMA_VERSION = 2
ZONES: tuple[Zone, ...] = get_args(Zone)
ARTICLE_ZONES: tuple[Zone, ...] = ("title", "lead", "text")  # what is the article, and not around it
NAME_FIELDS = ("source", "author", "agency")
_FORMS = "_forms"
_SEPARATOR = "\0"  # sorts before any character of a fold, so that equal folds are neighbours


def forms_field(zone: str) -> str:
    """Name the field that holds the forms, with positions, of a zone or of a name."""
    return f"{zone}{_FORMS}"


def zone_of(field: str) -> str:
    """Name the zone, or the name, of which a field holds the stems or the forms."""
    return field.removesuffix(_FORMS)


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


class StemAnalyzer(whoosh_analysis.Analyzer):  # type: ignore[misc]
    """The stems of `index.analysis`, as Whoosh wants tokens: one object, changed at each step."""

    def __call__(self, value: str, **wanted: Any) -> Iterator[whoosh_analysis.Token]:
        """Yield the stem of every token that has one."""
        yield from _whoosh_tokens(((token, token.stem) for token in analyze(value) if token.stem), wanted)


class FormAnalyzer(whoosh_analysis.Analyzer):  # type: ignore[misc]
    """The forms of `index.analysis`, each as the term under which it is indexed."""

    def __call__(self, value: str, **wanted: Any) -> Iterator[whoosh_analysis.Token]:
        """Yield the term of every token."""
        yield from _whoosh_tokens(
            ((token, form_term(token.fold, token.form)) for token in analyze(value)), wanted
        )


def _whoosh_tokens(
    terms: Iterable[tuple[Token, str]], wanted: dict[str, Any]
) -> Iterator[whoosh_analysis.Token]:
    token = whoosh_analysis.Token(**{key: wanted[key] for key in ("positions", "chars") if key in wanted})
    token.boost = 1.0
    for found, term in terms:
        token.text = term
        token.pos, token.startchar, token.endchar = found.position, found.start, found.end
        yield token


class StemsField(fields.FieldType):  # type: ignore[misc]
    """Stems and their frequencies."""

    def __init__(self) -> None:
        super().__init__(formats.Frequency(), StemAnalyzer(), scorable=True)


class FormsField(fields.FieldType):  # type: ignore[misc]
    """Forms and their positions."""

    def __init__(self) -> None:
        super().__init__(formats.Positions(), FormAnalyzer(), scorable=True)


def schema() -> fields.Schema:
    """Build the schema of the index."""
    definition: dict[str, fields.FieldType] = {
        "article_id": fields.ID(unique=True),
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
            _ARTICLE_FIELDS,  # what is stored of an article
        ]
    )
    return hashlib.sha256(f"{SCHEMA_VERSION} {described}".encode()).hexdigest()[:16]


def _column(field: fields.FieldType) -> str:
    column = field.column_type
    return f"{type(column).__name__} {sorted(vars(column).items())}" if column else ""


def stored_form(article: Article) -> bytes:
    """Write an article the way it is stored: JSON, without what it does not have."""
    named = zip(_ARTICLE_FIELDS, article, strict=True)
    return orjson.dumps({name: value for name, value in named if value or name in _REQUIRED})


def stored_article(stored: bytes) -> Article:
    """Read an article back from its stored form."""
    return Article(**orjson.loads(stored))


def content_hash(stored: bytes) -> bytes:
    """Hash all that an article says, as it is stored (16 bytes); equal hashes need no new indexing."""
    return hashlib.blake2b(stored, digest_size=16).digest()


def text_bytes(article: Article) -> int:
    """Count the bytes, in UTF-8, of all that an article's zones hold."""
    return sum(len(getattr(article, zone).encode()) for zone in ZONES)


_ARTICLE_FIELDS = Article._fields
_REQUIRED = tuple(name for name in Article._fields if name not in Article._field_defaults)
