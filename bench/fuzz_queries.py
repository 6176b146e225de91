"""Can anything typed break a search, or make it slow?

`python bench/fuzz_queries.py [--count N] [--seed N] [--budget-s SECONDS]` searches an index of seeds/
for random strings of four kinds: pieces of the query language in any order, words of the articles with
slips and signs, articles' own sentences cut anywhere, and characters of all of Unicode. Prints every
exception with its query, the slowest queries, and the share of each kind; ends with status 1 where there
was an exception or a query over the budget. A refusal by a limit is an answer. Time is the processor's:
a wait for other work on the machine is none of the query's. Stores nothing.
"""

from __future__ import annotations

import argparse
import heapq
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.articles import find_sources, read_source
from index.articles.article import Read, Reject
from index.building import rebuild
from index.errors import LimitExceeded
from search import Engine, SearchRequest, open_index

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
BUDGET_S = 0.5
_SLOWEST = 5
_SYNTAX = (
    *('"', "(", ")", "«", "»", "“", "”", "+", "-", "=", "*", "~", "~1", "~2", "~99", ":", "[", "]", ",", "/"),
    *("ET", "OU", "SAUF", "AND", "OR", "NOT", "titre:", "texte:", "source:", "auteur:", "date:", "hors:"),
    *("2023", "2023-02", "[2022 à 2023]", "date:[2023 à 2022]", '"', "(", ")", " ", "  ", "\t", "\n"),
    *("l’", "d'", "7 500", "U.R.S.S.", "porte-parole", "sous préfet", "aujourd hui", "de", "la", "le", "sur"),
    *("c*", "co*", "con*", "a~", "pres~2", "é", "e\u0301", "\u00ad", "\x00", "\ud800", "\U0001f600"),
    *("שלום", "العربية", "北京", "\u202e", "zzzz", "a" * 32, "reelu", "blinkne", "tokayev", "kazakstan"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One query and how it went: `seconds` of processor, and the name of an exception, `failure`."""

    kind: str
    query: str
    seconds: float
    failure: str = ""


class Typist:
    """Makes up queries, always the same for a seed and a list of sentences."""

    def __init__(self, seed: int, sentences: Sequence[str]) -> None:
        self._chance = random.Random(seed)
        self._sentences = sentences
        self._words = sorted({word for sentence in sentences for word in sentence.split()})
        self._kinds: dict[str, Callable[[], str]] = {
            "syntax": self._syntax,
            "slips": self._slips,
            "sentence": self._sentence,
            "unicode": self._unicode,
        }

    def queries(self, count: int) -> Iterator[tuple[str, str]]:
        """Give `count` queries, each with its kind."""
        for _ in range(count):
            kind = self._chance.choice((*self._kinds, "syntax", "slips"))
            yield kind, self._kinds[kind]()

    def _syntax(self) -> str:
        chance = self._chance
        pieces = chance.choices(_SYNTAX, k=chance.choice((1, 2, 3, 5, 8, 13, 30)))
        return "".join(piece + chance.choice(("", " ")) for piece in pieces)

    def _slips(self) -> str:
        chance = self._chance
        words = [self._slip(chance.choice(self._words)) for _ in range(chance.choice((1, 2, 3, 5, 9, 40)))]
        joints = [
            chance.choice((" ", " ", " ", " ET ", " OU ", " SAUF ", " -", " +", "", " (", ") "))
            for _ in words
        ]
        return "".join(word + joint for word, joint in zip(words, joints, strict=True))

    def _slip(self, word: str) -> str:
        chance = self._chance
        at = chance.randrange(len(word))
        letter = chance.choice("aeiouéèrstnl")
        return chance.choice(
            (
                word,
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
                f"{word}~",
                f"{word[: at + 1]}*",
                f'"{word}',
                f"={word}",
                word.upper(),
            )
        )

    def _sentence(self) -> str:
        sentence = self._chance.choice(self._sentences)
        start, end = sorted(self._chance.choices(range(len(sentence) + 1), k=2))
        return sentence[start:end]

    def _unicode(self) -> str:
        points = [self._chance.randrange(0x110000) for _ in range(self._chance.randrange(30))]
        return "".join(map(chr, points))


def sentences_of(folder: Path) -> list[str]:
    """Give the lines of the articles of a folder."""
    lines: list[str] = []
    for source in find_sources(folder):
        if isinstance(source, Reject):
            continue
        for read in read_source(source, lambda _: None):
            if isinstance(read, Read):
                article = read.article
                lines.extend(line for line in (article.title, *article.text.split("\n")) if line.strip())
    return lines


def outcomes(engine: Engine, typist: Typist, count: int) -> Iterator[Outcome]:
    """Search for `count` queries in turn."""
    for kind, query in typist.queries(count):
        failure = ""
        started = time.thread_time()
        try:
            engine.search(SearchRequest(query, limit=3, snippets=False))
        except LimitExceeded:
            pass
        except Exception as error:  # what this looks for
            failure = f"{type(error).__name__}: {error}"
        yield Outcome(kind, query, time.thread_time() - started, failure)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--budget-s", type=float, default=BUDGET_S)
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    kinds: Counter[str] = Counter()
    slowest: list[tuple[float, str]] = []
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        rebuild(Path(folder), [SEEDS])
        typist = Typist(asked.seed, sentences_of(SEEDS))
        with open_index(folder) as engine:
            for one in outcomes(engine, typist, asked.count):
                kinds[one.kind] += 1
                slowest = heapq.nlargest(_SLOWEST, [*slowest, (one.seconds, one.query)])
                if one.failure:
                    failed += 1
                    print(f"{one.query!r}: {one.failure}", flush=True)
    print(dict(kinds), f"{failed} failed")
    for seconds, query in slowest:
        print(f"{seconds:.3f} s {query!r}")
    return 1 if failed or slowest[0][0] > asked.budget_s else 0


if __name__ == "__main__":
    sys.exit(main())
