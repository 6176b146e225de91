"""Compare production WSGI servers on two bare Flask routes: which one should `depeche serve` run?

Run it in a scratch virtual environment that has the candidates:
`pip install flask granian gunicorn waitress cheroot`, then `python bench/wsgi_servers.py --out RUN.json`;
it needs `wrk` and Linux's /proc. Each candidate runs two worker processes on a free port of 127.0.0.1 and
answers `/small` (about 60 bytes of JSON) and `/page` (about 20 kB); then come the things that throughput does
not show: what SIGTERM does to a request under way, what `kill -9` does to a worker, and what a slow or
oversized client obtains. The decision drawn from the stored runs is docs/decisions/wsgi-server.md.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

from flask import Flask, Response, jsonify, request
from wrk import run_wrk

WORKERS = 2
THREADS = 4
CONNECTIONS = 16
SLOW_CLIENTS = 40  # more than WORKERS * THREADS: enough to hold every thread that reads a request itself

app = Flask(__name__)
PAGE = json.dumps({"hits": [{"id": f"article-{n}", "text": "dépêche " * 110} for n in range(20)]}).encode()


@app.get("/small")
def small() -> Response:
    """Answer a few bytes, and who answered."""
    return jsonify(answer="souveraineté", pid=os.getpid())


@app.get("/page")
def page() -> Response:
    """Answer what a page of hits weighs."""
    return Response(PAGE, mimetype="application/json")


@app.get("/slow")
def slow() -> Response:
    """Be still under way when the server is told to stop."""
    time.sleep(1.5)
    return jsonify(done=True)


@app.post("/body")
def body() -> Response:
    """Read a body of at most 1 MB."""
    request.max_content_length = 1_000_000
    return jsonify(read_bytes=len(request.get_data()))


def _gunicorn(worker: str) -> Callable[[int], list[str]]:
    return lambda port: [
        *(sys.executable, "-m", "gunicorn", "wsgi_servers:app", "--bind", f"127.0.0.1:{port}"),
        *(
            "--workers",
            str(WORKERS),
            "--worker-class",
            worker,
            "--threads",
            str(THREADS),
            "--log-level",
            "error",
        ),
    ]


CANDIDATES: dict[str, Callable[[int], list[str]]] = {
    "granian": lambda port: [
        *(sys.executable, "-m", "granian", "wsgi_servers:app", "--interface", "wsgi", "--port", str(port)),
        *(
            "--workers",
            str(WORKERS),
            "--blocking-threads",
            str(THREADS),
            "--respawn-failed-workers",
            "--no-log",
        ),
    ],
    "gunicorn-gthread": _gunicorn("gthread"),
    "gunicorn-sync": _gunicorn("sync"),
    # These two have no worker processes of their own: two of them are forked, without a supervisor.
    "waitress": lambda port: [sys.executable, __file__, "--launch", "waitress", str(port)],
    "cheroot": lambda port: [sys.executable, __file__, "--launch", "cheroot", str(port)],
}


def launch(name: str, port: int) -> None:
    """Serve as `name` from two forked processes on one port."""
    listener = socket.create_server(("127.0.0.1", port), backlog=1024) if name == "waitress" else None
    children: list[int] = []
    while len(children) < WORKERS and (pid := os.fork()):
        children.append(pid)
    if len(children) == WORKERS:
        if listener:
            listener.close()
        signal.signal(signal.SIGTERM, lambda *_: [os.kill(pid, signal.SIGTERM) for pid in children] and None)
        for pid in children:
            os.waitpid(pid, 0)
    elif listener:
        import waitress

        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        waitress.serve(app, sockets=[listener], threads=THREADS)
    else:
        from cheroot.wsgi import Server

        server = Server(("127.0.0.1", port), app, numthreads=THREADS, reuse_port=True)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.stop).start())
        server.start()


@contextlib.contextmanager
def running(name: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run a candidate on a free port; kill what is left of it afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        CANDIDATES[name](port), cwd=Path(__file__).parent, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 20
        while exchange(port, b"GET /small HTTP/1.1\r\nHost: x\r\n\r\n")[:1] != "2":
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} does not answer")
        yield process, port
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def exchange(port: int, sent: bytes, wait_s: float = 5.0) -> str:
    """Send bytes, return the status ("200"), "closed" (no answer), "reset" or "silent" (none in `wait_s`)."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=wait_s) as connection:
            connection.sendall(sent)
            answer = connection.recv(4096)
    except TimeoutError:
        return "silent"
    except OSError:
        return "reset"
    return answer[9:12].decode() if answer.startswith(b"HTTP/1.") else "closed"


def load(port: int, path: str, seconds: int) -> dict[str, object]:
    """Load one route and return requests a second, percentiles, errors and wrk's own words."""
    done = run_wrk(f"http://127.0.0.1:{port}{path}", seconds, CONNECTIONS)
    return {
        "command": " ".join(done.command[:-1]),
        "path": path,
        "requests_per_s": done.requests_per_s,
        "latency": done.latency,
        "errors": done.errors,
        "raw": done.raw,
    }


def worker_rss_mb(port: int) -> dict[int, float]:
    """Return the resident memory of each process that answers, by pid."""
    pids = set()
    for _ in range(200):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"GET /small HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answer = b""
            while chunk := connection.recv(4096):
                answer += chunk
        pids.add(int(re.findall(rb'"pid":\s*(\d+)', answer)[0]))
    return {
        pid: int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0]) / 1024
        for pid in pids
    }


def conduct(name: str) -> dict[str, object]:
    """Return what the candidate does with clients and signals that are out of the ordinary."""
    found: dict[str, object] = {}
    with running(name) as (process, port):
        get = b"GET /small HTTP/1.1\r\nHost: x\r\n"
        found["HEAD"] = exchange(port, b"HEAD" + get[3:] + b"\r\n")
        found["bad request line"] = exchange(port, b"\x16\x03\x01 hello\r\n\r\n")
        found["URL of 1 MB"] = exchange(
            port, b"GET /small?q=" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        found["header of 1 MB"] = exchange(port, get + b"X-Long: " + b"a" * 1_000_000 + b"\r\n\r\n")
        found["10,000 headers"] = exchange(port, get + b"X-Many: a\r\n" * 10_000 + b"\r\n")
        chunked = b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        found["chunked, 5 bytes"] = exchange(port, chunked + b"5\r\nabcde\r\n0\r\n\r\n")
        found["chunked, 2 MB"] = exchange(port, chunked + b"200000\r\n" + b"a" * 0x200000 + b"\r\n0\r\n\r\n")
        found["length and chunked"] = exchange(
            port, chunked.replace(b"Host: x", b"Host: x\r\nContent-Length: 3") + b"0\r\n\r\n"
        )
        found["still answers"] = exchange(port, get + b"\r\n")

        slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(SLOW_CLIENTS)]
        for connection in slow:
            connection.sendall(b"GET /small HTTP/1.1\r\nHost:")
        found[f"beside {SLOW_CLIENTS} half-sent requests"] = exchange(port, get + b"\r\n")
        for connection in slow:
            connection.close()

    with running(name) as (process, port):
        victim = next(iter(worker_rss_mb(port)))
        os.kill(victim, signal.SIGKILL)
        deadline = time.monotonic() + 8
        answering: set[int] = set()
        while time.monotonic() < deadline and len(answering - {victim}) < WORKERS:
            with contextlib.suppress(OSError, IndexError):
                answering = set(worker_rss_mb(port))
        found["workers after kill -9 of one"] = len(answering - {victim})

    with running(name) as (process, port):
        outcome: list[str] = []
        client = threading.Thread(
            target=lambda: outcome.append(exchange(port, b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"))
        )
        client.start()
        time.sleep(0.4)
        started = time.monotonic()
        process.terminate()
        client.join()
        try:
            found["exit status after SIGTERM"] = process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            found["exit status after SIGTERM"] = "none in 20 s"
        found["seconds to stop, 1.1 s of request left"] = round(time.monotonic() - started, 2)
        found["request under way at SIGTERM"] = outcome[0]
    return found


def main() -> None:
    """Measure the candidates asked for and write one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=list(CANDIDATES), action="append")
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--commit", default="uncommitted")
    parser.add_argument("--launch", nargs=2, metavar=("SERVER", "PORT"))
    if len(sys.argv) == 4 and sys.argv[1] == "--launch":
        launch(sys.argv[2], int(sys.argv[3]))
        return
    options = parser.parse_args()
    run: dict[str, object] = {
        "what": "WSGI servers on two bare Flask routes",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "commit": options.commit,
        "date": time.strftime("%Y-%m-%d"),
        "command": f"python bench/wsgi_servers.py --seconds {options.seconds} --rounds {options.rounds}",
        "workers": WORKERS,
        "threads": THREADS,
        "load_average_at_start": os.getloadavg()[0],
    }
    names = options.only or list(CANDIDATES)
    servers: dict[str, dict[str, object]] = {
        name: {
            "version": metadata.version(name.split("-")[0]),
            "command": [part.replace(sys.executable, "python") for part in CANDIDATES[name](0)[:1]]
            + [Path(part).name if "/" in part else part for part in CANDIDATES[name](0)[1:]],
            "loads": [],
        }
        for name in names
    }
    # Rounds go over all the candidates in turn, so that a busy moment of the machine falls on each alike.
    for _ in range(options.rounds):
        for name in names:
            with running(name) as (_process, port):
                load(port, "/small", 1)
                for path in ("/small", "/page"):
                    found = load(port, path, options.seconds)
                    servers[name]["loads"].append(found)  # type: ignore[attr-defined]
                    print(name, path, found["requests_per_s"], found["latency"], found["errors"], flush=True)
                servers[name]["rss_mb"] = [round(mb, 1) for mb in worker_rss_mb(port).values()]
    for name in names:
        servers[name]["conduct"] = conduct(name)
        print(name, json.dumps(servers[name]["conduct"], indent=1), servers[name]["rss_mb"], flush=True)
    run["servers"] = servers
    options.out.write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
