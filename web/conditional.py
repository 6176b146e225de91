"""Has the reader seen this answer already?

An answer is a function of the edition of the index (a generation, told from one of the same name in an index
built anew), of the normalised request and of the code; the ETag is made of the three, so most repeated
requests get their 304 without a search.
It is weak because `took_ms` differs from one answer to the next without meaning anything.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Response, request

Fingerprint = str

_PACKAGES = ("index", "search", "web")


def code_fingerprint() -> Fingerprint:
    """Condense the files that answers come from: after an upgrade nothing old is taken for current."""
    root = Path(__file__).parents[1]
    digest = hashlib.blake2b(digest_size=8)
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and path.parent.name != "__pycache__":
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def entity_tag(*parts: str) -> str:
    """Make a tag from all that an answer depends on."""
    joined = "\x1f".join(parts).encode("utf-8", errors="replace")
    return hashlib.blake2b(joined, digest_size=12).hexdigest()


def not_modified(tag: str) -> Response | None:
    """Answer 304 where If-None-Match names `tag`; None where the answer must be made.

    Whoever can name the tag was given an answer before. That is not so of `*`, which stands for any
    answer there may be: `tagged` sees to it, once it is known that there is one.
    """
    held = request.if_none_match
    return _unchanged(tag) if not held.star_tag and held.contains_weak(tag) else None


def tagged(response: Response, tag: str, edition: str = "", generation: str = "") -> Response:
    """Let the answer be kept, but asked about again before each use; 304 where it is held already.

    `edition` is the one that the tag is of, and `generation` what answered: where another has replaced it
    meanwhile, the answer has no tag.
    """
    if generation and not edition.startswith(f"{generation} "):
        response.headers["Cache-Control"] = "no-cache"
        return response
    if request.if_none_match.contains_weak(tag):
        return _unchanged(tag)
    return _labelled(response, tag)


def _unchanged(tag: str) -> Response:
    return _labelled(Response(status=304), tag)


def _labelled(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response
