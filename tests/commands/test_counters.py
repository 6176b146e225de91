"""Where the workers of a server keep their counters, and what becomes of them without room."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from web import server


def test_a_worker_takes_the_room_of_its_counters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(server.METRICS_VARIABLE, str(tmp_path))
    server._reserve_counters()
    names = {f"counter_{os.getpid()}.db", f"histogram_{os.getpid()}.db"}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert all(path.stat().st_blocks * 512 >= 1 << 20 for path in tmp_path.iterdir())


def test_without_room_a_worker_counts_by_itself_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setenv(server.METRICS_VARIABLE, str(tmp_path))
    monkeypatch.setattr(os, "posix_fallocate", full)
    server._reserve_counters()
    assert server.METRICS_VARIABLE not in os.environ
    assert list(tmp_path.iterdir()) == []
    assert str(tmp_path) in capsys.readouterr().err


def test_the_files_reserved_are_those_that_are_counted_in(run_python, tmp_path: Path) -> None:
    """The names and the size are prometheus_client's own affair: it must find them, and make no others."""
    done = run_python(
        "import os; from web import server; server._reserve_counters(); "
        "from web.metrics import new_metrics; metrics = new_metrics(); "
        "metrics.requests.labels('GET', '/', '200').inc(); metrics.seconds.labels('/').observe(1); "
        f"files = sorted(os.scandir('{tmp_path}'), key=lambda file: file.name); "
        "print(*(file.name for file in files), {file.stat().st_size for file in files})",
        PROMETHEUS_MULTIPROC_DIR=str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    counter, histogram, sizes = done.stdout.split(maxsplit=2)
    assert counter.startswith("counter_")
    assert histogram.startswith("histogram_")
    assert sizes.strip() == str({1 << 20})
