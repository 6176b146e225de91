"""What an application needs to know before it can answer anything."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Config(NamedTuple):
    """All that `create_app` takes.

    `index_path` is the index folder; it may not exist yet, and is then looked for at each request.
    """

    index_path: Path
