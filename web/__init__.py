"""How do a reader's browser and a script get their answers?

`create_app` puts together a Flask application from a `Config` and nothing else: no module of this
package keeps anything between two applications. The road of a request:

    parameters.py   the URL's parameters become a SearchParameters, or a list of what is wrong
    engines.py      the Engine is opened on first need, and looked for again while there is none
    api.py          JSON; its shapes live in responses.py, its description in openapi.json
    pages.py        HTML; presentation.py prepares what the templates print, marking.py marks words
    discovery.py    OpenSearch, the Atom feed, robots.txt, the icon
    operations.py   /health and /metrics
    failures.py     one table from error to status, one shape for programs, one page for people

Importing `web` does not import Flask: the command line prints JSON through `web.responses`, and
must not spend time on importing a server that it does not start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.config import Config

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["Config", "create_app"]


def create_app(config: Config) -> Flask:
    """Make the WSGI application that serves one index."""
    from web.application import build

    return build(config)
