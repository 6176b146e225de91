"""Do the compiled loops give what those in numpy give, and is neither led astray by damaged records?"""

from __future__ import annotations

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
from index.batches import Batch, write_batch
from index.codec import kernels, packing
from index.codec.numbers import PackedLists
from index.inversion import Lexicon
from index.schema import stored_form

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


def best(generator: np.random.Generator) -> tuple[npt.NDArray[np.int64]]:
    """Take a page of hits, near the top or far down, by keys of which some or all values are the same."""
    count = int(generator.choice((1, 10, 257, DOCUMENTS, 20 * DOCUMENTS)))
    kinds = [
        generator.random(count),
        np.sort(generator.random(count)),
        np.round(generator.random(count) ** 4 * 5),
        np.where(generator.random(count) < 0.5, -np.inf, generator.integers(0, 9, count)),
        np.zeros(count),
    ]
    keys = [kinds[kind] for kind in generator.integers(0, len(kinds), generator.integers(1, 4))]
    first = int(generator.choice((0, 0, 5, count // 2, count - 1, count + 5)))
    return (kernels.best(keys, first, first + int(generator.integers(0, 30))),)


def letters(
    generator: np.random.Generator,
) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.uint64]]:
    """Read terms with a NUL early, late or nowhere, of letters and bytes beyond ASCII, and empty ones."""
    few = generator.random() < 0.5  # letters: folds that are the same follow each other
    blob = generator.choice(np.r_[0, 97, 98] if few else np.r_[0, np.arange(96, 125), 195], 400)
    count = int(generator.choice((0, 1, 60)))
    ends = np.sort(generator.integers(0, 401, count)).astype(np.uint32)
    return kernels.letters(blob.astype(np.uint8), ends)


def words_of(generator: np.random.Generator, count: int) -> tuple[Any, list[Any]]:
    """Make words: a blob, and of each its documents, its frequencies and where its positions start."""
    farthest = int(generator.choice((40, 700, 140_000)))  # numbers of one byte, of two and of four
    blob, words = b"", []
    for _ in range(count):
        documents = some(generator, 60)
        tf = generator.integers(1, 12, len(documents)).astype(np.int32)
        places = [
            np.sort(generator.choice(min(farthest, 300), count, replace=False)) * (farthest // 40)
            for count in tf.tolist()
        ]
        deltas = np.concatenate([np.empty(0, int), *(np.diff(each, prepend=0) for each in places)])
        packed = PackedLists(deltas, np.array([len(deltas)]))
        written = np.empty(int(packed.sizes[0]), dtype=np.uint8)
        packed.write(written, np.zeros(1, dtype=np.int64))
        words.append((documents, tf, len(blob)))
        blob += written.tobytes()
    return np.frombuffer(blob, dtype=np.uint8), words


def in_order(generator: np.random.Generator) -> Any:
    """Look for words that follow each other; the first may come again, and places may be left open."""
    blob, words = words_of(generator, 3)
    chosen = generator.integers(0, 3, generator.integers(1, 5)).tolist()
    steps = np.cumsum([0, *generator.integers(0, 3, len(chosen) - 1)]).tolist()
    places = [([words[word]], step) for word, step in zip(chosen, steps, strict=True)]
    return kernels.stretches(blob, places, True, 0)


def near(generator: np.random.Generator) -> Any:
    blob, words = words_of(generator, 3)
    chosen = generator.integers(0, 3, generator.integers(2, 5)).tolist()
    places = [([words[word]], chosen[:at].count(word)) for at, word in enumerate(chosen)]
    return kernels.stretches(blob, places, False, int(generator.integers(1, 8)))


def several_words(generator: np.random.Generator, ordered: bool) -> Any:
    """Look for places where one of several words may stand."""
    blob, words = words_of(generator, 5)
    cut = int(generator.integers(1, 5))
    places = [(words[:cut], 0), (words[cut:], int(ordered))]
    return kernels.stretches(blob, places, ordered, int(generator.integers(1, 8)))


def weighed(generator: np.random.Generator) -> tuple[Any, ...]:
    """Make a part of frequencies, a byte for each document, and what one occurrence counts at each byte."""
    documents = some(generator, DOCUMENTS)
    tf = generator.integers(1, 300, len(documents)).astype(np.int32)
    return documents, tf, generator.integers(0, 256, DOCUMENTS).astype(np.uint8), generator.random(256)


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
    numbers = generator.permutation(50)[:40]
    found = kernels.edits(blob, starts[numbers], ends[numbers], words[int(numbers[0])], limit)
    return (np.minimum(found, limit + 1).astype(np.uint8),)


def lift(generator: np.random.Generator) -> tuple[npt.NDArray[np.float64]]:
    """Lift the documents that are in all parts: all of them, some, or none."""
    scores = generator.random(len(some(generator, DOCUMENTS)))
    parts = int(generator.integers(2, 5))
    counts = generator.integers(generator.integers(1, parts + 1), parts + 1, len(scores)).astype(np.uint8)
    before = scores + 0.3 * counts
    kernels.lift(scores, counts, parts, 0.3)
    complete = counts == parts
    assert scores[~complete] == pytest.approx(before[~complete])
    if complete.any() and not complete.all():
        assert scores[complete].min() >= scores[~complete].max()
    return (scores,)


CALLS: dict[str, Callable[[np.random.Generator], Any]] = {
    "add_up": lambda g: kernels.add_up([part(g) for _ in range(g.integers(1, 6))], DOCUMENTS),
    "add_up weighed": lambda g: kernels.add_up([weighed(g) for _ in range(g.integers(1, 6))], DOCUMENTS),
    "add_up both kinds": lambda g: kernels.add_up(parts_of_both_kinds(g), DOCUMENTS),
    "best": best,
    "edits": edits,
    "letters": letters,
    "find": lambda g: (kernels.find(some(g, DOCUMENTS), some(g, DOCUMENTS)),),
    "lift": lift,
    "shared": lambda g: kernels.shared(*part(g), *part(g)),
    "add_found": lambda g: (kernels.add_found(*part(g), *part(g)),),
    "in order": in_order,
    "near": near,
    "several words in order": lambda g: several_words(g, True),
    "several words near": lambda g: several_words(g, False),
}


@needs_both
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_both_give_the_same(call: Callable[[np.random.Generator], Any], seed: int) -> None:
    found_some = 0
    for round_ in range(ROUNDS):
        compiled = call(np.random.default_rng([seed, round_]))
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(kernels, "_compiled", None)
            plain = call(np.random.default_rng([seed, round_]))
        for one, other in zip(compiled, plain, strict=True):
            assert one.dtype == other.dtype
            if one.dtype.kind == "f":
                assert one == pytest.approx(other, rel=1e-12)
            else:
                assert one.tolist() == other.tolist()
        found_some += len(compiled[0]) > 0
    assert found_some > ROUNDS / 50


@pytest.mark.parametrize("several", [255, 256, 300])
def test_no_document_is_lost_that_is_in_many_parts(both_kernels: str, several: int) -> None:
    documents, sums, counts = kernels.add_up([(np.array([3, 5], np.int32), np.ones(2))] * several, DOCUMENTS)
    assert (documents.tolist(), sums.tolist(), counts.tolist()) == ([3, 5], [several] * 2, [255] * 2)


def test_a_union_has_each_document_once(seed: int) -> None:
    generator = np.random.default_rng(seed)
    for several in range(1, 6):
        parts = [some(generator, DOCUMENTS) for _ in range(several)]
        expected = sorted(set().union(*(each.tolist() for each in parts)))
        assert kernels.union(parts, DOCUMENTS).tolist() == expected


def test_a_part_is_never_changed(both_kernels: str, seed: int) -> None:
    generator = np.random.default_rng(seed)
    parts = [part(generator) for _ in range(4)]
    before = [(documents.copy(), values.copy()) for documents, values in parts]
    kernels.add_up(parts, DOCUMENTS)
    kernels.add_up(parts, DOCUMENTS)
    kernels.shared(*parts[0], *parts[1])
    kernels.add_found(*parts[0], *parts[1])
    assert sum(len(documents) for documents, _ in parts)
    for (documents, values), (documents_before, values_before) in zip(parts, before, strict=True):
        assert documents.tolist() == documents_before.tolist()
        assert values.tolist() == values_before.tolist()


DAMAGED = """
import random, sys
from pathlib import Path
import numpy as np
from index.codec import kernels, packing
from index.codec.numbers import PackedLists
from index.codec.segment import Segment
from index.errors import IndexDamaged

path, seed, plain = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "numpy"
if plain:
    kernels._compiled = packing._compiled = None
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
            codes = np.zeros(segment.documents, dtype=np.uint8)
            parts = []
            for number in every:
                found = field.positions(number)[0] if field.has_positions else field.postings(number)
                record = field.record(number)
                if field.has_positions:
                    field.stretches([([record], 0), ([record], 1)], True, 0)
                parts.append((found.documents, found.tf, codes, np.ones(256)))
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


@pytest.mark.parametrize(
    "blob",
    [
        [2, 0],  # the same document twice
        [2],  # cut off
        [3, 2, 255, 255, 255, 255, 255, 255, 127],  # a frequency that no text has
        [255, 1],  # half a number
        [255, 255, 255, 1],
    ],
    ids=str,
)
def test_a_record_that_cannot_have_been_written_is_refused_by_all(both_kernels: str, blob: list[int]) -> None:
    record = np.array(blob, dtype=np.uint8)
    start, df = np.zeros(1, dtype=np.int64), np.array([2])
    refused = pytest.raises((ValueError, IndexError))
    with refused:
        kernels.unpack_postings(record, 0, 2, 10)
    with refused:
        kernels.add_records(record, start, df, 10)
    with refused:
        packing.read_records(record, start, df, False)


def test_positions_that_are_cut_off_are_refused(both_kernels: str) -> None:
    with pytest.raises(ValueError, match="leave"):
        kernels.unpack_positions(np.array([2, 2], dtype=np.uint8), 1, np.array([2], dtype=np.int32))


def test_a_damaged_record_is_said_and_takes_no_process_down(
    tmp_path: Path, both_kernels: str, seed: int
) -> None:
    path = tmp_path / "MAIN_lot.depeche"
    make_segment(tmp_path, random.Random(seed))
    command = [sys.executable, "-c", DAMAGED, str(path), str(seed), both_kernels]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.returncode} {done.stderr[-600:]}"
    assert int(done.stdout.removeprefix("said ")) > 20


def make_segment(folder: Path, chance: random.Random) -> None:
    words = [f"mot{number}" for number in range(15)]
    articles = [
        Article(str(number), "Titre", " ".join(chance.choices(words, k=chance.choice((3, 30, 900)))))
        for number in range(40)
    ]
    batch = Batch(list(map(stored_form, articles)), [b"/"] * len(articles))
    write_batch(folder, "lot", batch, b"", Lexicon())
