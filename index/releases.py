"""Which release of a library is installed?

`index.fingerprint` names those that the analysis depends on, each time an index is opened.

An installer leaves a folder of metadata beside a library, named after it and its release:
"Unidecode-1.4.0.dist-info". That name is read; where there is no such folder, or several, the standard
importlib.metadata is asked. It would always give the same answer, but it takes 10 ms to be imported and to
read three files as mail headers: a tenth of what Python itself takes to start with numpy.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import ModuleType


def release(package: str, module: ModuleType) -> str:
    """Return the release of a package, found beside `module`, one of its top-level modules.

    Raises: importlib.metadata.PackageNotFoundError where the package was not installed by an installer.
    """
    beside = Path(str(module.__file__)).parent
    if module.__spec__ and module.__spec__.submodule_search_locations:
        beside = beside.parent
    name = re.compile(rf"{re.escape(package)}-([0-9][^-]*?)(?:-py[0-9.]+)?\.(?:dist|egg)-info", re.IGNORECASE)
    found = [match[1] for match in map(name.fullmatch, os.listdir(beside)) if match]
    if len(found) == 1:
        return found[0]
    from importlib.metadata import version

    return version(package)
