"""From which files do all engines start?

`prepare` writes the first N articles of a corpus three times, as .jsonl.gz:

- `articles`: what Dépêche reads, and every engine with an analysis of its own;
- `tokens`: the same, with the stems of title and text as index.analysis gives them, joined by blanks
  (the key "tokens"), for engines that split at blanks;
- `articles of tokens`: articles whose whole text is those stems. Dépêche's own index of it has one field
  of text with the very same tokens in it, which is what its evaluator is compared on.

Identifiers are line numbers from 0. A corpus that is too small is read again from its start, so that
200,000 documents may be made of 100,000. An article without an ISO date is given one, drawn at
random, for otherwise nothing could be sorted; a comparison does not mind which.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.analysis import analyze
from peers.lines import read_lines, whole_text

_SAMPLED = 1_000  # documents kept as they were written, from which queries are drawn
# Not a blank: two numbers with one between them would be read as a single one, "12 500".
_SEPARATOR = "\t"
_PROTECTED = "qq"  # for the "_" after a protected stem: no French stem ends so
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIRST_DAY, _LAST_DAY = date(2005, 1, 1).toordinal(), date(2024, 12, 31).toordinal()
_TOLD = 10  # times that progress is told
_FAST = 1  # gzip level: reading is what is timed, and its speed hardly depends on it


@dataclass(frozen=True, slots=True)
class Corpus:
    """A prepared corpus, and its tokens in memory.

    `tokens` holds the term number of every token, (n_tokens,) int32; document `d` has those from
    `starts[d]` to `starts[d + 1]`. `written` gives, for each term, the form it was first met in.
    `dates` are proleptic days, (n_documents,).
    """

    files: dict[str, Path]
    text_bytes: int
    terms: tuple[str, ...]
    written: tuple[str, ...]
    tokens: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    sources: tuple[str, ...]
    dates: npt.NDArray[np.int64]
    samples: dict[int, str]

    @property
    def documents(self) -> int:
        """The number of documents."""
        return len(self.starts) - 1


def read_again_and_again(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the articles of a file, those that have a text, for ever: from its start each time."""
    while True:
        empty = True
        for record in read_lines(path):
            if record.get("text"):
                empty = False
                yield record
        if empty:
            raise SystemExit(f"{path}: no articles in it")


def shared_token(stem: str) -> str:
    """Write a stem so that every analysis leaves it whole and as it is, one for one."""
    return stem.replace("_", _PROTECTED)


def prepare(
    path: Path, documents: int, folder: Path, seed: int, on_progress: Callable[[int], None]
) -> Corpus:
    """Write the files that all engines start from, and keep their tokens."""
    rng = random.Random(seed)
    sampled = set(rng.sample(range(documents), min(_SAMPLED, documents)))
    samples: dict[int, str] = {}
    numbers: dict[str, int] = {}
    written: list[str] = []
    tokens: list[npt.NDArray[np.int32]] = []
    sources: list[str] = []
    dates: list[int] = []
    text_bytes = 0
    files = {name: folder / name / "corpus.jsonl.gz" for name in ("articles", "tokens", "articles of tokens")}
    with ExitStack() as opened:
        outputs = {}
        for name, file in files.items():
            file.parent.mkdir(parents=True)
            stream = gzip.open(file, "wt", encoding="utf-8", compresslevel=_FAST)  # noqa: SIM115
            outputs[name] = opened.enter_context(stream)
        for number, given in zip(count(), islice(read_again_and_again(path), documents), strict=False):
            record = _record(given, number, rng)
            text = whole_text(record)
            if number in sampled:
                samples[number] = text
            stems: list[str] = []
            for token in analyze(text):
                if token.stem:
                    stem = shared_token(token.stem)
                    stems.append(stem)
                    if numbers.setdefault(stem, len(written)) == len(written):
                        written.append(token.form)
            tokens.append(np.array([numbers[stem] for stem in stems], dtype=np.int32))
            sources.append(record["source"])
            dates.append(date.fromisoformat(record["date"]).toordinal())
            text_bytes += len(record["title"].encode()) + len(record["text"].encode())
            of_tokens = {**record, "title": record["id"], "text": _SEPARATOR.join(stems)}
            _write(outputs["articles"], record)
            _write(outputs["tokens"], {**record, "tokens": " ".join(stems)})
            _write(outputs["articles of tokens"], of_tokens)
            if (number + 1) % max(1, documents // _TOLD) == 0:
                on_progress(number + 1)
    starts = np.concatenate([[0], np.cumsum([len(stems_of) for stems_of in tokens])])
    return Corpus(
        files=files,
        text_bytes=text_bytes,
        terms=tuple(numbers),
        written=tuple(written),
        tokens=np.concatenate(tokens),
        starts=starts.astype(np.int64),
        sources=tuple(sources),
        dates=np.array(dates, dtype=np.int64),
        samples=samples,
    )


def _record(given: dict[str, Any], number: int, rng: random.Random) -> dict[str, Any]:
    stated = _ISO.match(str(given.get("date") or ""))
    drawn = date.fromordinal(rng.randint(_FIRST_DAY, _LAST_DAY)).isoformat()
    return {
        "id": str(number),
        "title": given.get("title") or "",
        "text": given["text"],
        "source": " ".join((given.get("source") or "?").split()),
        "date": stated.group() if stated else drawn,
    }


def _write(output: Any, record: dict[str, Any]) -> None:
    output.write(json.dumps(record, ensure_ascii=False) + "\n")
