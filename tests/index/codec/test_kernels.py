"""Do the compiled loops give what those in numpy give, and is neither led astray by damaged records?"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from index.articles.article import Article
from index.batches import Incoming, write_batch
from index.codec import kernels
from index.inversion import Lexicon
from index.schema import stored_form

SEED = int(os.environ.get("DEPECHE_TEST_SEED", random.randrange(2**32)))
DOCUMENTS = 3_000
ROUNDS = 60

needs_both = pytest.mark.skipif(not kernels.is_compiled(), reason="installed without a compiler")


def some(generator: np.random.Generator, most: int) -> npt.NDArray[np.int32]:
    """Choose documents, ascending: none, few or many."""
    count = int(generator.choice((0, 1, 2, most // 50, most // 2, most)))
    return np.sort(generator.choice(most, count, replace=False)).astype(np.int32)


def part(generator: np.random.Generator) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    documents = some(generator, DOCUMENTS)
    return documents, generator.random(len(documents))


def occurrences(generator: np.random.Generator) -> tuple[Any, Any, Any]:
    """Make a word's documents, where the positions of each end, and the positions."""
    documents = some(generator, 60)
    places = [
        np.sort(generator.choice(40, generator.integers(1, 12), replace=False)).astype(np.int32)
        for _ in documents
    ]
    ends = np.cumsum([len(each) for each in places], dtype=np.int32)
    return documents, ends, np.concatenate([np.empty(0, dtype=np.int32), *places])


def places(generator: np.random.Generator) -> list[Any]:
    words = [occurrences(generator) for _ in range(3)]
    chosen = generator.integers(0, 3, generator.integers(2, 5)).tolist()
    return [([words[word]], chosen[:at].count(word)) for at, word in enumerate(chosen)]


def places_of_several_words(generator: np.random.Generator) -> list[Any]:
    return [([occurrences(generator) for _ in range(generator.integers(1, 4))], 0) for _ in range(2)]


def weighed(generator: np.random.Generator) -> tuple[Any, ...]:
    """Make a part of frequencies and of what one occurrence counts in each document."""
    documents = some(generator, DOCUMENTS)
    tf = generator.integers(1, 300, len(documents)).astype(np.int32)
    return documents, tf, generator.random(DOCUMENTS)


def parts_of_both_kinds(generator: np.random.Generator) -> list[Any]:
    return [
        (part, weighed)[int(kind)](generator) for kind in generator.integers(0, 2, generator.integers(1, 6))
    ]


def edits(generator: np.random.Generator) -> tuple[npt.NDArray[np.uint8]]:
    """Count edits between short words of few letters, which are often near each other; what is far is far."""
    words = [
        "".join(generator.choice([*"abcd"], generator.integers(0, length)))
        for length in generator.choice([2, 6, 9, 70], 50)
    ]
    ends = np.cumsum([len(word) for word in words], dtype=np.int64)
    starts = ends - [len(word) for word in words]
    blob = np.frombuffer("".join(words).encode(), dtype=np.uint8)
    limit = int(generator.integers(0, 4))
    numbers = generator.permutation(50)[:40].astype(np.int64)
    found = kernels.edits(blob, starts, ends, numbers, words[int(numbers[0])], limit)
    return (np.minimum(found, limit + 1).astype(np.uint8),)


CALLS: dict[str, Callable[[np.random.Generator], Any]] = {
    "add_up": lambda g: kernels.add_up([part(g) for _ in range(g.integers(1, 6))], DOCUMENTS),
    "add_up weighed": lambda g: kernels.add_up([weighed(g) for _ in range(g.integers(1, 6))], DOCUMENTS),
    "add_up both kinds": lambda g: kernels.add_up(parts_of_both_kinds(g), DOCUMENTS),
    "edits": edits,
    "union": lambda g: (kernels.union([some(g, DOCUMENTS) for _ in range(g.integers(1, 6))], DOCUMENTS),),
    "find": lambda g: (kernels.find(some(g, DOCUMENTS), some(g, DOCUMENTS)),),
    "in order": lambda g: kernels.stretches(places(g), True, 0),
    "near": lambda g: kernels.stretches(places(g), False, int(g.integers(1, 8))),
    "several words in order": lambda g: kernels.stretches(places_of_several_words(g), True, 0),
    "several words near": lambda g: kernels.stretches(
        places_of_several_words(g), False, int(g.integers(1, 8))
    ),
}


@needs_both
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_both_give_the_same(call: Callable[[np.random.Generator], Any]) -> None:
    print(f"DEPECHE_TEST_SEED={SEED}")
    found_some = 0
    for round_ in range(ROUNDS):
        compiled = call(np.random.default_rng([SEED, round_]))
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(kernels, "_compiled", None)
            plain = call(np.random.default_rng([SEED, round_]))
        for one, other in zip(compiled, plain, strict=True):
            assert one.dtype == other.dtype
            if one.dtype.kind == "f":
                assert one == pytest.approx(other, rel=1e-12)
            else:
                assert one.tolist() == other.tolist()
        found_some += len(compiled[0]) > 0
    assert found_some > ROUNDS / 50


def test_a_part_is_never_changed(both_kernels: str) -> None:
    generator = np.random.default_rng(SEED)
    parts = [part(generator) for _ in range(4)]
    before = [(documents.copy(), values.copy()) for documents, values in parts]
    kernels.add_up(parts, DOCUMENTS)
    kernels.add_up(parts, DOCUMENTS)  # the array that the compiled loop writes to is used again
    assert sum(len(documents) for documents, _ in parts)
    for (documents, values), (documents_before, values_before) in zip(parts, before, strict=True):
        assert documents.tolist() == documents_before.tolist()
        assert values.tolist() == values_before.tolist()


DAMAGED = """
import random, sys
from pathlib import Path
import numpy as np
from index.codec import kernels
from index.codec.segment import Segment
from index.errors import IndexDamaged

path, seed, plain = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "numpy"
if plain:
    kernels._compiled = None
chance = random.Random(seed)
content = path.read_bytes()
whole = Segment(path)
names = [name for name in whole.sections if name.partition("/")[2] in ("records", "starts", "df", "lengths")]
said = 0
for turn in range(400):
    damaged = bytearray(content)
    for _ in range(chance.choice((1, 1, 8))):
        kind, items, offset, _ = whole.sections._directory[chance.choice(names)]
        at = offset + chance.randrange(items * np.dtype(kind).itemsize)
        damaged[at] = chance.choice((0, 0xFF, 0x7F, damaged[at] ^ 1 << chance.randrange(8)))
    path.write_bytes(damaged)
    segment = Segment(path)
    for name in segment.field_names:
        try:
            field = segment.field(name)
            every = range(len(field.terms))
            norms = np.ones(segment.documents)
            parts = []
            for number in every:
                found = field.positions(number)[0] if field.has_positions else field.postings(number)
                parts.append((found.documents, found.tf, norms))
                assert found.documents.max(initial=0) < segment.documents
            kernels.add_up(parts, segment.documents)
            assert field.totals(every).documents.max(initial=0) < segment.documents
            field.inverted(every)
        except IndexDamaged:
            said += 1
print("said", said)
"""


@pytest.mark.parametrize("blob", [[200], [0xFF, 0xFF, 0xFF], [21, 255], []], ids=str)
def test_a_document_that_the_segment_has_not_is_refused_by_both(both_kernels: str, blob: list[int]) -> None:
    record = np.array(blob, dtype=np.uint8)
    start, df = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    with pytest.raises((ValueError, IndexError)):
        kernels.add_records(record, start, df, 10)
    with pytest.raises((ValueError, IndexError)):
        kernels.unpack_postings(record, 0, 1, 10)


def test_a_damaged_record_is_said_and_takes_no_process_down(tmp_path: Path, both_kernels: str) -> None:
    path = tmp_path / "MAIN_lot.depeche"
    make_segment(tmp_path)
    command = [sys.executable, "-c", DAMAGED, str(path), str(SEED), both_kernels]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"seed {SEED}: {done.returncode} {done.stderr[-600:]}"
    assert int(done.stdout.removeprefix("said ")) > 20


def make_segment(folder: Path) -> None:
    chance = random.Random(SEED)
    words = [f"mot{number}" for number in range(15)]
    articles = [
        Article(str(number), "Titre", " ".join(chance.choices(words, k=chance.choice((3, 30, 900)))))
        for number in range(40)
    ]
    write_batch(folder, "lot", [Incoming(stored_form(article), b"/") for article in articles], b"", Lexicon())
