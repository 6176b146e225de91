"""How do folders of articles become an index in service?

`rebuild` writes a whole new generation; `update` writes one that keeps what has not changed. Both
read the folders as a stream, reject what cannot be used without stopping, verify what they wrote
and only then put it into service (index.store). Nothing that fails or is interrupted here touches
the index that is being searched.

Memory is bounded: Whoosh spills its postings to disk, articles are held one at a time, and what
grows with the corpus is one identifier (and, in an update, one hash) an article.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import Index
from whoosh.writing import SegmentWriter

from index import store
from index.analysis import analysis_fingerprint
from index.articles import Article, Reject, SourceFile, find_sources, read_source
from index.errors import IndexDamaged, InvalidInput
from index.manifest import FORMAT, FileSeal, Manifest
from index.schema import content_hash, document, schema, schema_fingerprint, text_bytes

_POSTINGS_MEMORY_MB = 256  # what Whoosh may hold before it spills; larger was no faster on 10,000 articles
_PROGRESS_EVERY_S = 0.1


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
    """What a build did. After a rebuild, every article counts as added."""

    generation: str
    articles: int
    added: int
    changed: int
    removed: int
    unchanged: int
    rejected: int
    seconds: float


OnProgress = Callable[[Progress], None]
OnReject = Callable[[Reject], None]


def _ignore(_: object) -> None:
    """Report to nobody."""


def rebuild(
    index_path: Path,
    folders: Sequence[Path],
    *,
    on_progress: OnProgress = _ignore,
    on_reject: OnReject = _ignore,
) -> BuildReport:
    """Index the articles of some folders from nothing, and put the result into service.

    Raises:
        InvalidInput: a folder is not there, or none of them holds an article.
        IndexBusy: another process is writing to this index.
    """
    tally = _Tally(on_progress, on_reject)
    folders = _distinct(folders)
    with store.writing(index_path), store.building(index_path) as folder:
        opened = FileStorage(str(folder)).create_index(schema())
        size = 0
        with _writer(opened) as writer:
            for origin, article in _read(folders, tally):
                writer.add_document(**document(article, origin))
                size += text_bytes(article)
            _require_articles(tally, folders, "attendu des fichiers .txt, .jsonl, .ndjson (ou .gz) ou .html")
            tally.report("écriture")
        opened.close()
        tally.report("vérification")
        manifest = _manifest(tally.articles, size, folders, store.seal_files(folder))
        generation = _publish(index_path, folder, manifest)
    return tally.finish(generation, tally.articles, added=tally.articles)


def update(
    index_path: Path,
    folders: Sequence[Path] = (),
    *,
    on_progress: OnProgress = _ignore,
    on_reject: OnReject = _ignore,
) -> BuildReport:
    """Index what is new or changed in some folders, and remove what is gone from them.

    Without folders, those of the last build are read again. Articles that came from other folders
    stay, and keep their identifiers: as in a rebuild of all the folders, a later article with one of
    them is rejected. Where nothing has changed no generation is written.

    Raises:
        InvalidInput: a folder is not there, or none of them holds an article any more.
        IndexMissing, IndexOutdated, IndexDamaged: there is no sound index that could be updated.
        IndexBusy: another process is writing to this index.
    """
    tally = _Tally(on_progress, on_reject)
    store.current_name(index_path)  # where there is no index, none is begun
    with store.writing(index_path):
        old = store.open_generation(index_path)
        folders = _distinct(folders or [Path(name) for name in old.manifest.folders])
        store.require_sound(old)  # a merge would give damaged postings a new, right checksum
        with store.building(index_path) as folder:
            store.link_files(old, folder)
            opened = store.open_whoosh(folder)
            unseen = _known_articles(opened)
            read_again = {_origin(path) for path in folders}
            taken = {name for name, known in unseen.items() if known.origin not in read_again}
            size = old.manifest.text_bytes
            added = 0
            replaced: list[_Known] = []
            with _writer(opened) as writer:
                for origin, article in _read(folders, tally, taken):
                    before = unseen.pop(article.article_id, None)
                    if before and (before.content, before.origin) == (content_hash(article), origin):
                        continue
                    if before:
                        replaced.append(before)
                    else:
                        added += 1
                    writer.add_document(**document(article, origin))
                    size += text_bytes(article)
                _require_articles(
                    tally,
                    folders,
                    "l’index n’a pas été touché ; pour changer de dossier : depeche rebuild DOSSIER",
                )
                gone = [known for known in unseen.values() if known.origin in read_again]
                for known in (*replaced, *gone):
                    writer.delete_document(known.number)
                    size -= known.text_bytes
                tally.report("écriture")
            opened.close()
            articles = old.manifest.articles + added - len(gone)
            generation = old.name
            if added or replaced or gone:
                tally.report("vérification")
                every_folder = [*old.manifest.folders, *(_origin(path) for path in folders)]
                manifest = _manifest(
                    articles, size, [Path(name) for name in every_folder], store.seal_files(folder, old)
                )
                generation = _publish(index_path, folder, manifest)
    return tally.finish(generation, articles, added=added, changed=len(replaced), removed=len(gone))


@dataclass(slots=True)
class _Tally:
    """What one build has read so far, and who wants to hear of it."""

    on_progress: OnProgress
    on_reject: OnReject
    done_bytes: int = 0
    total_bytes: int = 0
    articles: int = 0
    rejected: int = 0
    started: float = field(default_factory=time.monotonic)
    _reported: float = 0.0

    def advance(self, size_bytes: int) -> None:
        """Count bytes read; report now and then."""
        self.done_bytes += size_bytes
        if time.monotonic() - self._reported >= _PROGRESS_EVERY_S:
            self.report("lecture")

    def reject(self, reject: Reject) -> None:
        """Count something that could not be used, and say so."""
        self.rejected += 1
        self.on_reject(reject)

    def report(self, phase: str) -> None:
        """Tell how far the build is."""
        self._reported = time.monotonic()
        self.on_progress(Progress(phase, self.done_bytes, self.total_bytes, self.articles, self.rejected))

    def finish(
        self, generation: str, articles: int, *, added: int, changed: int = 0, removed: int = 0
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
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """An article of the generation that is being updated."""

    number: int
    content: bytes
    origin: str
    text_bytes: int


def _read(
    folders: Sequence[Path], tally: _Tally, taken: AbstractSet[str] = frozenset()
) -> Iterator[tuple[str, Article]]:
    """Yield the usable articles of some folders with the folder they came from.

    `taken` are identifiers that other articles have already.
    """
    sources: list[tuple[str, SourceFile]] = []
    for folder in folders:
        for found in find_sources(folder):
            if isinstance(found, Reject):
                tally.reject(found)
            else:
                sources.append((_origin(folder), found))
                tally.total_bytes += found.size_bytes
    seen = set(taken)
    for origin, source in sources:
        for read in read_source(source, tally.advance):
            if isinstance(read, Reject):
                tally.reject(read)
            elif read.article_id in seen:
                tally.reject(
                    Reject(
                        source.name,
                        f"identifiant déjà pris : « {read.article_id} » ; le premier article lu est gardé, "
                        "donnez à celui-ci un autre identifiant",
                    )
                )
            else:
                seen.add(read.article_id)
                tally.articles += 1
                yield origin, read


@contextmanager
def _writer(opened: Index) -> Iterator[SegmentWriter]:
    """Write to a Whoosh index; nothing is kept of a block that fails."""
    writer = opened.writer(limitmb=_POSTINGS_MEMORY_MB)
    try:
        yield writer
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def _known_articles(opened: Index) -> dict[str, _Known]:
    """Read the identifier and the hash of every article of an index."""
    reader = opened.reader()
    try:
        names = ("article_id", "content", "origin", "text_bytes")
        identifiers, contents, origins, sizes = (reader.column_reader(name) for name in names)
        return {
            identifiers[number]: _Known(
                number, bytes(contents[number]), os.fsdecode(bytes(origins[number])), int(sizes[number])
            )
            for number in reader.all_doc_ids()
        }
    finally:
        reader.close()


def _manifest(articles: int, size: int, folders: Sequence[Path], files: dict[str, FileSeal]) -> Manifest:
    return Manifest(
        format=FORMAT,
        schema=schema_fingerprint(),
        analysis=analysis_fingerprint(),
        built_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        articles=articles,
        text_bytes=size,
        folders=tuple(dict.fromkeys(_origin(folder) for folder in folders)),
        files=files,
    )


def _publish(index_path: Path, folder: Path, manifest: Manifest) -> str:
    """Verify what was written, then put it into service."""
    found = store.count_documents(folder)
    if found != manifest.articles:
        raise IndexDamaged(
            f"{folder} : {found} articles écrits, attendu {manifest.articles} ; "
            "l’index précédent reste en service ; relancez la construction"
        )
    return store.publish(index_path, folder, manifest)


def _distinct(folders: Sequence[Path]) -> list[Path]:
    """Give each folder once, in order."""
    distinct: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            found = "est un fichier" if folder.exists() else "n’existe pas"
            raise InvalidInput(f"{folder} : {found} ; attendu un dossier d’articles")
        distinct.setdefault(_origin(folder), folder)
    return list(distinct.values())


def _require_articles(tally: _Tally, folders: Sequence[Path], advice: str) -> None:
    if not tally.articles:
        where = ", ".join(str(folder) for folder in folders)
        raise InvalidInput(f"{where} : aucun article lisible ({tally.rejected} rejeté(s)) ; {advice}")


def _origin(folder: Path) -> str:
    return str(folder.resolve())
