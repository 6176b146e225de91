"""How is the search page put on a port? The server itself is `web.server`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from web.commands.edge import FrenchCommand, index_option, printable, whole_number

MOST_WORKERS_BY_DEFAULT = 4
"""Each worker keeps its own caches in memory; on a machine with many cores, --workers can ask for more."""


@click.command("serve", cls=FrenchCommand)
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADRESSE",
    help="Adresse d’écoute (127.0.0.1\u00a0: cette machine).",
)
@click.option(
    "--port",
    type=whole_number(0, 65_535),
    default="8000",
    metavar="N",
    help="Port (8000\u00a0; 0\u00a0: un libre).",
)
@click.option("--workers", type=whole_number(1, 64), metavar="N", help="Processus (un par cœur, 4 au plus).")
@index_option
def serve(host: str, port: int, workers: int | None, index_path: Path) -> None:
    """Sert la page de recherche et l’API jusqu’à Ctrl-C ou SIGTERM.

    Un index construit ou mis à jour pendant ce temps est pris en compte sans redémarrage.
    """
    from index import store
    from index.errors import DepecheError
    from web import Config, server

    workers = workers or min(_cores(), MOST_WORKERS_BY_DEFAULT)

    def say(url: str) -> None:
        click.echo(f"Dépêche écoute sur {url}")

    try:
        store.open_generation(index_path)
    except DepecheError as error:
        # Not a reason to stop: /health/ready says 503, and the index is served as soon as it is mended.
        click.echo(f"depeche\u00a0: {printable(str(error))}", err=True)
    server.serve(Config(index_path.absolute()), host=host, port=port, workers=workers, on_listening=say)


def _cores() -> int:
    """Count the cores that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
