"""serve, as a real process with two workers over one index."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from index.building import rebuild

DOCUMENTED = Path(__file__).parents[2].joinpath("docs/serving.md").read_text(encoding="utf-8")
DEADLINE_S = 30.0


class Served:
    """A running server: its process, its URL, and how to ask it something."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], DEADLINE_S)
        assert ready, "nothing said in time"
        said = process.stdout.readline()
        if not said.startswith("Dépêche écoute sur http://127.0.0.1:"):
            process.kill()
            pytest.fail(f"the server said {said!r}, then {process.communicate()}")
        self.process = process
        self.port = urlsplit(said.split()[-1]).port or 0

    def get(self, path: str, timeout_s: float = DEADLINE_S, **headers: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers=sent)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def is_listening(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            return False
        return True

    def workers(self) -> set[int]:
        """Give the processes that hold worker threads: the children but multiprocessing's own tracker."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return {pid for pid in map(int, listed.split()) if b"spawn_main" in command_line(pid)}


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def eventually(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline, f"not within {DEADLINE_S} s: {what}"


@pytest.fixture
def serve(start_process) -> Callable[..., Served]:
    def start(index: Path, *options: str) -> Served:
        return Served(start_process("serve", "--port", "0", "--workers", "2", "--index", index, *options))

    return start


@pytest.fixture
def served(serve, built: Path) -> Served:
    return serve(built)


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="needs Linux's /proc to see processes"
)


def test_serves_the_index_and_stops_on_sigterm(served: Served, tmp_path: Path) -> None:
    assert served.get("/health/ready")[0] == 200
    status, body = served.get("/api/v1/search?q=reelu")
    assert status == 200
    assert [hit["id"] for hit in json.loads(body)["hits"]] == ["reelu"]
    assert served.get("/?q=reelu")[0] == 200
    served.process.terminate()
    stdout, stderr = served.process.communicate(timeout=DEADLINE_S)
    assert served.process.returncode == 0
    assert (stdout, stderr) == ("", "")
    assert not served.is_listening()
    shared = [*Path("/dev/shm").glob(f"depeche-{served.process.pid}-*"), *tmp_path.glob("depeche-*")]
    assert shared == [], "the workers' shared folder is gone"


def test_metrics_are_those_of_all_workers(served: Served) -> None:
    for _ in range(20):
        assert served.get("/api/v1/search?q=reelu")[0] == 200
    status, body = served.get("/metrics")
    assert status == 200
    text = body.decode()
    assert 'depeche_metrics_scope{processes="all"} 1.0' in text
    counted = re.search(r"^depeche_requests_total\{.*search.*\} (\S+)$", text, re.MULTILINE)
    assert counted is not None, text
    assert float(counted[1]) == 20


def kill_one(served: Served) -> None:
    """Kill a worker, and wait for its successor."""
    eventually(lambda: len(served.workers()) == 2, "two workers")
    victim = min(served.workers())
    os.kill(victim, signal.SIGKILL)
    eventually(lambda: len(served.workers() - {victim}) == 2, "two workers again")

    def answers() -> bool:
        try:
            return served.get("/health/ready")[0] == 200
        except (OSError, HTTPException):
            return False

    eventually(answers, "an answer")


@needs_proc
def test_counters_that_are_removed_cost_no_answer(served: Served) -> None:
    (shared,) = Path("/dev/shm").glob(f"depeche-{served.process.pid}-*")
    shutil.rmtree(shared)
    kill_one(served)  # its successor has no folder to count in
    assert {served.get("/?q=reelu")[0] for _ in range(20)} == {200}
    status, body = served.get("/metrics")
    assert status == 200
    assert b'depeche_metrics_scope{processes="one"} 1.0' in body


@needs_proc
def test_what_a_killed_server_left_is_removed_by_the_next(serve, served: Served, built: Path) -> None:
    (left,) = Path("/dev/shm").glob(f"depeche-{served.process.pid}-*")
    served.process.kill()
    served.process.wait()
    serve(built)
    assert not left.exists()


FORWARDED = {"Host": "presse.example", "X_Forwarded_For": "203.0.113.7", "X_Forwarded_Proto": "https"}


def test_a_proxy_of_this_machine_tells_the_scheme_of_addresses(served: Served) -> None:
    _, direct = served.get("/opensearch.xml", Host="presse.example")
    _, forwarded = served.get("/opensearch.xml", **FORWARDED)
    assert b'"http://presse.example/?q=' in direct
    assert b'"https://presse.example/?q=' in forwarded


def test_a_proxy_that_is_not_named_is_not_believed(
    serve, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "192.0.2.1")
    _, forwarded = serve(built).get("/opensearch.xml", **FORWARDED)
    assert b"https://presse.example" not in forwarded


def test_stops_on_ctrl_c(served: Served) -> None:
    assert served.get("/health/live")[0] == 200
    os.killpg(served.process.pid, signal.SIGINT)  # a terminal sends it to the workers too
    assert served.process.wait(timeout=DEADLINE_S) == 0
    assert served.process.stderr is not None
    assert served.process.stderr.read() == ""


def test_what_is_under_way_at_sigterm_is_answered(served: Served) -> None:
    """Requests come without a pause: each is answered whole, or was never accepted."""
    broken: list[str] = []
    answered = threading.Event()

    def ask() -> None:
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", served.port), timeout=DEADLINE_S)
            except OSError:
                return
            with connection:
                try:
                    connection.sendall(
                        b"GET /api/v1/search?q=maire HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    )
                    answer = b""
                    while chunk := connection.recv(65_536):
                        answer += chunk
                except OSError:
                    continue  # in the queue of a socket that was closed: never accepted
            if not answer:
                continue
            answered.set()
            head, _, body = answer.partition(b"\r\n\r\n")
            lengths = [
                int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-length")
            ]
            if not head.startswith(b"HTTP/1.1 200") or lengths != [len(body)]:
                broken.append(answer.decode())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert answered.wait(DEADLINE_S)
    served.process.terminate()
    assert served.process.wait(timeout=DEADLINE_S) == 0
    for thread in threads:
        thread.join(DEADLINE_S)
        assert not thread.is_alive()
    assert broken == []


@needs_proc
def test_a_worker_that_is_killed_comes_back(served: Served) -> None:
    kill_one(served)
    served.process.terminate()
    assert served.process.wait(timeout=DEADLINE_S) == 0


def test_a_server_that_is_asked_many_times_to_stop_stops(served: Served) -> None:
    """As by `make` and by who stops its group: Granian's own handler waited for itself."""
    for _ in range(500):
        served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=DEADLINE_S) == 0


@needs_proc
def test_no_worker_outlives_a_killed_server(served: Served) -> None:
    workers = served.workers()
    served.process.kill()
    served.process.wait()
    eventually(lambda: not any(b"spawn_main" in command_line(pid) for pid in workers), "no worker left")
    eventually(lambda: not served.is_listening(), "the port is free")


def test_a_folder_for_counters_that_is_not_there_is_one_clear_line(
    run_process, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(built / "absent"))
    done = run_process("serve", "--index", built, "--port", "0")
    assert done.returncode == 1
    assert done.stderr.startswith("depeche\u00a0: PROMETHEUS_MULTIPROC_DIR")
    assert done.stderr.count("\n") == 1


def test_a_busy_port_is_one_clear_line(run_process, served: Served, built: Path) -> None:
    done = run_process("serve", "--port", str(served.port), "--index", built)
    assert done.returncode == 1
    assert f"127.0.0.1:{served.port}\u00a0: le port est déjà pris" in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert served.get("/health/ready")[0] == 200


def test_an_address_of_another_machine_is_one_clear_line(run_process, built: Path) -> None:
    done = run_process("serve", "--host", "192.0.2.1", "--port", "0", "--index", built)
    assert done.returncode == 1
    assert "cette adresse n’est pas de cette machine" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_index_that_appears_is_served_by_every_worker(serve, folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "later"
    served = serve(index)
    assert served.get("/health/live")[0] == 200
    assert served.get("/health/ready")[0] == 503
    assert served.get("/api/v1/search?q=reelu")[0] == 503
    rebuild(index, [folder])
    assert {served.get("/api/v1/search?q=reelu")[0] for _ in range(20)} == {200}
    (folder_of_one := tmp_path / "one").mkdir()
    (folder_of_one / "seul.txt").write_text("Réélu\n\nLe maire réélu reste seul.\n", encoding="utf-8")
    rebuild(index, [folder_of_one])
    answers = [json.loads(served.get("/api/v1/search?q=reelu")[1]) for _ in range(20)]
    assert {answer["generation"] for answer in answers} == {"000002"}
    assert {answer["hits"][0]["id"] for answer in answers} == {"seul"}
    served.process.terminate()
    _, stderr = served.process.communicate(timeout=DEADLINE_S)
    assert "depeche rebuild" in stderr, "a server without an index says so when it starts"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /api/v1/search?q=" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", {b"414", b"431"}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 1_000_000 + b"\r\n\r\n", {b"431"}),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Many: a\r\n" * 10_000 + b"\r\n", {b"431"}),
        (b"\x16\x03\x01\x02\x00 TLS on a plain port\r\n\r\n", {b"400"}),
        (b"GET /?q=\x00\xff HTTP/1.1\r\nHost: x\r\n\r\n", {b"400"}),
        (b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", {b"200"}),
        (b"POST /api/v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", {b"405"}),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
            {b"405"},
        ),
    ],
)
def test_odd_requests_cost_nobody_else_anything(served: Served, sent: bytes, status: set[bytes]) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=DEADLINE_S) as connection:
        with suppress(OSError):  # the answer may come, and the connection close, before all is sent
            connection.sendall(sent)
        assert connection.recv(4096)[9:12] in status
    assert served.get("/health/ready")[0] == 200


def test_half_sent_requests_hold_up_neither_others_nor_a_stop(served: Served) -> None:
    slow = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(40)]
    for connection in slow:
        connection.sendall(b"GET / HTTP/1.1\r\nHost:")
    assert served.get("/health/ready")[0] == 200
    started = time.monotonic()
    served.process.terminate()
    assert served.process.wait(timeout=DEADLINE_S) == 0
    assert time.monotonic() - started < 12
    for connection in slow:
        connection.close()


@pytest.mark.parametrize("arguments", re.findall(r"bin/depeche (.+)", DOCUMENTED))
def test_what_the_page_on_servers_runs_is_understood(run_process, arguments: str) -> None:
    done = run_process(*arguments.split(), "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage")
