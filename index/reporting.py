"""What does a build report: how far it is, what it left out, what it did?

`Tally` counts while articles are read, and calls the functions that want to know.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from index.articles import Read, Reject

_PROGRESS_EVERY_S = 0.1
_EXAMPLES = 5  # of dates that could not be read
_KEYS_COUNTED = 1_000  # different ones; a program in trouble may make records with any number of keys


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is. `phase` is a French word for a progress bar."""

    phase: str
    done_bytes: int
    total_bytes: int
    articles: int
    rejected: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. After a rebuild, every article counts as added.

    `undated` counts articles whose date could not be read; `first_undated` has the place and the raw date of
    the first few. `passed_over` lists unread JSON keys with their number of lines, most frequent first.
    `files` counts all files seen. Nothing was removed from the `spared` folders, because part of each could
    not be read.
    """

    generation: str
    articles: int
    added: int
    changed: int
    removed: int
    unchanged: int
    rejected: int
    seconds: float
    files: int = 0
    undated: int = 0
    first_undated: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[tuple[str, int], ...] = ()
    spared: tuple[str, ...] = ()


OnProgress = Callable[[Progress], None]
OnReject = Callable[[Reject], None]


def ignore(_: object) -> None:
    """Report to nobody."""


@dataclass(slots=True)
class Tally:
    """What one build has read so far, and who wants to hear of it.

    `files` counts all files seen, `readable` those that are given to a reader.
    """

    on_progress: OnProgress
    on_reject: OnReject
    done_bytes: int = 0
    total_bytes: int = 0
    files: int = 0
    readable: int = 0
    articles: int = 0
    rejected: int = 0
    undated: int = 0
    first_undated: list[tuple[str, str]] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    unread: list[bytes] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    _reported: float = 0.0

    def advance(self, size_bytes: int) -> None:
        """Count bytes read; report now and then."""
        self.done_bytes += size_bytes
        if time.monotonic() - self._reported >= _PROGRESS_EVERY_S:
            self.report("lecture")

    def reject(self, reject: Reject, origin: bytes) -> None:
        """Count and report something in a folder that could not be used."""
        self.rejected += 1
        self._pass_over(reject.passed_over)
        if reject.unread and origin not in self.unread:
            self.unread.append(origin)
        self.on_reject(reject)

    def accept(self, read: Read) -> None:
        """Count an article."""
        self.articles += 1
        if read.article.date is None and (given := read.article.date_evidence):
            self.undated += 1
            if len(self.first_undated) < _EXAMPLES:
                self.first_undated.append((read.place, given))
        if read.passed_over:
            self._pass_over(read.passed_over)

    def _pass_over(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            if key in self.passed_over or len(self.passed_over) < _KEYS_COUNTED:
                self.passed_over[key] += 1

    def accept_unchanged(self, articles: int) -> None:
        """Count the articles of a file that need not be read again."""
        self.articles += articles

    def report(self, phase: str) -> None:
        """Tell how far the build is."""
        self._reported = time.monotonic()
        self.on_progress(Progress(phase, self.done_bytes, self.total_bytes, self.articles, self.rejected))

    def finish(
        self,
        generation: str,
        articles: int,
        *,
        added: int,
        changed: int = 0,
        removed: int = 0,
        spare: bool = False,
    ) -> BuildReport:
        """Sum the build up."""
        return BuildReport(
            generation,
            articles,
            added,
            changed,
            removed,
            unchanged=self.articles - added - changed,
            rejected=self.rejected,
            seconds=time.monotonic() - self.started,
            files=self.files,
            undated=self.undated,
            first_undated=tuple(self.first_undated),
            passed_over=tuple(self.passed_over.most_common()),
            spared=tuple(map(os.fsdecode, self.unread)) if spare else (),
        )
