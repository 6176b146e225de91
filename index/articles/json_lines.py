"""How do the lines of a .jsonl or .ndjson file, compressed or not, become articles?

One JSON object a line, with the keys of `KEYS`; others are passed over, and named. Without "id" the article
is `name#line`.

Invariants: a line is read, judged and forgotten before the next, and never more than
`MAX_ARTICLE_BYTES` of it is held, so that memory does not depend on the file. A line that is no
article costs itself only; a compressed file that breaks off costs what comes after.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

import orjson

from index.articles.article import Article, Content, Reject
from index.articles.composing import Declared, compose
from index.articles.encoding import UTF16_BOMS, clean, decode
from index.articles.markup import as_text
from index.articles.source_file import MAX_ARTICLE_BYTES, TOO_LARGE, SourceFile, has_suffix
from index.errors import InvalidInput

KEYS = frozenset(("id", "title", "text", "date", "source", "author", "url", "lead", "agency"))
_SKIPPED_AT_ONCE = 1 << 16  # how much of a line that is too long is held while it is passed over
_DAMAGE = (OSError, EOFError, zlib.error)  # gzip raises all three for a file that is not whole
_SHOWN = 40  # characters of a broken line that a message quotes


def read_json_lines(source: SourceFile, on_bytes: Callable[[int], None]) -> Iterator[Content | Reject]:
    """Yield each line that is not blank. Raises: OSError when the file cannot be opened."""
    consumed = number = 0
    with source.path.open("rb") as file:
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
            if not line.isspace():
                yield Content(place, line, _read)
    if number == 1:
        yield Reject(source.name, "fichier vide")


def _decompressed(source: SourceFile, file: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(fileobj=file)) if has_suffix(source.name, ".gz") else file


def _lines(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield each line; of one that is too long, a first part that is too long as well."""
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


def _read(line: bytes, place: str) -> tuple[Article, tuple[str, ...]]:
    if len(line) > MAX_ARTICLE_BYTES and len(line.rstrip(b"\r\n")) > MAX_ARTICLE_BYTES:
        raise InvalidInput(TOO_LARGE)
    record = _record(line)
    text = _text(record, "text")
    if not text.strip():
        raise InvalidInput("clé « text » absente ou vide")
    declared = Declared(
        title=_text(record, "title"),
        lead=_text(record, "lead"),
        source=_text(record, "source"),
        agency=_text(record, "agency"),
        author=_author(record),
        date=_string(record, "date", numbers=True),
        url=_string(record, "url"),
    )
    article_id = " ".join(_string(record, "id", numbers=True).split())  # it is printed in lists, one a line
    article = compose(article_id or place, text, declared)
    return article, () if KEYS.issuperset(record) else tuple(sorted(record.keys() - KEYS))


def _record(line: bytes) -> dict[str, object]:
    """Read the object of a line. What orjson refuses, or may round, is for the standard library to judge."""
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
    if not isinstance(record, dict):
        raise InvalidInput(f"n’est pas un objet JSON : {_start(written)} ; attendu : un objet par ligne")
    return record


def _string(record: dict[str, object], key: str, *, numbers: bool = False) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value).strip()
    if numbers and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise InvalidInput(f"clé « {key} » : {_start(json.dumps(value, ensure_ascii=False))} au lieu d’un texte")


def _text(record: dict[str, object], key: str) -> str:
    written = _string(record, key)
    return clean(as_text(written)).strip() if "<" in written or "&" in written else written


def _author(record: dict[str, object]) -> str:
    authors = record.get("author")
    if not isinstance(authors, list):
        return _text(record, "author")
    return ", ".join(filter(None, (_text({"author": author}, "author") for author in authors)))


def _start(line: str) -> str:
    shown = " ".join(line.split())
    return f"« {shown[:_SHOWN]}… »" if len(shown) > _SHOWN else f"« {shown} »"


def _broken_off(place: str, source: SourceFile, error: Exception) -> Reject:
    if isinstance(error, EOFError):
        found = "archive .gz tronquée"
    elif isinstance(error, gzip.BadGzipFile | zlib.error):
        found = "archive .gz endommagée"
    else:
        found = f"lecture interrompue (erreur système {cast(OSError, error).errno})"
    return Reject(place, f"{found} : la suite de « {source.name} » n’a pas été lue", unread=True)
