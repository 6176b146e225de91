"""How is an index built, looked after and described from a shell?

The work is `index.building` and `index.store`; what is shown meanwhile is progress.py.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import DepecheError
from web.commands.edge import (
    FAILED,
    FrenchCommand,
    describe,
    index_option,
    interruptible,
    not_empty,
    printable,
    table,
)
from web.commands.progress import progress_line, reject_list
from web.wording import count_in_french, date_in_french, number_in_french

if TYPE_CHECKING:
    from index.articles import Reject
    from index.reporting import BuildReport, Progress

DEFAULT_FOLDER = "seeds"
SHOWN_KEYS = 10

_rejects_option = click.option(
    "--rejects",
    "rejects_path",
    metavar="FICHIER",
    help="Écrit tous les rejets dans FICHIER\u00a0: lieu, tabulation, raison.",
)


@click.command("rebuild", cls=FrenchCommand)
@click.argument("folders", nargs=-1, metavar="[DOSSIER]…", type=not_empty)
@_rejects_option
@index_option
def rebuild(folders: tuple[str, ...], rejects_path: str | None, index_path: Path) -> None:
    """Construit un index neuf.

    Indexe les articles des dossiers donnés. Sans DOSSIER, relit ceux de l’index en service, ou
    «\u00a0seeds\u00a0» s’il n’y a pas d’index.
    L’index précédent reste en service jusqu’à ce que le nouveau soit entier et vérifié.

    Clés d’une ligne JSON\u00a0: id, title, lead, text, date, source, agency, author, url.
    """
    from index import building, store

    if not folders and (known := store.folders_of(index_path)):
        folders = tuple(map(str, known))
        click.echo(f"dossiers de l’index\u00a0: {', '.join(map(printable, folders))}", err=True)
    paths = [Path(folder) for folder in folders or (DEFAULT_FOLDER,)]
    _require_outside(rejects_path, paths, index_path)
    with _outcome_told(index_path) as outcome:
        with _reporting(outcome, rejects_path) as (on_progress, on_reject):
            report = building.rebuild(index_path, paths, on_progress=on_progress, on_reject=on_reject)
        pace = number_in_french(round(report.articles / max(report.seconds, 1e-9)))
        click.echo(
            f"{count_in_french(report.articles, 'article indexé', 'articles indexés')}"
            f"{_rejected(report.rejected)}{_took(report.seconds)} ({pace}\u00a0articles/s)"
            f"\u00a0; {count_in_french(report.files, 'fichier vu', 'fichiers vus')}"
            f"\u00a0; génération {report.generation}"
        )
        _say_doubts(report)


@click.command("update", cls=FrenchCommand)
@click.argument("folders", nargs=-1, metavar="[DOSSIER]…", type=not_empty)
@_rejects_option
@index_option
def update(folders: tuple[str, ...], rejects_path: str | None, index_path: Path) -> None:
    """Met l’index à jour.

    Indexe ce qui est nouveau ou a changé, retire ce qui a disparu.
    Sans DOSSIER, reprend ceux de la dernière construction. Un fichier resté tel quel n’est pas relu.
    """
    from index import building, store

    paths = [Path(folder) for folder in folders]
    _require_outside(rejects_path, paths or store.folders_of(index_path), index_path)
    with _outcome_told(index_path) as outcome:
        with _reporting(outcome, rejects_path) as (on_progress, on_reject):
            report = building.update(index_path, paths, on_progress=on_progress, on_reject=on_reject)
        changes = ", ".join(
            count_in_french(number, singular, f"{singular}s", none="aucun")
            for number, singular in (
                (report.added, "ajouté"),
                (report.changed, "modifié"),
                (report.removed, "retiré"),
                (report.unchanged, "inchangé"),
            )
        )
        click.echo(
            f"{count_in_french(report.articles, 'article', 'articles')} dans l’index\u00a0: {changes}"
            f"{_rejected(report.rejected)}{_took(report.seconds)}\u00a0; génération {report.generation}"
        )
        _say_doubts(report)


@click.command("check", cls=FrenchCommand)
@index_option
def check(index_path: Path) -> None:
    """Vérifie que l’index en service est entier et intact."""
    from index import store

    problems = store.check(index_path)
    if not problems:
        click.echo(f"{index_path}\u00a0: génération {store.current_name(index_path)} saine")
        return
    for problem in problems:
        click.echo(problem)
    count = count_in_french(len(problems), "défaut", "défauts")
    click.echo(
        f"depeche\u00a0: {index_path}\u00a0: {count}\u00a0; revenez à la génération précédente "
        "(depeche rollback) ou reconstruisez (depeche rebuild)",
        err=True,
    )
    click.get_current_context().exit(FAILED)


@click.command("rollback", cls=FrenchCommand)
@index_option
def rollback(index_path: Path) -> None:
    """Remet en service la génération précédente de l’index."""
    from index import store

    click.echo(f"{index_path}\u00a0: génération {store.rollback(index_path)} en service")


@click.command("stats", cls=FrenchCommand)
@click.option("--json", "as_json", is_flag=True, help="Écrit du JSON.")
@index_option
def stats(as_json: bool, index_path: Path) -> None:
    """Décrit l’index en service."""
    from search import open_index

    with open_index(index_path) as engine:
        found = engine.stats()
    if as_json:
        click.echo(json.dumps(found._asdict(), ensure_ascii=False, indent=2))
        return
    dates = [date_in_french(date) for date in (found.oldest, found.newest) if date]
    rows = (
        ("Génération", found.generation),
        ("Construite le", f"{date_in_french(found.built_at)} (UTC)"),
        ("Articles", number_in_french(found.articles)),
        ("Sources", number_in_french(found.sources)),
        ("Dates", " → ".join(dates) or "aucune connue"),
        ("Formes", number_in_french(found.distinct_forms)),
        ("Texte", _size(found.text_bytes)),
        ("Sur le disque", _size(found.size_bytes)),
    )
    for line in table(rows):
        click.echo(line)


def _require_outside(rejects_path: str | None, folders: Iterable[Path], index_path: Path) -> None:
    """Refuse to write the list of rejects among the articles, where it would be read, or in the index."""
    if rejects_path is None:
        return
    taken = [(folder, "le dossier des articles") for folder in folders]
    for folder, what in [*taken, (index_path, "l’index")]:
        # Not Path.resolve, which fails where links lead in a circle; opening it will say so.
        if Path(os.path.realpath(rejects_path)).is_relative_to(os.path.realpath(folder)):
            raise click.UsageError(
                f"--rejects\u00a0: «\u00a0{printable(rejects_path)}\u00a0» est dans {what} "
                f"«\u00a0{printable(str(folder))}\u00a0», attendu un fichier ailleurs"
            )


@contextmanager
def _outcome_told(index_path: Path) -> Iterator[Callable[[], str]]:
    """Yield a function that says which index is in service; add that to errors such as a full disk."""
    from index import store

    before, named = store.pointer_stamp(index_path), _in_service(index_path)

    def outcome() -> str:
        if store.pointer_stamp(index_path) == before:
            return "l’index précédent, s’il y en a un, reste en service"
        if (name := _in_service(index_path)) > named:  # each generation has a greater name than those before
            return "le nouvel index est en service"
        return f"pendant ce temps, l’index a été {'remplacé' if name else 'retiré'}"

    try:
        yield outcome
    except OSError as error:
        raise click.ClickException(f"{describe(error)}\u00a0; {outcome()}") from error


def _in_service(index_path: Path) -> str:
    """Give the name of the generation in service, "" where there is none that can be read."""
    from index import store

    with suppress(DepecheError):
        return store.current_name(index_path)
    return ""


@contextmanager
def _reporting(
    outcome: Callable[[], str], rejects_path: str | None
) -> Iterator[tuple[Callable[[Progress], None], Callable[[Reject], None]]]:
    """Show a build while it runs, and its outcome if it is interrupted."""
    with (
        interruptible(outcome),
        reject_list(rejects_path) as on_reject,
        progress_line() as on_progress,
    ):
        yield on_progress, on_reject


def _rejected(number: int) -> str:
    return f", {count_in_french(number, 'rejeté', 'rejetés')}" if number else ""


def _say_doubts(report: BuildReport) -> None:
    """Say what was indexed, but maybe not as its author wished."""
    if report.undated:
        kept = count_in_french(report.undated, "article gardé", "articles gardés")
        given = ", ".join(f"{place} «\u00a0{date}\u00a0»" for place, date in report.first_undated)
        more = "…" if report.undated > len(report.first_undated) else ""
        click.echo(
            f"{kept} sans date\u00a0: celle que donne le fichier n’est pas comprise (attendu par exemple "
            f"2023-02-28 ou 28/02/2023)\u00a0; {printable(given)}{more}",
            err=True,
        )
    if report.passed_over:
        keys = [
            f"«\u00a0{printable(key)}\u00a0» ({count_in_french(count, 'ligne', 'lignes')})"
            for key, count in report.passed_over[:SHOWN_KEYS]
        ]
        more = "…" if len(report.passed_over) > SHOWN_KEYS else ""
        click.echo(
            f"clés JSON que rien ne lit\u00a0: {', '.join(keys)}{more} (depeche rebuild --help)", err=True
        )
    for folder in report.spared:
        click.echo(
            f"{printable(folder)}\u00a0: rien n’en a été retiré, car tout n’a pas pu y être lu", err=True
        )


def _took(seconds: float) -> str:
    return f" en {seconds:.1f}\u00a0s".replace(".", ",")


def _size(size_bytes: int) -> str:
    """Write a size in the unit, of 1,000, that leaves one to three digits before the comma."""
    size, units = float(size_bytes), iter(("octets", "ko", "Mo", "Go"))
    unit = next(units)
    while size >= 1000 and unit != "Go":
        size, unit = size / 1000, next(units)
    digits = f"{size:.0f}" if unit == "octets" else f"{size:.1f}".replace(".", ",")
    return f"{digits}\u00a0{unit}"
