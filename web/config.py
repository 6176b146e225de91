"""What an application needs to know before it can answer anything."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Config(NamedTuple):
    """All that `create_app` takes.

    `index_path` is the index folder; if it does not exist yet, each request looks for it again.
    """

    index_path: Path
