"""A small index of known articles, and two ways to run a command line: a real process, or Click's runner."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner, Result

DEPECHE = (sys.executable, "-c", "from web.commands import main; main()")

ARTICLES = {
    "greve.txt": (
        "La grève des cheminots se poursuit\n\n"
        "Les cheminots ont voté la poursuite de la grève, mardi, dans toutes les gares.\n\n"
        "Le trafic restera perturbé jusqu’à vendredi, a annoncé la compagnie.\n"
    ),
    "reelu.txt": (
        "Le maire est réélu\n\n"
        "Le maire sortant a été réélu dimanche avec 54,3 % des voix.\n\n"
        "Son adversaire a reconnu sa défaite dans la soirée, devant ses partisans.\n"
    ),
    "dossier/deux mots.txt": (
        "Un marché de Noël sous la pluie\n\n"
        "Le marché de Noël a ouvert samedi malgré la pluie et le vent.\n\n"
        "Les commerçants espèrent une éclaircie avant les fêtes de fin d’année.\n"
    ),
}

RunProcess = Callable[..., "subprocess.CompletedProcess[str]"]
StartProcess = Callable[..., "subprocess.Popen[str]"]
Invoke = Callable[..., Result]


def environment(**variables: str) -> dict[str, str]:
    """Give a clean environment: no index of whoever runs the tests, and UTF-8."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DEPECHE_")}
    return {**kept, "PYTHONUTF8": "1", **variables}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three articles."""
    root = tmp_path_factory.mktemp("articles")
    for name, text in ARTICLES.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def built(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of `folder`. Shared: tests that change an index build their own."""
    from index.building import rebuild

    path = tmp_path_factory.mktemp("index") / "index"
    rebuild(path, [folder])
    return path


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """An index of `folder` that the test may change."""
    from index.building import rebuild

    rebuild(tmp_path / "own", [folder])
    return tmp_path / "own"


@pytest.fixture
def run_process(tmp_path: Path) -> RunProcess:
    """Run `depeche` as a process, in an empty folder; stdin is closed unless `stdin` gives it a text."""

    def run(
        *arguments: str | Path, stdin: str | None = None, stdout: IO[str] | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*DEPECHE, *map(str, arguments)],
            input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            stdout=stdout or subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=120,
            check=False,
            cwd=tmp_path,
            env=environment(**variables),
        )

    return run


@pytest.fixture
def run_python(tmp_path: Path) -> RunProcess:
    """Run a Python program as a process, in an empty folder."""

    def run(program: str, encoding: str = "utf-8", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding=encoding,
            timeout=120,
            check=False,
            cwd=tmp_path,
            env=environment(**variables),
        )

    return run


@pytest.fixture
def start_process(tmp_path: Path) -> Iterator[StartProcess]:
    """Start `depeche` as a process group of its own; what still runs when the test ends is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str | Path, **settings: Any) -> subprocess.Popen[str]:
        streams = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **settings,
        }
        process = subprocess.Popen(
            [*DEPECHE, *map(str, arguments)],
            encoding="utf-8",
            cwd=tmp_path,
            env=environment(TMPDIR=str(tmp_path)),
            start_new_session=True,
            **streams,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def invoke() -> Invoke:
    """Run `depeche` in this process; an exception that reaches Click's runner is a failure of the test."""
    from web.commands import main

    def run(*arguments: str | Path, stdin: str | None = None, **variables: str) -> Result:
        unset = dict.fromkeys(("DEPECHE_INDEX", "DEPECHE_DEBUG"))
        result = CliRunner(env={**unset, **variables}).invoke(main, list(map(str, arguments)), input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    return run


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of articles that takes seconds to index."""
    path = tmp_path / "many"
    path.mkdir()
    words = " ".join(f"mot{number}" for number in range(300))
    with (path / "articles.jsonl").open("w", encoding="utf-8") as file:
        for number in range(3000):
            article = {"id": str(number), "title": f"Article {number}", "text": f"Dépêche {number}. {words}."}
            file.write(json.dumps(article) + "\n")
    return path
