"""A call is made, recorded, sent and stored, as an agent's would be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

from trainingloop.cli._checks import Check
from trainingloop.cli._filters import between
from trainingloop.instrumentation.errors import TrainingLoopError

if TYPE_CHECKING:
    from collections.abc import Generator

_TIMEOUT_S: Final = 60
_NAME: Final = "capture"
_ANSWER: Final = {
    "id": "chatcmpl-doctor",
    "object": "chat.completion",
    "created": 1_700_000_000,
    "model": "doctor-model",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": "Recorded."},
        }
    ],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
}
_AGENT: Final = """
import sys
from openai import OpenAI
from trainingloop.instrumentation import configure, conversation, shutdown

configure(endpoint=sys.argv[1], service_name="doctor", tenant="doctor")
with conversation("doctor"):
    OpenAI(base_url=sys.argv[2], api_key="none").chat.completions.create(
        model="doctor-model", messages=[{"role": "user", "content": "Are you recorded?"}]
    )
shutdown()
"""


def check_capture() -> Check:
    """Record one call of the openai client into a store that is thrown away."""
    try:
        with tempfile.TemporaryDirectory(prefix="trainingloop-doctor-") as folder:
            decisions = _recorded(folder)
    except (TrainingLoopError, ImportError) as error:
        return Check(name=_NAME, state="fail", found="could not be tried", advice=str(error))
    except subprocess.SubprocessError as error:
        return Check(
            name=_NAME,
            state="fail",
            found=f"the agent did not finish ({type(error).__name__})",
            advice="pip install 'trainingloop[local]' again; then report it",
        )
    if decisions != 1:
        return Check(
            name=_NAME,
            state="fail",
            found=f"one call became {decisions} decisions",
            advice="another instrumentation of the openai client may be installed: remove it",
        )
    return Check(name=_NAME, state="ok", found="one call became one decision")


def _recorded(folder: str) -> int:
    from trainingloop.collector import Pipeline, Receivers  # heavy
    from trainingloop.processor import Redactor
    from trainingloop.store import open_store

    with open_store(f"chdb://{folder}/store") as store:
        with (
            Pipeline(store, Redactor()) as pipeline,
            Receivers(pipeline, http_port=0, grpc_port=0) as receivers,
            _scripted_endpoint() as base_url,
        ):
            _run_agent(receivers.url, base_url)
        reads = store.reads("doctor")
        totals = next(reads.table("overview_totals", between(None, None)).records())
    return int(str(totals["decisions"]))


def _run_agent(endpoint: str, base_url: str) -> None:
    loopback = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    subprocess.run(  # noqa: S603  # our own text
        [sys.executable, "-c", _AGENT, endpoint, base_url],
        check=True,
        timeout=_TIMEOUT_S,
        capture_output=True,
        env={**os.environ, **loopback},
    )


@contextmanager
def _scripted_endpoint() -> Generator[str]:
    """Answer chat completions on a local port; yield the base URL for the client."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Endpoint(BaseHTTPRequestHandler):
    def do_POST(self) -> None:  # http.server's name
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps(_ANSWER).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
        """Print nothing."""
