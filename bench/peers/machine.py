"""On what machine, with which versions, and how long does a whole process take there?"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_BENCH = Path(__file__).parents[1]
_TOLD = 5  # last lines of a process that failed


class ProcessFailed(Exception):
    """A process of an engine ended badly; the message is the end of what it said."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that ended well: how long it took, how much processor time, and what it printed."""

    seconds: float
    cpu_seconds: float
    printed: str


def run_process(command: Sequence[str]) -> Finished:
    """Run a Python module or program to its end, with bytecode as an installation leaves it.

    Raises: ProcessFailed.
    """
    paths = os.pathsep.join([str(_BENCH), str(_BENCH.parent)])
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+") as errors:
        started, used = time.perf_counter(), _used_by_children()
        process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": ""},
        )
        try:
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds = time.perf_counter() - started
        if status:
            errors.seek(0)
            said = errors.read().strip().splitlines()[-_TOLD:]
            raise ProcessFailed(f"exit status {status}: " + " | ".join(said))
        out.seek(0)
        return Finished(seconds, _used_by_children() - used, out.read())


def _used_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def describe_machine() -> dict[str, Any]:
    """Name the processor, its cores and the memory."""
    cpu = re.search(r"^model name\s*:\s*(.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    ram = re.search(r"^MemTotal:\s+(\d+) kB$", _read("/proc/meminfo"), re.MULTILINE)
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": cpu[1] if cpu else platform.processor(),
        "cores": os.cpu_count(),
        "ram_bytes": int(ram[1]) * 1024 if ram else None,
        "python": platform.python_version(),
    }


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def describe_commit() -> str:
    """Name the commit, and say so where the files differ from it."""
    try:
        commit = _git("rev-parse", "--short=12", "HEAD")
        return f"{commit} with changes" if _git("status", "--porcelain") else commit
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(_BENCH), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def versions(distributions: Iterable[str]) -> Mapping[str, str]:
    """Give the versions of what is installed."""
    found = {}
    for name in sorted(set(distributions)):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def describe_file(path: Path) -> dict[str, Any]:
    """Give the name, the size and the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return {"name": path.name, "size_bytes": path.stat().st_size, "sha256": digest.hexdigest()}


def size_of(folder: Path) -> int:
    """Give the bytes of all files below a folder, each counted once however many links it has."""
    found = {(status.st_dev, status.st_ino): status.st_size for status in _files(folder)}
    return sum(found.values())


def _files(folder: Path) -> Iterable[os.stat_result]:
    return (path.stat() for path in folder.rglob("*") if path.is_file())
