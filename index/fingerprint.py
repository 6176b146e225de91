"""Has the analysis changed since an index was written?

The manifest of each generation records a fingerprint of the analysis: an index that was analysed differently
would silently give wrong answers.
"""

from __future__ import annotations

import hashlib
import mmap
import unicodedata
from pathlib import Path
from types import ModuleType

import snowballstemmer
import Stemmer
import unidecode

from index.french.known_words import FRENCH_FOLDS, NAMES
from index.french.stems import AMBIGUOUS_FOLDS, FRENCH_STEMS, STEM_EXCEPTIONS
from index.releases import release
from index.word_lists import TABLES

_PACKAGE = Path(__file__).parent
# What analyses words, and what cuts texts into the pieces that are analysed when they are indexed.
_MODULES = ("analysis.py", "pieces.py", "inversion.py", "word_lists.py", "word_table.py")
_LIBRARIES: dict[str, ModuleType] = {
    "PyStemmer": Stemmer,
    "snowballstemmer": snowballstemmer,
    "Unidecode": unidecode,
}
_ANALYSIS_TABLES = (  # those that decide what is indexed; others only change what a query finds in it
    AMBIGUOUS_FOLDS.name,
    FRENCH_FOLDS.name,
    FRENCH_STEMS.name,
    STEM_EXCEPTIONS.name,
    NAMES.name,
    "clitics.txt",
    "elisions.txt",
    "inclusive-endings.tsv",
    "prefixes.txt",
    "stop-words.txt",
    "whole-words.txt",
)


def analysis_fingerprint() -> str:
    """Name this analysis by a hash of its Python code and its data, 16 hexadecimal digits.

    Hashed are the bytes, comments included, of `_MODULES`, of the modules of index.french and of
    `_ANALYSIS_TABLES`, the releases of `_LIBRARIES` and the version of Python's Unicode data. The C files are
    not: they have to give what their stand-ins in these modules give.
    """
    digest = hashlib.sha256()
    for path in (*(_PACKAGE / name for name in _MODULES), *sorted((_PACKAGE / "french").glob("*.py"))):
        digest.update(path.read_bytes())
    for table in sorted(_ANALYSIS_TABLES):
        # Mapped, not read: to copy four megabytes takes as long as to hash them.
        with (
            (TABLES / table).open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held,
        ):
            digest.update(held)
    for library, module in _LIBRARIES.items():
        digest.update(f"{library} {release(library, module)}".encode())
    digest.update(unicodedata.unidata_version.encode())
    return digest.hexdigest()[:16]
