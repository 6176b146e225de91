"""How are articles found, read and understood from a shell?

For people, words found are bold on a terminal; for programs, `--json` prints what the API answers,
shaped by the same functions (web.responses). No server is imported here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index import light_whoosh
from web.commands.edge import FrenchCommand, index_option, printable, table, whole_number

if TYPE_CHECKING:
    from search import Engine
    from search.results import Hit, SearchResults, Span

MOST_HITS = 10_000


@click.command("search", cls=FrenchCommand)
@click.argument("words", nargs=-1, required=True, metavar="RECHERCHE")
@click.option(
    "--limit", type=whole_number(1, MOST_HITS), default="10", metavar="N", help="Articles montrés (10)."
)
@click.option("--json", "as_json", is_flag=True, help="Écrit la réponse de l’API, en JSON.")
@index_option
def search(words: tuple[str, ...], limit: int, as_json: bool, index_path: Path) -> None:
    """Cherche des articles.

    Mettez la recherche entre apostrophes, et «\u00a0--\u00a0» devant si elle commence par un tiret\u00a0:
    depeche search -- '-grève "secrétaire d’État"'
    """
    typed = " ".join(words).strip()
    if not typed:
        raise click.UsageError(
            "recherche vide ; attendu un mot au moins, par exemple\u00a0: depeche search grève"
        )
    with _open(index_path) as engine:
        from web.parameters import SearchParameters, to_request

        parameters = SearchParameters(q=typed, per_page=limit)
        results = engine.search(to_request(parameters))
    if as_json:
        import json

        from web.responses import search_answer

        click.echo(json.dumps(search_answer(parameters, results), ensure_ascii=False, indent=2))
        return
    for line in _results(parameters.q, results):
        click.echo(line)


@click.command("show", cls=FrenchCommand)
@click.argument("article_id", metavar="ID")
@index_option
def show(article_id: str, index_path: Path) -> None:
    """Affiche un article."""
    from web.wording import date_in_french

    with _open(index_path) as engine:
        view = engine.view(article_id)
    if view is None:
        raise click.ClickException(_unknown(article_id))
    article = view.article
    click.echo(click.style(printable(article.title), bold=True))
    date = date_in_french(article.date) if article.date else None
    about = (article.source, article.agency, article.author, date, article.url)
    if known := " · ".join(dict.fromkeys(filter(None, about))):
        click.echo(printable(known))
    for zone in (article.lead, article.text):
        for paragraph in zone.splitlines():
            click.echo(f"\n{printable(paragraph)}")
    if article.boilerplate:
        click.echo("\n--- Hors article ---")
        for line in article.boilerplate.splitlines():
            click.echo(printable(line))


@click.command("explain", cls=FrenchCommand)
@click.argument("text", metavar="RECHERCHE")
@click.argument("article_id", metavar="ID")
@index_option
def explain(text: str, article_id: str, index_path: Path) -> None:
    """Explique le rang d’un article pour une recherche."""
    with _open(index_path) as engine:
        explanation = engine.explain(text, article_id)
    if explanation is None:
        raise click.ClickException(_unknown(article_id))
    click.echo(printable(explanation.interpreted))
    if explanation.matched:
        click.echo(f"{printable(article_id)}\u00a0: trouvé, score {_decimal(explanation.score)}\n")
    else:
        click.echo(f"{printable(article_id)}\u00a0: pas trouvé par cette recherche\n")
    rows = [
        (
            f"{'  ' * part.depth}{'✓' if part.matched else '✗'} {printable(part.label)}",
            _decimal(part.score),
            printable(part.detail),
        )
        for part in explanation.parts
    ]
    for line in table(rows):
        click.echo(line)
    click.echo(f"\n{explanation.formula}\n{explanation.parameters}")


@click.command("analyze", cls=FrenchCommand)
@click.argument("words", nargs=-1, required=True, metavar="TEXTE")
def analyze(words: tuple[str, ...]) -> None:
    """Montre ce que l’analyse française fait d’un texte."""
    from index.analysis import analyze as analyze_text

    text = " ".join(words)
    rows = [("position", "étendue", "écrit", "forme", "sans accents", "racine")]
    for token in analyze_text(text):
        position = f"{token.position}{' (joint)' if token.joined else ''}"
        extent = f"{token.start}–{token.end}"
        written = printable(text[token.start : token.end])
        rows.append((position, extent, written, token.form, token.fold, token.stem or "– (mot vide)"))
    if len(rows) == 1:
        click.echo("Aucun mot dans ce texte.")
        return
    for line in table(rows):
        click.echo(line)


def _open(index_path: Path) -> Engine:
    """Open the index, importing Whoosh by index.light_whoosh before anything else does."""
    light_whoosh.load()
    from search import open_index

    return open_index(index_path)


def _decimal(number: float) -> str:
    return f"{number:.4f}".replace(".", ",")


def _unknown(article_id: str) -> str:
    return (
        f"{article_id}\u00a0: aucun article de cet identifiant\u00a0; «\u00a0depeche search\u00a0» les donne"
    )


def _results(text: str, results: SearchResults) -> list[str]:
    from web.wording import count_in_french, left_out_in_french

    found = count_in_french(results.total, "article trouvé", "articles trouvés")
    lines = [f"{found} pour «\u00a0{printable(text)}\u00a0»"]
    lines += [
        f"ignoré{'s' if len(texts) > 1 else ''}\u00a0: {printable(', '.join(texts))} ({reason})"
        for texts, reason in left_out_in_french(results.ignored)
    ]
    lines += [
        f"{printable(found.typed)}\u00a0: {'aussi' if found.kind == 'variant' else 'corrigé en'} "
        f"{printable(', '.join(found.forms))} (tel quel\u00a0: {printable(found.undo)})"
        for found in results.expansions
        if found.undo
    ]
    if results.suggestions:
        lines.append(f"vouliez-vous dire\u00a0: {', '.join(map(printable, results.suggestions))}")
    for rank, hit in enumerate(results.hits, 1):
        lines += ["", *_hit(rank, hit)]
    if results.hits and (left := results.total - len(results.hits)) > 0:
        others = count_in_french(left, "autre", "autres")
        lines += ["", f"… et {others}\u00a0; «\u00a0--limit N\u00a0» en montre plus"]
    return lines


def _hit(rank: int, hit: Hit) -> list[str]:
    from web.wording import date_in_french

    date = date_in_french(hit.date) if hit.date else None
    about = " · ".join(filter(None, (hit.source, hit.agency, hit.author, date)))
    body = [about] if about else []
    body += [_bold(snippet.text, snippet.highlights) for snippet in hit.snippets]
    title = _bold(hit.title, hit.title_highlights) or "Sans titre"
    return [
        f"{rank:>3}. {title}",
        *(f"     {printable(line) if line is about else line}" for line in body),
        f"     {click.style(printable(hit.article_id), dim=True)}",
    ]


def _bold(text: str, spans: Sequence[Span]) -> str:
    """Set the words found in bold; Click removes the codes if the output is no terminal."""
    pieces, done = [], 0
    for start, end in spans:
        pieces += [printable(text[done:start]), click.style(printable(text[start:end]), bold=True)]
        done = end
    return " ".join("".join((*pieces, printable(text[done:]))).split("\n"))
