"""How many requests a second does an address answer? `wrk` loads it, and says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple


class Load(NamedTuple):
    """What came of one load. `latency` is by percentile, `errors` what wrk says of them, or ""."""

    command: tuple[str, ...]
    requests_per_s: float
    latency: dict[str, str]
    errors: str
    raw: tuple[str, ...]


def run_wrk(url: str, seconds: int, connections: int, script: Path | None = None) -> Load:
    """Load an address, or those that a Lua script asks for there."""
    options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    scripted = ["-s", str(script)] if script else []
    command = ("wrk", *options, *scripted, url)
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+(\S+)", said)
    errors = re.search(r"(Socket errors:.*|Non-2xx.*)", said)
    assert rate is not None
    percentiles = dict(re.findall(r"^\s+(50|90|99)%\s+(\S+)$", said, re.MULTILINE))
    return Load(command, float(rate[1]), percentiles, errors[1] if errors else "", tuple(said.splitlines()))
