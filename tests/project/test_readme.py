"""Does the README tell the truth? Its links, commands, JSON and Python are tried on an index of seeds/."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from index.building import rebuild
from web import create_app
from web.config import Config

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted(
    path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index `.depeche` of the seeds, where the README's reader would stand."""
    folder = tmp_path_factory.mktemp("lecteur")
    shutil.copytree(ROOT / "seeds", folder / "articles")
    rebuild(folder / ".depeche", [folder / "articles"])
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in target]
    missing = [target for target in targets if not ((ROOT / page).parent / target).exists()]
    assert not missing


@pytest.mark.parametrize(
    "line", [line for block in blocks("sh") for line in block.splitlines() if line.startswith("depeche ")]
)
def test_commands_work(line: str, place: Path) -> None:
    command = line.partition("#")[0].replace("~/articles", str(place / "articles")).strip()
    words = re.findall(r'"[^"]*"|\S+', command.removeprefix("depeche "))
    if words[0] == "serve":
        words.append("--help")  # tests/commands/test_serving.py serves for real
    done = subprocess.run(
        [Path(sys.executable).with_name("depeche"), *(word.strip('"') for word in words)],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_make_knows_the_two_commands() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"^make (\w+)", "\n".join(blocks("sh")), re.MULTILINE)
    assert named == ["serve", "test"]
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in named)


def test_the_json_is_what_the_api_answers(place: Path) -> None:
    (example,) = blocks("json")
    address = urlsplit(re.findall(r"curl '([^']+)'", README)[0])
    client = create_app(Config(place / ".depeche")).test_client()
    answer = client.get(address.path, query_string=dict(parse_qsl(address.query))).get_json()
    assert_within(json.loads(example), answer, "$")


def assert_within(part: object, whole: object, where: str) -> None:
    """Say that everything of `part` is so in `whole`; a text may end with "…" where it was shortened."""
    if isinstance(part, Mapping):
        assert isinstance(whole, Mapping), where
        for key, value in part.items():
            assert key in whole, f"{where}.{key}"
            assert_within(value, whole[key], f"{where}.{key}")
    elif isinstance(part, list):
        assert isinstance(whole, list), where
        assert len(whole) >= len(part), where
        for number, value in enumerate(part):
            assert_within(value, whole[number], f"{where}[{number}]")
    elif isinstance(part, str) and part.endswith("…"):
        assert str(whole).startswith(part.rstrip("… ")), where
    else:
        assert part == whole, where


def test_the_python_runs(place: Path) -> None:
    (code,) = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    total, _, title = done.stdout.strip().partition(" ")
    assert total == "2"
    assert title.startswith("Antony Blinken en visite")


CLAIMS = [  # what the second paragraph promises: query, a word that a snippet marks
    ("reelu", "réélu"),
    ("7500", "7\u202f500"),
    ("tokayev", "Tokaïev"),
    ('"secretaire d\'etat"', "secrétaire d’État"),
]


@pytest.mark.parametrize(("query", "marked"), CLAIMS)
def test_the_promises_hold(query: str, marked: str, place: Path) -> None:
    assert f"`{query}`" in README
    client = create_app(Config(place / ".depeche")).test_client()
    answer = client.get("/api/v1/search", query_string={"q": query}).get_json()
    seen = {
        snippet["text"][start:end].replace("'", "’").replace("Etat", "État").replace(" ", "\u202f")
        for hit in answer["hits"]
        for snippet in hit["snippets"]
        for start, end in snippet["highlights"]
    }
    assert marked.replace(" ", "\u202f") in {words.replace("\u00a0", "\u202f") for words in seen}
