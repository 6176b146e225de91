"""Does any sequence of updates end in the index that a rebuild of the same folders gives?"""

from __future__ import annotations

import json
import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from whoosh.index import open_dir

from index import batches, store, tiers, unchanged
from index.building import rebuild, update
from index.schema import ZONES, forms_field, schema, stored_article, text_bytes

SEQUENCES = 4
ROUNDS = 12
WORDS = (
    "maire",
    "élu",
    "réélus",
    "côte",
    "côté",
    "grève",
    "porte-parole",
    "l’État",
    "7 500",
    "sûr",
    "sur",
    "œuvre",
)
BYLINES = ("", "Par Euronews\n\n", "Par Jeanne Martin\n\n", "Publié le 28 février 2023 à 10h12\n\n")


def sentence(rng: random.Random) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(5, 25))).capitalize() + "."


def write(rng: random.Random, folder: Path, name: str, byline: str | None = None) -> None:
    paragraphs = [sentence(rng) for _ in range(rng.randint(1, 4))]
    content = f"{sentence(rng)[:-1]}\n\n{byline or rng.choice(BYLINES)}" + "\n\n".join(paragraphs) + "\n"
    (folder / name).write_text(content, encoding="utf-8")


def write_lines(rng: random.Random, folder: Path, name: str) -> None:
    """Write a file of articles: some have the identifiers of others or none, some lines were there before."""
    path = folder / name
    before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = rng.choices(before, k=rng.randint(0, 3)) if before else []
    for _ in range(rng.randint(1, 3)):
        named = {"id": str(rng.randint(0, 20))} if rng.random() < 0.7 else {}
        lines.append(json.dumps({**named, "text": sentence(rng)}))
    rng.shuffle(lines)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def disturb(rng: random.Random, folders: list[Path]) -> None:
    """Write, rewrite, remove and move some files; identifiers are few, so that they meet."""
    for _ in range(rng.randint(0, 6)):
        folder = rng.choice(folders)
        name = f"{rng.randint(0, 14)}.txt"
        path = folder / name
        action = rng.random()
        if action < 0.4:
            write(rng, folder, name)
        elif action < 0.55:
            write_lines(rng, folder, f"{rng.randint(0, 4)}.jsonl")
        elif action < 0.8:
            path.unlink(missing_ok=True)
        elif action < 0.9:
            path.write_bytes(b"")
        elif path.exists():
            path.replace(rng.choice(folders) / f"{rng.randint(0, 14)}.txt")


def contents(index_path: Path) -> dict[str, Any]:
    """Everything that can be read in the generation in service, by identifier instead of document number."""
    opened = open_dir(str(store.open_generation(index_path).path))
    reader = opened.reader()
    try:
        documents = {number: stored_article(stored["article"]) for number, stored in reader.iter_docs()}
        id_of = {number: article.article_id for number, article in documents.items()}
        found: dict[str, Any] = {article.article_id: article for article in documents.values()}
        for name, field in schema().items():
            if field.column_type:
                column = reader.column_reader(name)
                found[f"column {name}"] = {id_of[number]: column[number] for number in id_of}
            if not field.format:
                continue
            for term in reader.lexicon(name):
                matcher, places = reader.postings(name, term), {}
                while matcher.is_active():
                    key = "positions" if name.endswith("_forms") else "frequency"
                    value = matcher.value_as(key) if field.scorable else None
                    places[id_of[matcher.id()]] = (matcher.weight(), value)
                    matcher.next()
                if places:  # a term of removed articles only may stay until segments are merged
                    found[f"{name} {term!r}"] = places
            if field.scorable:
                lengths = {id_of[number]: reader.doc_field_length(number, name) or 0 for number in id_of}
                found[f"length {name}"] = lengths
        return found
    finally:
        reader.close()
        opened.close()


@pytest.mark.parametrize("sequence", range(SEQUENCES))
def test_updates_equal_a_rebuild(
    tmp_path: Path, seed: int, sequence: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(f"{seed}-{sequence}")
    monkeypatch.setattr(tiers, "FANOUT", (2, 3, 4, 8)[sequence % 4])  # from merging always to hardly ever
    # As if each file had been there for long, so that it is not read again; what is written has other times.
    monkeypatch.setattr(unchanged, "SETTLED_NS", -(10**12))
    if sequence == 1:  # several batches a build, in worker processes
        monkeypatch.setattr(batches, "BATCH_BYTES", 2_000)
    folders = [tmp_path / "un", tmp_path / "deux"]
    for folder, byline in zip(folders, BYLINES[1:3], strict=True):
        folder.mkdir()
        for _ in range(8):
            write(rng, folder, f"{rng.randint(0, 14)}.txt")
        write(rng, folder, f"toujours {folder.name}.txt", byline)
    updated, rebuilt = tmp_path / "updated", tmp_path / "rebuilt"
    articles = rebuild(updated, folders).articles

    for round_ in range(ROUNDS):
        disturb(rng, folders)
        if rng.random() < 0.3:  # one folder alone: what is told must still add up
            report = update(updated, [rng.choice(folders)])
            assert report.articles == articles + report.added - report.removed
            articles = report.articles
        if rng.random() < 0.2 and len(list((updated / "generations").iterdir())) > 1:
            store.rollback(updated)
            articles = store.open_generation(updated).manifest.articles
        report = update(updated)
        assert report.articles == articles + report.added - report.removed, f"round {round_}"
        articles = report.articles
        fresh = rebuild(rebuilt, folders)
        assert report.articles == fresh.articles == report.added + report.changed + report.unchanged
        assert report.rejected == fresh.rejected

        one, other = (store.open_generation(path).manifest for path in (updated, rebuilt))
        assert (one.articles, one.text_bytes, one.folders) == (
            other.articles,
            other.text_bytes,
            other.folders,
        )
        assert contents(updated) == contents(rebuilt), f"round {round_}"
        assert store.check(updated) == ()
        if rng.random() < 0.3:
            assert update(updated).generation == report.generation

    found = contents(updated)
    zones = [found[key] for key in found if hasattr(found[key], "article_id")]
    assert sum(map(text_bytes, zones)) == store.open_generation(updated).manifest.text_bytes
    assert any(key.startswith(f"{forms_field('text')} ") for key in found)
    assert {f"length {zone}" for zone in ZONES} <= set(found)
    assert all(set(found[f"column {name}"].values()) > {b""} for name in ("source", "author"))


def test_whoosh_misreads_no_column_of_an_index_whose_segments_differ(tmp_path: Path) -> None:
    folder, index_path = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    bylines = ("", "Par Euronews\n\n", "")
    for number, byline in enumerate(bylines):
        text = "Le maire a été réélu dimanche avec la moitié des voix.\n\nIl reste en place.\n"
        (folder / f"{number}.txt").write_text(f"Le maire réélu\n\n{byline}{text}", encoding="utf-8")
        (update if number else rebuild)(index_path, [folder])
    opened = open_dir(str(store.open_generation(index_path).path))
    with closing(opened), closing(opened.reader()) as reader:
        assert len(reader.leaf_readers()) == len(bylines)
    assert contents(index_path)["column source"] == {"0": b"", "1": b"Euronews", "2": b""}
    assert set(contents(index_path)["column author"].values()) == {b""}
