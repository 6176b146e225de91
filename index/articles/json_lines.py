"""How do the lines of a .jsonl or .ndjson file, compressed or not, become articles?

One JSON object a line, with the keys of `KEYS`. Other keys are passed over and reported, and so are those
whose value cannot be read (index.articles.json_values). Without "id" the article is `name#line`.

Invariants: a line is read, judged and forgotten before the next, and never much more than
`MAX_ARTICLE_BYTES` of it is held, so that memory does not depend on the file. A line that is no article is
one reject, but an array that spans several lines is one reject in all; if a compressed file breaks off, what
comes after is lost.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

import orjson

from index.articles.article import Article, Content, Reject
from index.articles.composing import Declared, compose
from index.articles.encoding import UTF16_BOMS, clean, decode
from index.articles.json_values import kind_of, said_by
from index.articles.markup import as_text
from index.articles.source_file import MAX_ARTICLE_BYTES, TOO_LARGE, SourceFile, has_suffix, open_source
from index.errors import InvalidInput

KEYS = frozenset(("id", "title", "text", "date", "source", "author", "url", "lead", "agency"))
_SKIPPED_AT_ONCE = 1 << 16  # how much of a line that is too long is held while it is passed over
_DAMAGE = (OSError, EOFError, zlib.error)  # gzip raises all three for a file that is not whole
_SHOWN = 40  # characters of a broken line that a message quotes
_SHOWN_KEYS = 8  # of a record that has no text: enough to see which of them holds it
_READ_AT_ONCE = frozenset((str, int, type(None)))  # the types of nearly all values, each of which can be read
_MAY_BE_TEXT = (str, list, dict)
_OPENS_ARRAY = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*(?:\{|$)")
_NO_GZIP = "n’est pas un fichier gzip, malgré son nom ; à renommer sans « .gz » s’il n’est pas compressé"
_ARRAY = "est un tableau JSON ; attendu : un objet par ligne (jq -c '.[]' tableau.json > articles.jsonl)"


def read_json_lines(source: SourceFile, on_bytes: Callable[[int], None]) -> Iterator[Content | Reject]:
    """Yield each line that is not blank. Raises: InvalidInput, OSError when the file cannot be opened."""
    consumed = number = 0
    with open_source(source) as file:
        try:
            read = _line_reader(_decompressed(source, file))
        except _DAMAGE as error:
            yield _broken_off(f"{source.name}#1", source, error)
            return
        lines = _lines(read)
        while True:
            number += 1
            place = f"{source.name}#{number}"
            try:
                line = next(lines, None)
            except _DAMAGE as error:
                yield _broken_off(place, source, error)
                return
            now = file.tell()
            if now > consumed:
                on_bytes(now - consumed)
                consumed = now
            if line is None:
                break
            if number == 1 and _begins_array(line):
                yield Reject(source.name, _ARRAY, unread=True)
                return
            if not line.isspace():
                yield Content(place, line, _read)
    if number == 1:
        yield Reject(source.name, "fichier vide")


def _begins_array(line: bytes) -> bool:
    """Say whether a file's first line opens an array that it does not close."""
    if not _OPENS_ARRAY.match(line):
        return False
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return True
    return False


def _decompressed(source: SourceFile, file: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(fileobj=file)) if has_suffix(source.name, ".gz") else file


def _lines(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield each line; of one that is too long, only a first part, which is too long as well."""
    while line := read(MAX_ARTICLE_BYTES + 2):  # the line end, and one more to tell "just enough"
        yield line
        unfinished = len(line) > MAX_ARTICLE_BYTES and not line.endswith(b"\n")
        while unfinished:
            part = read(_SKIPPED_AT_ONCE)
            unfinished = bool(part) and not part.endswith(b"\n")


def _line_reader(stream: BinaryIO) -> Callable[[int], bytes]:
    start = cast(io.BufferedReader, stream).peek(2)[:2]
    if start not in UTF16_BOMS:
        return stream.readline
    # In UTF-16 a line end is two bytes, and either half occurs in other characters.
    text = io.TextIOWrapper(stream, encoding="utf-16", errors="replace", newline="\n")
    return lambda limit: text.readline(limit).encode("utf-8", "replace")


def _read(line: bytes, place: str) -> tuple[Article, tuple[str, ...]] | Reject:
    if len(line) > MAX_ARTICLE_BYTES and len(line.rstrip(b"\r\n")) > MAX_ARTICLE_BYTES:
        raise InvalidInput(TOO_LARGE)
    record = _record(line)
    every_key_read = KEYS.issuperset(record) and _READ_AT_ONCE.issuperset(map(type, record.values()))
    passed_over = () if every_key_read else _passed_over(record)
    try:
        return _article(record, place), passed_over
    except InvalidInput as error:
        return Reject(place, str(error), passed_over=passed_over)


def _article(record: dict[str, object], place: str) -> Article:
    if not isinstance(record.get("text"), _MAY_BE_TEXT):
        raise InvalidInput(_without_text(record))
    text = _text(record, "text", "\n")
    if not text.strip():
        raise InvalidInput(_without_text(record))
    declared = Declared(
        title=_text(record, "title"),
        lead=_text(record, "lead", "\n"),
        source=_text(record, "source"),
        agency=_text(record, "agency"),
        author=_text(record, "author", ", "),
        date=_string(record, "date"),
        url=_string(record, "url"),
    )
    article_id = " ".join(_string(record, "id").split())  # it is printed in lists, one a line
    return compose(article_id or place, text, declared)


def _passed_over(record: dict[str, object]) -> tuple[str, ...]:
    """Name the keys that are not read, and those whose value is nothing that can be read."""
    unknown = record.keys() - KEYS
    unread = [
        f"{key} ({kind_of(record[key])})" for key in record.keys() & KEYS if said_by(record[key]) is None
    ]
    return tuple(sorted([*unknown, *unread]))


def _without_text(record: dict[str, object]) -> str:
    value = record.get("text")
    if value and not isinstance(value, str):
        return f"clé « text » : {_start(json.dumps(value, ensure_ascii=False))} au lieu d’un texte"
    if "text" in record:
        return "clé « text » vide"
    keys = [_start(clean(key), quoted=False) for key in record]
    more = "…" if len(keys) > _SHOWN_KEYS else ""
    found = ", ".join(keys[:_SHOWN_KEYS]) or "aucune"
    return f"clé « text » absente ; clés trouvées : {found}{more} ; attendu : text"


def _record(line: bytes) -> dict[str, object]:
    """Read the object of a line; what orjson refuses, or may round, is read by the standard library."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _record_of_any(decode(line))  # another encoding, half a character, NaN; or no JSON at all
    if not isinstance(record, dict) or float in map(type, record.values()):
        return _record_of_any(decode(line))  # an integer of more than 64 bits would come as a float
    return record


def _record_of_any(written: str) -> dict[str, object]:
    try:
        record = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"n’est pas du JSON : {_start(written)} ; attendu : un objet par ligne") from error
    if isinstance(record, list) and all(isinstance(each, dict) for each in record):
        raise InvalidInput(_ARRAY)
    if not isinstance(record, dict):
        raise InvalidInput(f"n’est pas un objet JSON : {_start(written)} ; attendu : un objet par ligne")
    return record


def _string(record: dict[str, object], key: str, joined_by: str = "") -> str:
    value = record.get(key)
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value).strip()
    return said_by(value, joined_by) or ""


def _text(record: dict[str, object], key: str, joined_by: str = "") -> str:
    written = _string(record, key, joined_by)
    return clean(as_text(written)).strip() if "<" in written or "&" in written else written


def _start(line: str, *, quoted: bool = True) -> str:
    shown = " ".join(line.split())
    begun = f"{shown[:_SHOWN]}…" if len(shown) > _SHOWN else shown
    return f"« {begun} »" if quoted else begun


def _broken_off(place: str, source: SourceFile, error: Exception) -> Reject:
    if isinstance(error, EOFError):
        found = "archive .gz tronquée"
    elif isinstance(error, gzip.BadGzipFile) and place.endswith("#1") and "gzipped" in str(error):
        return Reject(source.name, _NO_GZIP, unread=True)
    elif isinstance(error, gzip.BadGzipFile | zlib.error):
        found = "archive .gz endommagée"
    else:
        found = f"lecture interrompue (erreur système {cast(OSError, error).errno})"
    return Reject(place, f"{found} : la suite de « {source.name} » n’a pas été lue", unread=True)
