"""How do folders of articles become an index in service?

`rebuild` writes a whole new generation; `update` writes one that keeps what has not changed. Both
read the folders as a stream, reject what cannot be used without stopping, verify what they wrote
and only then put it into service (index.store). Nothing that fails or is interrupted here touches
the index that is being searched.

Memory is bounded: articles are held a few batches at a time (index.batches) and merges go through postings
piece by piece; only the vocabulary and the identifiers of the articles grow with the corpus.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from itertools import permutations
from pathlib import Path

from index import store, tiers
from index.articles import READERS, Article, Read, Recognised, Reject, SourceFile, find_sources, read_source
from index.batches import Batches
from index.errors import IndexDamaged, InvalidInput
from index.fingerprint import analysis_fingerprint
from index.known import KnownArticles
from index.manifest import FORMAT, FileSeal, Manifest, edition
from index.reporting import BuildReport, OnProgress, OnReject, Tally, ignore
from index.schema import schema_fingerprint, stored_form
from index.unchanged import FileContents, UnchangedFiles, read_unchanged


def rebuild(
    index_path: Path,
    folders: Sequence[Path],
    *,
    on_progress: OnProgress = ignore,
    on_reject: OnReject = ignore,
) -> BuildReport:
    """Index the articles of some folders from nothing, and put the result into service.

    Raises:
        InvalidInput: a folder is not there or inside another one, or none of them holds an article.
        IndexBusy: another process is writing to this index.
    """
    tally = Tally(on_progress, on_reject)
    folders = _distinct(folders)
    _require_apart(folders)
    with store.writing(index_path), store.building(index_path) as folder:
        name = store.generation_of(folder)
        files = UnchangedFiles()
        with Batches(folder, name) as batches:
            for origin, article in _read(index_path, folders, folders, tally, files):
                batches.add(stored_form(article), origin)
            _require_articles(tally, folders)
            tally.report("écriture")
            written = batches.finish()
            segments = [each.segment for each in written]
            if len(segments) > 1:
                segments = [tiers.merge_all(folder, name, segments, batches.merge_fields)]
        store.write_segments(folder, segments)
        tally.report("vérification")
        size = sum(each.text_bytes for each in written)
        manifest = _manifest(tally.articles, size, folders, store.seal_files(folder))
        files.write(index_path, edition(name, manifest))
        generation = _publish(index_path, folder, manifest)
    return tally.finish(generation, tally.articles, added=tally.articles)


def update(
    index_path: Path,
    folders: Sequence[Path] = (),
    *,
    on_progress: OnProgress = ignore,
    on_reject: OnReject = ignore,
) -> BuildReport:
    """Index what is new or changed in some folders, and remove what is gone from them.

    Without folders, those of the last build are read again. Unchanged files are skipped (index.unchanged).
    Articles of other folders stay and keep their identifiers: a later article with the same one is rejected,
    as in a rebuild of all the folders. Nothing is removed from a folder that could not be read whole. If
    nothing changed, no generation is written.

    Raises:
        InvalidInput: a folder is not there, is inside another one of the index or the other way round, or
            none of them holds an article any more.
        IndexMissing, IndexOutdated, IndexDamaged: there is no sound index that could be updated.
        IndexBusy: another process is writing to this index.
    """
    tally = Tally(on_progress, on_reject)
    store.current_name(index_path)  # fails if there is no index: an update does not begin one
    with store.writing(index_path):
        old = store.open_generation(index_path)
        every_folder = [Path(name) for name in old.manifest.folders]
        # In the order of the index, not as named: of two articles with one identifier the first one stays.
        folders = sorted(_distinct(folders or every_folder), key=_place_in(old.manifest.folders))
        every_folder += folders
        _require_apart(every_folder)
        with store.building(index_path) as folder:
            store.link_files(old, folder)
            segments = store.read_segments(old)
            before = read_unchanged(index_path, edition(old.name, old.manifest))
            known = KnownArticles(old.path, segments, before)
            read_again = set(_origins(folders))
            name = store.generation_of(folder)
            files = UnchangedFiles()
            files.take_over(before, read_again)
            with Batches(folder, name, known.dictionary) as batches:
                articles = _read(index_path, folders, every_folder, tally, files, known)
                added, replaced = _add_changed(batches, articles, known)
                _require_articles(
                    tally,
                    folders,
                    "l’index n’a pas été touché ; pour changer de dossier : depeche rebuild DOSSIER",
                )
                tally.report("écriture")
                gone = known.left(read_again.difference(tally.unread))
                dropped = [*replaced, *gone]
                written = batches.finish()
                if added or dropped:
                    segments = [*known.without(dropped), *(each.segment for each in written)]
                    segments = tiers.settle(folder, name, segments, batches.merge_fields)
            count = old.manifest.articles + added - len(gone)
            generation = old.name
            if added or dropped:
                store.write_segments(folder, segments)
                tally.report("vérification")
                size = old.manifest.text_bytes - known.text_bytes(dropped)
                size += sum(each.text_bytes for each in written)
                manifest = _manifest(count, size, every_folder, store.seal_files(folder, old))
                files.write(index_path, edition(name, manifest))
                generation = _publish(index_path, folder, manifest)
            else:
                files.write(index_path, edition(old.name, old.manifest))
    return tally.finish(generation, count, added=added, changed=len(replaced), removed=len(gone), spare=True)


def _add_changed(
    batches: Batches, articles: Iterable[tuple[bytes, Article]], known: KnownArticles
) -> tuple[int, list[int]]:
    """Index articles that are new or changed; return how many are new, and the numbers of those replaced."""
    added = 0
    replaced: list[int] = []
    for origin, article in articles:
        stored = stored_form(article)
        number = known.take(article.article_id)
        if number is None:
            added += 1
        elif known.is_same(number, stored, origin):
            continue
        else:
            replaced.append(number)
        batches.add(stored, origin)
    return added, replaced


def _read(
    index_path: Path,
    folders: Sequence[Path],
    every_folder: Sequence[Path],
    tally: Tally,
    files: UnchangedFiles,
    known: KnownArticles | None = None,
) -> Iterator[tuple[bytes, Article]]:
    """Yield the usable articles of some folders, each after the folder it came from, as the system writes it.

    What was read is noted in `files`. Unchanged files and contents of `known` articles are skipped.
    """
    sources = _find(index_path, folders, every_folder, tally)
    seen = known.taken(set(_origins(folders))) if known else {}  # of each identifier, where it was
    for origin, within, source in sources:
        where = within + source.name
        if known and (unchanged := known.take_unchanged(origin, source)) is not None:
            seen.update(dict.fromkeys(unchanged.articles, where))
            tally.accept_unchanged(len(unchanged.articles))
            tally.advance(source.size_bytes)
            files.note(origin, source, unchanged, whole=True)
            continue
        rejected = tally.rejected
        contents = FileContents()
        recognise = known.recogniser(origin, source) if known else None
        for found in read_source(source, tally.advance, recognise):
            read = _unless_taken(found._replace(place=within + found.place) if within else found, seen)
            if isinstance(read, Reject):
                tally.reject(read, origin)
                continue
            seen[_identifier(read)] = where
            contents.add(_identifier(read), read.checksum)
            if isinstance(read, Recognised):
                tally.accept_unchanged(1)
            else:
                tally.accept(read)
                yield origin, read.article
        files.note(origin, source, contents, whole=tally.rejected == rejected)


def _find(
    index_path: Path, folders: Sequence[Path], every_folder: Sequence[Path], tally: Tally
) -> list[tuple[bytes, str, SourceFile]]:
    """List the files of some folders as (folder, prefix of its places, file).

    The prefix names the folder if there are several. No link is followed into another folder of the index.
    """
    sources: list[tuple[bytes, str, SourceFile]] = []
    for origin, folder in zip(_origins(folders), folders, strict=True):
        within = f"{folder}/" if len(folders) > 1 else ""
        for source in find_sources(folder, every_folder, index_path):
            tally.files += 1
            if isinstance(source, Reject):
                tally.reject(source._replace(place=within + source.place), origin)
            else:
                tally.readable += 1
                sources.append((origin, within, source))
                tally.total_bytes += source.size_bytes
    return sources


def _unless_taken(read: Read | Recognised | Reject, seen: Mapping[str, str]) -> Read | Recognised | Reject:
    """Reject an article whose identifier is already taken."""
    if isinstance(read, Reject) or (article_id := _identifier(read)) not in seen:
        return read
    return Reject(
        read.place,
        f"identifiant déjà pris : « {article_id} », dans {seen[article_id]} ; le premier article "
        "lu est gardé, donnez à celui-ci un autre identifiant (à un fichier, un autre nom)",
    )


def _identifier(read: Read | Recognised) -> str:
    return read.article_id if isinstance(read, Recognised) else read.article.article_id


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
    found = store.count_documents(store.Generation(store.generation_of(folder), folder, manifest))
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
            raise InvalidInput(
                f"{folder} : {found} ; attendu un dossier d’articles "
                "(pour indexer d’autres dossiers : depeche rebuild DOSSIER)"
            )
        distinct.setdefault(_origin(folder), folder)
    return list(distinct.values())


def _require_apart(folders: Iterable[Path]) -> None:
    """Refuse a folder inside another one: its articles would be there twice, by two identifiers."""
    for inner, outer in permutations({folder.resolve() for folder in folders}, 2):
        if inner.is_relative_to(outer):
            raise InvalidInput(
                f"{inner} est dans {outer} ; attendu des dossiers dont aucun n’en contient un autre : "
                "leurs articles seraient lus deux fois (depeche rebuild DOSSIER)"
            )


def _require_articles(tally: Tally, folders: Sequence[Path], advice: str = "") -> None:
    if not tally.articles:
        where = ", ".join(str(folder) for folder in folders)
        rejected = "rejeté" if tally.rejected < 2 else "rejetés"
        if tally.readable:
            files = "du fichier lu" if tally.readable == 1 else f"des {tally.readable} fichiers lus"
            reason = f"rien {files} n’est un article, et chaque rejet dit pourquoi"
        else:
            reason = f"attendu des fichiers {', '.join(READERS)}"
        raise InvalidInput(
            f"{where} : aucun article lisible ({tally.rejected} {rejected}) ; {advice or reason}"
        )


def _origins(folders: Sequence[Path]) -> list[bytes]:
    """Name folders as the index and the system do."""
    return [os.fsencode(_origin(folder)) for folder in folders]


def _place_in(known: Sequence[str]) -> Callable[[Path], int]:
    """Return a sort key for folders: their place among those of an index, new ones last."""
    places = {folder: place for place, folder in enumerate(known)}
    return lambda folder: places.get(_origin(folder), len(places))


def _origin(folder: Path) -> str:
    return str(folder.resolve())
