"""What an application needs to know before it can answer anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Config:
    """All that `create_app` takes.

    `index_path` is the index folder; it may not exist yet, and is then looked for at each request.
    """

    index_path: Path
