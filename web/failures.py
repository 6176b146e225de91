"""What is answered when something fails? One table from error to status, one shape for each reader.

Programs (under /api, /health, /metrics, /openapi.json) get RFC 9457 problem details; people get a page
that says the same in the same words. `type` of a problem leads to the section of /aide/api that
explains it. An error that is not in the table is a defect: it is logged whole and answered as 500,
without its text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from index.errors import (
    DepecheError,
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    IndexUnreadable,
    InvalidInput,
    LimitExceeded,
)
from web.parameters import ParameterProblem

PROGRAM_PATHS: Final = ("/api/", "/health/", "/metrics", "/openapi.json")
RETRY_AFTER_S: Final = 5
"""A rebuild of a small index takes seconds; asking once more costs next to nothing."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: `slug` names it in `type`, `advice` says what to do about it.

    `detail` replaces the error's own message, which names paths of the server and only goes to its log.
    """

    slug: str
    status: int
    title: str
    advice: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One failure, ready to be shown to a program or to a person."""

    status: int
    title: str
    detail: str
    slug: str = ""
    advice: str = ""
    limit: str | None = None
    errors: tuple[ParameterProblem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


INVALID = Kind(
    "invalid-parameters",
    400,
    "Demande incorrecte",
    "Corrigez les paramètres cités dans «\u00a0errors\u00a0», puis recommencez.",
)
NO_ARTICLE = Kind(
    "article-not-found",
    404,
    "Article introuvable",
    "L’index en service ne le contient pas\u00a0: il en a été retiré, ou son identifiant est mal recopié.",
)
KINDS: Final[Mapping[type[DepecheError], Kind]] = {
    LimitExceeded: Kind(
        "limit-exceeded",
        400,
        "Recherche trop grande",
        "Raccourcissez la recherche, ou faites-en plusieurs.",
    ),
    InvalidInput: INVALID,
    IndexMissing: Kind(
        "index-missing",
        503,
        "Pas encore d’index",
        "Construisez l’index avec «\u00a0depeche rebuild\u00a0»\u00a0: "
        "il sera servi dès qu’il existera, sans redémarrage.",
        "Aucun index n’a encore été construit pour ce serveur.",
    ),
    IndexOutdated: Kind(
        "index-outdated",
        503,
        "Index d’une autre version",
        "Reconstruisez l’index avec «\u00a0depeche rebuild\u00a0».",
        "L’index en service a été écrit par une autre version de Dépêche.",
    ),
    IndexDamaged: Kind(
        "index-damaged",
        503,
        "Index abîmé",
        "Revenez à la génération précédente avec «\u00a0depeche rollback\u00a0», "
        "ou reconstruisez avec «\u00a0depeche rebuild\u00a0»\u00a0: le journal dit quel fichier.",
        "Les fichiers de l’index ne sont pas ceux qui ont été écrits.",
    ),
    IndexUnreadable: Kind(
        "index-unreadable",
        503,
        "Index inaccessible",
        "Donnez à l’utilisateur du serveur le droit de lire l’index\u00a0: le journal dit quel fichier.",
        "Le serveur n’a pas le droit de lire l’index.",
    ),
    IndexBusy: Kind(
        "index-busy",
        503,
        "Index occupé",
        "Une autre commande écrit dans l’index\u00a0: recommencez quand elle a fini.",
        "L’index est en cours d’écriture.",
    ),
}
"""Looked up from the error's class towards `DepecheError`: the nearest class decides."""

_PLAIN: Final[Mapping[int, tuple[str, str]]] = {
    400: ("Demande incorrecte", "Le serveur n’a pas pu lire cette demande."),
    404: ("Page introuvable", "Rien ne répond à cette adresse."),
    405: ("Méthode refusée", "Cette adresse se lit seulement (GET)."),
    413: ("Demande trop volumineuse", "Cette adresse n’attend aucun contenu."),
    414: ("Adresse trop longue", "Cette adresse est trop longue pour être une recherche."),
    500: ("Erreur du serveur", "Une erreur imprévue\u202f; le journal du serveur en dit plus."),
}


def known_kinds() -> tuple[Kind, ...]:
    """List the kinds of problems that have a section in the help."""
    return (*KINDS.values(), NO_ARTICLE)


def problem_of(error: DepecheError) -> Problem:
    """Find what an error means over HTTP."""
    kind = next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), None)
    if kind is None:
        raise error
    headers = {"Retry-After": str(RETRY_AFTER_S)} if kind.status == 503 else {}
    limit = error.limit if isinstance(error, LimitExceeded) else None
    detail = kind.detail or str(error)
    return Problem(kind.status, kind.title, detail, kind.slug, kind.advice, limit, headers=headers)


def wrong_parameters(errors: tuple[ParameterProblem, ...]) -> Problem:
    """Refuse a request whose parameters cannot all be used."""
    named = ", ".join(dict.fromkeys(error.param for error in errors))
    detail = f"À corriger\u00a0: {named}."
    return Problem(INVALID.status, INVALID.title, detail, INVALID.slug, INVALID.advice, errors=errors)


def no_such_article(article_id: str) -> Problem:
    """Say that no article has this id."""
    detail = f"Aucun article ne porte l’identifiant «\u00a0{article_id[:200]}\u00a0»."
    return Problem(NO_ARTICLE.status, NO_ARTICLE.title, detail, NO_ARTICLE.slug, NO_ARTICLE.advice)


def answer(problem: Problem) -> Response:
    """Show a problem to whoever asked: a program or a person."""
    response = _for_programs(problem) if request.path.startswith(PROGRAM_PATHS) else _for_people(problem)
    response.headers.extend(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def handle_failures(app: Flask) -> None:
    """Make `app` answer every failure in one of the two shapes."""
    app.register_error_handler(DepecheError, _on_depeche_error)
    app.register_error_handler(HTTPException, _on_http_exception)
    app.register_error_handler(Exception, _on_defect)


def _on_depeche_error(error: DepecheError) -> Response:
    problem = problem_of(error)
    if problem.status >= 500:
        current_app.logger.warning("%s", error)
    return answer(problem)


def _on_http_exception(error: HTTPException) -> Response:
    return answer(_plain(error.code or 500, dict(error.get_headers(request.environ))))


def _on_defect(error: Exception) -> Response:
    current_app.logger.error("Unforeseen error on %s", request.path, exc_info=error)
    return answer(_plain(500, {}))


def _plain(status: int, headers: Mapping[str, str]) -> Problem:
    title, detail = _PLAIN.get(status, _PLAIN[400 if status < 500 else 500])
    kept = {name: value for name, value in headers.items() if name in {"Allow", "Retry-After"}}
    return Problem(status, title, detail, headers=kept)


def _for_programs(problem: Problem) -> Response:
    body: dict[str, object] = {
        "type": f"/aide/api#{problem.slug}" if problem.slug else "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": quote(request.path, errors="replace"),
    }
    if problem.limit is not None:
        body["limit"] = problem.limit
    if problem.errors:
        body["errors"] = _listed(problem.errors)
    encoded = json.dumps(body, ensure_ascii=False).encode("utf-8", errors="replace")
    return Response(encoded, problem.status, content_type="application/problem+json")


def _listed(errors: Iterable[ParameterProblem]) -> list[dict[str, str]]:
    return [{"param": error.param, "detail": error.detail} for error in errors]


def _for_people(problem: Problem) -> Response:
    return Response(render_template("error.html", problem=problem), problem.status)
