"""Has the reader seen this answer already?

An answer depends on the edition of the index (index.manifest), on the normalised request and on the code; the
ETag hashes the three, so most repeated requests get their 304 without a search (`EntityTags.unless_held`).
It is weak because `took_ms` differs from one answer to the next without meaning anything.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from flask import Response, abort, request

_PACKAGES = ("index", "search", "web")


class Tag(NamedTuple):
    """The entity tag of an answer, and the edition of the index that it is of, if of any."""

    value: str
    edition: str

    def on(self, response: Response, edition: str = "") -> Response:
        """Let an answer be kept, but asked about again before each use; 304 where it is held already.

        `edition` is what the index is of by now: an answer during which it was replaced has no tag.
        """
        if edition != self.edition:
            response.headers["Cache-Control"] = "no-cache"
            return response
        if request.if_none_match.contains_weak(self.value):
            return self.not_modified()
        return self._labelled(response)

    def not_modified(self) -> Response:
        """Answer 304."""
        return self._labelled(Response(status=304))

    def _labelled(self, response: Response) -> Response:
        response.set_etag(self.value, weak=True)
        response.headers["Cache-Control"] = "no-cache"
        return response


class EntityTags:
    """Makes the tags; one that another version of the code made never matches."""

    def __init__(self) -> None:
        self._code = _code_fingerprint()

    def unless_held(self, address: str, edition: str = "") -> Tag:
        """Give the tag of the answer at an address; where If-None-Match names it, end the request with 304.

        Whoever can name the tag was given an answer before. That is not so of `*`, which stands for any
        answer there may be: `Tag.on` sees to it, once it is known that there is one.
        """
        joined = "\x1f".join((self._code, edition, address)).encode("utf-8", errors="replace")
        tag = Tag(hashlib.blake2b(joined, digest_size=12).hexdigest(), edition)
        held = request.if_none_match
        if not held.star_tag and held.contains_weak(tag.value):
            abort(tag.not_modified())
        return tag


def _code_fingerprint() -> str:
    """Condense the files that answers come from: after an upgrade nothing old is taken for current."""
    root = Path(__file__).parents[1]
    digest = hashlib.blake2b(digest_size=8)
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and path.parent.name != "__pycache__":
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
