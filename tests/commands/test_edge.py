"""French, exit statuses, and where the index is: what every command shares."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from index.errors import IndexBusy, LimitExceeded
from web.commands import edge, main

COMMANDS = (
    *("rebuild", "update", "search", "show", "analyze", "explain"),
    *("stats", "check", "rollback", "serve", "run", "evaluate"),
)

CLICKS_ENGLISH = re.compile(
    r"\b(Usage:|Options:|Commands:|Arguments:|Error|Try|Show this|Missing|No such|Invalid|default|required)\b"
)

# command line → what its one line on stderr must say
MISUSES = [
    ([], "rebuild"),
    (["nope"], "commande inconnue\u00a0: nope"),
    (["--nope"], "option inconnue\u00a0: --nope"),
    (["search"], "il manque RECHERCHE"),
    (["show"], "il manque ID"),
    (["explain", "mot"], "il manque ID"),
    (["evaluate", "a.tsv"], "il manque JUGEMENTS.tsv"),
    (["stats", "de", "trop"], "de trop\u00a0: de trop"),
    (["search", "mot", "--limit"], "--limit"),
    (["search", "mot", "--limit", "zéro"], "trouvé «\u00a0zéro\u00a0», attendu un nombre entier de 1 à"),
    (["search", "mot", "--limit", "0"], "attendu un nombre entier de 1 à"),
    (["search", "mot", "--limit", "-1"], "attendu un nombre entier de 1 à"),
    (["search", "mot", "--json=oui"], "--json"),
    (["search", "mot", "--jsno"], "peut-être --json"),
    (["serve", "--port", "65536"], "attendu un nombre entier de 0 à 65535"),
    (["serve", "--workers", "0"], "attendu un nombre entier de 1 à 64"),
]

# what goes wrong → what is said
FAILURES = [
    (IndexBusy("occupé"), "occupé"),
    (LimitExceeded("max_terms", "trop de mots"), "trop de mots"),
    (FileNotFoundError(2, "No such file or directory", "a.tsv"), "a.tsv\u00a0: introuvable"),
    (PermissionError(13, "Permission denied", "a.tsv"), "a.tsv\u00a0: accès refusé"),
    (IsADirectoryError(21, "Is a directory", "a"), "a\u00a0: c’est un dossier, un fichier était attendu"),
    (OSError(28, "No space left on device"), "plus de place sur le disque"),
    (KeyboardInterrupt(), "interrompu"),
    (ZeroDivisionError("division by zero"), "défaut de Dépêche"),
]


def test_every_command_of_the_contract_is_there() -> None:
    context = click.Context(main)
    assert set(main.list_commands(context)) == set(COMMANDS)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name
    assert main.get_command(context, "main") is None


def test_the_version_is_that_of_the_package(invoke) -> None:
    assert invoke("--version").stdout == f"depeche {version('depeche')}\n"


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_is_french(invoke, command: str | None) -> None:
    result = invoke(*filter(None, [command]), "--help")
    assert result.exit_code == 0
    assert "Usage\u00a0: depeche" in result.stdout
    assert "Affiche cette aide." in result.stdout
    assert not CLICKS_ENGLISH.search(result.stdout)
    assert "..." not in result.stdout, "a summary was cut"


@pytest.mark.parametrize(("arguments", "said"), MISUSES)
def test_a_misuse_ends_with_2_and_says_what_is_wrong(invoke, arguments: list[str], said: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert not CLICKS_ENGLISH.search(result.stderr)


@pytest.mark.parametrize(("error", "said"), FAILURES)
def test_each_failure_has_its_words(error: BaseException, said: str) -> None:
    described = edge.describe(error)
    assert said in described
    assert "\n" not in described


@pytest.mark.parametrize(("debug", "is_shown"), [("", False), ("1", True)])
def test_a_defect_is_one_line_and_its_traceback_is_on_demand(run_python, debug: str, is_shown: bool) -> None:
    done = run_python(
        """
import index.store
from web.commands import main

def broken(path):
    raise ZeroDivisionError("oups")

index.store.check = broken
main(["check"])
""",
        DEPECHE_DEBUG=debug,
    )
    assert done.returncode == 1
    assert "oups" in done.stderr
    assert ("Traceback" in done.stderr) == is_shown
    assert is_shown or done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "variable", "expected"),
    [
        ([], "", ".depeche"),
        ([], "variable", "variable"),
        (["--index", "avant"], "variable", "avant"),
        (["--index", "avant", "check", "--index", "après"], "variable", "après"),
        (["check", "--index", "après"], "variable", "après"),
    ],
)
def test_where_the_index_is(run_process, arguments: list[str], variable: str, expected: str) -> None:
    command = arguments if "check" in arguments else [*arguments, "check"]
    done = run_process(*command, DEPECHE_INDEX=variable)
    assert done.returncode == 1
    assert done.stderr.startswith(f"depeche\u00a0: {expected}\u00a0:") or done.stderr.startswith(
        f"depeche\u00a0: {expected} :"
    )


@pytest.mark.parametrize(
    "command",
    [
        ["search", "grève"],
        ["show", "greve"],
        ["explain", "grève", "greve"],
        ["stats"],
        ["check"],
        ["rollback"],
        ["update"],
        ["run", "-"],
    ],
)
def test_no_index_is_one_clear_line(run_process, command: list[str]) -> None:
    done = run_process(*command, stdin="q1\tgrève\n")
    assert done.returncode == 1
    assert "depeche rebuild" in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("program", "unwanted"),
    [
        (
            "main(['--help'])",
            ["flask", "granian", "whoosh", "numpy", "trafilatura", "ir_measures", "Stemmer"],
        ),
        (
            "main(['--index', INDEX, 'search', 'grève'])",
            ["flask", "granian", "trafilatura", "ir_measures", "lxml"],
        ),
        (
            "main(['--index', INDEX, 'search', '--json', 'grève'])",
            ["flask", "granian", "trafilatura", "jinja2"],
        ),
    ],
)
def test_a_command_loads_what_it_needs_only(
    run_python, built: Path, program: str, unwanted: list[str]
) -> None:
    done = run_python(
        f"""
import sys
from web.commands import main

INDEX = {str(built)!r}
try:
    {program}
except SystemExit as end:
    assert not end.code, end.code
print("loaded:", *sorted(set(sys.modules) & set({unwanted!r})))
"""
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded:"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="this system does not list threads")
def test_a_search_starts_no_thread(run_python, built: Path) -> None:
    """Each of numpy's would cost a search more than the search itself."""
    done = run_python(
        f"""
import os
from web.commands import main

try:
    main(["--index", {str(built)!r}, "search", "grève"])
except SystemExit as end:
    assert not end.code, end.code
print("threads:", len(os.listdir("/proc/self/task")))
"""
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "threads: 1"


def test_a_reader_that_leaves_is_not_an_error_worth_words(run_python, built: Path) -> None:
    done = run_python(
        f"""
import os, sys
from web.commands import main

read, write = os.pipe()
os.close(read)
os.dup2(write, 1)
main(["--index", {str(built)!r}, "search", "grève"])
"""
    )
    assert done.returncode == 1
    assert done.stderr == ""


def test_what_a_terminal_cannot_write_costs_a_character(run_python, built: Path) -> None:
    done = run_python(
        f"""
from web.commands import main
main(["--index", {str(built)!r}, "show", "greve"])
""",
        encoding="latin-1",
        PYTHONIOENCODING="latin-1",
    )
    assert done.returncode == 0, done.stderr
    assert "Le trafic restera perturbé jusqu?à vendredi" in done.stdout


def test_text_cannot_move_the_cursor() -> None:
    assert edge.printable("a\x1b[2Jb\r\x9bc\x07\td\n") == "a [2Jb  c \td\n"


def test_columns_line_up() -> None:
    assert list(edge.table([("a", "bb", "c"), ("ddd", "e", "ffff")])) == ["a    bb  c", "ddd  e   ffff"]
