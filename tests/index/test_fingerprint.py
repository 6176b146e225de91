"""Does any change to the analysis give it another name?"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from index import fingerprint
from index.fingerprint import analysis_fingerprint
from index.releases import release

PACKAGE = Path(fingerprint.__file__).parent
FRENCH = sorted(path.relative_to(PACKAGE).as_posix() for path in (PACKAGE / "french").glob("*.py"))


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package, which the fingerprint is taken of."""
    before = analysis_fingerprint()
    shutil.copytree(PACKAGE, tmp_path / "index", ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    monkeypatch.setattr(fingerprint, "_PACKAGE", tmp_path / "index")
    monkeypatch.setattr(fingerprint, "TABLES", tmp_path / "index" / "tables")
    assert analysis_fingerprint() == before
    return tmp_path / "index"


@pytest.mark.parametrize("module", [*fingerprint._MODULES, *FRENCH])
def test_a_change_of_any_module_changes_the_fingerprint(copy: Path, module: str) -> None:
    before = analysis_fingerprint()
    with (copy / module).open("a", encoding="utf-8") as file:
        file.write("\n# one line more\n")
    assert analysis_fingerprint() != before


def test_a_module_more_changes_the_fingerprint(copy: Path) -> None:
    before = analysis_fingerprint()
    (copy / "french" / "accents.py").write_text("MARKS = 1\n", encoding="utf-8")
    assert analysis_fingerprint() != before


def test_a_change_of_any_table_changes_the_fingerprint(copy: Path) -> None:
    seen = {analysis_fingerprint()}
    for table in fingerprint._ANALYSIS_TABLES:
        with (copy / "tables" / table).open("a", encoding="utf-8") as file:
            file.write("\n# une ligne de plus")
        seen.add(analysis_fingerprint())
    assert len(seen) == len(fingerprint._ANALYSIS_TABLES) + 1 >= 6


def test_every_table_that_the_analysis_reads_is_in_the_fingerprint() -> None:
    sources = "".join((PACKAGE / module).read_text(encoding="utf-8") for module in FRENCH)
    named = set(re.findall(r'"([a-z-]+\.(?:txt|tsv))"', sources))
    assert len(named) >= 5
    # No index holds anything of the last: it says how a query is read.
    assert named == {*fingerprint._ANALYSIS_TABLES, "irregular-forms.tsv"}


@pytest.mark.parametrize("library", ["PyStemmer", "snowballstemmer", "Unidecode"])
def test_another_release_of_a_library_changes_the_fingerprint(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    before = analysis_fingerprint()
    monkeypatch.setattr(
        fingerprint, "release", lambda name, module: "0.0.0" if name == library else release(name, module)
    )
    assert analysis_fingerprint() != before
