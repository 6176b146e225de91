"""What does a build show while it runs, and what does it say it left out?

On a terminal, one line on stderr is rewritten a few times a second, with the time that remains; nothing
is written where stderr is a file or a pipe. Rejects are kept out of memory: the first ones are shown at
the end, all of them go to a file as they come if one was asked for. Files of unknown formats come last,
and where there are many they are counted by their suffixes: the scripts of a saved page are no news.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, TextIO

import click

from web.commands.edge import printable
from web.wording import count_in_french, number_in_french

if TYPE_CHECKING:
    from index.articles import Reject
    from index.reporting import Progress

SHOWN_REJECTS = 20
SHOWN_SUFFIXES = 10
BAR_WIDTH = 24
REDRAW_EVERY_S = 0.1
ETA_AFTER_S = 1.0  # before, the rate is still that of opening files


@contextmanager
def progress_line() -> Iterator[Callable[[Progress], None]]:
    """Give the function to call with each progress; the line is wiped when the block ends."""
    if sys.stderr is None or not sys.stderr.isatty():  # None where it was closed
        yield lambda progress: None
        return
    phase, started, drawn = "", 0.0, 0.0

    def show(progress: Progress) -> None:
        nonlocal phase, started, drawn
        now = time.monotonic()
        if progress.phase != phase:
            phase, started = progress.phase, now
        elif now - drawn < REDRAW_EVERY_S:
            return
        drawn = now
        width = shutil.get_terminal_size().columns - 1
        click.echo(f"\r\x1b[K{draw(progress, now - started)[:width]}", nl=False, err=True)

    try:
        yield show
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)


def draw(progress: Progress, elapsed_s: float) -> str:
    """Write one state of the progress line, `elapsed_s` after its phase began."""
    parts = [f"{progress.phase:<12}"]
    if progress.total_bytes > 0:
        share = min(progress.done_bytes / progress.total_bytes, 1.0)
        parts.append(f"{'█' * round(share * BAR_WIDTH):░<{BAR_WIDTH}} {round(share * 100):>3}\u00a0%")
        if 0 < share < 1 and elapsed_s >= ETA_AFTER_S:
            parts.append(f"reste {clock(elapsed_s * (1 - share) / share)}")
    parts.append(count_in_french(progress.articles, "article", "articles", none="aucun"))
    if progress.rejected:
        parts.append(count_in_french(progress.rejected, "rejeté", "rejetés"))
    return "  ".join(parts)


def clock(seconds: float) -> str:
    """Write a duration as 0:07, 12:30 or 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def reject_list(path: str | None) -> Iterator[Callable[[Reject], None]]:
    """Yield the function to call with each reject; they are listed when the block ends, even by an error."""
    first: list[Reject] = []
    unknown: list[Reject] = []
    suffixes: Counter[str] = Counter()
    total = 0
    failed = False

    def note(reject: Reject) -> None:
        nonlocal total, failed
        if file and not total:
            _empty(file)
        total += 1
        if reject.suffix is not None:
            suffixes[reject.suffix] += 1
        shown = first if reject.suffix is None else unknown
        if len(shown) < SHOWN_REJECTS:
            shown.append(reject)
        if file:
            cells = (" ".join(cell.split()) for cell in (reject.place, reject.reason))
            try:
                file.write("\t".join(cells) + "\n")
            except OSError:
                failed = True
                raise

    try:
        # A line at a time, so that a full disk is noticed at once. What an earlier build wrote there stays
        # until this one has its first reject, or ends without any.
        with open(path, "a", 1, encoding="utf-8", errors="replace") if path else nullcontext() as file:
            try:
                yield note
                if file and not total:
                    _empty(file)
            finally:
                _list(first, unknown, suffixes, total, None if failed else path)
    except OSError as error:
        if failed:
            error.filename = path
        raise


def _empty(file: TextIO) -> None:
    """Empty a file, if it is one: not a pipe, nor a device."""
    with suppress(OSError):
        file.truncate(0)


def _list(
    first: list[Reject], unknown: list[Reject], suffixes: Counter[str], total: int, path: str | None
) -> None:
    """Show rejects; those of unknown formats are counted by suffix, unless there is room for each."""
    of_formats = suffixes.total()
    room = len(first) + of_formats <= SHOWN_REJECTS
    for reject in [*first, *unknown] if room else first:
        click.echo(printable(f"rejeté\u00a0: {reject.place}\u00a0: {reject.reason}"), err=True)
    if of_formats and not room:
        click.echo(printable(f"rejeté\u00a0: {_by_suffix(suffixes)}"), err=True)
    left = total - of_formats - len(first)
    where = f"tous sont dans {path}" if path else "«\u00a0--rejects FICHIER\u00a0» les écrit tous"
    if left:
        others = f"… et {number_in_french(left)} {'autres' if left > 1 else 'autre'}"
        click.echo(f"{others}\u00a0; {where}", err=True)
    elif of_formats and not room:
        click.echo(f"…\u00a0; {where}", err=True)


def _by_suffix(suffixes: Counter[str]) -> str:
    """Count the files of unknown formats, the commonest first."""
    commonest = sorted(suffixes.items(), key=lambda counted: (-counted[1], counted[0]))
    counted = [
        f"{suffix or 'sans extension'} ({number_in_french(count)})"
        for suffix, count in commonest[:SHOWN_SUFFIXES]
    ]
    more = "…" if len(suffixes) > SHOWN_SUFFIXES else ""
    files = count_in_french(suffixes.total(), "fichier", "fichiers")
    return f"{files} d’un format inconnu\u00a0: {', '.join(counted)}{more}"
