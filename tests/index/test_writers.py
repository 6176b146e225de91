"""Does one whole index stay in service when a writer dies, fails, or is not the only one?"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest

from index import batches, store, tiers
from index import manifest as manifests
from index.building import rebuild, update
from index.codec import merging
from index.codec.segment import Segment
from index.errors import DepecheError, IndexBusy, InvalidInput

WriteArticles = Callable[[Path, Mapping[str, str]], Path]
ReadTitles = Callable[[Path], dict[str, str]]

GREVE_ENDED = "La grève des cheminots est finie\n\nLes cheminots ont repris le travail mercredi matin.\n"
TITLE_BEFORE, TITLE_AFTER = "La grève des cheminots se poursuit", "La grève des cheminots est finie"


def names(index_path: Path) -> list[str]:
    return sorted(path.name for path in (index_path / "generations").iterdir())


def one_line(error: DepecheError) -> str:
    message = str(error)
    assert "\n" not in message
    return message


# A writer that dies


class Killed(BaseException):
    """The end of a process, as far as one process can play it."""


STEPS = {
    os: ("rename", "replace", "link", "fsync"),
    shutil: ("rmtree",),
    Path: ("mkdir", "write_text"),
    store: ("link_files", "seal_files"),
    manifests: ("write_manifest",),
}

EVERYTHING = ["CURRENT", "files.json", "generations", "writer.lock"]


class Mortal:
    """Calls that touch the disk, of which the n-th is the last; `done` says whether it still took place.

    After it nothing is cleaned up any more, as after `kill -9`.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, last: int, done: bool) -> None:
        self.calls = 0
        for owner, functions in STEPS.items():
            for function in functions:
                real = getattr(owner, function)
                monkeypatch.setattr(owner, function, self._mortal(real, function, last, done))

    def _mortal(self, real: Callable[..., object], name: str, last: int, done: bool) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            self.calls += 1
            if self.calls > last and name == "rmtree":
                return None
            if self.calls < last or (self.calls == last and done):
                result = real(*arguments, **named)
                if self.calls < last:
                    return result
            raise Killed

        return call


def rebuild_it(index_path: Path, folder: Path) -> None:
    rebuild(index_path, [folder])


def update_it(index_path: Path, folder: Path) -> None:
    update(index_path)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files of the dead stay open
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("action", "fewest_steps"), [(rebuild_it, 12), (update_it, 14)])
def test_a_writer_that_dies_at_any_step_leaves_one_whole_index(
    tmp_path: Path,
    folder: Path,
    write_articles: WriteArticles,
    read_titles: ReadTitles,
    action: Callable[[Path, Path], None],
    fewest_steps: int,
    done: bool,
) -> None:
    pristine = tmp_path / "pristine"
    rebuild(pristine, [folder])
    rebuild(pristine, [folder])
    write_articles(folder, {"greve": GREVE_ENDED})
    outcomes = []
    for last in range(1, 200):
        index_path = tmp_path / f"killed-{last}"
        shutil.copytree(pristine, index_path)
        with pytest.MonkeyPatch.context() as monkeypatch:
            mortal = Mortal(monkeypatch, last, done)
            with suppress(Killed):
                action(index_path, folder)
        if mortal.calls < last:
            break
        assert store.check(index_path) == (), f"killed at step {last}"
        titles = read_titles(index_path)
        assert len(titles) == 3
        outcomes.append(titles["greve"])

        following = rebuild(index_path, [folder])
        assert store.check(index_path) == ()
        left = names(index_path)
        assert left[-1] == following.generation
        assert all(name.isdigit() for name in left), f"left behind after step {last}: {left}"
        assert len(left) <= store.KEPT_GENERATIONS
        assert sorted(path.name for path in index_path.iterdir()) == EVERYTHING
        assert read_titles(index_path)["greve"] == TITLE_AFTER
        earlier = store.rollback(index_path)
        assert read_titles(index_path)["greve"] == outcomes[-1], f"{earlier} was never in service"
        shutil.rmtree(index_path)
    else:
        pytest.fail("the writer never got to its end")
    assert len(outcomes) >= fewest_steps
    switch = outcomes.index(TITLE_AFTER)
    assert outcomes == [TITLE_BEFORE] * switch + [TITLE_AFTER] * (len(outcomes) - switch)
    assert switch >= 10


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_a_rollback_that_dies_at_any_step_leaves_one_whole_index(
    tmp_path: Path, folder: Path, index_path: Path, done: bool
) -> None:
    rebuild(index_path, [folder])
    outcomes = []
    for last in range(1, 50):
        copy = tmp_path / f"killed-{last}"
        shutil.copytree(index_path, copy)
        with pytest.MonkeyPatch.context() as monkeypatch:
            mortal = Mortal(monkeypatch, last, done)
            with suppress(Killed):
                store.rollback(copy)
        if mortal.calls < last:
            break
        assert store.check(copy) == ()
        outcomes.append(store.current_name(copy))
    assert outcomes[0] == "000002"
    assert sorted(set(outcomes)) == ["000001", "000002"]


def test_what_a_dead_writer_left_is_removed_by_the_next(index_path: Path, folder: Path) -> None:
    left = index_path / "generations" / "building-000002"
    left.mkdir()
    (left / "MAIN_x.depeche").write_bytes(b"half")
    (index_path / "CURRENT.new").write_text("0000")
    rebuild(index_path, [folder])
    assert names(index_path) == ["000001", "000002"]
    assert not (index_path / "CURRENT.new").exists()


def test_only_the_writer_may_remove_what_is_being_built(index_path: Path) -> None:
    with store.writing(index_path), store.building(index_path) as building:
        with pytest.raises(IndexBusy):
            rebuild(index_path, [index_path.parent / "articles"])
        assert building.is_dir()
    assert names(index_path) == ["000001"]


def test_everything_is_on_the_disk_before_the_pointer_names_it(
    index_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    real_flush, real_replace = os.fsync, os.replace

    def flush(descriptor: int) -> None:
        flushed.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        real_flush(descriptor)

    def replace(source: Path, target: Path) -> None:
        flushed.append(f"→ {Path(target).name}")
        real_replace(source, target)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("which file a descriptor stands for can be read in /proc only")
    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(os, "replace", replace)
    rebuild(index_path, [folder])
    files = store.open_generation(index_path).manifest.files
    switch = flushed.index("→ CURRENT")
    assert {*files, "manifest.json", "building-000002", "generations", "CURRENT.new", "→ files.json"} == set(
        flushed[:switch]
    )
    assert flushed[switch - 1] == "CURRENT.new"
    assert flushed[switch + 1 :] == [index_path.name]


# Workers

MANY_BATCHES = 2_000  # bytes of articles a batch: some ten batches for the articles below
WORKERS = """
import os, signal, sys
from pathlib import Path
from index import batches
from index.building import rebuild

parent = os.getpid()

def wait_for_ever(*_):
    assert os.getpid() != parent
    os.write(1, b"working\\n")  # at once: several workers say it
    while True:
        signal.pause()

batches.BATCH_BYTES = int(sys.argv[3])
batches.stored_article = wait_for_ever
try:
    rebuild(Path(sys.argv[1]), [Path(sys.argv[2])])
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of articles that make several batches."""
    folder = tmp_path / "beaucoup"
    folder.mkdir()
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
        for number in range(60):
            text = " ".join(f"mot{number * place}" for place in range(40))
            file.write(
                json.dumps({"id": f"a{number}", "title": f"Numéro {number}", "text": f"{text}."}) + "\n"
            )
    return folder


@pytest.fixture
def hung_build(index_path: Path, many: Path) -> Iterator[subprocess.Popen[str]]:
    """A build, in a process group of its own, whose workers have begun and never end."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKERS, str(index_path), str(many), str(MANY_BATCHES)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    try:
        assert process.stdout.readline() == "working\n"
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def test_no_worker_outlives_a_parent_that_is_killed(
    index_path: Path, folder: Path, hung_build: subprocess.Popen[str]
) -> None:
    hung_build.send_signal(signal.SIGKILL)
    hung_build.communicate(timeout=20)  # to its end, which comes when nobody holds the other end any more
    assert hung_build.returncode == -signal.SIGKILL
    assert store.check(index_path) == ()
    assert rebuild(index_path, [folder]).generation == "000002"  # nor does any of them hold the lock
    assert names(index_path) == ["000001", "000002"]


def test_an_interruption_ends_the_workers_without_a_word(
    index_path: Path, folder: Path, hung_build: subprocess.Popen[str]
) -> None:
    os.killpg(hung_build.pid, signal.SIGINT)  # what Ctrl-C does
    printed, complaints = hung_build.communicate(timeout=20)
    assert complaints == ""
    assert hung_build.returncode == 0
    assert set(printed.split()) <= {"working", "interrupted"}
    assert printed.endswith("interrupted\n")
    assert names(index_path) == ["000001"]
    assert store.check(index_path) == ()


@pytest.mark.parametrize("build", [rebuild, update])
@pytest.mark.parametrize(
    ("owner", "function"), [(batches, "stored_article"), (merging, "write_field")], ids=["writing", "merging"]
)
def test_a_killed_worker_is_one_clear_error_and_leaves_the_index_as_it_was(
    index_path: Path,
    many: Path,
    read_titles: ReadTitles,
    monkeypatch: pytest.MonkeyPatch,
    owner: ModuleType,
    function: str,
    build: Callable[[Path, list[Path]], object],
) -> None:
    monkeypatch.setattr(batches, "BATCH_BYTES", MANY_BATCHES)
    monkeypatch.setattr(tiers, "FANOUT", 2)
    before = read_titles(index_path)
    parent = os.getpid()

    def die(*_: object) -> None:
        assert os.getpid() != parent
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as deadly:
        deadly.setattr(owner, function, die)
        with pytest.raises(DepecheError, match="un processus d’indexation a été arrêté") as raised:
            build(index_path, [many])
    assert "l’index précédent reste en service" in one_line(raised.value)
    assert multiprocessing.active_children() == []
    assert names(index_path) == ["000001"]
    assert read_titles(index_path) == before
    assert store.check(index_path) == ()
    build(index_path, [many])
    assert set(read_titles(index_path)) >= {f"a{number}" for number in range(60)}


@pytest.mark.parametrize("error", [MemoryError, ValueError])
def test_what_a_worker_raises_is_raised(
    index_path: Path, many: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise error("dans un processus")

    monkeypatch.setattr(batches, "BATCH_BYTES", MANY_BATCHES)
    monkeypatch.setattr(batches, "stored_article", fail)
    with pytest.raises(error, match="dans un processus"):
        rebuild(index_path, [many])
    assert multiprocessing.active_children() == []
    assert names(index_path) == ["000001"]


def test_a_small_build_starts_no_process(
    index_path: Path, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(batches, "ProcessPoolExecutor", refuse)
    assert rebuild(index_path, [many]).articles == 60
    monkeypatch.setattr(batches, "BATCH_BYTES", MANY_BATCHES)
    with pytest.raises(AssertionError, match="was started"):
        rebuild(index_path, [many])


def test_several_batches_make_what_one_makes(
    tmp_path: Path, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(tmp_path / "un", [many])
    monkeypatch.setattr(batches, "BATCH_BYTES", MANY_BATCHES)
    rebuild(tmp_path / "plusieurs", [many])
    segments = []
    for place in ("un", "plusieurs"):
        (path,) = store.open_generation(tmp_path / place).path.glob("*.depeche")
        segments.append(Segment(path))
    one, several = segments
    assert {*one.sections} == {*several.sections}
    of_articles = {"articles", "articles/ends", "dictionary"}  # learned from the first batch, which differs
    for name in {*one.sections} - of_articles:
        assert one.sections[name].tobytes() == several.sections[name].tobytes(), name
    assert one.sections.meta == several.sections.meta
    assert [one.articles[n] for n in range(60)] == [several.articles[n] for n in range(60)]


# A second writer

HOLD = """
import sys
from pathlib import Path
from index import store
with store.writing(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_writer(index_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is writing to the index."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(index_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdin
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stdin.close()


def test_a_second_writer_is_told_at_once(
    index_path: Path, folder: Path, other_writer: subprocess.Popen[str]
) -> None:
    writers: tuple[Callable[[], object], ...] = (
        lambda: rebuild(index_path, [folder]),
        lambda: update(index_path),
        lambda: store.rollback(index_path),
    )
    for write in writers:
        with pytest.raises(IndexBusy, match="une autre construction est en cours") as raised:
            write()
        assert other_writer.poll() is None  # nobody waited for it
        assert str(index_path) in one_line(raised.value)
    assert store.check(index_path) == ()  # readers are not in its way
    assert names(index_path) == ["000001"]


def test_a_killed_writer_holds_nothing_back(
    index_path: Path, folder: Path, other_writer: subprocess.Popen[str]
) -> None:
    other_writer.kill()
    other_writer.wait()
    assert rebuild(index_path, [folder]).generation == "000002"


def test_a_second_writer_in_another_thread_is_told_too(index_path: Path, folder: Path) -> None:
    caught: list[BaseException] = []

    def write() -> None:
        try:
            rebuild(index_path, [folder])
        except IndexBusy as error:
            caught.append(error)

    with store.writing(index_path):
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(timeout=30)
    assert [type(error) for error in caught] == [IndexBusy]
    assert rebuild(index_path, [folder]).generation == "000002"


def test_the_lock_is_let_go_when_a_writer_fails(index_path: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    with pytest.raises(InvalidInput):
        rebuild(index_path, [tmp_path / "vide"])
    assert rebuild(index_path, [folder]).generation == "000002"
