"""Who listens on the port? Granian, with several worker processes over one index folder.

The command line hands a `Config` to `serve`, which returns once the server has been asked to stop
(SIGTERM, SIGINT) and the requests under way have been answered. Why Granian, and what the other
servers did in the same tests: docs/decisions/wsgi-server.md.

Invariants: each worker makes its own application, and so opens its own engine, after it was
started; nothing is shared but the files. No worker outlives the process that started it.
"""

from __future__ import annotations

import atexit
import errno
import multiprocessing
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from index.errors import InvalidInput
from web import create_app
from web.config import Config

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS_PER_WORKER = 4
"""Requests answered at the same time by one worker. A search holds the interpreter most of the time, so more
threads would not answer sooner; a few keep /health quick behind slow searches."""

MAX_HEAD_BYTES = 65_536
"""Request line and headers together, beyond which the answer is 431. A query of 1,000 characters takes at
most 12,000 bytes in a URL; the filters and a browser's own headers come on top."""

HEAD_TIMEOUT_MS = 5_000
"""How long a client may take to send its headers, and an idle connection is kept."""

START_S = 1.0
"""From the application being made to the worker answering; it takes a few hundredths."""

STOP_TIMEOUT_S = 10
"""A worker that has not ended this long after SIGTERM is killed: its requests are past any time budget."""

METRICS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which the workers keep their counters, so that /metrics adds them up (web.metrics)."""

PROXIES_VARIABLE = "FORWARDED_ALLOW_IPS"
"""Names the addresses of proxies, with commas between them, whose X-Forwarded-For and X-Forwarded-Proto are
trusted; without it, those of this machine. Absolute addresses (feeds, /opensearch.xml) then have the scheme
that the proxy says, https as a rule."""

_MEMORY = "/dev/shm"  # of Linux
_COUNTERS = ("counter", "histogram")  # the kinds of web.metrics: each worker has a file of each
_COUNTERS_BYTES = 1 << 20  # of such a file, as prometheus_client makes it
_COUNTED_APART = "/metrics ne dit que les requêtes du processus qui répond"
_THIS_MACHINE = "127.0.0.1,::1"
_OTHER_PORT = "choisissez-en un autre, par exemple «\u00a0--port {other}\u00a0»"
_REFUSALS = {
    errno.EADDRINUSE: ("le port est déjà pris", _OTHER_PORT),
    errno.EACCES: ("ce port est réservé au système", _OTHER_PORT),
    errno.EADDRNOTAVAIL: (
        "cette adresse n’est pas de cette machine",
        "127.0.0.1 sert cette machine seule, 0.0.0.0 le réseau",
    ),
}

# Granian writes its log to standard output, which holds nothing here but the URL.
_STDERR = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "generic"}
_LOG_HANDLERS = {"console": _STDERR, "access": _STDERR}


class _Server(Server):  # type: ignore[misc, valid-type]  # a class, but another one on each system
    """Granian's server, which also stops if it is asked to twice.

    Granian's handler takes a lock. A second signal meanwhile (`make` and the process group both send one)
    would wait for that lock in the thread that holds it: a deadlock.
    """

    interrupt_signal: bool = False

    def signal_handler_interrupt(self, *_arguments: object, **_named: object) -> None:
        """Stop, once."""
        if not self.interrupt_signal:
            self.interrupt_signal = True
            threading.Thread(target=self.main_loop_interrupt.set, daemon=True).start()


def serve(
    config: Config,
    *,
    host: str,
    port: int,
    workers: int,
    on_listening: Callable[[str], None],
    make_application: Callable[[Config], WSGIApplication] = create_app,
) -> None:
    """Serve the index of `config` until SIGTERM or SIGINT.

    Port 0 takes a free one. `on_listening` is given the URL once connections are accepted. Each worker
    calls `make_application`, which must be importable there; bench/serving.py adds a bare route with it.

    Raises:
        InvalidInput: the address cannot be listened on, or the folder for counters cannot be written to.
    """
    _require_writable(os.environ.get(METRICS_VARIABLE))
    # A worker would import what lies in the current folder ("types.py") before anything of Python's own.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    address, port = _claim(host, port)
    # Workers start from a fresh interpreter: forking is unsafe as soon as there are threads, and the server
    # has some. It is also what Granian does by itself on macOS and from Python 3.14 on.
    multiprocessing.set_start_method("spawn", force=True)
    server = _Server(
        "web",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=THREADS_PER_WORKER,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_TIMEOUT_MS, max_buffer_size=MAX_HEAD_BYTES),
        log_level=LogLevels.error,
        log_dictconfig={"handlers": _LOG_HANDLERS},
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_TIMEOUT_S,
    )
    announce = partial(_announce, address, port, on_listening)
    server.on_startup(threading.Thread(target=announce, daemon=True).start)
    _remove_left_counters()
    with tempfile.TemporaryDirectory(prefix=f"depeche-{os.getpid()}-", dir=_counters_parent()) as shared:
        os.environ.setdefault(METRICS_VARIABLE, shared)
        server.serve(target_loader=partial(_load_application, make_application, config), wrap_loader=False)


def _counters_parent() -> str | None:
    """Return where the workers' counters are kept: in memory if the system can, for they are mapped files.

    On a full disk, writing to a mapped file kills the process, and cleaners empty temporary folders.
    """
    return _MEMORY if os.access(_MEMORY, os.W_OK | os.X_OK) else None


def _reserve_counters() -> None:
    """Reserve the room for this worker's counters; if there is none, count in this process only, and say so.

    They are mapped files: without room, as in a small container, counting would kill the process.
    """
    folder = os.environ.get(METRICS_VARIABLE)
    paths = [Path(folder, f"{kind}_{os.getpid()}.db") for kind in _COUNTERS] if folder else []
    try:
        for path in paths:
            with path.open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, _COUNTERS_BYTES)
    except OSError as error:
        for path in paths:
            path.unlink(missing_ok=True)
        del os.environ[METRICS_VARIABLE]
        reason = "plus de place" if error.errno == errno.ENOSPC else error.strerror
        print(f"depeche\u00a0: {folder}\u00a0: {reason}\u00a0; {_COUNTED_APART}", file=sys.stderr)


def _remove_left_counters() -> None:
    """Remove the counters of this user's servers that were killed: nothing else removes files in memory."""
    for left in Path(_MEMORY).glob("depeche-*-*"):
        ended = not Path("/proc", left.name.split("-")[1]).exists()
        with suppress(FileNotFoundError):  # another server starts, and does the same
            if ended and left.stat().st_uid == os.getuid():
                shutil.rmtree(left, ignore_errors=True)


def _require_writable(counters: str | None) -> None:
    """Refuse a folder for counters in which none could be kept: every request would fail."""
    if counters is not None and not (os.path.isdir(counters) and os.access(counters, os.W_OK | os.X_OK)):
        raise InvalidInput(
            f"{METRICS_VARIABLE} : « {counters} » n’est pas un dossier où écrire ; "
            "créez-le, ou retirez cette variable de l’environnement"
        )


def _claim(host: str, port: int) -> tuple[str, int]:
    """Find the numeric address to listen on, and make sure that nobody listens there.

    The workers' own sockets share the port with any other that asks for sharing, a second Dépêche included:
    only a socket that does not share learns that the port is taken.
    """
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        family, _, _, _, resolved = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        address = str(resolved[0])
        with socket.create_server((address, port), family=family) as probe:
            return address, int(probe.getsockname()[1])
    except socket.gaierror as error:
        raise InvalidInput(
            f"Impossible d’écouter sur {shown}\u00a0: l’adresse «\u00a0{host}\u00a0» est inconnue\u00a0; "
            "127.0.0.1 sert cette machine seule, 0.0.0.0 le réseau."
        ) from error
    except OSError as error:
        reason, step = _REFUSALS.get(error.errno or 0, (str(error.strerror), "choisissez une autre adresse"))
        other = port + 1 if 1024 <= port < 65_535 else 8000
        raise InvalidInput(
            f"Impossible d’écouter sur {shown}\u00a0: {reason}\u00a0; {step.format(other=other)}."
        ) from error


def _is_listening(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def _announce(address: str, port: int, on_listening: Callable[[str], None]) -> None:
    """Wait until a worker accepts connections, then say where."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
    while not _is_listening(reachable, port):
        time.sleep(0.02)
    on_listening(f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}")


def _load_application(
    make_application: Callable[[Config], WSGIApplication], config: Config
) -> WSGIApplication:
    """Make the application of one worker, in that worker."""
    # Blocked before there is any thread, so that all threads leave these signals to the one that waits.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    _reserve_counters()  # before prometheus_client is imported, which looks once where they are
    proxies = os.environ.get(PROXIES_VARIABLE, _THIS_MACHINE)
    application = wrap_wsgi_with_proxy_headers(make_application(config), trusted_hosts=proxies)
    atexit.register(_leave_at_once)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    threading.Thread(target=_stop_once, daemon=True).start()
    return cast("WSGIApplication", application)


def _leave_at_once() -> None:
    """End a worker that has stopped, without taking the interpreter down around Granian's threads.

    They are not Python's: one that asks for the interpreter's lock while it goes down aborts the process,
    with a panic on stderr. Every request has been answered by now, and nothing of ours is left to write.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _end_with_parent() -> None:
    """Stop this worker when the process that started it is gone, even killed: the port must be free again."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _stop_once() -> None:
    """Pass the first SIGTERM on to Granian, and only when it can take it.

    A Granian worker never ends if it is asked to while it starts, nor if it is asked twice. Ctrl-C would ask
    twice: it reaches the worker, and then the parent sends SIGTERM. So Ctrl-C is left to the parent.
    """
    started = time.monotonic()
    signal.sigwait({signal.SIGTERM})
    time.sleep(max(0.0, started + START_S - time.monotonic()))
    stop = signal.getsignal(signal.SIGTERM)
    if callable(stop):
        stop(signal.SIGTERM, None)
    else:
        os._exit(0)  # still not started: nothing is under way
