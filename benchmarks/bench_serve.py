"""Decisions a second that ``trainingloop serve`` accepts, redacts and has durable.

A loader process sends gzipped OTLP/HTTP batches over real sockets with several connections; an
answer counts only as 200, which the receiver gives once the batch is stored. Both share the
machine's cores, as agents and a laptop's recorder do.
"""

from __future__ import annotations

import gzip
import http.client
import json
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from benchmarks.measurement import Measurement
from benchmarks.payload import bodies

DECISIONS = int(os.environ.get("BENCH_DECISIONS", "24000"))
BATCH = 64
CONNECTIONS = int(os.environ.get("BENCH_CONNECTIONS", "32"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _send(port: int, payloads: list[bytes], next_index: list[int], guard: threading.Lock) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "gzip"}
    while True:
        with guard:
            index = next_index[0]
            next_index[0] += 1
        if index >= len(payloads):
            return
        while True:
            connection.request("POST", "/v1/traces", payloads[index], headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                break
            time.sleep(float(answer.getheader("Retry-After", "1")))


def _load(port: int, results: multiprocessing.Queue[float]) -> None:
    """Send everything once; runs in a process of its own."""
    payloads = [gzip.compress(body, 1) for body in bodies(DECISIONS, batch=BATCH)]
    guard, next_index = threading.Lock(), [0]
    threads = [
        threading.Thread(target=_send, args=(port, payloads, next_index, guard))
        for _ in range(CONNECTIONS)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(time.perf_counter() - started)


def _health(port: int) -> dict[str, object]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/health", timeout=30) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def _wait_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"serve ended with {process.returncode}")
        try:
            _health(port)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("serve did not answer within a minute")


def _family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").parent.parent.glob("*/children")
    found = [int(child) for listed in children for child in listed.read_text().split()]
    return [pid, *(member for child in found for member in _family(child))]


def _memory_mb(pid: int, field: str) -> float:
    """Return the sum over the family; pages they share count once for each."""
    lines = [
        line
        for member in _family(pid)
        for line in Path(f"/proc/{member}/status").read_text().splitlines()
    ]
    return sum(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def _idle_mb(pid: int) -> float:
    """Return the memory once nothing is being imported any more."""
    before, now = 0.0, _memory_mb(pid, "VmRSS")
    while now > before * 1.01:
        time.sleep(1)
        before, now = now, _memory_mb(pid, "VmRSS")
    return now


def _cpu_seconds(pid: int) -> float:
    stats = [Path(f"/proc/{member}/stat").read_text() for member in _family(pid)]
    fields = [stat.rpartition(")")[2].split() for stat in stats]
    return sum(int(own[11]) + int(own[12]) for own in fields) / os.sysconf("SC_CLK_TCK")


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def run() -> list[Measurement]:
    """Start ``serve`` on an empty store, load it and read what it took."""
    folder = Path(tempfile.mkdtemp(prefix="trainingloop-bench-"))
    port, dashboard, grpc = _free_port(), _free_port(), _free_port()
    arguments = [
        *(sys.executable, "-m", "trainingloop.cli", "serve", "--store", f"chdb://{folder}"),
        *("--port", str(dashboard), "--otlp-http-port", str(port), "--otlp-grpc-port", str(grpc)),
    ]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    try:
        _wait_ready(port, process)
        idle_mb, cpu_before = _idle_mb(process.pid), _cpu_seconds(process.pid)
        seconds = _loaded(port)
        cpu = _cpu_seconds(process.pid) - cpu_before
        peak_mb = _memory_mb(process.pid, "VmHWM")
    finally:
        process.terminate()
        process.wait(60)
    stored = _bytes_below(folder)
    shutil.rmtree(folder)
    sent = sum(len(body) for body in bodies(DECISIONS, batch=BATCH)) / DECISIONS
    note = f"{DECISIONS:,} of {sent:,.0f} bytes, batches of {BATCH}, {CONNECTIONS} connections"
    return [
        Measurement(
            name="accepted, redacted and durable", value=DECISIONS / seconds, unit="/s", note=note
        ),
        Measurement(name="CPU of serve per decision", value=cpu / DECISIONS * 1e6, unit="µs"),
        Measurement(
            name="on disk per decision, raw span included", value=stored / DECISIONS, unit="bytes"
        ),
        Measurement(name="memory, idle", value=idle_mb, unit="MB"),
        Measurement(name="memory, peak", value=peak_mb, unit="MB"),
    ]


def _loaded(port: int) -> float:
    spawn = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[float] = spawn.Queue()
    loader = spawn.Process(target=_load, args=(port, results))
    loader.start()
    seconds = results.get(timeout=600)
    loader.join()
    return seconds
