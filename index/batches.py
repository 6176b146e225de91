"""How do articles become segments, on all processors?

Articles are gathered into batches of bounded size. A batch becomes a segment by itself, so several processes
can write several at once while the next articles are read; a build that fits in one batch starts no process.
A worker is given bytes and gives back a file.

Invariants: at most `processes` + 1 batches are held or worked on, so memory is bounded whatever the
corpus; segments are given in the order of the articles; on Linux no worker outlives the process that reads.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

import numpy as np

from index import dates
from index.articles.article import Article
from index.codec.documents import SAMPLES, Compressor, learn_dictionary
from index.codec.merging import FieldMerge, merge_field
from index.codec.packing import Inverted
from index.codec.sections import SectionsWriter
from index.codec.segment import (
    begin,
    names_column,
    write_articles,
    write_column,
    write_field,
    write_lengths,
)
from index.codec.whoosh_codec import ArraySegment
from index.errors import DepecheError
from index.inversion import Inversion, InvertedField, Lexicon
from index.schema import (
    NAME_FIELDS,
    ZONES,
    content_hash,
    forms_field,
    stored_article,
    text_bytes,
    zone_of,
)

BATCH_BYTES = 8 << 20  # of articles as stored; some 200 MB of memory while they are turned into a segment
_MAX_PIECES = 1 << 20  # different ones whose readings a process keeps; 400 MB, more than press articles have
_INTERRUPTION_S = 0.2  # Ctrl-C ends workers too, and may reach the reading process after they have ended
_INTERRUPTIONS = {signal.SIGINT, signal.SIGTERM}
_PR_SET_PDEATHSIG = 1
_T = TypeVar("_T")


class Batch(NamedTuple):
    """Articles to index, as they are stored, and the folder that each came from.

    Two lists of bytes go to another process in a third of the time that a list of pairs takes.
    """

    stored: list[bytes]
    origins: list[bytes]


class Written(NamedTuple):
    """A segment that was written, and the bytes of its texts."""

    segment: ArraySegment
    text_bytes: int


class Batches:
    """Turns articles into segments of a folder; a context manager.

    Segments are named after `name` and numbered. The first batch trains a new compression dictionary, unless
    `dictionary` is good enough (index.codec.documents).
    """

    def __init__(self, folder: Path, name: str, dictionary: bytes = b"") -> None:
        self._folder = folder
        self._name = name
        self._dictionary = dictionary
        self._batch = Batch([], [])
        self._bytes = 0
        self._begun = 0
        self._under_way: deque[Future[Written]] = deque()
        self._written: list[Written] = []
        self._processes = _processors()
        self._pool: ProcessPoolExecutor | None = None

    def add(self, stored: bytes, origin: bytes) -> None:
        """Take one more article, and the folder it came from; wait if too many batches are under way.

        Raises: DepecheError when a worker has died.
        """
        self._batch.stored.append(stored)
        self._batch.origins.append(origin)
        self._bytes += len(stored)
        # The first batch is complete as soon as it can train the dictionary: until then workers wait.
        if self._bytes >= BATCH_BYTES or (not self._begun and len(self._batch.stored) >= SAMPLES):
            while len(self._under_way) >= self._processes:
                self._collect()
            self._submit(*self._next())

    def finish(self) -> list[Written]:
        """Write what is left; give all segments, in order. Raises: DepecheError when a worker has died."""
        last = self._next() if self._batch.stored else None
        if last and self._pool:
            self._submit(*last)
        elif last:
            self._written.append(write_batch(*last, Lexicon()))
        while self._under_way:
            self._collect()
        return self._written

    def merge_fields(self, work: Sequence[FieldMerge]) -> Iterable[Path]:
        """Merge fields of segments, several at once if processes have already been started."""
        if not self._pool:
            return map(merge_field, work)
        largest_first = sorted(work, key=_size_of, reverse=True)
        with _asking_workers():
            futures = {each.field: self._pool.submit(merge_field, each) for each in largest_first}
        return (_result(futures[each.field]) for each in work)

    def __enter__(self) -> Batches:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the workers."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _next(self) -> tuple[Path, str, Batch, bytes]:
        """Take the batch that is full, to be written."""
        batch, self._batch, self._bytes = self._batch, Batch([], []), 0
        if not self._begun:
            self._dictionary = learn_dictionary(batch.stored, self._dictionary)
        self._begun += 1
        return self._folder, f"{self._name}b{self._begun:04d}", batch, self._dictionary

    def _submit(self, *batch: Any) -> None:
        """Have a worker write a batch."""
        # A process that is forked here must not handle an interruption as its parent would.
        with _asking_workers(), _interruptions_held():
            self._under_way.append(self._executor().submit(_write_in_worker, *batch))

    def _collect(self) -> None:
        self._written.append(_result(self._under_way.popleft()))

    def _executor(self) -> ProcessPoolExecutor:
        if not self._pool:
            # Forked, so that a script that calls a build needs no `if __name__ == "__main__"`; the reading
            # process has no threads.
            self._pool = ProcessPoolExecutor(
                self._processes, multiprocessing.get_context("fork"), _begin_worker, (os.getpid(),)
            )
        return self._pool


_lexicon: Lexicon  # of a worker, for all its batches: the next analyses only pieces that are new


def _write_in_worker(folder: Path, name: str, batch: Batch, dictionary: bytes) -> Written:
    global _lexicon
    if len(_lexicon) > _MAX_PIECES:
        _lexicon = Lexicon()
    return write_batch(folder, name, batch, dictionary, _lexicon)


def write_batch(folder: Path, name: str, batch: Batch, dictionary: bytes, lexicon: Lexicon) -> Written:
    """Write a batch of articles as the segment `name`."""
    articles = list(map(stored_article, batch.stored))
    segment = ArraySegment(name, len(articles))
    sizes = np.array([text_bytes(article) for article in articles], dtype=np.int64)
    with SectionsWriter(folder / segment.file_name()) as out:
        begin(out, len(articles))
        for field_name, field in sorted(_fields(articles, lexicon)):
            inverted = field.inverted
            write_field(out, field_name, [(field.terms, inverted)], inverted.positions is not None)
            if field.lengths is not None:
                write_lengths(out, field_name, field.lengths)
        contents = b"".join(map(content_hash, batch.stored))
        write_column(out, "content", np.frombuffer(contents, dtype="V16"))
        write_column(out, "origin", names_column(batch.origins))
        for column in NAME_FIELDS:
            write_column(out, column, names_column([(getattr(a, column) or "").encode() for a in articles]))
        write_column(out, "date", np.array([dates.sort_key(a.date) for a in articles], dtype=np.int64))
        write_column(out, "text_bytes", sizes.astype(np.uint32))
        write_articles(out, [Compressor(dictionary).compress(batch.stored)], dictionary)
    return Written(segment, int(sizes.sum()))


def _fields(articles: Sequence[Article], lexicon: Lexicon) -> Iterable[tuple[str, InvertedField]]:
    """Turn the articles of a batch into the fields of index.schema."""
    inversion = Inversion(lexicon)
    for number, article in enumerate(articles):
        for name in (*ZONES, *NAME_FIELDS):
            if text := getattr(article, name):
                inversion.add(name, number, text)
    for name, stems, forms in inversion.fields(len(articles)):
        if name in ZONES:
            yield name, stems
        yield forms_field(name), forms
    identifiers = sorted((article.article_id.encode(), number) for number, article in enumerate(articles))
    ones = np.ones(len(articles), dtype=np.int64)
    documents = np.array([number for _, number in identifiers], dtype=np.int64)
    yield (
        "article_id",
        InvertedField([name for name, _ in identifiers], Inverted(ones, documents, ones, None), None),
    )


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _size_of(work: FieldMerge) -> int:
    """Rank fields by the cost of merging them: those of texts are large, their forms most of all."""
    return (zone_of(work.field) == "text") + 2 * (work.field != zone_of(work.field))


def _result(future: Future[_T]) -> _T:
    """Wait for what a worker gives. Raises: DepecheError when it has died."""
    with _asking_workers():
        return future.result()


@contextmanager
def _asking_workers() -> Iterator[None]:
    """Turn the death of a worker process into a DepecheError."""
    try:
        yield
    except BrokenProcessPool as error:
        time.sleep(_INTERRUPTION_S)
        raise DepecheError(
            "un processus d’indexation a été arrêté (mémoire insuffisante ?) ; l’index précédent reste en "
            "service ; libérez de la mémoire, puis recommencez"
        ) from error


@contextmanager
def _interruptions_held() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait until the block ends."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTIONS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker(parent: int) -> None:
    """Set a worker up: signals end it without a traceback, and it ends with its parent, on Linux.

    Otherwise it would keep the writer lock of its parent, which it inherits.
    """
    global _lexicon
    _lexicon = Lexicon()
    for interruption in _INTERRUPTIONS:
        signal.signal(interruption, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPTIONS)
    if hasattr(libc := ctypes.CDLL(None), "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended just before
        os._exit(1)
