"""kill -9 and full disks while decisions stream in: what was acknowledged is there, once."""

from __future__ import annotations

import itertools
import json
import random
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from collector.conftest import KEYS
from support.otlp import chat_attributes, otlp_span, request_of
from trainingloop.collector import Pipeline, RemoteStore
from trainingloop.collector.errors import CollectorError, NotStoredError
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor import Redactor

SERVER = Path(__file__).parents[1] / "support" / "serve_collector.py"
_SPANS = 20
_ENOUGH = 12
"""Acknowledged batches after which the server is killed in the middle of the next ones."""


class _Sender(threading.Thread):
    """Sends batches until nobody answers, and remembers which were acknowledged."""

    def __init__(self, url: str, numbers: Iterator[int], is_enough: threading.Event) -> None:
        super().__init__(daemon=True)
        self._remote = RemoteStore(url)
        self._numbers = numbers
        self._is_enough = is_enough
        self.acknowledged: list[int] = []

    def run(self) -> None:
        while True:
            batch = [next(self._numbers) for _ in range(_SPANS)]
            spans = [otlp_span(chat_attributes(), number=n, trace=f"t-{n}") for n in batch]
            try:
                self._remote.send(request_of(*spans))
            except CollectorError:
                return
            self.acknowledged += batch
            if len(self.acknowledged) >= _ENOUGH // 3 * _SPANS:
                self._is_enough.set()


def _stored(dsn: str) -> list[str]:
    with open_store(dsn) as store:
        # No read lists more than a page of decisions.
        table = store._connection.query("SELECT decision_id FROM decisions", {})
    return [str(row[0]) for row in table.rows]


@pytest.mark.slow
def test_a_killed_server_has_every_acknowledged_decision_once(tmp_path: Path) -> None:
    """In the middle of a load from several senders, then opened again."""
    dsn = f"chdb://{tmp_path / 'store'}"
    server = subprocess.Popen(
        [sys.executable, str(SERVER), dsn],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    ports = json.loads(server.stdout.readline())
    is_enough = threading.Event()
    numbers = itertools.count(1)
    lock = threading.Lock()

    def counted() -> Iterator[int]:
        while True:
            with lock:
                number = next(numbers)
            yield number

    senders = [_Sender(f"http://127.0.0.1:{ports['http']}", counted(), is_enough) for _ in range(3)]
    for sender in senders:
        sender.start()

    assert is_enough.wait(timeout=120)
    server.kill()
    server.communicate(timeout=60)
    for sender in senders:
        sender.join(timeout=60)

    stored = _stored(dsn)
    acknowledged = {f"{n:016x}" for sender in senders for n in sender.acknowledged}
    assert len(acknowledged) >= _ENOUGH // 3 * _SPANS
    assert acknowledged <= set(stored)
    assert len(stored) == len(set(stored))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of six megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mounting, capture_output=True).returncode:
        pytest.skip("a small file system can only be mounted by root on Linux")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def _incompressible(dice: random.Random) -> str:
    return " ".join("".join(dice.choices("abcdefghijklmnop", k=7)) for _ in range(500))


def test_a_full_disk_refuses_and_keeps_what_was_acknowledged(
    small_disk: Path, redactor: Redactor
) -> None:
    """Nothing is half written; once there is room again, the same store goes on."""
    dsn = f"chdb://{small_disk / 'store'}"
    dice = random.Random(1)
    acknowledged: set[str] = set()
    sent: list[set[str]] = []

    def send(batch: range) -> None:
        sent.append({f"{n:016x}" for n in batch})
        spans = [
            otlp_span(chat_attributes(_incompressible(dice)), number=n, trace=f"t-{n}")
            for n in batch
        ]
        pipeline.accept(request_of(*spans), source="test")
        acknowledged.update(sent[-1])

    def send_many() -> None:
        for start in range(1, 4000, 40):
            send(range(start, start + 40))

    with (
        open_store(dsn) as store,
        Pipeline(store, redactor, keys=KEYS) as pipeline,
        pytest.raises(NotStoredError, match="NOT_ENOUGH_SPACE"),
    ):
        send_many()

    subprocess.run(["mount", "-o", "remount,size=100m", str(small_disk)], check=True)
    stored = _stored(dsn)
    assert acknowledged
    # The disk was full before the spans of the last batch, or after them: then they are repaired.
    assert set(stored) - acknowledged in (set(), sent[-1])
    assert acknowledged <= set(stored)
    assert len(stored) == len(set(stored))
