"""Is the release of a library the one that the standard library would give?"""

from __future__ import annotations

import importlib.metadata
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from index import fingerprint
from index.releases import release


@pytest.mark.parametrize(("package", "module"), fingerprint._LIBRARIES.items())
def test_what_is_installed(package: str, module: ModuleType) -> None:
    assert release(package, module) == importlib.metadata.version(package)


def library(folder: Path, *metadata: str) -> ModuleType:
    for name in metadata:
        (folder / name).mkdir()
    (folder / "lib.py").touch()
    spec = spec_from_file_location("lib", folder / "lib.py")
    assert spec
    return module_from_spec(spec)


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("Lib_Name-1.4.0.dist-info", "1.4.0"),
        ("lib_name-1.4.0.dist-info", "1.4.0"),
        ("Lib_Name-2.0rc1+local.2.dist-info", "2.0rc1+local.2"),
        ("Lib_Name-1.3.6.egg-info", "1.3.6"),
        ("Lib_Name-1.3.6-py3.11.egg-info", "1.3.6"),
    ],
)
def test_the_folder_of_metadata_says_it(tmp_path: Path, folder: str, found: str) -> None:
    module = library(tmp_path, folder, "Lib_Name_more-9.dist-info", "other-9.dist-info", "Lib_Name-9")
    assert release("Lib_Name", module) == found


@pytest.mark.parametrize("folders", [(), ("Lib_Name-1.0.dist-info", "Lib_Name-2.0.dist-info")])
def test_where_no_folder_says_it_the_standard_library_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folders: tuple[str, ...]
) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda package: f"{package} asked")
    assert release("Lib_Name", library(tmp_path, *folders)) == "Lib_Name asked"
