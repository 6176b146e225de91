"""Do the forms of one word find each other, and no other words?

    python bench/stems.py INFLECTIONS.tsv --out RUN.json

Each line of the list is a form, its lemma, its part of speech and how frequent it is, separated by tabs;
only the first two are used. Every form is typed without its accents, and the list is the vocabulary: the
forms that the fold may stand for are looked up in it, as a query looks them up in an index, and what is found
are all forms that share a stem with one of them. That is done with `snowball` alone, and with the stems of
index.analysis, `depeche`. `snowball_of_fold` asks no vocabulary: the fold itself is stemmed.

- Two forms of one lemma meet where typing the one finds the other; both ways count, for every lemma.
- A form that is found is right where it has a lemma in common with one that the fold stands for.

Both shares are over all pairs, so that a verb with its dozens of forms weighs more than a noun.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from itertools import permutations
from pathlib import Path
from typing import Any

from peers.machine import describe_commit, describe_file, describe_machine, versions

from index.fingerprint import analysis_fingerprint
from index.french.folding import fold
from index.french.stems import rule_stem, stem

_LIBRARIES = ("PyStemmer", "snowballstemmer", "Unidecode")


def main(arguments: list[str]) -> None:
    """Measure, write one run, and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inflections", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="where to write the run")
    options = parser.parse_args(arguments)
    lemmas = read_lemmas(options.inflections)
    by_fold = _groups((fold(form), form) for form in lemmas)
    run: dict[str, Any] = {
        "what": "forms of one lemma that meet when typed without accents",
        "machine": describe_machine(),
        "versions": versions(_LIBRARIES),
        "commit": describe_commit(),
        "analysis": analysis_fingerprint(),
        "date": time.strftime("%Y-%m-%d"),
        "command": f"python bench/stems.py {options.inflections.name} --out {options.out.name}",
        "corpus": describe_file(options.inflections),
        "forms": len(lemmas),
        "lemmas": len(set().union(*lemmas.values())),
        "stems": {
            "snowball_of_fold": measure(lemmas, rule_stem, lambda folded: {rule_stem(folded)}),
            "snowball": measure(lemmas, rule_stem, _looked_up(by_fold, rule_stem)),
            "depeche": measure(lemmas, stem, _looked_up(by_fold, stem)),
        },
    }
    options.out.write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, found in run["stems"].items():
        print(f"{name}: {found['met']:.4f} of the pairs meet, {found['right']:.4f} of what is found is right")


def read_lemmas(path: Path) -> dict[str, set[str]]:
    """Read the lemmas of every form."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line.strip() and not line.startswith("#"))
    return _groups((row[0], row[1]) for row in rows)


def measure(
    lemmas: Mapping[str, Set[str]], stem_of: Callable[[str], str], asked: Callable[[str], Set[str]]
) -> dict[str, float | int]:
    """Count the pairs that meet and those that should, and how many of the forms found are right.

    `asked` gives the stems that are searched for a fold.
    """
    folds = {form: fold(form) for form in lemmas}
    meant = _groups((folds[form], lemma) for form, of_form in lemmas.items() for lemma in of_form)
    with_stem = _groups((stem_of(form), form) for form in lemmas)
    found = {
        folded: set().union(*(with_stem.get(stem_asked, set()) for stem_asked in asked(folded)))
        for folded in meant
    }
    of_lemma = _groups((lemma, form) for form, of_form in lemmas.items() for lemma in of_form)
    pairs = [pair for forms in of_lemma.values() for pair in permutations(forms, 2)]
    missed = sum(other not in found[folds[typed]] for typed, other in pairs)
    judged = [
        bool(lemmas[other] & meant[folds[typed]])
        for typed in lemmas
        for other in found[folds[typed]]
        if other != typed
    ]
    return {
        "pairs": len(pairs),
        "missed": missed,
        "met": _share(len(pairs) - missed, len(pairs)),
        "found": len(judged),
        "false": judged.count(False),
        "right": _share(judged.count(True), len(judged)),
    }


def _looked_up(by_fold: Mapping[str, Set[str]], stem_of: Callable[[str], str]) -> Callable[[str], Set[str]]:
    """Search the stems of all the forms of the list that a fold may stand for."""
    return lambda folded: {stem_of(form) for form in by_fold[folded]}


def _groups(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    grouped: dict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        grouped[key].add(value)
    return dict(grouped)


def _share(part: int, whole: int) -> float:
    """Give a share rounded to six digits; of nothing, all is as it should be."""
    return round(part / whole, 6) if whole else 1.0


if __name__ == "__main__":
    main(sys.argv[1:])
