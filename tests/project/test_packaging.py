"""Can a stranger install this and run it? What setup.cfg, pyproject.toml and the Makefile promise."""

from __future__ import annotations

import ast
import configparser
import os
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("index", "search", "web")


@pytest.fixture(scope="module")
def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def required(lines: str) -> dict[str, str]:
    """Read requirements as name in lower case → range."""
    found = {}
    for line in lines.splitlines():
        if line and not line.startswith("#"):
            name, bounds = re.fullmatch(r"([\w.-]+)\s*(.*)", line).groups()  # type: ignore[union-attr]
            found[name.lower().replace("_", "-")] = bounds
    return found


def test_pyproject_holds_the_build_system_only() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.findall(r"^\[(.+)\]", text, re.MULTILINE) == ["build-system"]


def test_every_requirement_has_a_lower_bound(setup: configparser.ConfigParser) -> None:
    groups = {"install": setup["options"]["install_requires"], **setup["options.extras_require"]}
    for group, lines in groups.items():
        for name, bounds in required(lines).items():
            assert re.match(r"(==|>=) *\d", bounds), f"{group}: {name}"


def imports_in(tree: ast.AST) -> set[str]:
    """Give the top-level names of the libraries that a piece of code imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    top = {name.partition(".")[0] for name in names}
    return top - set(PACKAGES) - sys.stdlib_module_names - {"_typeshed"}  # _typeshed exists for type checkers


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_imported_is_required(setup: configparser.ConfigParser, package: str) -> None:
    always = set(required(setup["options"]["install_requires"]))
    # Flask is asked for, and stands for the parts of it that are imported under their own names.
    always |= {"werkzeug", "jinja2", "markupsafe"}
    extras = {name for lines in setup["options.extras_require"].values() for name in required(lines)}
    distributions = packages_distributions()
    for path in (ROOT / package).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        late = set().union(*map(imports_in, functions))
        for top in imports_in(tree):
            owners = {owner.lower().replace("_", "-") for owner in distributions.get(top, ())}
            # What only a function imports may be left to an extra.
            allowed = always | extras if top in late else always
            assert owners & allowed, f"{path.relative_to(ROOT)} imports {top}"


def test_data_files_are_packaged(setup: configparser.ConfigParser) -> None:
    packaged = setup["options.package_data"]
    for package in PACKAGES:
        patterns = [pattern.strip() for pattern in packaged[package].split(",")]
        for path in (ROOT / package).rglob("*"):
            inside = path.relative_to(ROOT / package)
            if path.is_file() and path.suffix not in (".py", ".pyc", ".c", ".h", ".so"):  # see setup.py
                assert any(inside.match(pattern) for pattern in patterns), (
                    f"{path.relative_to(ROOT)} stays behind"
                )


def test_headers_are_in_a_source_distribution() -> None:
    """Of an extension setuptools takes along the .c files alone."""
    patterns = [line.split()[1:] for line in (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()]
    headers = [path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.h")]
    assert headers
    for header in headers:
        assert any(header.parts[0] == folder and header.match(name) for folder, name in patterns), header


def test_integration_runs_what_developers_run() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert text.index("export CI=1") < text.index("make lint") < text.index("make test")


@pytest.mark.parametrize("target", ["serve", "test", "lint", "bench", "clean"])
def test_make_has_the_target(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_make_serve_knows_an_index_by_its_pointer(tmp_path: Path) -> None:
    # The Makefile looks for the file that index.store writes: the two have to agree on its name.
    from index.building import rebuild

    rebuild(tmp_path / "index", [ROOT / "seeds"])
    name = re.search(r'test -e "\$\(INDEX\)/(\w+)"', (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert name is not None
    assert (tmp_path / "index" / name[1]).is_file()
