"""Is the code still shaped as ARCHITECTURE.md says? Read from the source itself, nothing is imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("index", "search", "web")
MODULES = sorted(
    path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).rglob("*.py")
)

# package → what its modules may never import, with anything below it
FORBIDDEN_IMPORTS = {
    "index": ("search", "web", "flask", "werkzeug", "jinja2", "markupsafe", "click", "granian"),
    "search": ("web", "flask", "werkzeug", "jinja2", "markupsafe", "click", "granian"),
    "web": ("whoosh", "numpy", "Stemmer", "snowballstemmer", "unidecode", "trafilatura"),
}

NAMES_THAT_SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "common",
    "misc",
    "tools",
}

FOLDING = "index/french/folding.py"

# A second analysis is the defect that this looks for: words compared otherwise than the index compares them.
TEXT_FOLDING = {"lower", "casefold", "swapcase", "unidecode", "unidecode_expect_ascii", "normalize"}

# module → why it folds text that is not words of an article or of a query
FOLDING_ALLOWED = {
    "index/articles/furniture.py": "looks at the first letter of a line, for the patterns that open with it",
    "index/articles/pages/lines.py": "compares two writings of a title; nothing of either is kept",
    "search/writing.py": "writes an operator that was typed as a word so that it is read as one",
    "index/articles/zoning.py": (
        "compares a line with the title, and composes it (NFC) for the patterns; nothing of either is kept"
    ),
}

LONGEST_MODULE = 400


def tree_of(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), module)


def imports_of(module: str) -> Iterator[str]:
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: imports are absolute"
            assert node.module
            yield node.module


def folding_in(module: str) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
        in TEXT_FOLDING
    ]


def test_there_is_something_to_look_at() -> None:
    assert {module.partition("/")[0] for module in MODULES} == set(PACKAGES)


@pytest.mark.parametrize("module", MODULES)
def test_data_moves_one_way(module: str) -> None:
    forbidden = FORBIDDEN_IMPORTS[module.partition("/")[0]]
    found = [name for name in imports_of(module) if name.partition(".")[0] in forbidden]
    assert found == []


@pytest.mark.parametrize("module", [module for module in MODULES if module != FOLDING])
def test_there_is_one_analysis(module: str) -> None:
    lines = folding_in(module)
    if module in FOLDING_ALLOWED:
        assert lines, f"{module} folds nothing any more: take it off the list"
    else:
        assert lines == [], f"{module}: words are lowercased and folded in {FOLDING} only"


def test_the_analysis_is_where_text_is_folded() -> None:
    assert folding_in(FOLDING)


def test_exceptions_name_modules_that_exist() -> None:
    assert set(FOLDING_ALLOWED) <= set(MODULES)
    assert all(FOLDING_ALLOWED.values())


@pytest.mark.parametrize("module", MODULES)
def test_module_names_say_something(module: str) -> None:
    assert not {Path(part).stem for part in module.split("/")} & NAMES_THAT_SAY_NOTHING


@pytest.mark.parametrize("module", MODULES)
def test_module_says_what_it_is_for(module: str) -> None:
    source = (ROOT / module).read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(source))
    assert docstring, f"{module} has no docstring"
    if len(source.splitlines()) > LONGEST_MODULE:
        assert "It is long because" in docstring, (
            f"{module} is past {LONGEST_MODULE} lines and does not say why it is that long"
        )


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_left_for_later(module: str) -> None:
    source = (ROOT / module).read_text(encoding="utf-8")
    assert not [word for word in ("TO" + "DO", "FIX" + "ME", "X" * 3) if word in source]


def test_the_map_leads_to_every_module() -> None:
    """43 modules were on no row of it."""
    links = set(re.findall(r"\]\(([^)#]+)\)", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")))
    bench = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "bench").rglob("*.py"))
    modules = [module for module in (*MODULES, *bench) if not module.endswith("__init__.py")]
    assert len(modules) > 100
    assert [module for module in modules if module not in links] == []
