"""How does the command line speak, and how does it fail?

The classes that Click needs to speak French, the option that every command takes, and the edge at
which errors become one line on stderr and an exit status: 0 done, 1 failed, 2 misused. Nothing here
knows what a command does.

Invariant: no traceback for anything a user did. An error that is not one of ours is a defect, is
called one, and shows its traceback with DEPECHE_DEBUG=1 only.
"""

from __future__ import annotations

import atexit
import errno
import gc
import io
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import click

from index.errors import DepecheError

DEFAULT_INDEX = ".depeche"
INDEX_VARIABLE = "DEPECHE_INDEX"
DEBUG_VARIABLE = "DEPECHE_DEBUG"
FAILED, MISUSED = 1, 2

_HEADINGS = {"Options": "Options", "Commands": "Commandes"}
_SYSTEM_REFUSALS = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.ENOENT: "introuvable",
    errno.EISDIR: "c’est un dossier, un fichier était attendu",
    errno.ENOTDIR: "c’est un fichier, un dossier était attendu",
    errno.ENOSPC: "plus de place sur le disque",
    errno.EROFS: "système de fichiers en lecture seule",
    errno.EMFILE: "trop de fichiers ouverts",
}
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")

Command = TypeVar("Command", bound=Callable[..., Any])


class FrenchFormatter(click.HelpFormatter):
    """Help with French headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, prefix or "Usage\u00a0: ")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}\u00a0:\n")


class FrenchContext(click.Context):
    """The context of a command whose help is in French."""

    formatter_class = FrenchFormatter


class FrenchCommand(click.Command):
    """A command whose help option is in French."""

    context_class = FrenchContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Give the option that shows the help."""
        return _in_french(super().get_help_option(ctx))


class FrenchGroup(click.Group):
    """The group of all commands, and the edge where their errors end.

    `modules` says which module has which commands, each under its own name; a module is imported when
    one of its commands is asked for.
    """

    context_class = FrenchContext
    command_class = FrenchCommand

    def __init__(self, *names: Any, modules: Mapping[str, Sequence[str]], **settings: Any) -> None:
        super().__init__(*names, **settings)
        self._module_of = {command: module for module, commands in modules.items() for command in commands}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of all commands, in the order of the alphabet."""
        return sorted(self._module_of)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give a command by its name, or None where there is none of that name."""
        if cmd_name not in self._module_of:
            return None
        command: click.Command = getattr(import_module(self._module_of[cmd_name]), cmd_name)
        return command

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Give the option that shows the help."""
        return _in_french(super().get_help_option(ctx))

    def main(self, args: Sequence[str] | None = None, *rest: Any, **settings: Any) -> Any:
        """Run one command line, and leave with its exit status."""
        run = partial(super().main, args, *rest, **{**settings, "standalone_mode": False})
        if not settings.get("standalone_mode", True):
            return run()
        _print_what_cannot_be_encoded()
        # Python ends by looking for cycles among all that was imported: a tenth of the time of a search.
        atexit.register(gc.freeze)
        try:
            status: Any = run()
        except Exception as error:
            if os.environ.get(DEBUG_VARIABLE):
                raise
            sys.exit(_fail(error))
        sys.exit(status if isinstance(status, int) else 0)


def _in_french(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "Affiche cette aide."
    return option


def _print_what_cannot_be_encoded() -> None:
    """Replace characters that cannot be encoded (a terminal without é, an odd file name): do not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _fail(error: Exception) -> int:
    """Say on stderr what went wrong; give the exit status."""
    if isinstance(error, click.UsageError):
        if error.ctx is not None and type(error).__name__ == "NoArgsIsHelpError":
            click.echo(error.ctx.get_help(), err=True)
            return MISUSED
        if error.ctx is not None:
            click.echo(error.ctx.get_usage(), err=True)
        message, status = f"{_misuse(error)} (aide\u00a0: {_help_of(error)})", MISUSED
    else:
        message, status = describe(error), FAILED
    click.echo(f"depeche\u00a0: {printable(message)}", err=True)
    return status


def _help_of(error: click.UsageError) -> str:
    return f"{error.ctx.command_path if error.ctx else 'depeche'} --help"


def describe(error: BaseException) -> str:
    """Say in one French line what stopped a command."""
    if isinstance(error, DepecheError):
        return str(error)
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return "interrompu"
    if isinstance(error, OSError):
        why = _SYSTEM_REFUSALS.get(error.errno or 0, error.strerror or type(error).__name__)
        return f"{error.filename}\u00a0: {why}" if error.filename else why
    return (
        f"erreur imprévue ({type(error).__name__}\u00a0: {error})\u00a0; c’est un défaut de Dépêche, "
        f"que {DEBUG_VARIABLE}=1 montre en entier"
    )


def _misuse(error: click.UsageError) -> str:
    """Say in French what Click found wrong with a command line."""
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"il manque {error.param.make_metavar(_context(error))}"
    if isinstance(error, click.BadParameter):
        named = error.param.opts[0] if isinstance(error.param, click.Option) else None
        return f"{named}\u00a0: {error.message}" if named else error.message
    if isinstance(error, click.NoSuchOption):
        close = f", peut-être {' ou '.join(error.possibilities)}" if error.possibilities else ""
        return f"option inconnue\u00a0: {error.option_name}{close}"
    if isinstance(error, click.BadOptionUsage):
        return f"l’option {error.option_name} est mal employée (valeur absente ou de trop)"
    quoted = re.search(r"'(.*)'|\((.*)\)", error.message)
    given = next((part for part in quoted.groups() if part), "") if quoted else ""
    if "command" in error.message:
        return f"commande inconnue\u00a0: {given}" if given else "il manque le nom d’une commande"
    return f"de trop\u00a0: {given}" if given else error.message


def _context(error: click.UsageError) -> click.Context:
    return error.ctx or click.get_current_context()


def index_option(command: Command) -> Command:
    """Give a command the option --index, which wins over the one given before the command."""
    return click.option(
        "--index",
        "index_path",
        metavar="DOSSIER",
        type=not_empty,
        expose_value=True,
        callback=_resolve_index,
        help=f"Dossier de l’index (sinon ${INDEX_VARIABLE}, sinon {DEFAULT_INDEX}).",
    )(command)


def _resolve_index(ctx: click.Context, _param: click.Parameter, given: str | None) -> Path:
    return Path(given or ctx.find_root().params.get("index_path") or DEFAULT_INDEX)


def not_empty(typed: str) -> str:
    """Take the name of a folder or file; refuse "", most likely a shell variable that was not set."""
    if not typed:
        raise click.BadParameter(
            "nom vide, attendu un dossier\u00a0; dans un script, une variable sans valeur\u00a0?"
        )
    return typed


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Make the type of an option that takes a whole number from `low` to `high`."""

    def convert(typed: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", typed) and low <= int(typed) <= high:
            return int(typed)
        raise click.BadParameter(f"trouvé «\u00a0{typed}\u00a0», attendu un nombre entier de {low} à {high}")

    convert.__name__ = "n"
    return convert


def printable(text: str) -> str:
    """Take out what would move a terminal's cursor or change its state."""
    return _CONTROLS.sub(" ", text)


@contextmanager
def interruptible(consequence: Callable[[], str]) -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into a failure that says what it leaves behind."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt as error:
        raise click.ClickException(f"interrompu\u00a0; {consequence()}") from error
    finally:
        signal.signal(signal.SIGTERM, before)


def read_lines(path: str) -> Iterator[tuple[str, str]]:
    """Read a UTF-8 file, or standard input for "-", line by line, each with its place ("file:12").

    Raises:
        click.ClickException: a line is not UTF-8.
    """
    shown = "entrée standard" if path == "-" else path
    if path == "-" and sys.stdin is None:
        raise click.ClickException(f"{shown}\u00a0: fermée, attendu des requêtes")
    with click.open_file(path, "rb") as file:
        for number, line in enumerate(file, 1):
            place = f"{shown}, ligne {number}"
            try:
                yield place, line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                found = f"trouvé l’octet 0x{line[error.start]:02x}"
                raise click.ClickException(f"{place}\u00a0: {found}, attendu de l’UTF-8") from error


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay rows out in columns; the last column is left as long as it is."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False))
        yield "  ".join((*padded, row[-1])).rstrip()
