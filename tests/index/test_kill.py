"""Does a rebuild that is killed at any moment leave the index as it was, and searches none the wiser?

Two folders take turns. While `depeche rebuild` runs on one of them and is killed, threads go on
searching through one engine, and a fresh engine is opened after each kill. Every answer must be that
of one folder or of the other, whole. DEPECHE_KILL_ROUNDS=25 makes it the long test.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from index import store
from index.building import rebuild
from search import Engine, SearchRequest, open_index

ROUNDS = int(os.environ.get("DEPECHE_KILL_ROUNDS", "6"))
SIZES = {"ancien": 150, "nouveau": 230}
SEARCHERS = 2


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """Two folders whose articles all say "dépêche" and the folder's name, and otherwise differ."""
    filler = " ".join(f"mot{number}" for number in range(120))
    found = {}
    for name, size in SIZES.items():
        found[name] = tmp_path / name
        found[name].mkdir()
        with (found[name] / "articles.jsonl").open("w", encoding="utf-8") as file:
            for number in range(size):
                text = f"Une dépêche du dossier {name}. {filler}."
                file.write(
                    json.dumps({"id": f"{name}-{number}", "title": f"Numéro {number}", "text": text}) + "\n"
                )
    return found


def wrong_with(engine: Engine, limit: int) -> str:
    """Search once; say what is wrong with the answer, nothing if it is whole."""
    results = engine.search(SearchRequest("depeche", limit=limit))
    names = {hit.article_id.partition("-")[0] for hit in results.hits}
    if len(names) != 1:
        return f"generation {results.generation} mixes {names or 'nothing'}"
    expected = SIZES[names.pop()]
    given = len({hit.article_id for hit in results.hits})
    if (results.total, given) != (expected, min(expected, limit)):
        return f"generation {results.generation}: {results.total} found, {given} given, {expected} expected"
    if not all(hit.snippets and hit.snippets[0].highlights for hit in results.hits):
        return f"generation {results.generation}: a hit without its snippet"
    return ""


def keep_searching(engine: Engine, stop: threading.Event, wrong: list[str], counts: list[int]) -> None:
    done = 0
    try:
        while not stop.is_set() and not wrong:
            if problem := wrong_with(engine, limit=10):
                wrong.append(problem)
            done += 1
    except Exception as error:  # a thread's exception would otherwise go unseen
        wrong.append(repr(error))
    counts.append(done)


def start_rebuild(index: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Start a rebuild of several batches, so that worker processes write and merge them."""
    program = "from index import batches; batches.BATCH_BYTES = 20_000; from web.commands import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program, "--index", str(index), "rebuild", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def wait_until_it_builds(index: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if list((index / "generations").glob("building-*")):
            return
        time.sleep(0.001)


def outlived(process: subprocess.Popen[bytes]) -> bool:
    """Say whether somebody whom a dead process started still holds what it printed to."""
    try:
        process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        return True
    return False


def test_a_rebuild_killed_at_any_moment_is_not_noticed(
    tmp_path: Path, folders: dict[str, Path], seed: int
) -> None:
    chance = random.Random(seed)
    index = tmp_path / "index"
    rebuild(index, [folders["ancien"]])

    wrong: list[str] = []
    counts: list[int] = []
    stop = threading.Event()
    killed_while_building = 0
    with open_index(index) as engine:
        threads = [
            threading.Thread(target=keep_searching, args=(engine, stop, wrong, counts))
            for _ in range(SEARCHERS)
        ]
        for thread in threads:
            thread.start()
        try:
            whole_s = time_a_rebuild(index, folders["nouveau"])
            for turn in range(ROUNDS):
                process = start_rebuild(index, folders["ancien" if turn % 2 else "nouveau"])
                delay_s = chance.uniform(0.3, 1.05) * whole_s
                if turn % 2:  # and of every other one we know that it is building
                    wait_until_it_builds(index, process)
                    delay_s = chance.uniform(0, 0.1) * whole_s
                try:
                    process.wait(timeout=delay_s)
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                assert not outlived(process)
                killed_while_building += bool(list((index / "generations").glob("building-*")))
                assert wrong == []
                assert store.check(index) == ()
                with open_index(index) as fresh:
                    assert wrong_with(fresh, limit=1000) == ""
        finally:
            stop.set()
            for thread in threads:
                thread.join(60)
    assert wrong == []
    assert all(counts), "every thread searched"
    assert len(counts) == SEARCHERS
    assert killed_while_building, f"no kill of {ROUNDS} fell into the building: the test showed nothing"

    rebuild(index, [folders["nouveau"]])  # no lock is left, and what was half-built is swept away
    assert not list((index / "generations").glob("building-*"))
    with open_index(index) as engine:
        assert engine.stats().articles == SIZES["nouveau"]


def time_a_rebuild(index: Path, folder: Path) -> float:
    """Give how long a rebuild takes from start to end while searches go on, in seconds."""
    started = time.monotonic()
    process = start_rebuild(index, folder)
    process.communicate(timeout=120)
    assert process.returncode == 0
    return time.monotonic() - started
