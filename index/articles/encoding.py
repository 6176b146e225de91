"""How do bytes become text?

Every reader passes what it has read through `decode`, and every text that goes into an article
through `clean`, last of all: JSON escapes and the metadata of pages hold broken characters of their
own. French archives are UTF-8, or windows-1252 that is not declared, or both in one file;
a general detector guesses badly on a short text, so the encodings of French archives are tried
first, and charset-normalizer for the rest of the world.

Invariants: `clean` returns text that UTF-8 can encode, with "\\n" as its only line end and no control
character but tab and newline.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from itertools import islice

from index.articles.characters import CONTROL, kinds_of
from index.errors import InvalidInput

_BOMS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKS = tuple(mark for mark, _ in _BOMS)
UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# In order of preference, for a text that reads equally well in several.
_FRENCH_ENCODINGS = ("cp1252", "mac_roman", "cp850", "iso8859_15")
# Characters of French texts beyond ASCII. A byte that is "é" in one of the encodings above is "Ú", "Ž" or "‚"
# in the others, so a text was written in the encoding that gives most common ones.
_COMMON = frozenset("éèàêçùâîôûëïœÉÀ«»’…–—“”€°\xa0")
_RARE = frozenset("üöäÿæÈÊÇÂÎÔÛËÏÙŒÆŸ‘•²³ñáíóúãõß½§·‹›")

_RARE_WORTH = 0.4

_NOT_ASCII = re.compile(rb"[\x00-\x7f]?[\x80-\xff]+")
_TELLING_PLACES = 5000  # characters beyond ASCII that are looked at: they decide as well as all of 10 MiB
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_SOUND = re.compile("[^\x00-\x7f\udc80-\udcff]")
_BINARY_SHARE = 0.02  # of control characters; a text has none, a compressed file 10 %
_SAMPLE_BYTES = 1 << 16  # what charset-normalizer is given: enough to tell, and it is slow


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of these bytes; `clean` it before it is used.

    A byte order mark decides, then UTF-8 where the bytes are UTF-8, then the encoding the file
    declares, then detection.

    Raises: InvalidInput when they are not text.
    """
    if data.startswith(_MARKS):
        return data.decode(next(name for mark, name in _BOMS if data.startswith(mark)), "replace")
    if b"\0" in data:
        raise InvalidInput("contient des octets nuls : fichier binaire, ou UTF-16 sans BOM")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass  # by far the most frequent encoding, but not this one
    return (
        _decode_declared(data, declared)
        or _decode_mixed(data)
        or _decode_french(data)
        or _decode_foreign(data)
    )


def clean(text: str) -> str:
    """Return the text with "\\n" as its line end, without control characters and lone surrogates."""
    if not (kinds_of(text) & CONTROL and _CONTROLS.search(text)):
        return text
    return text.replace("\r\n", "\n").translate(_replacements())


@cache
def _replacements() -> dict[int, str]:
    table = dict.fromkeys([*range(0x09), *range(0x0E, 0x20), 0x7F], " ")
    table |= dict.fromkeys([0x0B, 0x0C, 0x0D, 0x2028, 0x2029], "\n")
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    # windows-1252 that was decoded as Latin-1, the classic accident: what was meant is known.
    table |= {code: _cp1252(code) for code in range(0x80, 0xA0)}
    return table


@cache
def _escapes() -> dict[int, str]:
    return {0xDC00 + code: _cp1252(code) for code in range(0x80, 0x100)}


def _cp1252(code: int) -> str:
    return bytes([code]).decode("cp1252", "ignore") or " "


def _decode_declared(data: bytes, declared: str | None) -> str | None:
    if declared is None:
        return None
    try:
        return data.decode(declared)
    except (LookupError, UnicodeError):
        return None  # a page that declares what it is not: detection goes on


def _decode_mixed(data: bytes) -> str | None:
    """UTF-8 with some windows-1252 in it, as pages put together from several sources have."""
    text = data.decode("utf-8", "surrogateescape")
    broken = len(_ESCAPED_BYTE.findall(text))
    sound = _SOUND.findall(text)
    # Two characters of windows-1252 may look like one of UTF-8, but seldom, and not like a French one.
    mixed = len(sound) * 4 > broken and _french_score("".join(sound[:_TELLING_PLACES])) > 0
    return text.translate(_escapes()) if mixed else None


def _decode_french(data: bytes) -> str | None:
    telling = islice(_NOT_ASCII.finditer(data), _TELLING_PLACES)
    sample = b" ".join(found[0] for found in telling)
    scores = {encoding: _french_score(sample.decode(encoding, "replace")) for encoding in _FRENCH_ENCODINGS}
    best = max(scores, key=lambda encoding: scores[encoding])  # of equals the first
    return data.decode(best, "replace") if scores[best] > 0 else None


def _french_score(text: str) -> float:
    """How well the characters beyond ASCII suit a French text: 0 to 1, and 0 below nine in ten."""
    points = suited = total = 0.0
    for before, char in zip(" " + text, text, strict=False):
        if char <= "\x7f":
            continue
        total += 1
        if char.isupper() and before.islower():  # "prÉsident": read in the wrong encoding
            points -= 1
        elif char in _COMMON or char in _RARE:
            suited += 1
            points += 1.0 if char in _COMMON else _RARE_WORTH
    return points / total if total and suited >= 0.9 * total else 0.0


def _decode_foreign(data: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to import, seldom needed

    found = from_bytes(data[:_SAMPLE_BYTES]).best()
    text = data.decode(found.encoding if found else "cp1252", "replace")
    if len(_CONTROLS.findall(text.replace("\r", ""))) > _BINARY_SHARE * len(text):
        raise InvalidInput("n’est pas du texte : fichier binaire, ou encodage inconnu")
    return text
