"""The process of the local model: an OpenAI-compatible endpoint on loopback, and nothing else.

It tells its port on standard output once it can be asked, and ends when standard input does: that
is when the process that started it has ended, in whatever way.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from trainingloop.replay._candidate import LOCAL_MODEL
from trainingloop.replay._json import object_of
from trainingloop.replay._local_tools import plain_request, with_calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainingloop.chat import JsonObject

_CONTEXT_TOKENS: Final = 8192
_REPETITION: Final = 1.1
"""At temperature 0 the model otherwise says one phrase until it is stopped."""
_LARGEST_BODY_BYTES: Final = 4 * 1024 * 1024
_SERVED: Final = ("choices", "created", "id", "object", "system_fingerprint", "usage")


class _Model:
    """The weights, which answer one request at a time."""

    def __init__(self, path: str) -> None:
        # An extra without types, and native code that only this process loads.
        untyped: Any = import_module("xllamacpp")
        params = untyped.CommonParams()
        params.model.path = path
        params.hostnames, params.port = ["127.0.0.1"], 0
        params.n_parallel, params.n_ctx = 1, _CONTEXT_TOKENS
        # Its threads wait for each other without sleeping: on a busy machine as many as there are
        # cores were measured to be three to ten times slower than half of them.
        params.cpuparams.n_threads = max(1, (os.cpu_count() or 1) // 2)
        params.sampling.penalty_repeat = _REPETITION
        self._server = untyped.Server(params)
        self._lock = threading.Lock()

    def completion(self, body: JsonObject, is_awaited: Callable[[], bool]) -> JsonObject:
        """Return the answer to a chat request, or an object with ``error``."""
        with self._lock:
            if not is_awaited():
                # Whoever gave up asks again, and would wait behind its own first question.
                return _error("nobody_waits")
            answer = self._asked(plain_request(body))
            if "error" in answer and body.get("tools"):
                # A schema of a tool may say more than the server can enforce.
                answer = self._asked(plain_request(body, is_loose=True))
        if "error" in answer:
            return answer
        said: JsonObject = {name: answer[name] for name in _SERVED if name in answer}
        return with_calls({**said, "model": LOCAL_MODEL}, body)

    def _asked(self, body: JsonObject) -> JsonObject:
        try:
            return object_of(self._server.handle_chat_completions(body))
        except (RuntimeError, ValueError) as error:
            return {"error": {"message": type(error).__name__, "code": "refused"}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model: _Model

    def do_GET(self) -> None:
        """Say which model there is."""
        if self.path != "/v1/models":
            self._answer(HTTPStatus.NOT_FOUND, _error("not_found"))
            return
        entry = {"id": LOCAL_MODEL, "object": "model", "created": 0, "owned_by": "trainingloop"}
        self._answer(HTTPStatus.OK, {"object": "list", "data": [entry]})

    def do_POST(self) -> None:
        """Answer a chat request."""
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/v1/chat/completions" or not 0 < length <= _LARGEST_BODY_BYTES:
            self.close_connection = True
            self._answer(HTTPStatus.NOT_FOUND, _error("not_found"))
            return
        body = object_of(self.rfile.read(length).decode(errors="replace"))
        completion = self.model.completion(body, self._is_awaited)
        status = HTTPStatus.BAD_REQUEST if "error" in completion else HTTPStatus.OK
        self._answer(status, completion)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as the base has it
        """Say nothing: requests hold what people wrote."""

    def _is_awaited(self) -> bool:
        """Whether the client is still there: one that left can be read to its end."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        return not readable or bool(self.connection.recv(1, socket.MSG_PEEK))

    def _answer(self, status: HTTPStatus, document: JsonObject) -> None:
        text = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def _error(code: str) -> JsonObject:
    return {"error": {"message": code, "code": code, "type": "invalid_request_error"}}


def main() -> None:
    """Serve the model whose file is the first argument until standard input ends."""
    ready = os.fdopen(os.dup(1), "w")
    # The native code logs where it likes; nobody reads standard output after the first line.
    os.dup2(2, 1)
    _Handler.model = _Model(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ready.write(f"{server.server_address[1]}\n")
    ready.close()
    sys.stdin.buffer.read()
    # The native threads need not be waited for: they hold nothing.
    os._exit(0)


if __name__ == "__main__":
    main()
