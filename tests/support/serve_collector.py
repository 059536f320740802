"""Serves a store until its standard input ends: ``python serve_collector.py DSN``.

Prints one line of JSON with its ports when it is ready.
"""

from __future__ import annotations

import json
import sys

from trainingloop.collector import Pipeline, Receivers
from trainingloop.instrumentation.keys import Keyring
from trainingloop.processor import Redactor
from trainingloop.store import open_store

_KEY = b"a key for tests only, 32 bytes ok"


def main(dsn: str) -> None:
    """Serve ``dsn``."""
    with (
        open_store(dsn) as store,
        Pipeline(
            store, Redactor(key=_KEY, engine="fast"), keys=Keyring.of(_KEY), processes=2
        ) as pipeline,
        Receivers(pipeline, http_port=0, grpc_port=0) as receivers,
    ):
        store.announce(url=receivers.url)
        print(  # noqa: T201  # how the test learns the ports
            json.dumps({"http": receivers.http_port, "grpc": receivers.grpc_port}), flush=True
        )
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
