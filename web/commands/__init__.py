"""What can be done from a shell? The command `depeche` and its subcommands.

    indexing.py     rebuild, update, check, rollback, stats
    searching.py    search, show, analyze, explain
    evaluating.py   run, evaluate
    serving.py      serve
    edge.py         French, exit statuses, --index

Each command reads its arguments, calls `index`, `search` or `web.server`, and prints. A search from a
shell takes little more time than its imports, so these come as late as possible: a module of commands is
imported when one of its commands is run, and what a command calls, inside the command. `depeche --help` must
not wait for numpy, nor `depeche search` for a web server. docs/commands.md is the user's view of all this.
"""

from __future__ import annotations

import gc
import os

import click

from web.commands.edge import DEFAULT_INDEX, INDEX_VARIABLE, FrenchGroup

__all__ = ["main"]

# numpy's linear algebra, which nothing here uses, starts a thread for each processor as it is imported: a
# search from a shell would pay more for them than for searching.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Imported objects stay, and have no cycles to collect: looking for cycles every 700 objects takes a twentieth
# of a search from a shell. A process that runs on soon makes 50,000 anyway.
gc.set_threshold(50_000, 20, 50)


def _say_version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        click.echo(f"depeche {version('depeche')}")
        ctx.exit()


@click.group(
    "depeche",
    cls=FrenchGroup,
    modules={
        "web.commands.indexing": ("rebuild", "update", "check", "rollback", "stats"),
        "web.commands.searching": ("search", "show", "analyze", "explain"),
        "web.commands.evaluating": ("run", "evaluate"),
        "web.commands.serving": ("serve",),
    },
    options_metavar="[OPTIONS]",
    subcommand_metavar="COMMANDE [ARGUMENTS]…",
)
@click.option(
    "--index",
    "index_path",
    metavar="DOSSIER",
    envvar=INDEX_VARIABLE,
    help=f"Dossier de l’index (sinon ${INDEX_VARIABLE}, sinon {DEFAULT_INDEX}).",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_say_version,
    help="Affiche la version.",
)
def main(index_path: str | None) -> None:
    """Dépêche, recherche en texte intégral dans des articles de presse française.

    « depeche COMMANDE --help » explique chaque commande. Code de retour : 0 fait, 1 échec, 2 mal employé.
    """
    # The subcommands find index_path in this command's context: see edge.index_option.
